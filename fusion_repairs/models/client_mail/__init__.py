from . import fusion_repair_mail_sample
from . import fusion_repair_maintenance_contract_callback
from . import fusion_repair_maintenance_visit_day_before
from . import fusion_repair_maintenance_visit_mail
from . import fusion_repair_maintenance_visit_told
from . import fusion_repair_visit_message
from . import mail_mail
from . import res_partner
