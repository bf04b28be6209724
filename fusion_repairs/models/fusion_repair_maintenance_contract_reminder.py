import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ..recurrence import ReminderFacts, reminder_decision

_logger = logging.getLogger(__name__)
BATCH = 200


class FusionRepairMaintenanceContract(models.Model):
    """The daily job that writes to clients whose units fall due, or has them called."""

    _inherit = "fusion.repair.maintenance.contract"

    reminder_ids = fields.One2many(
        "fusion.repair.maintenance.reminder", "contract_id", string="Reminders"
    )
    reminder_count = fields.Integer(compute="_compute_reminder_count")
    last_reminder_band = fields.Integer(
        copy=False,
        readonly=True,
        help="Days before the due date of the last reminder of this cycle; 0: none.",
    )
    reminder_checked_on = fields.Date(
        copy=False,
        readonly=True,
        help="The local day on which the daily job last looked at this contract.",
    )
    reminder_error = fields.Char(
        copy=False,
        readonly=True,
        help="Why the daily job failed on this contract; empty: it did not.",
    )

    @api.depends("reminder_ids")
    def _compute_reminder_count(self):
        for contract in self:
            contract.reminder_count = len(contract.reminder_ids)

    # The job -------------------------------------------------------------------

    @api.model
    def _cron_send_reminders(self):
        """Look once a day at every contract that may owe a reminder.

        Each contract is a savepoint, each run resumable: what was looked at today is
        not looked at again, and the ledger lets every band through once.
        """
        companies = self.env["res.company"].search(
            [("x_fc_reminders_enabled", "=", True)]
        )
        domains = {c: self._get_reminder_domain(c) for c in companies}
        left = Domain.OR(domains.values()) if domains else Domain.FALSE
        progress = self.env["ir.cron"]._commit_progress
        progress(remaining=self.search_count(left))
        for company, domain in domains.items():
            if not self._remind_company(company, domain, progress):
                return

    @api.model
    def _remind_company(self, company, domain, progress):
        """Work through one company in batches; tell whether there is time left."""
        contracts = self.with_company(company)
        while batch := contracts.search(domain, limit=BATCH):
            last_contacts = batch.partner_id._get_last_contacts(company)
            for contract in batch:
                contract._remind_safely(domain, last_contacts)
                if not progress(1):
                    return False
        return True

    @api.model
    def _get_reminder_domain(self, company):
        """Return the contracts of a company that were not looked at today yet."""
        today = self._get_company_today(company)
        horizon = today + timedelta(days=max(company._get_reminder_bands()))
        return (
            Domain("company_id", "=", company.id)
            & Domain("state", "=", "active")
            & Domain("next_due_date", "<=", horizon)
            & Domain("is_booked", "=", False)
            & (
                Domain("reminder_checked_on", "=", False)
                | Domain("reminder_checked_on", "<", today)
            )
        )

    @api.model
    def _get_company_today(self, company):
        tz = company.partner_id.tz or self.env.user.tz or "UTC"
        return fields.Date.context_today(self.with_context(tz=tz))

    def _remind_safely(self, domain, last_contacts):
        """Remind about one contract; a failure is kept on it and stops nobody else."""
        today = self._get_company_today(self.company_id)
        # Somebody who works on the contract right now decides; we come again.
        locked = self.try_lock_for_update(allow_referencing=True)
        try:
            with self.env.cr.savepoint():
                due = locked.filtered_domain(domain)
                due.reminder_error = False
                due._remind(today, last_contacts.get(due.partner_id.id))
        except Exception as error:
            _logger.exception("Reminder of contract %s failed", self.name)
            self.reminder_error = str(error)[:500] or type(error).__name__
            self._notify_office(
                self.env._("Reminder failed"),
                self.env._("The client was not written to; see the contract's form."),
            )
        self.reminder_checked_on = today

    # One contract --------------------------------------------------------------

    def _remind(self, today, last_contact):
        """Do for one contract what the rules decide for today."""
        if not self:
            return
        decision = reminder_decision(self._get_reminder_facts(today, last_contact))
        if decision.action == "send":
            self._send_reminder(decision.band)
        elif decision.action == "call":
            self._ask_for_call(decision.band, decision.reason)

    def _get_reminder_facts(self, today, last_contact):
        """Return what the decision depends on, as the pure rules read it."""
        self.ensure_one()
        company, partner = self.company_id, self.partner_id
        return ReminderFacts(
            state=self.state,
            booked=self.is_booked,
            due=self.next_due_date,
            today=today,
            bands=company._get_reminder_bands(),
            sent=self._get_sent_bands(),
            mail_enabled=company.x_fc_reminders_enabled,
            opted_out=partner.x_fc_maintenance_opt_out,
            has_email=bool(partner.email_normalized),
            bounced=partner.is_blacklisted or partner.message_bounce > 0,
            consent_basis=partner._get_consent_basis(last_contact),
            last_contact=last_contact,
            implied_months=company.x_fc_consent_implied_months,
        )

    def _get_sent_bands(self):
        """Return the bands dealt with in this cycle."""
        rows = self.reminder_ids.filtered(
            lambda r: r.cycle_due_date == self.next_due_date
        )
        return set(rows.mapped("band"))

    def _send_reminder(self, band):
        """Queue the mail of a band and enter it in the ledger, in one transaction.

        The mail carries the secret link, so it is tied to no record: in the chatter
        everybody could read it.
        """
        opt_out_url = self.partner_id._fc_get_opt_out_url()
        template = self.env.ref("fusion_repairs.mail_template_maintenance_reminder")
        mail_id = template.sudo().send_mail(
            self.id,
            email_values={
                "model": False,
                "res_id": False,
                "headers": {
                    "List-Unsubscribe": f"<{opt_out_url}>",
                    "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
                },
            },
        )
        self._enter_in_ledger(
            band, mail_id=mail_id, email=self.partner_id.email, outcome="queued"
        )
        self._message_log(
            body=self.env._(
                "A reminder was queued for %(email)s (%(band)s days before).",
                email=self.partner_id.email,
                band=band,
            )
        )
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()

    def _ask_for_call(self, band, reason):
        """Have the office call a client who may not or cannot be written to."""
        words = self._say_no_mail(reason)
        self._notify_office(self.env._("Call the client: maintenance is due"), words)
        self._enter_in_ledger(band, outcome="call", reason=words)

    def _enter_in_ledger(self, band, **vals):
        self.env["fusion.repair.maintenance.reminder"].sudo().create(
            {
                "contract_id": self.id,
                "cycle_due_date": self.next_due_date,
                "band": band,
                "sent_at": fields.Datetime.now(),
                **vals,
            }
        )
        self.last_reminder_band = band

    def _say_no_mail(self, reason):
        """Return in words why the client is called instead of written to."""
        return {
            "opted_out": self.env._("The client asked for no reminders by e-mail."),
            "withdrawn": self.env._("The client asked for no reminders by e-mail."),
            "no_email": self.env._("There is no valid e-mail address."),
            "bounced": self.env._("Mail to this client came back or is blocked."),
        }.get(
            reason,
            self.env._("The law no longer lets us write: the last contact is too old."),
        )

    def action_view_reminders(self):
        """Open what the client was sent."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "fusion_repairs.fusion_repair_maintenance_reminder_action"
        )
        return action | {"domain": [("contract_id", "=", self.id)], "context": {}}

    def action_view_visits(self):
        """Open the visits to this unit."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "fusion_repairs.fusion_repair_maintenance_visit_action"
        )
        return action | {"domain": [("contract_id", "=", self.id)], "context": {}}
