from . import fusion_repair_maintenance_contract_origin
from . import sale_order
from . import sale_order_line
from . import sale_order_line_contracts
from . import sale_order_line_delivery
from . import stock_lot
from . import stock_move
from . import stock_picking
