from . import test_booking
from . import test_demo
from . import test_public_booking
from . import test_public_links
from . import test_public_pages
from . import test_public_words
