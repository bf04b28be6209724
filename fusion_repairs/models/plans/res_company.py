from odoo import fields, models


class ResCompany(models.Model):
    """Where the money of prepaid plans is kept until it is earned."""

    _inherit = "res.company"

    x_fc_plan_liability_account_id = fields.Many2one(
        "account.account",
        string="Prepaid Plans",
        domain="[('account_type', 'in', ('liability_current', "
        "'liability_non_current')), ('reconcile', '=', False)]",
        check_company=True,
        help="What clients paid for visits that were not served yet. Empty: selling a "
        "plan is revenue at once.",
    )
    x_fc_plan_journal_id = fields.Many2one(
        "account.journal",
        string="Journal of Earned Visits",
        domain="[('type', '=', 'general')]",
        check_company=True,
        help="Where the revenue of served visits is posted.",
    )
    x_fc_cooling_off_days = fields.Integer(
        string="Cooling-off (Days)",
        default=10,
        help="How long a client may cancel a plan that was signed at home.",
    )

    _x_fc_cooling_off_days_not_negative = models.Constraint(
        "CHECK (x_fc_cooling_off_days >= 0)",
        "The days of the cooling-off period cannot be negative.",
    )
