from odoo import api, fields, models

from odoo.addons.fusion_tasks.button_context import without_button

# A dealer who sells more at once says so: 1000 is often a 1 typed badly.
MOST_AT_ONCE = 100
REASON = "many_units"


class SaleOrder(models.Model):
    """So many units that the quantity may be mistyped: asked before enrolled."""

    _inherit = "sale.order"

    x_fc_many_units_meant = fields.Boolean(
        string="Many Units Are Meant", readonly=True, copy=False
    )
    x_fc_many_units_asked = fields.Boolean(
        string="Quantity in Question",
        compute="_compute_x_fc_many_units_asked",
        compute_sudo=True,
    )

    @api.depends("activity_ids.x_fc_reason")
    def _compute_x_fc_many_units_asked(self):
        for order in self:
            kinds = {activity._get_request() for activity in order.activity_ids}
            order.x_fc_many_units_asked = REASON in kinds

    def _ask_about_many_units(self, line, number):
        """Ask once for each line whether so many units are meant."""
        reason = f"{REASON}:{line.id}"
        note = self.env._(
            "%(line)s would enrol %(number)s units. Correct the quantity, or press "
            "Enrol All Units on the order. None is enrolled until then.",
            line=line.display_name,
            number=number,
        )
        asked = self.activity_ids.filtered(lambda a: a.x_fc_reason == reason)
        if asked:
            asked.note = note
            return
        without_button(self).activity_schedule(
            "mail.mail_activity_data_todo",
            summary=self.env._("Is this quantity correct?"),
            note=note,
            user_id=self._get_enrolment_user().id,
            x_fc_reason=reason,
        )

    def _settle_many_units(self, line):
        """Close the question about a line whose quantity was corrected or confirmed."""
        reason = f"{REASON}:{line.id}"
        asked = self.activity_ids.filtered(lambda a: a.x_fc_reason == reason)
        if asked:
            without_button(asked).action_feedback()

    def action_enrol_many_units(self):
        """Say that the quantity is meant, and enrol the units."""
        self.ensure_one()
        self.check_access("write")
        order = self.sudo()  # whoever sells need not have rights on contracts
        order.x_fc_many_units_meant = True
        if order.state == "sale" and order.x_fc_units_enrolled:
            order._enrol_lines(order.order_line)
