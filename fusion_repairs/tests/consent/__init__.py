from . import test_consent
from . import test_opt_out
from . import test_shared_mailbox
