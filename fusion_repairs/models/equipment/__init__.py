from . import fusion_repair_checklist_item
from . import fusion_repair_checklist_revision
from . import fusion_repair_product_category
from . import maintenance_policy
from . import product_product
from . import product_template
from . import product_template_policy
from . import res_users
