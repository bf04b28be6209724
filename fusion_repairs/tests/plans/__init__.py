from . import test_plan_books
from . import test_plan_correction
from . import test_plan_end
from . import test_plan_sale
from . import test_plan_visits
