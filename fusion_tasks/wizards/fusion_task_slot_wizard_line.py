from odoo import api, fields, models
from odoo.tools.misc import format_datetime

from ..exceptions import SlotTakenError


class FusionTaskSlotWizardLine(models.TransientModel):
    """One open slot, with the driving that it takes."""

    _name = "fusion.task.slot.wizard.line"
    _description = "Open Slot"
    _inherit = "fusion.wizard.access.mixin"
    _target_rights = {"wizard_id": "write"}
    _order = "start, id"

    wizard_id = fields.Many2one(
        "fusion.task.slot.wizard", required=True, ondelete="cascade", index=True
    )
    technician_id = fields.Many2one("res.users", required=True, readonly=True)
    start = fields.Datetime(required=True, readonly=True)
    end = fields.Datetime(required=True, readonly=True)
    local_start = fields.Char(
        string="Technician's Time",
        compute="_compute_local_start",
        help="The start on the technician's own clock.",
    )
    travel_before = fields.Integer(
        string="Drive There", readonly=True, help="Minutes of the drive to the visit."
    )
    travel_after = fields.Integer(
        string="Drive Onward",
        readonly=True,
        help="Minutes of the drive to the next stop.",
    )
    detour = fields.Integer(
        readonly=True,
        help="Minutes of driving that this visit adds to the technician's day.",
    )
    is_nearby = fields.Boolean(
        string="Nearby", readonly=True, help="The technician is nearby anyway."
    )
    is_earliest = fields.Boolean(
        string="Earliest", readonly=True, help="No technician can be there sooner."
    )

    @api.depends("start", "technician_id")
    def _compute_local_start(self):
        for line in self:
            company = line.wizard_id.company_id
            tz = line.technician_id.with_company(company)._fc_get_tz()
            moment = format_datetime(self.env, line.start, tz, "EEE d MMM, HH:mm")
            line.local_start = f"{moment} ({tz})"

    def action_pick(self):
        """Schedule the task in this slot, if it is still open; go on with the next."""
        self.ensure_one()
        wizard, task = self.wizard_id, self.wizard_id.task_id
        reason = task.with_company(wizard.company_id)._explain_slot(
            self.technician_id,
            self.start,
            wizard.duration,
            *task._get_coordinates(),
            exclude_task=task,
            past_horizon=True,
        )
        if reason:
            raise SlotTakenError(reason)
        task._schedule_at(
            self.technician_id, self.start, wizard.duration, self.travel_before
        )
        if wizard.queue_ids:
            return wizard.action_next()
        return {"type": "ir.actions.act_window_close"}
