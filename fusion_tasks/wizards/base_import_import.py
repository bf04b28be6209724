from odoo import models

from ..models.fusion_numbered_mixin import TRIAL


class BaseImport(models.TransientModel):
    """A test of an import takes nothing that a rollback does not give back."""

    _inherit = "base_import.import"

    def execute_import(self, fields, columns, options, dryrun=False):
        """Let what is only tried draw no numbers: sequences do not go back."""
        if not dryrun:
            return super().execute_import(fields, columns, options, dryrun=False)
        cache = self.env.cr.cache
        cache[TRIAL] = True
        try:
            return super().execute_import(fields, columns, options, dryrun=True)
        finally:
            cache.pop(TRIAL, None)
