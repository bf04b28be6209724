from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools.translate import LazyTranslate

from odoo.addons.fusion_tasks.button_context import without_button
from odoo.addons.fusion_tasks.groups import DISPATCHER

from ...tools.savepoints import run_in_batches
from .fusion_repair_maintenance_visit import LIVE_STATES

MOVABLE = ("pending", "scheduled")

_lt = LazyTranslate(__name__)
BATCH = 200
# After the planned end: technicians may report on the evening, or the next morning.
LOST_AFTER = timedelta(hours=24)
ASK_AGAIN_AFTER = timedelta(days=1)


class FusionRepairMaintenanceVisit(models.Model):
    """What the office does with a visit on behalf of the client."""

    _inherit = "fusion.repair.maintenance.visit"

    override_reason = fields.Char(
        copy=False,
        readonly=True,
        help="Why a dispatcher booked a time that was not open.",
    )
    override_refusal = fields.Char(string="Rule Overridden", copy=False, readonly=True)

    lost_asked_at = fields.Datetime(
        string="Unclosed Visit Flagged On",
        copy=False,
        readonly=True,
        help="When the office was last asked about this unclosed visit.",
    )

    def _check_office(self):
        if not self.env.su and not self.env.user.has_group(DISPATCHER):
            raise AccessError(self.env._("Only dispatchers may change visits."))
        self.check_access("write")

    def _drop_override(self):
        """Drop what was said of the old time when a visit moves."""
        self.filtered("override_reason")._note_override(False, None)

    def _check_movable(self):
        """Refuse to move a visit that is under way or over.

        :raise UserError: in that case, and without a visit
        """
        visit = self[:1]
        if visit.state != "scheduled" or visit.technician_task_id.status not in MOVABLE:
            raise UserError(
                self.env._("Only a visit that has not started can be rescheduled.")
            )

    def _note_override(self, refusal, override):
        """Keep on visits and task who booked against which rule, and why.

        :param refusal: in words; nothing: the time was open, an old note goes away
        :param override: Override of the dispatcher
        """
        self.write(
            {
                "override_refusal": refusal,
                "override_reason": refusal and override.reason,
            }
        )
        if not refusal:
            return
        body = self.env._(
            "%(user)s booked a time that was not open. The engine said: %(refusal)s "
            "The reason given: %(reason)s",
            user=self.env.user.name,
            refusal=refusal,
            reason=override.reason,
        )
        self._message_log_batch({visit.id: body for visit in self})
        self.technician_task_id._message_log(body=body)

    def action_move(self):
        """Show the open times, to move the visit for the client."""
        self.ensure_one()
        self._check_office()
        self._check_movable()
        return self.env["fusion.repair.booking.wizard"]._open_to_move(self)

    def action_book_again(self):
        """Show the open times for a new visit, after one that did not take place."""
        self._check_office()
        return self.contract_id.action_book_maintenance()

    def action_ask_cancel(self):
        """Ask why the visit is cancelled, and whether the client is told."""
        self.ensure_one()
        self._check_office()
        wizards = without_button(self.env["fusion.repair.visit.cancel.wizard"])
        wizard = wizards.create({"visit_id": self.id})
        return wizard._get_action()

    def _cancel_by_office(self, reason, everything=False, tell_client=True):
        """Call the visit off for a reason that stays with the office.

        :param reason: kept on the visit
        :param everything: also for the other units on the same visit
        :param tell_client: False: no mail about it goes to the client
        """
        self.ensure_one()
        self._check_office()
        if self.is_live:
            self.contract_id._cancel_booking(reason, everything, "office", tell_client)

    def _notify_office_release(self):
        contract = self.contract_id
        if contract.state != "active":
            return
        if self.state == "no_show":
            summary = _lt("No-show: arrange a new visit")
            reason = "no_show"
        else:
            summary = _lt("Visit cancelled: agree on a new one")
            reason = "visit_cancelled"
        contract._notify_office(summary, self.cancel_reason or "", reason=reason)

    # Visits nobody closed ----------------------------------------------------

    @api.model
    def _cron_find_lost_visits(self):
        """Ask the office about every visit that is long past and not closed."""
        run_in_batches(
            self.search(self._get_lost_domain(), order="id"),
            lambda visits: visits._flag_unclosed(),
            "Asking about visits that nobody closed",
            size=BATCH,
            wanted=lambda visits: visits.filtered(lambda visit: visit._is_lost()),
        )

    @api.model
    def _get_lost_domain(self):
        now = fields.Datetime.now()
        companies = self.env["res.company"].search(
            [("x_fc_overdue_enabled", "=", True)]
        )
        asked = Domain("lost_asked_at", "=", False) | Domain(
            "lost_asked_at", "<=", now - ASK_AGAIN_AFTER
        )
        return (
            Domain("company_id", "in", companies.ids)
            & Domain("state", "in", LIVE_STATES)
            & Domain("visit_date", "<=", now - LOST_AFTER)
            & asked
        )

    def _is_lost(self):
        """Tell whether a visit that is still open is long past."""
        self.ensure_one()
        limit = fields.Datetime.now() - LOST_AFTER
        return self.is_live and bool(self.visit_end) and self.visit_end <= limit

    def _flag_unclosed(self):
        for visit in self:
            visit.contract_id._notify_office(
                _lt("Did visit %(visit)s take place?", visit=visit.name),
                _lt(
                    "Its time is past, but it is neither done nor cancelled. Please "
                    "complete it, cancel it, or move it: until then the client is not "
                    "reminded."
                ),
                reason="visit_lost",
            )
        self.lost_asked_at = fields.Datetime.now()
