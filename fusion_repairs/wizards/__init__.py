from . import fusion_repair_booking_link_wizard
from . import fusion_repair_booking_wizard
from . import fusion_repair_booking_wizard_line
from . import fusion_repair_visit_report_wizard
from . import fusion_repair_visit_report_wizard_line
