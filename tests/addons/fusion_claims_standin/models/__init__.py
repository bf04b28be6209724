from . import fusion_adp_device_code
from . import sale_order
from . import sale_order_line
