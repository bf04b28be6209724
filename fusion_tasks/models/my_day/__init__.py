from . import fusion_my_day
from . import fusion_my_day_actions
