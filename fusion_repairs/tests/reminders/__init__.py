from . import test_follow_up
from . import test_office_link
from . import test_reminder_batch
from . import test_reminder_mails
from . import test_reminder_reach
from . import test_reminder_report
from . import test_reminder_watch
from . import test_reminders
