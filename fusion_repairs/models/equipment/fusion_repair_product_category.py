from odoo import api, fields, models

from odoo.addons.fusion_tasks.button_context import without_button

from ...recurrence import MOST_MONTHS, UNDER_CONTRACT

ANCHORS = [
    (
        "due_date",
        "The due date: the schedule stays the same whatever day the visit took place",
    ),
    ("service_date", "The visit: the interval counts from the day of the visit"),
]

INHERITED_FROM = {"x_fc_maintenance_enabled", "parent_id"}


def is_same_check(old, new):
    """Tell whether a check asks what it asked; a language more is no change.

    :param old: the check in the last revision's snapshot
    :param new: the check as it stands
    """
    texts = ("translations",)
    if any(old.get(name) != new[name] for name in new if name not in texts):
        return False
    return all(
        new["translations"][field].get(lang) == text
        for field, said in old["translations"].items()
        for lang, text in said.items()
    )


class FusionRepairProductCategory(models.Model):
    """A kind of equipment: how often it is maintained, for how much, and how.

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
        string="Maintained",
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
    tax_note = fields.Char(string="Sales Tax to Check", compute="_compute_tax_note")
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

    certificate_standard = fields.Text(
        string="Standard or Manual",
        translate=True,
        help="What the inspection refers to, as it is to stand on the certificate, "
        "e.g. the maker's manual and its chapter. Empty: nothing is claimed. Holds "
        "for subcategories without their own.",
    )

    checklist_revision = fields.Integer(readonly=True, copy=False)
    checklist_revision_ids = fields.One2many(
        "fusion.repair.checklist.revision",
        "category_id",
        string="Checklist History",
        readonly=True,
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

    @api.depends("x_fc_maintenance_service_product_id", "parent_id")
    @api.depends_context("company", "lang")
    def _compute_tax_note(self):
        company = self.env.company
        for category in self:
            lineage = category | category.parent_id._get_lineage()
            named = lineage.filtered("x_fc_maintenance_service_product_id")[:1]
            service = named.x_fc_maintenance_service_product_id or self.env.ref(
                "fusion_repairs.product_maintenance_visit"
            )
            category.tax_note = service.product_tmpl_id._get_tax_problem(company)

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
        """Return the current contracts of these categories and those below."""
        return [
            ("x_fc_policy_category_id", "child_of", self.ids),
            ("state", "in", UNDER_CONTRACT),
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

    # What a category inherits ------------------------------------------------

    def _get_looked_after(self, vals):
        """Return what products may have to follow when values are written.

        :return: whether they are maintained, by category, those below included;
            empty if the values have nothing to do with it
        """
        if not INHERITED_FROM & vals.keys():
            return {}
        below = self.with_context(active_test=False).search(
            [("id", "child_of", self.ids)]
        )
        return {category: category._is_looked_after() for category in below}

    def _let_products_follow(self, before):
        """Let products that are maintained as their category says follow a change.

        :param before: what ``_get_looked_after`` returned before it
        """
        categories = self.browse(category.id for category in before)
        for looked_after in (True, False):
            changed = categories.filtered(
                lambda c, now=looked_after: (
                    c._is_looked_after() is now and before[c] is not now
                )
            )
            changed._update_products(looked_after)

    def _is_looked_after(self):
        """Tell whether units of the category are maintained, by itself or above."""
        self.ensure_one()
        return any(self._get_lineage().mapped("x_fc_maintenance_enabled"))

    def _update_products(self, looked_after):
        """Tick or untick the products that were as their category was before."""
        if not self:
            return
        # Whoever keeps categories need not have rights on products, or see them all.
        products = self.env["product.template"].sudo().with_context(active_test=False)
        products.search(
            [
                ("x_fc_repair_category_id", "in", self.ids),
                ("x_fc_maintenance_enabled", "=", not looked_after),
            ]
        ).x_fc_maintenance_enabled = looked_after

    # Certificates ------------------------------------------------------------

    def _get_certificate_standard(self):
        """Return the standard or manual of the nearest category that names one."""
        for category in self._get_lineage():
            if category.certificate_standard:
                return category.certificate_standard
        return ""

    def _gets_certificates(self):
        """Tell whether units of this category are certified at all."""
        return (
            self.equipment_class == "lift_elevating"
            and self.certificate_validity_months > 0
        )

    # Checklist ---------------------------------------------------------------

    def _record_checklist_revision(self):
        """Keep a snapshot of every checklist that is not as its last revision says.

        Visits that are still to come are laid out anew; past ones never change.
        """
        if self.env.context.get("fusion_checklist_later"):
            return
        changed = self.browse()
        # Whoever may edit a checklist may not write its history by other ways.
        for category in without_button(self.sudo()).with_context(lang=None):
            snapshot = category.checklist_item_ids._prepare_snapshot()
            known = category.checklist_revision_ids[:1].snapshot or []
            if len(snapshot) == len(known) and all(map(is_same_check, known, snapshot)):
                continue
            category.checklist_revision += 1
            category.env["fusion.repair.checklist.revision"].create(
                {
                    "category_id": category.id,
                    "number": category.checklist_revision,
                    "snapshot": snapshot,
                }
            )
            category.invalidate_recordset(["checklist_revision_ids"])
            changed |= category
        changed._refresh_visits()

    def _get_checklist_revisions(self):
        """Return the revisions that the checklist of a unit is made of now."""
        revisions = self.env["fusion.repair.checklist.revision"]
        for category in reversed(self._get_lineage()):
            revisions |= category.checklist_revision_ids[:1]
        return revisions

    def _refresh_visits(self):
        """Lay the checklists of visits still to come out anew."""
        if not self:
            return
        visits = self.env["fusion.repair.maintenance.visit"].sudo()
        visits.search(
            [
                ("state", "=", "scheduled"),
                ("contract_id.x_fc_policy_category_id", "child_of", self.ids),
            ]
        )._refresh_checklist()
