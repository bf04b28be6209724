from .. import log_masking
from . import booking
from . import certificate
from . import documents
from . import opt_out

log_masking.install()
