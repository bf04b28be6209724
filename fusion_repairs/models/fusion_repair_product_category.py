from odoo import api, fields, models

from ..recurrence import MOST_MONTHS

IN_CARE = ("active", "paused")
ANCHORS = [
    ("due_date", "The due date: the rhythm holds whatever day the visit happened"),
    ("service_date", "The visit: the interval counts from the day of the visit"),
]


class FusionRepairProductCategory(models.Model):
    """A kind of equipment: how often it is looked after, for how much, and how.

    Categories are also the skills of technicians.
    """

    _name = "fusion.repair.product.category"
    _description = "Equipment Category"
    _inherit = "fusion.form.access.mixin"
    _parent_store = True
    _order = "sequence, name, id"
    _rec_names_search = ["name", "code"]
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    code = fields.Char(help="A short name that imports and integrations refer to.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    parent_id = fields.Many2one(
        "fusion.repair.product.category",
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many(
        "fusion.repair.product.category", "parent_id", string="Subcategories"
    )
    company_id = fields.Many2one(
        "res.company", help="Leave empty to share this category with all companies."
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
    )
    equipment_class = fields.Selection(
        [("standard", "Standard"), ("lift_elevating", "Lifts and Elevating")],
        required=True,
        default="standard",
    )
    safety_critical = fields.Boolean(
        help="A failed critical check makes such a unit unsafe to use."
    )
    certificate_validity_months = fields.Integer(
        string="Certificate Validity (Months)",
        help="For how long an inspection certificate is good. Zero: none is issued.",
    )
    x_fc_maintenance_enabled = fields.Boolean(
        string="Looked After",
        help="Units of this category get a maintenance contract when they are sold.",
    )
    x_fc_serial_required = fields.Boolean(
        string="Serial Number Required",
        help="Units of this category are told apart by their serial number: past sales "
        "without one are not enrolled by themselves. Holds for subcategories too.",
    )
    x_fc_maintenance_interval_months = fields.Integer(
        string="Interval (Months)",
        default=12,
        help="Months between two visits.",
    )
    x_fc_maintenance_first_interval_months = fields.Integer(
        string="First Interval (Months)",
        help="Months from delivery to the first visit. Zero: the same as the others.",
    )
    x_fc_maintenance_anchor = fields.Selection(
        ANCHORS, string="Next Date Counts From", required=True, default="due_date"
    )
    x_fc_maintenance_fee = fields.Monetary(
        string="Flat Fee",
        help="The price of one visit before tax, as the client sees it when booking.",
    )
    x_fc_maintenance_duration = fields.Float(
        string="Time on Site",
        default=1.0,
        help="Hours that a technician needs on site.",
    )
    x_fc_maintenance_service_product_id = fields.Many2one(
        "product.product",
        string="Invoiced As",
        domain="[('type', '=', 'service')]",
        check_company=True,
        ondelete="restrict",
        help='The service on the order; empty: the product "Maintenance visit".',
    )
    checklist_item_ids = fields.One2many(
        "fusion.repair.checklist.item", "category_id", string="Checklist", copy=True
    )
    display_name = fields.Char(recursive=True)
    checklist_count = fields.Integer(compute="_compute_checklist_count")
    contract_count = fields.Integer(compute="_compute_contract_count")

    _interval_not_negative = models.Constraint(
        "CHECK (x_fc_maintenance_interval_months > 0"
        " OR (NOT COALESCE(x_fc_maintenance_enabled, FALSE)"
        " AND x_fc_maintenance_interval_months = 0))",
        "The interval between two visits must be at least one month.",
    )
    _interval_credible = models.Constraint(
        f"CHECK (x_fc_maintenance_interval_months <= {MOST_MONTHS}"
        f" AND COALESCE(x_fc_maintenance_first_interval_months, 0) <= {MOST_MONTHS})",
        "The interval between two visits can be twenty years (240 months) at most.",
    )
    _first_interval_not_negative = models.Constraint(
        "CHECK (x_fc_maintenance_first_interval_months >= 0)",
        "The first interval cannot be negative; zero means the same as the others.",
    )
    _fee_not_negative = models.Constraint(
        "CHECK (x_fc_maintenance_fee >= 0)", "The fee of a visit cannot be negative."
    )
    _duration_positive = models.Constraint(
        "CHECK (x_fc_maintenance_duration > 0)",
        "A visit needs some time on site: please enter more than zero hours.",
    )
    _validity_not_negative = models.Constraint(
        "CHECK (certificate_validity_months >= 0)",
        "The validity of a certificate cannot be negative.",
    )
    _code_unique = models.UniqueIndex(
        "(COALESCE(company_id, 0), lower(code)) WHERE code IS NOT NULL",
        "Another equipment category has this code already.",
    )

    @api.depends("name", "parent_id.display_name")
    def _compute_display_name(self):
        for category in self:
            names = (category.parent_id.display_name, category.name)
            category.display_name = " / ".join(filter(None, names))

    @api.depends("checklist_item_ids", "parent_id")
    def _compute_checklist_count(self):
        for category in self:
            category.checklist_count = len(category._get_checklist_items())

    def _compute_contract_count(self):
        counts = self.env["fusion.repair.maintenance.contract"]._read_group(
            self._get_contracts_domain(), ["x_fc_policy_category_id"], ["__count"]
        )
        for category in self:
            category.contract_count = sum(
                count for found, count in counts if category in found._get_lineage()
            )

    @api.model_create_multi
    def create(self, vals_list):
        """Record the checklists that new categories come with, one revision each."""
        later = self.with_context(fusion_checklist_later=True)
        categories = super(FusionRepairProductCategory, later).create(vals_list)
        categories = categories.with_env(self.env)
        categories._record_checklist_revision()
        return categories

    def write(self, vals):
        """Let products follow, and record a changed checklist as one revision."""
        categories, has_checklist = self, "checklist_item_ids" in vals
        if has_checklist:
            categories = self.with_context(fusion_checklist_later=True)
        before = self._get_looked_after(vals)
        result = super(FusionRepairProductCategory, categories).write(vals)
        self._let_products_follow(before)
        if has_checklist:
            self._record_checklist_revision()
        return result

    def _get_contracts_domain(self):
        """Return which contracts are in care in these categories and below them."""
        return [
            ("x_fc_policy_category_id", "child_of", self.ids),
            ("state", "in", IN_CARE),
        ]

    def action_view_contracts(self):
        """Open the contracts of the units of this category."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "fusion_repairs.fusion_repair_maintenance_contract_action"
        )
        return action | {
            "domain": self._get_contracts_domain(),
            "context": {},
        }

    def _get_lineage(self):
        """Return the category and its ancestors, the nearest first."""
        ids = [int(key) for key in (self.parent_path or "").split("/") if key]
        return self.browse(reversed(ids)) if ids else self

    def _get_checklist_items(self):
        """Return the checklist of a unit: inherited items first, own ones after."""
        lineage = self._get_lineage()
        return self.env["fusion.repair.checklist.item"].union(
            *(category.checklist_item_ids for category in reversed(lineage))
        )
