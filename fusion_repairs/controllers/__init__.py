from .. import log_masking
from . import booking
from . import certificate
from . import documents
from . import opt_out
from . import portal

log_masking.install()
