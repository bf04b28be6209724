from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from ...recurrence import LOST, PAUSE
from ..client_mail.fusion_repair_visit_message import GONE

_lt = LazyTranslate(__name__)


class FusionRepairMaintenanceReminder(models.Model):
    """The ledger: every reminder of every cycle, and what came of it."""

    _name = "fusion.repair.maintenance.reminder"
    _description = "Maintenance Reminder"
    _order = "sent_at desc, id desc"
    _rec_name = "contract_id"
    _check_company_auto = True

    contract_id = fields.Many2one(
        "fusion.repair.maintenance.contract",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(
        related="contract_id.company_id", store=True, index=True
    )
    client_id = fields.Many2one(
        "res.partner",
        compute="_compute_client_id",
        store=True,
        precompute=True,
        index="btree_not_null",
        help="Who was reminded: the unit may belong to somebody else by now.",
    )
    cycle_due_date = fields.Date(string="Due Date", required=True)
    band = fields.Integer(
        required=True, help="Days before the due date for which it was owed."
    )
    outcome = fields.Selection(
        [
            ("queued", "Email Queued"),
            ("sent", "Email Sent"),
            ("failed", "Email Failed"),
            ("call", "Call Requested"),
            ("withdrawn", "Withdrawn"),
        ],
        required=True,
        default="queued",
        index=True,
    )
    reason = fields.Char(help="Why the client is called, or why the email failed.")
    sent_at = fields.Datetime(
        string="When", required=True, default=fields.Datetime.now, index=True
    )
    mail_id = fields.Many2one("mail.mail", ondelete="set null", index="btree_not_null")
    email = fields.Char(string="Sent To")
    message_ref = fields.Char(
        string="Message-Id", readonly=True, help="By which a delivery report names it."
    )
    came_back = fields.Selection(
        [(PAUSE, "To Be Tried Again"), (LOST, "Not Again in This Cycle")],
        string="Not Delivered",
        readonly=True,
        help="The mail server of the client gave it back, for a reason that says "
        "nothing against the address.",
    )
    mail_state = fields.Char(compute="_compute_mail_state")
    booked = fields.Boolean(
        string="Led to a Booking",
        compute="_compute_booked",
        search="_search_booked",
        help="A visit of this cycle was booked after this reminder.",
    )
    booked_share = fields.Float(
        string="Booked (%)",
        compute="_compute_booked_share",
        aggregator="avg",
        help="How many of a hundred reminders led to a booking.",
    )

    _once = models.UniqueIndex(
        "(contract_id, cycle_due_date, band, client_id) WHERE outcome <> 'withdrawn'",
        "The client was reminded of this due date already.",
    )

    @api.depends("contract_id")
    def _compute_client_id(self):
        for reminder in self:
            reminder.client_id = reminder.contract_id.partner_id

    def _compute_mail_state(self):
        for reminder in self:
            mail = reminder.sudo().mail_id  # mails are for administrators only
            reminder.mail_state = mail.state or reminder.outcome

    def _compute_booked(self):
        visits = self.env["fusion.repair.maintenance.visit"].search_fetch(
            [("contract_id", "in", self.contract_id.ids)],
            ["contract_id", "cycle_due_date", "create_date"],
        )
        by_cycle = visits.grouped(lambda v: (v.contract_id, v.cycle_due_date))
        for reminder in self:
            booked = by_cycle.get((reminder.contract_id, reminder.cycle_due_date), ())
            reminder.booked = any(v.create_date >= reminder.sent_at for v in booked)

    @api.depends("booked")
    def _compute_booked_share(self):
        for reminder in self:
            reminder.booked_share = 100.0 if reminder.booked else 0.0

    def _search_booked(self, operator, value):
        if operator != "in":
            return NotImplemented
        wanted = tuple(bool(item) for item in value) or (None,)
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "%s IN %s", model._field_to_sql(alias, "booked", query), wanted
            ),
            predicate=lambda reminder: reminder.booked in wanted,
        )

    def _field_to_sql(self, alias, field_expr, query=None):
        """Let reports group and count by what came of a reminder; it is not stored."""
        if field_expr == "booked":
            return self._get_booked_sql(alias)
        if field_expr == "booked_share":
            booked = self._get_booked_sql(alias)
            return SQL("CASE WHEN %s THEN 100.0 ELSE 0.0 END", booked)
        return super()._field_to_sql(alias, field_expr, query)

    def _get_booked_sql(self, alias):
        """Return ``_compute_booked`` as the database computes it."""
        visits = self.env["fusion.repair.maintenance.visit"]
        visit = {
            f"visit_{name}": SQL.identifier("v", name, to_flush=visits._fields[name])
            for name in ("contract_id", "cycle_due_date", "create_date")
        }
        return SQL(
            """EXISTS (SELECT 1 FROM fusion_repair_maintenance_visit v
                        WHERE %(visit_contract_id)s = %(contract)s
                          AND %(visit_cycle_due_date)s = %(cycle)s
                          AND %(visit_create_date)s >= %(sent)s)""",
            **visit,
            contract=self._field_to_sql(alias, "contract_id"),
            cycle=self._field_to_sql(alias, "cycle_due_date"),
            sent=self._field_to_sql(alias, "sent_at"),
        )

    def _record_delivery(self, failure_type=None, failure_reason=False):
        """Note what the mail server said."""
        if not failure_type:
            for reminder in self:
                ref = reminder.mail_id.message_id
                reminder.write({"outcome": "sent", "reason": False, "message_ref": ref})
            return
        # No server takes such an address, so the office calls: the mail asks it to.
        outcome = "call" if failure_type in GONE else "failed"
        for reminder in self:
            reason = failure_reason or reminder.mail_id.failure_reason or failure_type
            reminder.write({"outcome": outcome, "reason": reason})

    @api.model
    def _find_sent_to(self, partners, since):
        """Return the rows of mails that went out to clients since a moment."""
        return self.search(
            [
                ("client_id", "in", partners.ids),
                ("outcome", "=", "sent"),
                ("sent_at", ">=", since),
            ]
        )

    def _note_came_back(self):
        """Note that a mail was sent back after the mail server had taken it."""
        self.write({"outcome": "failed", "reason": self.env._("The email came back.")})

    def _note_undelivered(self, outcome, reason):
        """Note that mails did not arrive: owed again after a while, or a call.

        What did not pass within a pause is not tried a third time in one cycle.

        :param outcome: PAUSE or LOST
        :param reason: what the other mail server said
        """
        again = self.browse()
        if outcome == PAUSE:
            again = self.filtered(lambda row: not row._get_paused_before())
        again.write({"outcome": "withdrawn", "came_back": PAUSE, "reason": reason})
        lost = self - again
        lost.write({"outcome": "call", "came_back": LOST, "reason": reason})
        lost.contract_id._notify_office(
            _lt("Call the client: maintenance is due"),
            _lt(
                "The email did not arrive, but the address may be right: %(reason)s",
                reason=reason,
            ),
            reason="call_due",
        )

    def _get_paused_before(self):
        """Return the earlier rows of this cycle whose mail was to be tried again."""
        return self.contract_id.reminder_ids.filtered(
            lambda row: (
                row.came_back == PAUSE
                and row.cycle_due_date == self.cycle_due_date
                and row.client_id == self.client_id
            )
        )

    def _is_wanted(self):
        """Tell whether what a mail that waits says of this unit still holds."""
        self.ensure_one()
        unit = self.contract_id
        same = self.client_id in (unit.partner_id, self.client_id.browse())
        return same and unit._is_reminder_wanted(self.cycle_due_date)

    def _note_called_off(self):
        """Note that a mail is taken out of the queue, as it is no longer true.

        What it said of other units still holds: they get a mail of their own.
        """
        again = self.filtered(lambda row: row._is_wanted())
        self.write({"outcome": "withdrawn"})
        again.contract_id.write({"reminder_checked_on": False})

    def _withdraw(self):
        """Take mails back that are still in the queue: they are no longer true."""
        self.mail_id.filtered(lambda m: m.state in ("outgoing", "exception")).cancel()
        rows = self.search([("mail_id", "in", self.mail_id.ids)]) | self
        rows.write({"outcome": "withdrawn"})
