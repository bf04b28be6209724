from odoo import api, fields, models
from odoo.tools.translate import LazyTranslate

from ...recurrence import Said

_lt = LazyTranslate(__name__)
# What changes what the client knows about the visit; the others only add to it.
STATE_KINDS = (
    "confirmation",
    "moved",
    "changed",
    "unscheduled",
    "cancelled",
    "no_show",
)
UNSENT = ("queued", "failed")
# Failures after which Odoo deletes the mail: there is nothing to try again.
GONE = ("mail_email_invalid", "mail_email_missing")


class FusionRepairVisitMessage(models.Model):
    """The ledger: what a client was told about a visit, once for each event.

    A row and its mail are made in one transaction. Whatever is run twice, the unique
    index lets a message through once: a retried transaction starts from nothing, two
    transactions cannot both insert the row.
    """

    _name = "fusion.repair.visit.message"
    _description = "Message About a Visit"
    _order = "id desc"
    _rec_name = "kind"
    _check_company_auto = True

    contract_id = fields.Many2one(
        "fusion.repair.maintenance.contract",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    visit_id = fields.Many2one(
        "fusion.repair.maintenance.visit",
        index="btree_not_null",
        ondelete="cascade",
        check_company=True,
        help="The first of the visits that are made together; empty: no visit yet.",
    )
    company_id = fields.Many2one(
        related="contract_id.company_id", store=True, index=True
    )
    kind = fields.Selection(
        [
            ("confirmation", "Visit Booked"),
            ("moved", "Visit Rescheduled"),
            ("changed", "Units of the Visit Changed"),
            ("unscheduled", "To Be Rescheduled"),
            ("cancelled", "Visit Cancelled"),
            ("no_show", "No-show"),
            ("day_before", "The Day Before"),
            ("on_the_way", "Technician on the Way"),
            ("callback", "Callback Confirmed"),
        ],
        required=True,
    )
    version = fields.Integer(
        required=True,
        help="Which version of the visit it speaks of; rises with every change.",
    )
    audience = fields.Selection(
        [("client", "Client"), ("copy", "Copy")], required=True, default="client"
    )
    state = fields.Selection(
        [
            ("queued", "Email Queued"),
            ("sent", "Email Sent"),
            ("failed", "Email Failed"),
            ("replaced", "Replaced by a Newer One"),
            ("no_email", "No Email Address"),
            ("not_told", "Not Sent"),
        ],
        required=True,
        index=True,
    )
    reason = fields.Char(help="Why the email failed, or why the client was not told.")
    email = fields.Char(string="Sent To")
    mail_id = fields.Many2one("mail.mail", ondelete="set null", index="btree_not_null")
    due_at = fields.Datetime(
        string="When",
        required=True,
        default=fields.Datetime.now,
        help="From when the email may go out: changes by the office wait a little, so "
        "that moving a visit to and fro is told once.",
    )
    message_ref = fields.Char(
        string="Message-Id", readonly=True, help="By which a delivery report names it."
    )
    office_told = fields.Boolean(
        string="Office Notified", help="The office was asked to tell the client."
    )
    told_start = fields.Datetime(string="Start Notified")
    told_end = fields.Datetime(string="End Notified")
    told_units = fields.Char(
        string="Units Notified", help="The visits it speaks of, by id."
    )

    _once = models.UniqueIndex(
        "(contract_id, COALESCE(visit_id, 0), kind, version, audience)",
        "The client was told this already.",
    )

    def _record_delivery(self, failure_type=None, failure_reason=False):
        """Note what the mail server said.

        :param failure_type: as Odoo's mail queue names it; nothing: it was delivered
        """
        if failure_type:
            self.write({"state": "failed", "reason": failure_reason or failure_type})
            if failure_type in GONE:
                self._schedule_call_activity()
            return
        for message in self:
            ref = message.mail_id.message_id
            message.write({"state": "sent", "reason": False, "message_ref": ref})

    def _schedule_call_activity(self):
        """Have the office tell the clients whom no mail can reach."""
        for message in self - self.filtered("office_told"):
            message.office_told = True
            if message.audience == "client":
                message.contract_id._notify_office(
                    _lt("Call the client: an email about the visit failed"),
                    message._get_failure_text(),
                    reason="visit_mail_failed",
                )

    def _get_failure_text(self):
        """Return which mail failed and why, as a lazy term."""
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        return _lt(
            "“%(message)s” to %(email)s: %(why)s",
            message=kinds[self.kind],
            email=self.email or "",
            why=self.reason or "",
        )

    @api.model
    def _find_sent_to(self, partners, since):
        """Return the rows of mails that went out to clients since a moment."""
        return self.search(
            [
                ("contract_id.partner_id", "in", partners.ids),
                ("audience", "=", "client"),
                ("state", "=", "sent"),
                ("due_at", ">=", since),
            ]
        )

    def _note_came_back(self):
        """Note that a mail was sent back after the mail server had taken it."""
        self.write(
            {
                "state": "failed",
                "reason": self.env._("The email came back."),
                "office_told": True,
            }
        )

    def _note_undelivered(self, _outcome, reason):
        """Note that a mail did not arrive, and have the office tell the client.

        Whatever the reason, the client does not know what it says.

        :param reason: what the other mail server said
        """
        self.write({"state": "failed", "reason": reason})
        self._schedule_call_activity()

    def _note_called_off(self):
        """Note that a mail is taken out of the queue, as it must not go out."""
        for message in self:
            contract = message.contract_id
            why = contract.partner_id._fc_get_unwanted_reason() or "archived"
            reason = contract._get_no_mail_reason(why)
            message.write({"state": "not_told", "reason": reason})

    def _to_said(self):
        """Return what the message says, as the pure rules read it."""
        self.ensure_one()
        return Said(self.kind, self.told_start, self.told_end, self.told_units)

    def _is_too_late(self):
        """Tell whether a notice was not sent before the visit that it announces."""
        is_notice = self.kind not in (*STATE_KINDS, "callback")
        return is_notice and self.told_start < fields.Datetime.now()

    def _replace(self):
        """Take back messages that did not go out, together with their mails."""
        mails = self.mail_id
        self.write({"state": "replaced"})
        mails.unlink()

    def _get_replaceable(self):
        """Return which of these did not go out and are not going out right now.

        The mail queue holds the row of a mail while it talks to the mail server: such
        a mail counts as sent, and nobody waits for it.
        """
        waiting = self.filtered(lambda message: message.state in UNSENT)
        going_out = waiting.mail_id - waiting.mail_id.try_lock_for_update()
        return waiting.filtered(lambda message: message.mail_id not in going_out)
