from . import fusion_technician_schedule
