from . import fusion_repair_demo
from . import fusion_repair_demo_history
from . import fusion_repair_demo_schedule
