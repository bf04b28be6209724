from datetime import timedelta

from odoo import api, fields, models

KEEP_DAYS = 90


class FusionRepairReminderRun(models.Model):
    """One daily run of the reminder job that came to its end."""

    _name = "fusion.repair.reminder.run"
    _description = "Run of the Reminder Job"
    _order = "finished_at desc, id desc"
    _rec_name = "finished_at"

    finished_at = fields.Datetime(
        required=True, readonly=True, default=fields.Datetime.now, index=True
    )

    @api.autovacuum
    def _gc_runs(self):
        """Forget runs of long ago, but never the last one."""
        limit = fields.Datetime.now() - timedelta(days=KEEP_DAYS)
        last = self.search([], limit=1)
        self.search([("finished_at", "<", limit), ("id", "!=", last.id)]).unlink()
