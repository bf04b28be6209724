from . import base_import_import
from . import fusion_task_slot_wizard
from . import fusion_task_slot_wizard_line
from . import fusion_time_off_wizard
