from . import test_certificate_issue
from . import test_certificate_pdf
from . import test_certificate_pdf_text
from . import test_certificate_verification
from . import test_residents
from . import test_roles_certificate
