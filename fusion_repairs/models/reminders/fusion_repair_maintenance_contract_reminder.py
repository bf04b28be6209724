from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.translate import LazyTranslate

from ...recurrence import LOST, ReminderFacts, reminder_decision
from ...tools.savepoints import attempt, run_in_batches

_lt = LazyTranslate(__name__)
BATCH = 200
BUSY_MINUTES = 5
CRON = "fusion_repairs.ir_cron_send_maintenance_reminders"


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

    @api.model
    def _cron_send_reminders(self):
        """Look once a day at every contract that may owe a reminder.

        Mails, ledger rows and marks of a batch are one transaction, so a run that is
        killed can be taken up by any other: what was looked at today is not looked at
        again, and the ledger lets every band through once.
        """
        companies = self.env["res.company"].search(
            [("x_fc_reminders_enabled", "=", True)]
        )
        companies = companies.filtered(lambda c: c._is_reminder_time())
        companies._report_reminder_obstacles()
        companies = companies.filtered(lambda c: not c._get_reminder_obstacle())
        domains = [self._get_reminder_domain(company) for company in companies]
        due = self.search(Domain.OR(domains), order="partner_id, next_due_date, id")
        outcome = due._remind_safely()
        if outcome.finished and outcome.held:
            outcome = outcome.held._remind_safely()
        if not outcome.finished:
            return
        if outcome.held:
            # Somebody works on them right now: come again, not only tomorrow.
            soon = fields.Datetime.now() + timedelta(minutes=BUSY_MINUTES)
            self.env.ref(CRON).sudo()._trigger(soon)
        self.env["fusion.repair.reminder.run"].sudo().create({})

    @api.model
    def _get_reminder_domain(self, company):
        """Return the contracts of a company that were not looked at today yet."""
        today = company._get_today()
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

    # A batch -------------------------------------------------------------------

    def _remind_safely(self):
        """Remind about many contracts, whatever happens to some of them.

        :return: an ``Outcome``; held are also those whose failure could not be kept
        """
        return run_in_batches(
            self,
            lambda contracts: contracts._remind_and_mark(),
            "Reminding",
            size=BATCH,
            wanted=lambda contracts: contracts._filter_unchecked(),
            keep_error=lambda contract, error: contract._keep_reminder_failure(error),
        )

    def _filter_unchecked(self):
        """Return the contracts that the job still has to look at today."""
        domains = [self._get_reminder_domain(company) for company in self.company_id]
        return self.filtered_domain(Domain.OR(domains))

    def _remind_and_mark(self):
        """Do for contracts what is owed today, and note that it was done.

        One alone comes from a batch that failed: if it can, it takes along what its
        mail would name too; if that is what fails, it goes by itself.
        """
        found = self._add_units_of_same_mail()
        together = len(self) > 1 or len(found) == 1
        if together or not attempt(
            self.env.cr,
            found._remind_by_company,
            "Reminding of all units of one client",
            expected=(Exception,),
        ):
            (found if together else self)._remind_by_company()

    def _remind_by_company(self):
        for company, contracts in self.grouped("company_id").items():
            today = company._get_today()
            contracts.with_company(company)._remind(today)
            contracts._mark_checked(today)

    def _remind(self, today):
        """Do for contracts of one company what the rules decide for today."""
        last_contacts = self.partner_id._fc_get_last_contacts(self.company_id)
        mails, calls = {}, {}
        for contract in self:
            last_contact = last_contacts.get(contract.partner_id.id)
            facts = contract._get_reminder_facts(today, last_contact)
            decision = reminder_decision(facts)
            if decision.action == "send":
                mails[contract] = decision.band
            elif decision.action == "call":
                calls[contract] = decision
        self._send_reminders(mails)
        self._schedule_call_activities(calls)

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
            archived=not partner.active,
            deceased=partner._fc_is_deceased(),
            opted_out=partner.x_fc_maintenance_opt_out,
            has_email=bool(partner._fc_get_mail_address()),
            bounced=partner._fc_is_mail_blocked(),
            lost=LOST in self._get_cycle_reminders().mapped("came_back"),
            paused_until=partner.x_fc_mail_paused_until or None,
            consent_basis=partner._fc_get_consent_basis(last_contact),
            last_contact=last_contact,
            implied_months=company.x_fc_consent_implied_months,
        )

    def _get_sent_bands(self):
        """Return the bands dealt with in this cycle."""
        return set(self._get_cycle_reminders().mapped("band"))

    def _get_cycle_reminders(self):
        """Return what this client got about this due date; not what was withdrawn."""
        return self.reminder_ids.filtered(
            lambda r: (
                r.cycle_due_date == self.next_due_date
                and r.client_id in (self.partner_id, r.client_id.browse())
                and r.outcome != "withdrawn"
            )
        )

    def _keep_reminder_failure(self, error):
        """Show on the contract, and to the office, that its reminder failed."""
        words = str(error)[:500] or type(error).__name__
        self._mark_checked(self._get_today(), words)
        self._notify_office(
            _lt("Reminder failed"),
            _lt("No email was sent to the client; see the contract."),
            reason="reminder_failed",
        )

    def _mark_checked(self, today, error=False):
        self.write({"reminder_checked_on": today, "reminder_error": error})

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

    def _is_reminder_wanted(self, due_date):
        """Tell whether a mail that asks to book for a due date should still go out.

        :param due_date: the one that the mail is about
        """
        self.ensure_one()
        unwanted = self.partner_id._fc_get_unwanted_reason("reminder")
        return self._is_reminder_current(due_date) and not unwanted

    def _is_reminder_current(self, due_date):
        """Tell whether there still is something to book for a due date."""
        return (
            self.state == "active"
            and not self.is_booked
            and self.next_due_date == due_date
        )
