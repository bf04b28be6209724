from . import fusion_geocoder
from . import fusion_geocoder_turn
from . import fusion_travel
from . import fusion_travel_leg
from . import fusion_travel_osrm
from . import res_partner_geocoding
