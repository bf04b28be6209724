from . import test_dispatch_board
from . import test_my_day
from . import test_office_documents
from . import test_office_forms
from . import test_task_skill
from . import test_visit_is_charged
from . import test_visit_place
from . import test_visit_states
