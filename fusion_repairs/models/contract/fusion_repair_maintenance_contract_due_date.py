from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...recurrence import (
    MOST_MONTHS,
    Cycle,
    first_due,
    is_credible_day,
    roll,
)

COUNTED = {
    "first_due_date",
    "interval_months",
    "last_service_date",
    "next_due_date",
    "product_id",
    "start_date",
}


class FusionRepairMaintenanceContract(models.Model):
    """When the unit is due, why then, and how a visit moves it to the next cycle."""

    _inherit = "fusion.repair.maintenance.contract"

    first_due_date = fields.Date(
        compute="_compute_first_due_date",
        store=True,
        readonly=False,
        precompute=True,
        help="Due date anchor: every due date is a whole number of intervals after it.",
    )
    next_due_date = fields.Date(
        string="Next Due",
        compute="_compute_next_due_date",
        store=True,
        readonly=False,
        precompute=True,
        index=True,
        tracking=True,
        copy=False,
    )
    last_service_date = fields.Date(string="Last Service", copy=False, tracking=True)
    next_due_basis = fields.Json(copy=False)
    due_in = fields.Char(string="When", compute="_compute_due_in")

    @api.depends("start_date", "product_id", "interval_months", "last_service_date")
    def _compute_first_due_date(self):
        for contract in self:
            if contract.first_due_date and contract.state != "draft":
                continue  # the schedule of a maintained unit is not recounted
            contract.first_due_date = (
                contract._propose_first_due_date() or contract.first_due_date
            )

    def _propose_first_due_date(self):
        """Return when a unit is due first here: after its last service elsewhere,
        else after it came into use; nothing without a day that can be meant."""
        self.ensure_one()
        day = self.last_service_date or self.start_date
        interval = self.interval_months
        if not day or not is_credible_day(day, self._get_today()):
            return False
        company = self.company_id or self.env.company
        template = self.product_id.product_tmpl_id
        first = 0
        if template and not self.last_service_date:
            first = template._get_maintenance_policy(company).first_interval_months
        if interval <= 0 or max(first, interval) > MOST_MONTHS:
            return False  # saving it says what is wrong
        return first_due(day, first, interval)

    @api.depends("first_due_date")
    def _compute_next_due_date(self):
        for contract in self:
            if contract.state == "draft" or not contract.next_due_date:
                contract.next_due_date = contract.first_due_date

    def _is_due_date_chosen(self, vals):
        """Tell whether values name another due date than the one that is proposed."""
        if "next_due_date" not in vals:
            return False
        day = fields.Date.to_date(vals["next_due_date"])
        return any(
            contract.next_due_date != day
            and not (contract.state == "draft" and contract._would_propose(day, vals))
            for contract in self
        )

    def _would_propose(self, day, vals):
        """Tell whether a form that is saved only says what it computed itself."""
        names = {"start_date", "last_service_date", "product_id", "interval_months"}
        changed = {name: vals[name] for name in names & vals.keys()}
        proposed = self.new(changed, origin=self)._propose_first_due_date()
        return bool(changed) and proposed == day

    # Why -----------------------------------------------------------------------

    @api.depends("next_due_date", "state")
    @api.depends_context("lang")
    def _compute_due_in(self):
        for contract in self:
            contract.due_in = contract._format_due_in()

    def _format_due_in(self):
        """Return in words how far the due date is, where the company is."""
        if not self.next_due_date or self.state != "active":
            return False
        days = (self.next_due_date - self._get_today()).days
        if not days:
            return self.env._("Today")
        if abs(days) == 1:
            return self.env._("Tomorrow") if days > 0 else self.env._("Yesterday")
        if days > 0:
            return self.env._("In %(number)s days", number=days)
        return self.env._("%(number)s days ago", number=-days)

    def _get_spread_reason(self, basis):
        natural = fields.Date.to_date(basis["natural_due"])
        return self.env._(
            "First visit of a unit sold earlier: due by its interval on "
            "%(natural)s, moved so that not all units fall due at once.",
            natural=self._format_date(natural),
        )

    # Rolling -------------------------------------------------------------------

    def roll_next_due_date(self, service_date):
        """Close the current cycle by a service of that day, and arm the next one.

        For services that were not booked here; a visit rolls its contract itself.
        :return: the next due date
        """
        self.ensure_one()
        self._check_office()
        if self.is_booked:
            raise UserError(
                self.env._(
                    "A visit is booked: completing or cancelling it moves the due date."
                )
            )
        self.sudo()._roll(fields.Date.to_date(service_date))
        return self.next_due_date

    def _roll(self, service_date):
        """Move to the next cycle: due date, reminders, booking and link start anew.

        What the office was asked to do to get this one booked is done.
        """
        self.ensure_one()
        self.write(self._prepare_roll_vals(service_date))
        self._renew_token()
        self._message_log(
            body=self.env._(
                "Next due %(date)s. %(reason)s",
                date=self._format_date(self.next_due_date),
                reason=self.next_due_reason,
            )
        )
        self._settle_requests(
            "serviced",
            self.env._(
                "The unit was serviced on %(day)s.", day=self._format_date(service_date)
            ),
        )

    def _prepare_roll_vals(self, service_date):
        """Return the values of the cycle that a service opens, nothing done in it."""
        result = roll(
            Cycle(
                anchor=self.first_due_date or self.next_due_date,
                interval_months=self.interval_months,
                previous_due=self.next_due_date,
                anchor_kind=self.anchor,
            ),
            service_date,
        )
        return {
            "last_service_date": service_date,
            "offered_with_id": False,
            "first_due_date": result.anchor,
            "next_due_date": result.next_due,
            "next_due_basis": {
                "reason": result.reason,
                "service_date": fields.Date.to_string(result.service_date),
                "previous_due": fields.Date.to_string(result.previous_due),
                "interval_months": result.interval_months,
                "days_from_due": result.days_from_due,
                "cycles_skipped": result.cycles_skipped,
            },
            "last_reminder_band": 0,
            "reminder_error": False,
            "booking_repair_id": False,
        }

    def _get_cycle(self):
        """Return what rolling changes, as plain values that a visit can keep."""
        self.ensure_one()
        return {
            "next_due_date": fields.Date.to_string(self.next_due_date),
            "first_due_date": fields.Date.to_string(self.first_due_date),
            "last_service_date": fields.Date.to_string(self.last_service_date) or False,
            "next_due_basis": self.next_due_basis or False,
            "last_reminder_band": self.last_reminder_band,
        }

    def _roll_back(self, before, rolled_to):
        """Return to the cycle before a roll, if nothing happened in the new one.

        :param before: what ``_get_cycle`` said before the roll
        :param rolled_to: the due date that the roll led to
        """
        self.ensure_one()
        reason = self._why_not_roll_back(rolled_to)
        if reason:
            raise UserError(reason)
        self.write(before)
        self._renew_token()
        self._message_log(
            body=self.env._(
                "A completed visit was reopened: due again on %(date)s.",
                date=self._format_date(self.next_due_date),
            )
        )

    def _why_not_roll_back(self, rolled_to):
        if self.next_due_date != rolled_to:
            return self.env._(
                "The visit cannot be reopened: its contract has moved on to "
                "%(date)s since.",
                date=self._format_date(self.next_due_date),
            )
        if self.is_booked:
            return self.env._(
                "The visit cannot be reopened: the next one is booked already."
            )
        if self.reminder_ids.filtered(lambda r: r.cycle_due_date == rolled_to):
            return self.env._(
                "The visit cannot be reopened: the client was already reminded of "
                "the next one."
            )
        return False

    # What the first due date was counted from --------------------------------

    def _note_first_basis(self):
        """Note what the first due dates of new contracts were counted from."""
        self.filtered(
            lambda c: "counted_from" not in (c.next_due_basis or {})
        )._note_counted_day()

    @api.model
    def _is_basis_touched(self, vals):
        """Tell whether values say what a first due date counts from, but not how.

        The date of a draft follows its days, so its basis is noted anew.
        """
        return bool(COUNTED & vals.keys()) and "next_due_basis" not in vals

    @api.model
    def _prepare_counted_basis(self, day):
        """Return the basis of a first due date that counts from coming into use."""
        return {
            "reason": "first",
            "counted_from": fields.Date.to_string(day),
            "by_service": False,
        }

    def _note_counted_day(self):
        """Keep the day that the first due date was counted from, if it was."""
        for contract in self:
            basis = contract.next_due_basis or {}
            if contract.next_due_date and basis.get("reason", "first") == "first":
                new = {**basis, "reason": "first", **contract._find_counted_day()}
                if new != basis:
                    contract.sudo().next_due_basis = new  # nobody writes it by hand

    def _find_counted_day(self):
        """Return the day that the due date follows from, as a part of the basis.

        :return: dict of ``counted_from``, False for a date that follows from neither
            day, and ``by_service``
        """
        self.ensure_one()
        day = False
        if self._propose_first_due_date() == self.next_due_date:
            day = self.last_service_date or self.start_date
        return {
            "counted_from": fields.Date.to_string(day),
            "by_service": bool(day and self.last_service_date),
        }

    # Service elsewhere -------------------------------------------------------

    def action_record_service(self):
        """Ask when, and by whom, the unit was serviced elsewhere."""
        self.ensure_one()
        self._check_service_recordable()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Record Outside Service"),
            "res_model": "fusion.repair.service.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {"default_contract_id": self.id},
        }

    def _check_service_recordable(self):
        """Refuse where a service elsewhere cannot close the cycle.

        :raise UserError: in words, with a visit booked or the contract ended
        """
        self.ensure_one()
        self._check_office()
        if self.state not in ("active", "paused"):
            raise UserError(
                self.env._("This contract is not active. Activate it first.")
            )
        if self.is_booked:
            raise UserError(
                self.env._(
                    "A visit is booked for this unit: cancel it before you record a "
                    "service that somebody else did."
                )
            )

    def _record_service(self, service_date, serviced_by, note=None):
        """Close the cycle by a service that somebody else did, and keep who it was.

        :param service_date: local day of the service
        :param serviced_by: who did it
        :param note: what else was told, plain text
        :return: the next due date
        :raise UserError: for a day in the future, and for one that is not after the
            last service
        """
        self.ensure_one()
        self._check_service_recordable()
        self._lock()
        if service_date > self._get_today():
            raise UserError(self.env._("The service cannot lie in the future."))
        self._check_credible_day(service_date)
        if self.last_service_date and service_date <= self.last_service_date:
            raise UserError(
                self.env._(
                    "The last service on record is of %(date)s: this one is not later.",
                    date=self._format_date(self.last_service_date),
                )
            )
        due = self.roll_next_due_date(service_date)
        body = self.env._(
            "Serviced elsewhere on %(date)s by %(who)s.",
            date=self._format_date(service_date),
            who=serviced_by,
        )
        self._message_log(body=Markup("%s<br/>%s") % (body, note) if note else body)
        return due

    def _is_untouched(self):
        """Tell whether nothing came of the first cycle yet."""
        self.ensure_one()
        first = self._is_first_cycle()
        return first and not self.visit_ids and not self.last_service_date

    def _is_first_cycle(self):
        """Tell whether the due date is the first one, as it was counted."""
        self.ensure_one()
        return (self.next_due_basis or {}).get("reason", "first") == "first"

    def _prepare_first_cycle(self, day, interval_months=None):
        """Return the values of a first cycle that counts from a day."""
        self.ensure_one()
        policy = self.product_id.product_tmpl_id._get_maintenance_policy(
            self.company_id
        )
        due = first_due(
            day, policy.first_interval_months, interval_months or self.interval_months
        )
        return {
            "first_due_date": due,
            "next_due_date": due,
            "next_due_basis": self._prepare_counted_basis(day),
            "last_reminder_band": 0,
        }
