# The rooms stand in the order of the loop; nothing depends on that order.
from . import fusion_form_access_mixin
from . import fusion_numbered_mixin
from . import fusion_system_fields_mixin
from . import fusion_wizard_access_mixin
from . import res_company
from . import res_config_settings
from . import res_partner
from . import res_users
from . import travel
from . import availability
from . import task
from . import calendar
from . import resource
from . import clock
from . import board
from . import my_day
