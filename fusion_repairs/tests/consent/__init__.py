from . import test_consent
from . import test_opt_out
