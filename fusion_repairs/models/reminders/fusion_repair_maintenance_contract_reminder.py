import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)
_logger = logging.getLogger(__name__)
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
        companies = companies.filtered(
            lambda c: c._is_reminder_time() and c._is_reminder_sender()
        )
        domains = {c: self._get_reminder_domain(c) for c in companies}
        left = Domain.OR(domains.values()) if domains else Domain.FALSE
        progress = self.env["ir.cron"]._commit_progress
        progress(remaining=self.search_count(left))
        busy = self.browse()
        for company, domain in domains.items():
            left_over = self._remind_company(company, domain, progress)
            if left_over is None:
                return
            busy |= left_over
        if busy:
            # Somebody works on them right now: come again, not only tomorrow.
            soon = fields.Datetime.now() + timedelta(minutes=BUSY_MINUTES)
            self.env.ref(CRON).sudo()._trigger(soon)
        self.env["fusion.repair.reminder.run"].sudo().create({})
        progress(remaining=0)

    @api.model
    def _remind_company(self, company, domain, progress):
        """Work through one company in batches.

        :return: the contracts that somebody else held all the time, None when the
            time was up before the end
        """
        contracts = self.with_company(company)
        today = self._get_company_today(company)
        skipped = contracts.browse()
        while batch := contracts.search(
            domain & Domain("id", "not in", skipped.ids), limit=BATCH
        ):
            done = batch._remind_batch(domain, today)
            skipped |= batch - done
            if not progress(len(done)):
                return None
        busy = contracts.browse()
        for start in range(0, len(skipped), BATCH):
            batch = skipped[start : start + BATCH].exists().filtered_domain(domain)
            done = batch._remind_batch(domain, today)
            busy |= batch - done
            if not progress(len(done)):
                return None
        return busy

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
        tz = company._get_maintenance_tz()
        return fields.Date.context_today(self.with_context(tz=tz))

    # A batch -------------------------------------------------------------------

    def _remind_batch(self, domain, today):
        """Remind about a batch at once; if that fails, about one after the other.

        :return: the contracts dealt with; the others are held by somebody, or were
            changed since this transaction began
        """
        try:
            with self.env.cr.savepoint():
                mine = self.try_lock_for_update(allow_referencing=True)
                mine = mine.filtered_domain(domain)
                mine._remind(today)
                mine._mark_checked(today)
                return mine
        except Exception as error:  # noqa: BLE001 - judged one by one below
            _logger.info("A batch of reminders failed, taking it apart: %s", error)
        done = [c.id for c in self if c._remind_alone(domain, today)]
        return self.browse(done)

    def _remind_alone(self, domain, today):
        """Remind about one contract; a failure is kept on it and stops nobody else.

        :return: whether the contract has been dealt with
        """
        try:
            with self.env.cr.savepoint():
                mine = self.try_lock_for_update(allow_referencing=True)
                mine = mine.filtered_domain(domain)
                mine._remind(today)
                mine._mark_checked(today)
                return bool(mine)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            return False
        except Exception as error:
            _logger.exception("Reminder of contract %s failed", self.id)
            return self._keep_failure(error, today)

    def _keep_failure(self, error, today):
        """Show on the contract, and to the office, that its reminder failed.

        :return: whether that could be noted
        """
        words = str(error)[:500] or type(error).__name__
        try:
            with self.env.cr.savepoint():
                if not self.try_lock_for_update(allow_referencing=True):
                    return False
                self._mark_checked(today, words)
                self._notify_office(
                    _lt("Reminder failed"),
                    _lt("No email was sent to the client; see the contract."),
                    reason="reminder_failed",
                )
        except Exception:
            _logger.exception("Noting the failure of contract %s failed", self.id)
            return False
        return True

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
        client = self.partner_id
        return (
            self._is_reminder_current(due_date)
            and client.active
            and not client.x_fc_maintenance_opt_out
        )

    def _is_reminder_current(self, due_date):
        """Tell whether there still is something to book for a due date."""
        return (
            self.state == "active"
            and not self.is_booked
            and self.next_due_date == due_date
        )
