import logging

import psycopg2

from odoo import fields, models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)
LONGEST_NOTE = 2000


class FusionRepairBackfillRun(models.Model):
    """A batch that fails as a whole: said on the run, not in the log alone."""

    _inherit = "fusion.repair.backfill.run"

    error_note = fields.Text(string="What Went Wrong", readonly=True, copy=False)
    error_at = fields.Datetime(string="Failed On", readonly=True, copy=False)

    def action_try_again(self):
        """Go on where the run failed."""
        self._check_manager()
        self.ensure_one()
        if self.state not in ("scanning", "running", "undoing"):
            raise UserError(self.env._("There is nothing to try again."))
        self._forget_error()
        if self.state == "running":
            return self.action_execute()
        return self._leave_to_job()

    def _work_off(self, step):
        """Do the steps of a small set while the manager waits.

        :param step: method that returns how many units it worked off
        """
        try:
            with self.env.cr.savepoint():
                while step():
                    pass
        except psycopg2.OperationalError:
            raise  # a conflict, which the caller tries again
        except Exception as error:
            _logger.exception("Backfill %s: a batch failed", self.name)
            self._note_error(error)
        else:
            self._forget_error()

    def _note_error(self, error):
        """Keep what went wrong, for the manager to read.

        :param error: exception; whatever it did to the database is rolled back
        """
        note = str(error)
        if not isinstance(error, UserError):
            note = f"{type(error).__name__}: {error}"
        self.sudo().write(
            {"error_note": note[:LONGEST_NOTE], "error_at": fields.Datetime.now()}
        )

    def _forget_error(self):
        """Nothing is wrong any more."""
        if self.error_note:
            self.sudo().write({"error_note": False, "error_at": False})
