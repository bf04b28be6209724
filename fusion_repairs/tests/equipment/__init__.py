from . import test_category_flag
from . import test_policy
from . import test_sale_tax
