from . import test_cycle
from . import test_numbers
from . import test_office_activities
from . import test_people_who_leave
from . import test_policy_refresh
from . import test_responsible
from . import test_service_elsewhere
from . import test_settled_requests
