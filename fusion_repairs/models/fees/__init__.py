from . import fusion_repair_fee_change
from . import fusion_repair_fee_change_line
from . import fusion_repair_maintenance_contract_agreed_fee
