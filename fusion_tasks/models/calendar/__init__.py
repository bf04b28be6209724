from . import calendar_attendee
from . import calendar_event
from . import fusion_technician_task_dragged_event
from . import fusion_technician_task_event
