from . import fusion_clock
from . import fusion_technician_task_told_time
