import itertools
import re
from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.fields import Domain
from odoo.tools.translate import LazyTranslate

from ...tools.mail_text import html_to_text
from ...tools.savepoints import run_in_batches
from ..contract.fusion_repair_maintenance_contract_activities import GONE_CLIENT
from .fusion_repair_maintenance_visit_mail_content import one_line
from .fusion_repair_visit_message import GONE

_lt = LazyTranslate(__name__)
RETRY_MINUTES = 5
LONGEST_MINUTES = 360
GIVE_UP_HOURS = 24
BATCH = 500
# What a mail server says of an address that will never work: "(550, b'Unknown')". Not
# what it says of us (a password, our quota, a rule) or of a mailbox that is full.
RECIPIENT = "SMTPRecipientsRefused"
REFUSED = re.compile(r"\((55[0134]), b?['\"](?:(\d\.\d+\.\d+)\b)?")
GOOD_REASON = re.compile(r"5\.1\.\d+|5\.2\.1|5\.0\.0")

# The frame of our mails, see data/mail_layout_templates.xml.
FRAME = 'class="fc-page"'
HEADERS = ("subject", "email_from", "reply_to", "email_to")
METHOD = re.compile(rb"^METHOD:([A-Z]+)\s*$", re.MULTILINE)


class MailMail(models.Model):
    """Our mails to clients: followed in the ledger, tried again when a server is down.

    Odoo itself never tries a mail again that a mail server did not take.
    """

    _inherit = "mail.mail"

    x_fc_maintenance_contract_id = fields.Many2one(
        "fusion.repair.maintenance.contract",
        string="Maintenance Contract",
        index="btree_not_null",
        ondelete="set null",
        help="The unit that the email is about. The email is tied to no record, as it "
        "carries the client's secret link; this says whom to tell if it fails.",
    )
    x_fc_attempts = fields.Integer(string="Tried Again", help="How many times.")
    x_fc_retry_at = fields.Datetime(
        string="Try Again At", help="Not before; empty: at once."
    )
    x_fc_given_up = fields.Boolean(
        string="Given Up", help="No more retries; the office was asked to call."
    )

    x_fc_reminder_due_date = fields.Date(
        string="Reminds Of",
        help="The due date that an email with the booking link is about; empty: the "
        "email asks for no booking.",
    )

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        for ledger in self._fc_get_ledgers():
            rows = ledger.search([("mail_id", "in", self.ids)])
            if rows:
                rows._record_delivery(failure_type, failure_reason)
        if failure_type in GONE:
            self._fc_notify_office_lost_mails()
        return super()._postprocess_sent_message(
            success_pids,
            success_emails,
            failure_reason=failure_reason,
            failure_type=failure_type,
        )

    def _fc_notify_office_lost_mails(self):
        """Have the office call where no mail server takes the address.

        Odoo deletes such a mail: there is nothing left to try again.
        """
        for mail in self.filtered("x_fc_maintenance_contract_id"):
            if mail._fc_is_for_client() and not mail._fc_is_told_by_ledger():
                mail._fc_schedule_client_call()

    def _fc_is_told_by_ledger(self):
        """Tell whether a ledger sees to it itself that the office hears of a loss."""
        return bool(self._fc_find_visit_messages())

    @api.model
    def _fc_get_ledgers(self):
        """Return the ledgers that follow what becomes of our mails, as empty records.

        Each has a ``mail_id`` and notes what becomes of it by ``_record_delivery``,
        ``_note_came_back`` and ``_note_called_off``.
        """
        return [
            self.env["fusion.repair.maintenance.reminder"].sudo(),
            self.env["fusion.repair.visit.message"].sudo(),
        ]

    @api.model
    def _cron_retry_maintenance_mails(self):
        """Queue our failed mails again, ever less often, for a day.

        What the daily runs of the mail queue left in error is found by its state, not
        by what the queue reported: a connection that breaks reports nothing.
        """
        domain = (
            Domain("x_fc_maintenance_contract_id", "!=", False)
            & Domain("state", "=", "exception")
            & Domain("x_fc_given_up", "=", False)
        )
        now = fields.Datetime.now()
        due = domain & Domain.OR(
            [Domain("x_fc_retry_at", "=", False), Domain("x_fc_retry_at", "<=", now)]
        )
        run_in_batches(
            self.search(due, order="id"),
            lambda mails: mails._fc_retry_or_give_up(now),
            "Trying failed emails again",
            size=BATCH,
            wanted=lambda mails: mails.filtered_domain(due),
        )

    def _fc_retry_or_give_up(self, now):
        """Queue failed mails again, unless they are out of date or hopeless."""
        mails = self._fc_cancel_late_notices()
        stale = mails.filtered(lambda mail: mail._fc_is_out_of_date())
        stale._fc_call_off()
        mails -= stale
        hopeless = mails.filtered(lambda m: m._fc_is_hopeless(now))
        for mail in hopeless:
            mail._fc_give_up()
        (mails - hopeless)._fc_queue_again(now)

    def _fc_queue_again(self, now):
        """Queue failed mails again, the later the more often they failed."""
        for attempts, group in self.grouped("x_fc_attempts").items():
            minutes = min(RETRY_MINUTES * 2**attempts, LONGEST_MINUTES)
            group.write(
                {
                    "state": "outgoing",
                    "x_fc_attempts": attempts + 1,
                    "x_fc_retry_at": now + timedelta(minutes=minutes),
                }
            )
        if self:
            self._fc_find_reminders().outcome = "queued"
            self._fc_find_visit_messages().state = "queued"
            self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()

    def _fc_is_hopeless(self, now):
        """Tell whether trying again is no use: refused for good, or for a day."""
        too_old = self.create_date + timedelta(hours=GIVE_UP_HOURS) <= now
        return too_old or self._fc_is_refused_for_good()

    def _fc_is_refused_for_good(self):
        """Tell whether the mail server says that there is no such address."""
        said = self.failure_reason or ""
        refused = RECIPIENT in said and REFUSED.search(said)
        return bool(refused and (not refused[2] or GOOD_REASON.fullmatch(refused[2])))

    def _fc_give_up(self):
        """Have the office call whom a mail does not reach."""
        self.x_fc_given_up = True
        for row in self._fc_find_reminders():
            row._record_delivery("given_up", self.failure_reason)
        if self._fc_is_for_client():
            self._fc_schedule_client_call()
        messages = self._fc_find_visit_messages()
        messages.write({"state": "failed", "office_told": True})

    def _fc_is_for_client(self):
        """Tell whether a mail went to the client, not as a copy to somebody else."""
        return "copy" not in self._fc_find_visit_messages().mapped("audience")

    def _fc_find_reminders(self):
        """Return the rows of the reminders' ledger that follow these mails."""
        rows = self.env["fusion.repair.maintenance.reminder"].sudo()
        return rows.search([("mail_id", "in", self.ids)])

    def _fc_find_visit_messages(self):
        """Return the rows of the ledger of messages about visits, likewise."""
        rows = self.env["fusion.repair.visit.message"].sudo()
        return rows.search([("mail_id", "in", self.ids)])

    def _fc_schedule_client_call(self):
        """Have the office call about a mail that did not arrive."""
        self.x_fc_maintenance_contract_id._notify_office(
            _lt("An email did not reach the client: please call"),
            _lt(
                "“%(subject)s” could not be delivered: %(reason)s",
                subject=self.subject,
                reason=self.failure_reason or "",
            ),
            reason="reminder_mail_failed"
            if self.x_fc_reminder_due_date
            else "mail_failed",
        )

    # Last check before sending -----------------------------------------------

    def _send(self, *args, post_send_callback=None, **kwargs):
        ours = self.filtered("x_fc_maintenance_contract_id")
        result = True
        if self - ours or not ours:
            result = super(MailMail, self - ours)._send(
                *args, post_send_callback=post_send_callback, **kwargs
            )
        for mail_id in ours.ids:
            # One by one: each is looked at just before it goes out. Not out of the set:
            # the queue commits after each, and all the others would be read again.
            mail = self.browse(mail_id)
            if mail._fc_is_out_of_date():
                mail._fc_call_off()
            else:
                result = super(MailMail, mail)._send(*args, **kwargs)
            if post_send_callback:
                post_send_callback([mail_id])
        return result

    def _fc_is_out_of_date(self):
        """Tell whether a mail that waits must not go out any more."""
        self.ensure_one()
        # The mail queue may be emptied by somebody without rights on contracts.
        contract = self.sudo().x_fc_maintenance_contract_id
        client = contract.partner_id
        if not contract or self.state not in ("outgoing", "exception"):
            return False
        if client._fc_get_unwanted_reason() and self._fc_is_for_client():
            return True
        if not self.x_fc_reminder_due_date:
            return False
        if self.recipient_ids and client not in self.recipient_ids:
            return True
        if not contract._is_reminder_wanted(self.x_fc_reminder_due_date):
            return True
        # One that names a unit which is booked by now would ask for it again.
        return not all(row._is_wanted() for row in self._fc_find_reminders())

    @api.model
    def _fc_find_queued(self):
        """Return our mails to clients that wait to go out, or to be tried again."""
        return self.sudo().search(
            [
                ("state", "in", ("outgoing", "exception")),
                ("x_fc_maintenance_contract_id", "!=", False),
            ]
        )

    def _fc_call_off(self):
        """Take mails out of the queue, and note it in the ledgers."""
        for ledger in self._fc_get_ledgers():
            ledger.search([("mail_id", "in", self.ids)])._note_called_off()
        self.cancel()
        units = self.sudo().x_fc_maintenance_contract_id
        units.filtered(
            lambda unit: unit.partner_id._fc_get_unwanted_reason() in GONE_CLIENT
        )._schedule_gone_client_activity()

    # Visit mails -------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Keep our headers on one line, and the clients' links from who makes the mail.

        A mail with a line break in its subject could never be sent. Whoever makes a
        mail may read its message, so the system makes those with a client's secret
        link, and no copy of the body stands in the message.
        """
        ours = [FRAME in (vals.get("body_html") or "") for vals in vals_list]
        nobody = any(ours) and self.env.ref("base.partner_root").id
        for vals in itertools.compress(vals_list, ours):
            vals |= {name: one_line(vals[name]) for name in HEADERS if vals.get(name)}
            if vals.get("x_fc_maintenance_contract_id"):
                vals |= {"body": False, "author_id": nobody}
        if any(vals.get("x_fc_maintenance_contract_id") for vals in vals_list):
            system = self.with_user(SUPERUSER_ID).with_company(self.env.company)
            mails = super(MailMail, system).create(vals_list)
            return mails.with_env(self.env)
        return super().create(vals_list)

    def _prepare_outgoing_list(self, *args, **kwargs):
        prepared = super()._prepare_outgoing_list(*args, **kwargs)
        for email in prepared:
            if FRAME not in (email["body"] or ""):
                continue
            email["body_alternative"] = html_to_text(email["body"])
            email["attachments"] = [
                (name, raw, self._fc_get_calendar_type(raw, mimetype))
                for name, raw, mimetype in email["attachments"]
            ]
        return prepared

    @staticmethod
    def _fc_get_calendar_type(raw, mimetype):
        """Return a content type; that of a calendar file names its method.

        RFC 6047: without it, some mail programs take a cancellation for a new entry.
        """
        if mimetype != "text/calendar":
            return mimetype
        method = METHOD.search(raw)
        named = f"; method={method[1].decode()}" if method else ""
        return f"text/calendar; charset=utf-8{named}"

    def _fc_cancel_late_notices(self):
        """Take back notices of visits that have begun meanwhile.

        :return: the mails that are left
        """
        late = self._fc_find_visit_messages().filtered(lambda row: row._is_too_late())
        left = self - late.mail_id
        late._replace()
        return left
