from . import fusion_repair_booking_link_wizard
from . import fusion_repair_booking_sms_wizard
from . import fusion_repair_booking_wizard
from . import fusion_repair_booking_wizard_book
from . import fusion_repair_booking_wizard_line
from . import fusion_repair_booking_wizard_queue
from . import fusion_repair_booking_wizard_unit
