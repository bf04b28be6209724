from odoo import api, fields, models

from ...recurrence import MOST_MONTHS


class ProductTemplate(models.Model):
    """What makes a product a unit that is maintained."""

    _name = "product.template"
    _inherit = ["product.template", "fusion.repair.history.mixin"]

    x_fc_repair_category_id = fields.Many2one(
        "fusion.repair.product.category",
        string="Equipment Category",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="The type of equipment. It determines how units are maintained.",
    )
    x_fc_maintenance_enabled = fields.Boolean(
        string="Maintain Units",
        compute="_compute_x_fc_maintenance_enabled",
        store=True,
        readonly=False,
        help="Every sold unit gets a maintenance contract. Untick it for accessories "
        "such as rails, remotes, chargers, and for rentals.",
    )
    x_fc_maintenance_interval_months = fields.Integer(
        string="Maintenance Interval (Months)",
        help="Months between two visits. Zero: as the equipment category says.",
    )
    x_fc_maintenance_fee = fields.Float(
        string="Maintenance Fee",
        digits="Product Price",
        help="Price of one visit before tax. Zero: as the equipment category says.",
    )
    x_fc_maintenance_policy_text = fields.Char(
        string="Effective Policy", compute="_compute_x_fc_maintenance_policy_text"
    )
    x_fc_maintenance_policy_table = fields.Html(
        string="Effective Policy and Sources",
        compute="_compute_x_fc_maintenance_policy_text",
        sanitize=False,
    )

    _x_fc_maintenance_interval_not_negative = models.Constraint(
        "CHECK (x_fc_maintenance_interval_months >= 0)",
        "The maintenance interval cannot be negative.",
    )
    _x_fc_maintenance_interval_credible = models.Constraint(
        f"CHECK (x_fc_maintenance_interval_months <= {MOST_MONTHS})",
        "The interval between two visits can be twenty years (240 months) at most.",
    )
    _x_fc_maintenance_fee_not_negative = models.Constraint(
        "CHECK (x_fc_maintenance_fee >= 0)", "The maintenance fee cannot be negative."
    )

    x_fc_maker = fields.Char(string="Maker")
    x_fc_model_number = fields.Char(
        string="Model", help="As on the plate of the unit; empty: the product's name."
    )
    x_fc_rated_load = fields.Char(
        string="Rated Load", help="With its unit, as on the plate, e.g. 300 lb."
    )

    @api.depends("x_fc_repair_category_id")
    def _compute_x_fc_maintenance_enabled(self):
        for product in self:
            category = product.x_fc_repair_category_id
            product.x_fc_maintenance_enabled = (
                bool(category) and category._is_looked_after()
            )

    @api.depends(
        "x_fc_repair_category_id.x_fc_maintenance_enabled",
        "x_fc_maintenance_enabled",
        "x_fc_maintenance_interval_months",
        "x_fc_maintenance_fee",
    )
    @api.depends_context("company", "lang")
    def _compute_x_fc_maintenance_policy_text(self):
        for product in self:
            product.x_fc_maintenance_policy_text = (
                product._get_maintenance_policy_text()
            )
            product.x_fc_maintenance_policy_table = product._show_maintenance_policy()

    # History -----------------------------------------------------------------

    def _get_history_path(self):
        return "product_id.product_tmpl_id"
