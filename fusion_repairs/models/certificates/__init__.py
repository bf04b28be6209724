from . import fusion_repair_inspection_certificate
from . import fusion_repair_inspection_certificate_issue
from . import fusion_repair_inspection_certificate_pdf
from . import fusion_repair_maintenance_contract
from . import fusion_repair_maintenance_visit
from . import res_company
