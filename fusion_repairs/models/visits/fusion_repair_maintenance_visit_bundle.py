from odoo import fields, models
from odoo.fields import Command

from odoo.addons.fusion_tasks.button_context import without_button


class FusionRepairMaintenanceVisit(models.Model):
    """Visits to several units that share a task and an order, and who will be there."""

    _inherit = "fusion.repair.maintenance.visit"

    attendee_name = fields.Char(
        string="Who Will Be There",
        copy=False,
        help="Somebody else than the client, or who booked for the client.",
    )
    attendee_phone = fields.Char(string="Their Phone", copy=False)
    attendee_email = fields.Char(
        string="Their Email", copy=False, help="Gets a copy of what the client gets."
    )
    sale_line_id = fields.Many2one(
        "sale.order.line",
        string="Order Line of the Fee",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        copy=False,
    )

    def _get_bundle(self):
        """Return the live visits on this visit's task, this one always among them.

        The first one, the same for all of them, speaks for all towards the client.
        """
        self.ensure_one()
        others = self.technician_task_id.x_fc_maintenance_visit_ids
        return (self | others.filtered("is_live")).sorted("id")

    def _get_other_contracts(self):
        """Return the contracts whose units are serviced on the same visit."""
        return (self._get_bundle() - self).contract_id

    def _tell_technician(self, vals):
        """Change what the client says of a booked visit, for all of its units.

        :param vals: client_note and the attendee's fields, those that change
        """
        self.ensure_one()
        bundle, task = self._get_bundle(), self.technician_task_id
        before = self._get_said_lines()
        bundle.write(vals)
        lines = [line for line in (task.description or "").split("\n") if line]
        for line in before:
            if line in lines:
                lines.remove(line)
        task.description = "\n".join([*lines, *self._get_said_lines()])
        body = self.env._("The client changed the note, or who will be there.")
        bundle._message_log_batch({visit.id: body for visit in bundle})

    def _get_said_lines(self):
        """Return what the client says, as the lines of the technician's task."""
        attendee = {name: self[name] for name in ("attendee_name", "attendee_phone")}
        said = (self.contract_id._get_attendee_text(attendee), self.client_note)
        return "\n".join(filter(None, said)).split("\n")

    # One unit less ---------------------------------------------------------------

    def _leave_shared_task(self):
        """Take one unit off a visit that goes on for the others, with its time."""
        self.ensure_one()
        task, contract = self.technician_task_id, self.contract_id
        self.technician_task_id = False
        others = task.x_fc_maintenance_visit_ids.filtered(
            lambda visit: visit.is_live or visit.state == "done"
        ).contract_id
        lines = (task.description or "").split("\n")
        own = contract._get_unit_text()
        if own in lines:  # once: another unit may be called the same
            lines.remove(own)
        vals = {"description": "\n".join(lines)}
        shorter = task.duration - contract.duration
        if task.status == "scheduled" and shorter >= sum(others.mapped("duration")):
            vals["duration"] = shorter
        task.write(vals)
        task._message_log(
            body=self.env._("%(visit)s was cancelled.", visit=self.display_name)
        )

    def _leave_shared_order(self):
        """Take the fee of one unit off the draft order that goes on for the others.

        :return: False if nothing else is on the order
        """
        self.ensure_one()
        order = self.sale_order_id
        others = order.x_fc_maintenance_visit_ids - self
        if not others.filtered(lambda v: v.is_live or v.state == "done"):
            return False
        if order.state in ("draft", "sent"):
            self.sale_line_id.unlink()
        if not others.filtered("is_live"):
            others[:1]._confirm_order()
        return True

    def _rejoin_order(self):
        """Put the fee of a unit on its draft order again."""
        self.ensure_one()
        order = without_button(self.sale_order_id)
        if not order or self.sale_line_id or order.state not in ("draft", "sent"):
            return
        contract = self.contract_id
        before = order.order_line
        vals = contract._prepare_order_line_vals(self.x_fc_fee)
        order.order_line = [Command.create(vals)]
        self.sale_line_id = (order.order_line - before)[:1]
