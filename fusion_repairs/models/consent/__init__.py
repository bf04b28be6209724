from . import fusion_repair_consent_event
from . import fusion_repair_opt_out_link
from . import res_partner
from . import res_partner_deceased
from . import res_partner_opt_out
