from . import fusion_technician_availability
from . import fusion_technician_availability_hours
from . import fusion_technician_availability_refusals
from . import fusion_technician_availability_sources
from . import fusion_technician_schedule
