from . import test_access
from . import test_dialog_access
from . import test_document_fields
from . import test_report_correction
from . import test_reported_stands
from . import test_roles_matrix
from . import test_rules_complete
from . import test_protected_fields
