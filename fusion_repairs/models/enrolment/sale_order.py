from functools import partial

import pytz
from psycopg2 import IntegrityError

from odoo import fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import html2plaintext

from odoo.addons.fusion_tasks.button_context import without_button
from odoo.addons.fusion_tasks.groups import STAFF

from ...recurrence import is_credible_day
from ...tools.savepoints import attempt


class SaleOrder(models.Model):
    """Selling a unit enrols it; cancelling the sale takes that back."""

    _inherit = "sale.order"

    x_fc_units_enrolled = fields.Boolean(
        string="Units Enrolled",
        readonly=True,
        copy=False,
        help="The units of this order were enrolled when it was confirmed; changes "
        "of its lines are followed.",
    )
    x_fc_maintenance_contract_ids = fields.One2many(
        "fusion.repair.maintenance.contract",
        "sale_order_id",
        string="Maintenance Contracts",
        groups=STAFF,
    )
    x_fc_maintenance_contract_count = fields.Integer(
        compute="_compute_x_fc_maintenance_counts",
        groups="fusion_tasks.fusion_tasks_group_user",
    )
    x_fc_maintenance_visit_ids = fields.One2many(
        "fusion.repair.maintenance.visit",
        "sale_order_id",
        string="Maintenance Visits",
        groups=STAFF,
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
            order.order_line._start_plans()
        return result

    def _action_cancel(self):
        result = super()._action_cancel()
        # The salesperson need not have rights on contracts.
        self.sudo()._cancel_maintenance_contracts()
        self.sudo().order_line._withdraw_plans()
        return result

    def write(self, vals):
        """Let units follow a delivery address that is corrected after confirmation."""
        former = {}
        if "partner_shipping_id" in vals:
            former = {order: order.partner_shipping_id for order in self}
        result = super().write(vals)
        for order, address in former.items():
            order.sudo()._move_units(address)  # the seller has no rights on contracts
        return result

    def _get_update_prices_lines(self):
        lines = super()._get_update_prices_lines()
        return lines - lines._get_agreed_lines()

    def _move_units(self, former):
        units = self.x_fc_maintenance_contract_ids.filtered(
            lambda c: (
                c.address_id == former and c.state != "cancelled" and not c.visit_ids
            )
        )
        if self.partner_shipping_id:
            units.write({"address_id": self.partner_shipping_id.id})

    # Enrolment -----------------------------------------------------------------

    def _spawn_maintenance_contracts(self):
        """Enrol every unit of the order that is maintained, each once.

        A confirmation never fails because of it: what goes wrong becomes an activity.
        :return: the new contracts
        """
        self.ensure_one()
        # Whoever confirms may be the client on the portal: sudo
        order = self.sudo()
        if not order.company_id.x_fc_maintenance_auto_enrol:
            return order.env["fusion.repair.maintenance.contract"]
        order.x_fc_units_enrolled = True
        return order._enrol_lines(order.order_line)

    def _enrol_lines(self, lines, former=None):
        """Bring the contracts of lines in step with what they sell.

        :param former: the serials that lines had before they were changed
        :return: the new contracts
        """
        self.ensure_one()
        # Whoever changes the order need not have rights on contracts: sudo
        lines = lines.sudo().with_company(self.company_id)
        new = lines.env["fusion.repair.maintenance.contract"]
        order = self.with_env(lines.env)
        former = {line.id: serials for line, serials in (former or {}).items()}
        for line in lines:
            work = line._sync_maintenance_contracts
            if former.get(line.id):
                work = partial(line._sync_corrected, former[line.id])
            found = order._attempt_enrolment(line, work)
            new |= found or new.browse()
        return new

    def _attempt_enrolment(self, line, work):
        """Do what concerns the units of one line: all of it, or tell the office."""
        results = []
        attempt(
            self.env.cr,
            lambda: results.append(work()),
            f"Enrolment of {line.display_name}",
            failed=lambda error: self._report_enrolment_problem(
                line, self._get_problem_text(error)
            ),
        )
        return results[0] if results else None

    def _get_problem_text(self, error):
        if isinstance(error, (UserError, ValidationError)):
            return str(error)
        if isinstance(error, IntegrityError):
            contracts = self.env["fusion.repair.maintenance.contract"]
            return contracts._sql_error_to_message(error)
        return self.env._("A technical error; see the log.")

    def _get_maintenance_anchor(self):
        """Return the local day that the first interval counts from, and its source.

        The promised day, else the order's; a delivery corrects it when it is done.
        """
        self.ensure_one()
        today = self._get_local_day(fields.Datetime.now())
        for source, moment in (
            ("commitment", self.commitment_date),
            ("order", self.date_order),
        ):
            day = moment and self._get_local_day(moment)
            if day and is_credible_day(day, today):
                return day, source
        return today, "today"

    def _find_bad_dates(self):
        """Return in sentences which dates of the order cannot be meant."""
        today = self._get_local_day(fields.Datetime.now())
        return [
            self.env._("The date %(date)s is not plausible and was ignored.", date=day)
            for day in map(
                self._get_local_day,
                filter(None, (self.commitment_date, self.date_order)),
            )
            if not is_credible_day(day, today)
        ]

    def _get_local_day(self, moment):
        """Return the day of a moment where the company is."""
        tz = self.company_id._get_maintenance_tz()
        return pytz.utc.localize(moment).astimezone(pytz.timezone(tz)).date()

    def _report_enrolment_problem(self, line, reason):
        """Give the office one open activity for a reason, not one more each time."""
        note = self.env._("%(line)s: %(reason)s", line=line.display_name, reason=reason)
        summary = self.env._("Enrol a unit for maintenance manually")
        said = self.activity_ids.filtered(lambda a: a.summary == summary)
        if note in [html2plaintext(activity.note).strip() for activity in said]:
            return
        without_button(self).activity_schedule(
            "mail.mail_activity_data_todo",
            summary=summary,
            note=note,
            user_id=self._get_enrolment_user().id,
            x_fc_reason="enrolment",
        )

    def _get_enrolment_user(self):
        """Return who is asked about the units of an order.

        It is the salesperson's own, whatever their role in maintenance.
        """
        if self.user_id.active and not self.user_id.share:
            return self.user_id
        contracts = self.env["fusion.repair.maintenance.contract"]
        office = contracts.new({"company_id": self.company_id})
        return office._get_office_user()._origin

    def _cancel_maintenance_contracts(self):
        """End the contracts of a cancelled sale, except of units with visits."""
        reason = self.env._("The sale was cancelled.")
        contracts = self.x_fc_maintenance_contract_ids.filtered(
            lambda c: c.state != "cancelled"
        )
        visited = contracts.filtered("visit_ids")
        visited._notify_office(
            self.env._("Does the client still have it?"), reason, reason="still_there"
        )
        ending = contracts - visited
        ending._end(reason, "order")
        ending.filtered(lambda c: c.state == "cancelled")._give_back(reason)

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
