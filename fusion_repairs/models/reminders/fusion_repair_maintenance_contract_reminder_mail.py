from odoo import fields, models
from odoo.tools import groupby
from odoo.tools.translate import LazyTranslate

from odoo.addons.fusion_tasks.button_context import without_button

from ..booking.fusion_repair_maintenance_contract_price import PriceBook
from ..contract.fusion_repair_maintenance_contract_activities import GONE_CLIENT
from .fusion_repair_maintenance_contract_reminder_group import ReminderGroups

_lt = LazyTranslate(__name__)
TEMPLATE = "fusion_repairs.mail_template_maintenance_reminder"
NO_MAIL_WORDS = {
    "opted_out": _lt("The client asked for no reminders by email."),
    "withdrawn": _lt("The client asked for no reminders by email."),
    "no_email": _lt("There is no valid email address."),
    "bounced": _lt("Email to this client came back or is blocked."),
    "lost": _lt("The last email did not arrive, so none is sent in this cycle."),
    "archived": _lt("The contact of the client is archived."),
    "no_consent": _lt(
        "There is no consent yet: the client never bought from us, was never visited, "
        "and did not ask for emails."
    ),
    "implied_not_used": _lt(
        "The settings ask for the client's express consent, and there is none."
    ),
    "deceased": _lt("The client has died."),
}
NO_MAIL_WORDS["implied_no_contact"] = NO_MAIL_WORDS["no_consent"]
CONSENT_PASSED = _lt("The law no longer lets us write: the last contact is too old.")
# What Odoo's own batch send asks a template for.
TEMPLATE_FIELDS = (
    "attachment_ids",
    "auto_delete",
    "body_html",
    "email_cc",
    "email_from",
    "email_to",
    "mail_server_id",
    "partner_to",
    "reply_to",
    "report_template_ids",
    "scheduled_date",
    "subject",
)


