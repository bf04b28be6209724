from odoo import models

from ...recurrence import is_deceased


class ResPartner(models.Model):
    """Whether a contact is a person who has died."""

    _inherit = "res.partner"

    def _fc_is_deceased(self):
        """Tell whether the name of a person says that they have died."""
        self.ensure_one()
        return not self.is_company and is_deceased(self.name)
