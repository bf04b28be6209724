from . import test_day_before
from . import test_email_placeholder
from . import test_mail_hardening
from . import test_mail_preview
from . import test_mail_retries
from . import test_visit_ics
from . import test_visit_messages
from . import test_visit_unscheduled