class FusionRepairMaintenanceContract(models.Model):
    """What becomes of a reminder that is owed: a mail in the queue, or a call."""

    _inherit = "fusion.repair.maintenance.contract"

    # Mails ---------------------------------------------------------------------

    def _send_reminders(self, bands):
        """Queue mails and enter them in the ledger, in one transaction.

        One mail a client and place; the ledger has a row for each unit all the same.

        :param bands: the band that each contract is written to for
        """
        if not bands:
            return
        contracts = self.browse(contract.id for contract in bands)
        mails = contracts._queue_reminder_mails()
        contracts._enter_in_ledger(
            {
                contract: {
                    "band": band,
                    "mail_id": mails[contract.id].id,
                    "email": contract.partner_id.email,
                    "outcome": "queued",
                }
                for contract, band in bands.items()
            }
        )
        contracts._message_log_batch(
            {
                contract.id: self.env._(
                    "A reminder was queued for %(email)s (%(band)s days before).",
                    email=contract.partner_id.email,
                    band=band,
                )
                for contract, band in bands.items()
            }
        )
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()

    def _queue_reminder_mails(self):
        """Queue one reminder for each client and place; nothing is sent here.

        The mails carry the secret link, so they are tied to no record: in the chatter
        everybody could read it. Clients in one place with one kind of unit pay the
        same: their price is worked out once.

        :return: {contract id: mail}
        """
        by_lead = {
            units[0]: units.sudo()._split_by_visit() for units in self._split_by_mail()
        }
        leads = self.browse(lead.id for lead in by_lead)
        leads.sudo()._note_visits_offered(
            [v for each in by_lead.values() for v in each]
        )
        units = self.browse().union(*(v for each in by_lead.values() for v in each))
        template = without_button(self.env.ref(TEMPLATE).sudo()).with_context(
            fc_prices=PriceBook(
                by_zip=self._has_taxes_by_zip(),
                without_plans=units._find_without_plans(),
            ),
            fc_reminder_groups=ReminderGroups({k.id: by_lead[k] for k in by_lead}),
        )
        urls = self.partner_id._fc_get_opt_out_urls()
        rendered = template._generate_template(leads.ids, TEMPLATE_FIELDS)
        mails = template.env["mail.mail"].create(
            [
                lead._prepare_reminder_mail_vals(
                    rendered[lead.id], urls[lead.partner_id.id]
                )
                for lead in leads
            ]
        )
        return {
            unit.id: mail
            for visits, mail in zip(by_lead.values(), mails, strict=True)
            for units in visits
            for unit in units
        }

    def _prepare_reminder_mail_vals(self, rendered, opt_out_url):
        """Return the values of the mail, from what the template makes of it."""
        self.ensure_one()
        vals = {**rendered, "model": False, "res_id": False}
        recipients = vals.pop("partner_ids", [])
        vals["recipient_ids"] = [fields.Command.link(each) for each in recipients]
        files = vals.pop("attachment_ids", [])
        vals["attachment_ids"] = [fields.Command.link(each) for each in files]
        vals.pop("attachments", None)
        # No copy of the body in the message: it would be one more of the link.
        return vals | {
            "x_fc_maintenance_contract_id": self.id,
            "x_fc_reminder_due_date": self.next_due_date,
            "headers": {
                "List-Unsubscribe": f"<{opt_out_url}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            },
        }

    # Calls ---------------------------------------------------------------------

    def _schedule_call_activities(self, decisions):
        """Have the office call clients who may not or cannot be written to.

        :param decisions: what the rules decided, by contract
        """
        rows = {}
        by_reason = groupby(decisions.items(), lambda item: item[1].reason)
        for reason, items in by_reason:
            words = self._get_no_mail_reason(reason)
            contracts = self.browse(contract.id for contract, _decision in items)
            contracts._schedule_call_activity(reason)
            for contract, decision in items:
                rows[contract] = {
                    "band": decision.band,
                    "outcome": "call",
                    "reason": words,
                }
        self._enter_in_ledger(rows)

    def _schedule_call_instead(self, rows):
        """Have the office call a client who stopped a reminder that was on its way.

        :param rows: the ledger rows of this contract whose mails were taken back
        """
        self.ensure_one()
        self._schedule_call_activity("opted_out")
        words = self._get_no_mail_reason("opted_out")
        rows.write({"outcome": "call", "reason": words})

    def _schedule_call_activity(self, reason):
        """Give the office the activity to call these clients.

        :param reason: why they are not written to, as ``_get_no_mail_words`` knows it
        """
        if reason in GONE_CLIENT:
            self._schedule_gone_client_activity()
            return
        self._notify_office(
            _lt("Call the client: maintenance is due"),
            self._get_no_mail_words(reason),
            reason="call_due",
        )

    def _schedule_gone_client_activity(self):
        """Ask the office what becomes of a unit whose client is archived, or died."""
        archived = self.filtered(lambda c: not c.partner_id.active)
        archived._notify_office(
            _lt("The client is archived. End the contract?"),
            _lt(
                "Nothing is emailed to an archived contact. Please cancel the "
                "contract, give it to another client, or restore the contact."
            ),
            reason="client_archived",
        )
        (self - archived)._notify_office(
            _lt("The client has died. Who looks after the unit now?"),
            _lt(
                "The contact's name says that the client has died, so nothing is "
                "emailed. Please give the unit to whoever uses it now, or end the "
                "contract."
            ),
            reason="client_archived",
        )

    def _get_no_mail_reason(self, reason):
        """Return in words why the client is called instead of written to."""
        return self.env._(self._get_no_mail_words(reason))

    def _get_no_mail_words(self, reason):
        """Return why the client is called, as a lazy term."""
        return NO_MAIL_WORDS.get(reason, CONSENT_PASSED)

    # Ledger --------------------------------------------------------------------

    def _enter_in_ledger(self, rows):
        """Note what each contract got.

        :param rows: values of the ledger row, by contract
        """
        now = fields.Datetime.now()
        ledger = without_button(self.env["fusion.repair.maintenance.reminder"].sudo())
        ledger.create(
            [
                {
                    "contract_id": contract.id,
                    "cycle_due_date": contract.next_due_date,
                    "sent_at": now,
                    **vals,
                }
                for contract, vals in rows.items()
            ]
        )
        for band, items in groupby(rows.items(), lambda item: item[1]["band"]):
            contracts = self.browse(contract.id for contract, _vals in items)
            contracts.last_reminder_band = band
