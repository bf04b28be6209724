from odoo import api, fields, models


class FusionTaskSlotWizard(models.TransientModel):
    """Several tasks, one after the other."""

    _inherit = "fusion.task.slot.wizard"

    queue_ids = fields.Many2many(
        "fusion.technician.task",
        "fusion_task_slot_wizard_queue_rel",
        string="To Come",
        readonly=True,
    )
    queue_count = fields.Integer(compute="_compute_queue_count")

    @api.depends("queue_ids")
    def _compute_queue_count(self):
        for wizard in self:
            wizard.queue_count = len(wizard.queue_ids)

    @api.model
    def _open_for_each(self, tasks):
        """Return the action that shows the open slots for the first of the tasks."""
        action = self._open_for(tasks[0])
        self.browse(action["res_id"]).queue_ids = tasks[1:]
        return action

    def action_next(self):
        """Go on with the next task that still can be planned."""
        self.ensure_one()
        tasks = self.queue_ids._filter_plannable()
        if not tasks:
            return {"type": "ir.actions.act_window_close"}
        return self._open_for_each(tasks)
