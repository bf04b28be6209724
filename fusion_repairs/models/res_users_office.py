from odoo import models

READER = "fusion_tasks.fusion_tasks_group_user"


class ResUsers(models.Model):
    """Who can follow up a client: somebody who can open the contract."""

    _inherit = "res.users"

    def _fc_may_follow_up(self, company):
        """Tell whether a user can open the contracts of a company.

        A salesperson without a role in maintenance would be given activities on
        contracts that they cannot even see.
        """
        user = self.sudo()
        return bool(
            user
            and user.active
            and not user.share
            and company in user.company_ids
            and user.has_group(READER)
        )
