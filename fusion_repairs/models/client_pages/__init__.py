from . import fusion_repair_maintenance_contract_page
from . import fusion_repair_maintenance_visit_done_page
from . import fusion_repair_public_post
from . import fusion_repair_public_words
from . import fusion_repair_public_page
from . import fusion_repair_public_page_booking
from . import fusion_repair_public_page_done
from . import ir_http
