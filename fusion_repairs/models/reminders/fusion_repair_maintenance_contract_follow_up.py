from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.misc import format_date
from odoo.tools.translate import LazyTranslate

from ...recurrence import (
    UNDER_CONTRACT,
    FollowUpFacts,
    overdue_on,
    reminder_decision,
    unbooked_on,
)
from ...tools.savepoints import run_in_batches
from ..contract.fusion_repair_maintenance_contract_activities import (
    BOOKING_REASONS,
    GONE_CLIENT,
)
from ..contract.mail_activity import CALLBACK

_lt = LazyTranslate(__name__)

BATCH = 200
# What the office is asked about a unit that must not be used.
DANGER_REASONS = ("repair_unsafe", "repair_urgent", "repair_release", "unsafe_again")
# Each step: the switch, the number of days, and the day on which it was last taken.
STEPS = {
    "unbooked": (
        "x_fc_unbooked_enabled",
        "x_fc_unbooked_after_days",
        "unbooked_asked_on",
    ),
    "overdue": ("x_fc_overdue_enabled", "x_fc_overdue_after_days", "overdue_raised_on"),
}


class FusionRepairMaintenanceContract(models.Model):
    """What follows where a client does not book: a call, then a manager, and again.

    Reminders end with the last band. From then on these jobs see to it that an active
    contract is never forgotten: it is booked, or somebody has it on their list, or
    there is a day on which somebody will.
    """

    _inherit = "fusion.repair.maintenance.contract"

    unbooked_asked_on = fields.Date(
        string="Call Requested On",
        copy=False,
        readonly=True,
        help="The local day on which the office last had it on its list to call a "
        "client who was reminded and did not book.",
    )
    overdue_raised_on = fields.Date(
        copy=False,
        readonly=True,
        help="The local day on which a manager last had it on the list that the unit "
        "is overdue.",
    )

    @api.model
    def _cron_call_unbooked(self):
        """Have the office call clients who were reminded and did not book."""
        self._process_step("unbooked")

    @api.model
    def _cron_raise_overdue(self):
        """Tell a manager of units that are overdue and that nobody will visit."""
        self._process_step("overdue")
        self.env["mail.activity"]._fc_pass_on_orphans()
        self._ask_again_about_danger()

    @api.model
    def _process_step(self, step):
        """Look at every contract that may owe a step, in batches.

        The day on the contract says that it was dealt with: a run that is killed is
        taken up by the next one.
        """
        companies = self.env["res.company"].search([(STEPS[step][0], "=", True)])
        domains = [self._get_step_domain(step, company) for company in companies]
        run_in_batches(
            self.search(Domain.OR(domains), order="id"),
            lambda contracts: contracts._process_step_batch(step),
            f"Following up ({step})",
            size=BATCH,
            wanted=lambda contracts: contracts._filter_step(step),
        )

    def _filter_step(self, step):
        """Return the contracts that may still owe a step."""
        domains = [self._get_step_domain(step, each) for each in self.company_id]
        return self.filtered_domain(Domain.OR(domains))

    @api.model
    def _get_step_domain(self, step, company):
        """Return the contracts of a company that may owe a step today."""
        _switch, days, taken = STEPS[step]
        today = company._get_today()
        domain = (
            Domain("company_id", "=", company.id)
            & Domain("state", "=", "active")
            & Domain("is_booked", "=", False)
            & (
                Domain(taken, "=", False)
                | Domain(taken, "<=", today - timedelta(days=max(company[days], 1)))
            )
        )
        if step == "unbooked":
            return domain & Domain("last_reminder_band", "!=", 0)
        limit = today - timedelta(days=company[days])
        return domain & Domain("next_due_date", "<=", limit)

    def _process_step_batch(self, step):
        """Ask the office where a step is owed, and note the day."""
        taken = STEPS[step][2]
        for contract in self:
            contract = contract.with_company(contract.company_id)
            today = contract._get_today()
            day = contract._get_step_days()[step]
            if not day or day > today:
                continue
            if not contract._has_on_list(step):
                contract._schedule_step_activity(step)
            contract[taken] = today

    # When ------------------------------------------------------------------------

    def _get_step_days(self):
        """Return from which local day on each step is owed, None if never."""
        self.ensure_one()
        facts = self._get_follow_up_facts()
        days = {"unbooked": unbooked_on(facts), "overdue": overdue_on(facts)}
        company = self.company_id
        if company.x_fc_reminders_enabled and not self.reminder_checked_on:
            return dict.fromkeys(days)  # it is reminded first
        if days["unbooked"] and days["overdue"] and self._is_escalated(facts):
            days["unbooked"] = None  # from here on it is the manager's
        return days

    def _is_escalated(self, facts):
        """Tell whether a manager has been told in this cycle."""
        return bool(facts.raised_on and facts.raised_on >= facts.due)

    def _get_follow_up_facts(self):
        """Return what the days depend on, as the pure rules read it."""
        company = self.company_id
        days = {
            step: company[name] if company[switch] else None
            for step, (switch, name, _taken) in STEPS.items()
        }
        return FollowUpFacts(
            due=self.next_due_date,
            reminded_on=self._get_reminded_on(),
            unbooked_days=days["unbooked"],
            asked_on=self.unbooked_asked_on or None,
            overdue_days=days["overdue"],
            raised_on=self.overdue_raised_on or None,
        )

    def _get_reminded_on(self):
        """Return the local day of the last reminder about this due date, or None."""
        moment = max(self._get_cycle_reminders().mapped("sent_at"), default=None)
        if not moment:
            return None
        here = self.with_context(tz=self.company_id._get_maintenance_tz())
        return fields.Datetime.context_timestamp(here, moment).date()

    # Asking ----------------------------------------------------------------------

    def _has_on_list(self, step):
        """Tell whether somebody is asked already for what a step would ask."""
        # Not what somebody planned for another purpose, nor what Odoo made by itself.
        asked = self._get_requests()
        if step == "overdue":
            return step in asked
        return not asked.isdisjoint({"client_archived", CALLBACK, *BOOKING_REASONS})

    def _schedule_step_activity(self, step):
        """Give somebody the activity of a step."""
        if self.partner_id._fc_get_unwanted_reason() in GONE_CLIENT:
            self._schedule_gone_client_activity()
        elif step == "unbooked":
            user = self._get_office_user()
            office = self._for_reader(user)
            note = office.env._(
                "Last reminded on %(day)s, due on %(due)s.",
                day=format_date(office.env, self._get_reminded_on()),
                due=format_date(office.env, self.next_due_date),
            )
            summary = office.env._("Call the client: reminded, but nothing is booked")
            self._notify_office(summary, note, reason=step, user=user)
        else:
            user = self._get_escalation_user()
            office = self._for_reader(user)
            note = office.env._(
                "It was due on %(due)s, and no visit is booked.",
                due=format_date(office.env, self.next_due_date),
            )
            summary = office.env._("Overdue: the client has not booked a visit")
            self._notify_office(summary, note, reason=step, user=user)

    def _for_reader(self, user):
        return self.with_context(lang=user.sudo().lang or self.env.lang)

    # Danger ------------------------------------------------------------------------

    unsafe_asked_on = fields.Date(
        copy=False,
        readonly=True,
        help="The local day on which the office was last asked again about a unit that "
        "is unsafe.",
    )

    @api.model
    def _ask_again_about_danger(self):
        """Ask about unsafe units that nobody has on the list, again and again.

        Whoever had it may have left, or closed it with nothing done.
        """
        domain = Domain("unsafe", "=", True) & Domain("state", "in", UNDER_CONTRACT)
        run_in_batches(
            self.search(domain, order="id"),
            lambda contracts: contracts._schedule_danger_activities(),
            "Asking about unsafe units",
            size=BATCH,
            wanted=lambda contracts: contracts.filtered(lambda c: c._is_danger_owed()),
        )

    def _schedule_danger_activities(self):
        for contract in self:
            contract._notify_office(
                _lt("Unsafe unit: is it repaired?"),
                _lt(
                    "It must not be used, and nobody has it on the list. Arrange the "
                    "repair, or return it to service."
                ),
                reason="unsafe_again",
            )
            contract.unsafe_asked_on = contract._get_today()

    def _is_danger_owed(self):
        """Tell whether somebody should be asked today about an unsafe unit."""
        day = self._get_danger_day()
        return bool(day) and day <= self._get_today()

    def _get_danger_day(self):
        """Return from which local day on it is owed to ask about danger, or None."""
        if not self.unsafe or self._get_requests() & set(DANGER_REASONS):
            return None
        if not self.unsafe_asked_on:
            return self._get_today()
        days = max(self.company_id.x_fc_unbooked_after_days, 1)
        return self.unsafe_asked_on + timedelta(days=days)

    def _get_requests(self):
        """Return the kinds of what people who are still there are asked to do."""
        activities = self.sudo().activity_ids.filtered("user_id.active")
        return {activity._get_request() for activity in activities} - {""}

    # Nobody is forgotten ---------------------------------------------------------

    def _find_forgotten(self):
        """Return the active contracts that nobody will do anything about.

        Not forgotten are those with a visit to come, with something that the office
        was asked to do, with a reminder to come, and with a day from today on when the
        office will be asked. What the jobs should have done on an earlier day does not
        count.
        """
        forgotten = self.browse()
        for company, contracts in self.grouped("company_id").items():
            clients = contracts.partner_id.with_company(company)
            last_contacts = clients._fc_get_last_contacts(company)
            forgotten |= contracts.filtered(
                lambda c, known=last_contacts: (
                    (c.state == "active" and not c._has_next_step(known))
                    or (c.state in UNDER_CONTRACT and c._has_lost_duty())
                )
            )
        return forgotten

    def _has_lost_duty(self):
        """Tell whether something is owed of which nobody has an activity any more.

        Whatever else is planned: a visit does not answer whose unit it is.
        """
        requests = self._get_requests()
        if self.serial_answer == "open" and "serial_question" not in requests:
            return True
        gone = self.sudo().activity_ids.filtered(lambda a: not a.user_id.active)
        return self._is_danger_owed() or any(each._get_request() for each in gone)

    def _has_next_step(self, last_contacts):
        """Tell whether somebody will do something about an active contract."""
        visit = self.current_visit_id
        if self._get_requests() or (visit and not visit._is_lost()):
            return True
        if visit:
            return False
        today = self._get_today()
        last_contact = last_contacts.get(self.partner_id.id)
        facts = self._get_reminder_facts(today, last_contact)
        if reminder_decision(facts).action in ("send", "call", "wait"):
            return True
        return any(day and day >= today for day in self._get_step_days().values())
