from . import fusion_technician_task
from . import fusion_technician_task_conflict
from . import fusion_technician_task_conflict_recheck
from . import fusion_technician_task_double_booking
from . import fusion_technician_task_slots
from . import fusion_technician_task_status
