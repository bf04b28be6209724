from . import archive
from . import booking
from . import certificate
from . import documents
from . import opt_out
from . import portal
