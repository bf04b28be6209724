from odoo import models


class FusionTaskSlotWizardLine(models.TransientModel):
    """A slot picked for one task leads to the next."""

    _inherit = "fusion.task.slot.wizard.line"

    def action_pick(self):
        """Schedule the task, and go on with those that wait."""
        result = super().action_pick()
        wizard = self.wizard_id
        return wizard.action_next() if wizard.queue_ids else result
