from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.fusion_tasks.groups import DISPATCHER

STATES = [
    ("draft", "Draft"),
    ("active", "Active"),
    ("paused", "Paused"),
    ("cancelled", "Cancelled"),
]
LOCK_TIMEOUT = "3s"


class FusionRepairMaintenanceContract(models.Model):
    """The care of one unit: whose it is, when it is due, what a visit costs."""

    _name = "fusion.repair.maintenance.contract"
    _description = "Maintenance Contract"
    _inherit = [
        "fusion.system.fields.mixin",
        "fusion.form.access.mixin",
        "fusion.numbered.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "next_due_date, id"
    _rec_names_search = ["name", "partner_id", "x_fc_device_serial"]
    _check_company_auto = True
    _mail_post_access = "read"
    _system_fields = frozenset(
        {
            "asked_contract_id",
            "asked_serial",
            "booking_repair_id",
            "booking_token",
            "callback_phone",
            "end_cause",
            "last_reminder_band",
            "link_sent_at",
            "link_texted_at",
            "next_due_basis",
            "offered_with_id",
            "overdue_raised_on",
            "pause_reason",
            "paused_until",
            "reminder_checked_on",
            "reminder_error",
            "serial_answer",
            "unbooked_asked_on",
            "unsafe_asked_on",
        }
    )
    _settled_fields = frozenset(
        {
            "backfill_run_id",
            "sale_order_id",
            "start_date_source",
            "x_fc_source",
            "x_fc_source_sale_line_id",
            "x_fc_unit_index",
        }
    )

    name = fields.Char(
        string="Reference",
        required=True,
        readonly=True,
        copy=False,
        index="trigram",
        default=lambda self: self.env._("New"),
    )
    title = fields.Char(string="Client and Unit", compute="_compute_title")
    state = fields.Selection(
        STATES, required=True, default="draft", copy=False, index=True, tracking=True
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id", store=True)
    user_id = fields.Many2one(
        "res.users",
        string="Followed Up By",
        check_company=True,
        domain="[('share', '=', False)]",
        tracking=True,
        help="Who in the office calls this client. Left empty, it is filled from the "
        "settings: an active contract always has somebody.",
    )

    # The unit
    partner_id = fields.Many2one(
        "res.partner",
        string="Client",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        tracking=True,
    )
    address_id = fields.Many2one(
        "res.partner",
        string="Place of the Unit",
        compute="_compute_address_id",
        store=True,
        readonly=False,
        precompute=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        help="Where the technician has to go.",
    )
    product_id = fields.Many2one(
        "product.product",
        string="Unit",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    lot_id = fields.Many2one(
        "stock.lot",
        string="Lot/Serial",
        index="btree_not_null",
        check_company=True,
        domain="[('product_id', '=', product_id)]",
        copy=False,
    )
    unsafe = fields.Boolean(
        string="Unsafe, Do Not Use",
        tracking=True,
        copy=False,
        help="A critical check failed on the last visit and is not repaired yet.",
    )

    # Where it came from
    sale_order_id = fields.Many2one(
        "sale.order", index="btree_not_null", check_company=True, copy=False
    )
    x_fc_source = fields.Selection(
        [
            ("sale", "Sale"),
            ("backfill", "Past Sale"),
            ("claims", "Claim"),
            ("manual", "Manually"),
        ],
        string="Enrolled By",
        required=True,
        default="manual",
        copy=False,
    )
    x_fc_source_sale_line_id = fields.Many2one(
        "sale.order.line",
        string="Order Line",
        index="btree_not_null",
        check_company=True,
        ondelete="set null",
        copy=False,
    )
    x_fc_unit_index = fields.Integer(
        string="Unit Number",
        default=1,
        copy=False,
        help="Which unit of the order line.",
    )
    start_date = fields.Date(
        string="In Use Since",
        default=fields.Date.context_today,
        help="Day of delivery or purchase; the first due date counts from it.",
    )

    # Visits
    visit_ids = fields.One2many(
        "fusion.repair.maintenance.visit", "contract_id", string="Visits"
    )
    visit_count = fields.Integer(compute="_compute_visit_count")
    current_visit_id = fields.Many2one(
        "fusion.repair.maintenance.visit",
        string="Booked Visit",
        compute="_compute_current_visit",
        search="_search_current_visit",
    )
    is_booked = fields.Boolean(
        string="Booked", compute="_compute_current_visit", search="_search_is_booked"
    )
    booking_repair_id = fields.Many2one(
        "repair.order",
        string="Repair Order of the Booking",
        check_company=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
    )
    _active_needs_due_date = models.Constraint(
        "CHECK (state <> 'active' OR next_due_date IS NOT NULL)",
        "An active contract needs the date on which it is due next.",
    )
    _unit_unique = models.UniqueIndex(
        "(x_fc_source_sale_line_id, x_fc_unit_index)"
        " WHERE state = 'active' AND x_fc_source_sale_line_id IS NOT NULL"
        " AND x_fc_device_serial IS NULL",
        "This unit of the order line has an active maintenance contract already.",
    )

    # Computes ------------------------------------------------------------------

    @api.depends("partner_id")
    def _compute_address_id(self):
        for contract in self:
            contract.address_id = contract.partner_id

    @api.depends("visit_ids")
    def _compute_visit_count(self):
        for contract in self:
            contract.visit_count = len(contract.visit_ids)

    @api.depends("visit_ids.state", "visit_ids.visit_date")
    def _compute_current_visit(self):
        for contract in self:
            live = contract.visit_ids.filtered("is_live")
            contract.current_visit_id = live[:1]
            contract.is_booked = bool(live)

    def _search_current_visit(self, operator, value):
        return [("visit_ids", "any", [("is_live", "=", True), ("id", operator, value)])]

    def _search_is_booked(self, operator, value):
        if operator != "in":
            return NotImplemented
        booked = Domain("visit_ids", "any", [("is_live", "=", True)])
        wanted = [booked if item else ~booked for item in set(value)]
        return Domain.OR(wanted)

    @api.depends("name", "partner_id.name", "product_id.name")
    def _compute_display_name(self):
        for contract in self:
            parts = (contract.name, contract.partner_id.name, contract.product_id.name)
            contract.display_name = ", ".join(filter(None, parts))

    @api.depends("partner_id.name", "product_id.name")
    def _compute_title(self):
        for contract in self:
            parts = (contract.partner_id.name, contract.product_id.name)
            contract.title = ", ".join(filter(None, parts))

    # Writing -------------------------------------------------------------------

    @api.constrains("product_id", "lot_id")
    def _check_lot(self):
        for contract in self.filtered("lot_id"):
            if contract.lot_id.product_id != contract.product_id:
                raise ValidationError(
                    self.env._("The lot does not belong to the unit's product.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Give new contracts somebody who follows up, a link, a basis, known danger."""
        vals_list = self._guard_create(vals_list)
        # A contract that was cancelled just now must not stand in a new one's way.
        self.flush_model(["state", "x_fc_device_serial"])
        unknown = [self._normalise_vals(vals) for vals in vals_list]
        for vals in vals_list:
            if vals.get("next_due_date"):
                vals.setdefault("first_due_date", vals["next_due_date"])
        self._complete_responsible(vals_list)
        # Nobody is written to about each of a thousand units that come in.
        quiet = self.with_context(mail_auto_subscribe_no_notify=True)
        contracts = super(FusionRepairMaintenanceContract, quiet).create(vals_list)
        contracts = contracts.with_env(self.env)
        contracts._note_unknown_serials(unknown)
        contracts._renew_token()
        contracts._note_first_basis()
        contracts._inherit_unsafe_flag()
        return contracts

    def write(self, vals):
        """Let follow what hangs on the values: link, due date, owner, safety."""
        self._check_unsafe_unwritten(vals)
        self._check_end_unwritten(vals)
        self._guard_write(vals)
        moved = self._find_changing_hands(vals)
        moved._check_owner_may_change()
        drafts = self.filtered(lambda c: c.state == "draft")
        if vals.get("state") == "active" and "x_fc_device_serial" not in vals:
            self._forget_unknown_serials()
        result = super().write(self._complete_vals(vals))
        self._note_unknown_serials([self._normalise_vals(dict(vals))] * len(self))
        moved._renew_token()
        if self._is_basis_touched(vals):
            drafts._note_counted_day()
        if moved:
            moved._start_afresh_with_owner()
        self._settle_by_state(vals.get("state"))
        if vals.get("state") == "active" or not vals.get("user_id", True):
            self._give_to_responsible()
        if "unsafe" in vals:
            self._note_on_lot(vals["unsafe"])
            if not vals["unsafe"]:
                self._settle_requests("released", self.env._("The unit may be used."))
        return result

    def _is_set_by_user(self, name, new=False):
        if name == "last_service_date" and not new:
            # After a visit of ours there are a correction, and Record Outside Service.
            return "done" not in self.sudo().visit_ids.mapped("state")
        return super()._is_set_by_user(name, new)

    def _complete_vals(self, vals):
        """Return values as they are written: with what a chosen due date changes."""
        vals = dict(vals)
        self._normalise_vals(vals)
        if "next_due_basis" not in vals and self._is_due_date_chosen(vals):
            vals.update(next_due_basis={"reason": "manual"}, last_reminder_band=0)
        return vals

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_history(self):
        if self.sudo().filtered("visit_ids"):
            raise UserError(
                self.env._(
                    "A contract with visits is the history of a unit: please cancel "
                    "it instead of deleting it."
                )
            )

    def _check_office(self):
        """Refuse everybody but the office, and system code acting with its rights."""
        if not self.env.su and not self.env.user.has_group(DISPATCHER):
            raise AccessError(
                self.env._("Only dispatchers may change maintenance contracts.")
            )
        self.check_access("write")

    def _get_today(self):
        """Return today's date where the company is, whoever asks."""
        self.ensure_one()
        return self.company_id._get_today()

    def _lock(self):
        """Make rival bookings of these contracts wait, then see this one.

        Always in the order of the ids: two bookings of the same units from different
        ends wait for each other in turn, never crosswise.
        The row is written later in the transaction, so a rival that read it before
        cannot go on with what it read: it fails to serialise and is run again.
        """
        self.flush_recordset()
        cr = self.env.cr
        cr.execute(SQL("SELECT set_config('lock_timeout', %s, TRUE)", LOCK_TIMEOUT))
        cr.execute(
            SQL(
                "SELECT id FROM %s WHERE id IN %s ORDER BY id FOR NO KEY UPDATE",
                SQL.identifier(self._table),
                tuple(self.ids) or (0,),
            )
        )
        self.invalidate_recordset()
