from odoo import api, fields, models
from odoo.exceptions import UserError

from ...recurrence import LIVE_VISITS

LIVE_STATES = LIVE_VISITS
OUTCOMES = [
    ("pass", "All Good"),
    ("pass_with_findings", "Good, With Findings"),
    ("unsafe", "Unsafe"),
]

# What users enter on a new visit, such as one of the past that is imported.
ENTERED = frozenset(
    {
        "name",
        "company_id",
        "contract_id",
        "partner_id",
        "address_id",
        "product_id",
        "lot_id",
        "visit_date",
        "technician_id",
        "cycle_due_date",
        "x_fc_fee",
        "client_note",
        "state",
        "service_date",
        "cancel_reason",
    }
)
# What they may change of one that is to come. All else has a button.
CHANGED = frozenset(
    {"client_note", "attendee_name", "attendee_phone", "attendee_email"}
)


class FusionRepairMaintenanceVisit(models.Model):
    """One visit to one unit: when, by whom, what was found."""

    _name = "fusion.repair.maintenance.visit"
    _description = "Maintenance Visit"
    _inherit = [
        "fusion.repair.document.mixin",
        "fusion.system.fields.mixin",
        "fusion.form.access.mixin",
        "fusion.numbered.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "visit_date desc, id desc"
    _rec_names_search = ["name", "contract_id", "partner_id"]
    _check_company_auto = True
    _mail_post_access = "read"

    name = fields.Char(
        string="Reference",
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: self.env._("New"),
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id", store=True)
    contract_id = fields.Many2one(
        "fusion.repair.maintenance.contract",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    state = fields.Selection(
        [
            ("scheduled", "Scheduled"),
            ("in_progress", "In Progress"),
            ("done", "Done"),
            ("no_show", "No-show"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="scheduled",
        copy=False,
        index=True,
        tracking=True,
    )
    title = fields.Char(string="Client and Unit", compute="_compute_title")
    is_live = fields.Boolean(compute="_compute_is_live", search="_search_is_live")
    partner_id = fields.Many2one(
        "res.partner", string="Client", required=True, index=True, check_company=True
    )
    address_id = fields.Many2one(
        "res.partner",
        string="Place of the Unit",
        compute="_compute_address_id",
        store=True,
        precompute=True,
        index="btree_not_null",
        check_company=True,
        help="Where the visit takes place; what is over stays where it was.",
    )
    product_id = fields.Many2one(
        "product.product", string="Unit", required=True, check_company=True
    )
    lot_id = fields.Many2one("stock.lot", string="Lot/Serial", check_company=True)
    serial = fields.Char(related="contract_id.x_fc_device_serial")
    visit_date = fields.Datetime(
        string="Planned Start",
        compute="_compute_plan",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index=True,
    )
    visit_end = fields.Datetime(compute="_compute_visit_end", store=True)
    technician_id = fields.Many2one(
        "res.users",
        compute="_compute_plan",
        store=True,
        readonly=False,
        precompute=True,
        index=True,
        check_company=True,
        tracking=True,
    )
    technician_task_id = fields.Many2one(
        "fusion.technician.task",
        string="Task",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        copy=False,
    )
    repair_order_id = fields.Many2one(
        "repair.order",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        copy=False,
    )
    sale_order_id = fields.Many2one(
        "sale.order",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        copy=False,
    )
    x_fc_fee = fields.Monetary(string="Fee", help="As agreed when it was booked.")
    client_note = fields.Text(string="Note From the Client")

    # The report
    checklist_line_ids = fields.One2many(
        "fusion.repair.maintenance.checklist.line", "visit_id", string="Checklist"
    )
    outcome = fields.Selection(OUTCOMES, copy=False, tracking=True)
    findings = fields.Html(copy=False)
    parts_note = fields.Text(string="Parts", copy=False)
    labour_minutes = fields.Integer(copy=False)
    signature = fields.Image(copy=False, max_width=1024, max_height=1024)
    signed_by = fields.Char(copy=False)
    reported_at = fields.Datetime(copy=False)
    service_date = fields.Date(string="Done On", copy=False)
    cancel_reason = fields.Char(copy=False)

    # The cycle
    cycle_due_date = fields.Date(
        string="Due Date It Answers", help="The due date this visit was booked for."
    )
    cycle_before = fields.Json(copy=False)
    rolled_to = fields.Date(copy=False)

    _one_live_visit = models.UniqueIndex(
        "(contract_id) WHERE state IN ('scheduled', 'in_progress')",
        "A visit is booked for this unit already.",
    )
    _labour_not_negative = models.Constraint(
        "CHECK (labour_minutes >= 0)", "Labour time cannot be negative."
    )
    _day_idx = models.Index("(technician_id, visit_date)")

    # Writing -----------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse what only a report or a booking says."""
        return super().create(self._guard_create(vals_list))

    def write(self, vals):
        """Refuse to change by hand what was booked and what was reported."""
        self._guard_write(vals)
        return super().write(vals)

    def _is_set_by_user(self, name, new=False):
        if new:
            # Its documents are the business of their own mixin.
            return name in ENTERED or name in self._document_fields
        return name in CHANGED and all(visit.is_live for visit in self)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_on_record(self):
        if self.filtered(lambda visit: visit.state == "done" or visit.reported_at):
            raise UserError(
                self.env._("A visit that took place is on record: it is not deleted.")
            )

    # Computed fields -----------------------------------------------------------

    @api.depends("state")
    def _compute_is_live(self):
        for visit in self:
            visit.is_live = visit.state in LIVE_STATES

    def _search_is_live(self, operator, value):
        if operator != "in":
            return NotImplemented
        wanted = set(value)
        if wanted == {True, False}:
            return []
        return [("state", "in" if True in wanted else "not in", LIVE_STATES)]

    @api.depends("contract_id.address_id")
    def _compute_address_id(self):
        """Follow the contract while the visit is to come, and the unit its owner's.

        The next owner's address is nothing that the former one may read.
        """
        for visit in self:
            contract = visit.contract_id
            own = contract.partner_id == visit.partner_id
            if own and (visit.is_live or not visit.address_id):
                visit.address_id = contract.address_id
            else:
                visit.address_id = visit.address_id or visit.partner_id

    @api.depends("technician_task_id.date_start", "technician_task_id.technician_id")
    def _compute_plan(self):
        for visit in self:
            task = visit.technician_task_id
            visit.visit_date = task.date_start or visit.visit_date
            visit.technician_id = task.technician_id or visit.technician_id

    @api.depends("visit_date", "technician_task_id.date_end", "contract_id.duration")
    def _compute_visit_end(self):
        for visit in self:
            end = visit.technician_task_id.date_end
            hours = visit.contract_id.duration
            visit.visit_end = end or (
                visit.visit_date and fields.Datetime.add(visit.visit_date, hours=hours)
            )

    @api.depends("name", "partner_id.name", "product_id.name")
    def _compute_display_name(self):
        for visit in self:
            parts = (visit.name, visit.partner_id.name, visit.product_id.name)
            visit.display_name = ", ".join(filter(None, parts))

    @api.depends("partner_id.name", "product_id.name")
    def _compute_title(self):
        for visit in self:
            parts = (visit.partner_id.name, visit.product_id.name)
            visit.title = ", ".join(filter(None, parts))

    def _get_tz(self):
        """Return the name of the zone in which the visit takes place.

        It is that of the technician's working hours: the one of their user follows
        the browser that they sign in with.
        """
        self.ensure_one()
        if self.technician_id:
            technician = self.technician_id.sudo().with_company(self.company_id)
            return technician._fc_get_tz()
        return self.company_id._get_maintenance_tz()

    def action_fill_in_report(self):
        """Open the report that the technician fills in on site."""
        self.ensure_one()
        self._check_reportable()
        self._begin_report()
        wizard = self.env["fusion.repair.visit.report.wizard"]._create_for(self)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Visit Report"),
            "res_model": wizard._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "current",
        }
