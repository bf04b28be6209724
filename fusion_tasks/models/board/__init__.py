from . import fusion_dispatch_board
from . import fusion_dispatch_board_days
from . import fusion_dispatch_board_map
from . import fusion_dispatch_board_plan
from . import fusion_dispatch_board_verdict
