from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.fusion_tasks.button_context import without_button

MOVABLE = ("pending", "scheduled")


class FusionRepairMaintenanceVisit(models.Model):
    """What the office does with a visit on behalf of the client."""

    _inherit = "fusion.repair.maintenance.visit"

    override_reason = fields.Char(
        string="Booked Against the Rules",
        copy=False,
        readonly=True,
        help="Why a dispatcher booked a time that was not open.",
    )
    override_refusal = fields.Char(
        string="What Spoke Against It", copy=False, readonly=True
    )

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
                self.env._("Only a visit that has not begun yet can be moved.")
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
        """Ask why the visit is called off, and whether the client is told."""
        self.ensure_one()
        self._check_office()
        wizards = without_button(self.env["fusion.repair.visit.cancel.wizard"])
        wizard = wizards.create({"visit_id": self.id})
        return wizard._get_action()

    def _cancel_by_office(self, reason, tell_client=True):
        """Call visits off for a reason that stays with the office.

        :param reason: kept on the visits
        :param tell_client: False: no mail about it goes to the client
        """
        self._check_office()
        visits = self.sudo().with_context(fusion_client_not_told=not tell_client)
        visits.contract_id._lock()
        visits.filtered("is_live")._cancel(reason)
        if not tell_client:
            body = self.env._("The client was not told of the cancellation.")
            visits._message_log_batch({visit.id: body for visit in visits})
