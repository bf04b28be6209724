import logging

import pytz

from odoo import fields, models
from odoo.exceptions import UserError, ValidationError

_logger = logging.getLogger(__name__)


class SaleOrder(models.Model):
    """Selling a unit enrols it; cancelling the sale takes that back."""

    _inherit = "sale.order"

    x_fc_maintenance_contract_ids = fields.One2many(
        "fusion.repair.maintenance.contract",
        "sale_order_id",
        string="Maintenance Contracts",
    )
    x_fc_maintenance_contract_count = fields.Integer(
        compute="_compute_x_fc_maintenance_counts",
        groups="fusion_tasks.fusion_tasks_group_user",
    )
    x_fc_maintenance_visit_ids = fields.One2many(
        "fusion.repair.maintenance.visit", "sale_order_id", string="Maintenance Visits"
    )
    x_fc_maintenance_visit_count = fields.Integer(
        compute="_compute_x_fc_maintenance_counts",
        groups="fusion_tasks.fusion_tasks_group_user",
    )

    def _compute_x_fc_maintenance_counts(self):
        for order in self:
            order.x_fc_maintenance_contract_count = len(
                order.x_fc_maintenance_contract_ids
            )
            order.x_fc_maintenance_visit_count = len(order.x_fc_maintenance_visit_ids)

    def _action_confirm(self):
        result = super()._action_confirm()
        for order in self:
            order._spawn_maintenance_contracts()
        return result

    def _action_cancel(self):
        result = super()._action_cancel()
        # The salesperson need not have rights on contracts.
        self.sudo()._cancel_maintenance_contracts()
        return result

    # Enrolment -----------------------------------------------------------------

    def _spawn_maintenance_contracts(self):
        """Enrol every unit of the order that is looked after, each once.

        A confirmation never fails because of it: what goes wrong becomes an activity.
        :return: the new contracts
        """
        self.ensure_one()
        # Whoever confirms may be the client on the portal: sudo, in the order's company
        order = self.sudo().with_company(self.company_id)
        new = order.env["fusion.repair.maintenance.contract"]
        if not order.company_id.x_fc_maintenance_auto_enrol:
            return new
        for line in order.order_line:
            try:
                with order.env.cr.savepoint():
                    new |= order._spawn_for_line(line)
            except Exception as error:
                _logger.exception("Enrolment of %s failed", line.display_name)
                order._report_enrolment_problem(line, error)
        return new

    def _spawn_for_line(self, line):
        contracts = self.env["fusion.repair.maintenance.contract"]
        product = line.product_id
        if line.display_type or not product or line.is_downpayment:
            return contracts
        policy = product.product_tmpl_id._get_maintenance_policy(self.company_id)
        if not policy.enabled:
            return contracts
        existing = contracts.search([("x_fc_source_sale_line_id", "=", line.id)])
        existing._revive_after_cancelled_sale()
        known = set(existing.mapped("x_fc_unit_index"))
        anchor_date = self._get_maintenance_anchor_date()
        vals_list = [
            vals
            for vals in line._prepare_maintenance_contracts_vals(policy, anchor_date)
            if vals["x_fc_unit_index"] not in known and not self._is_enrolled(vals)
        ]
        return contracts.create(vals_list)

    def _is_enrolled(self, vals):
        """Tell whether a unit's serial has an active contract already."""
        serial = vals["x_fc_device_serial"]
        if not serial:
            return False
        found = self.env["fusion.repair.maintenance.contract"].search(
            [
                ("company_id", "=", vals["company_id"]),
                ("x_fc_device_serial", "=", serial),
                ("state", "=", "active"),
            ],
            limit=1,
        )
        if found and found.partner_id != self.partner_id:
            found._notify_office(
                self.env._("Serial %(serial)s was sold again", serial=serial),
                self.env._(
                    "Order %(order)s sells it to %(partner)s: who owns the unit now?",
                    order=self.name,
                    partner=self.partner_id.display_name,
                ),
            )
        return bool(found)

    def _get_maintenance_anchor_date(self):
        """Return the local day that the first interval counts from.

        The delivery if there was one, else the promised date, else the order's.
        """
        self.ensure_one()
        moment = self.effective_date or self.commitment_date or self.date_order
        tz = self.company_id.partner_id.tz or self.env.user.tz or "UTC"
        local = pytz.utc.localize(moment or fields.Datetime.now())
        return local.astimezone(pytz.timezone(tz)).date()

    def _report_enrolment_problem(self, line, error):
        known = isinstance(error, (UserError, ValidationError))
        reason = str(error) if known else self.env._("A technical error; see the log.")
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=self.env._("Enrol a unit for maintenance by hand"),
            note=self.env._(
                "%(line)s: %(reason)s", line=line.display_name, reason=reason
            ),
            user_id=(self.user_id or self.create_uid).id,
        )

    def _cancel_maintenance_contracts(self):
        """End the contracts of a cancelled sale; a unit with visits stays in care."""
        contracts = self.x_fc_maintenance_contract_ids
        contracts.filtered(lambda c: not c.visit_ids)._cancel(
            self.env._("The sale was cancelled.")
        )

    # Opening -------------------------------------------------------------------

    def action_view_maintenance_contracts(self):
        """Open the contracts of the units of this order."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "fusion_repairs.fusion_repair_maintenance_contract_action"
        )
        return action | {"domain": [("sale_order_id", "=", self.id)], "context": {}}

    def action_view_maintenance_visits(self):
        """Open the visits that this order charges for."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "fusion_repairs.fusion_repair_maintenance_visit_action"
        )
        return action | {"domain": [("sale_order_id", "=", self.id)], "context": {}}
