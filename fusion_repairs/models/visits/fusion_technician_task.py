from odoo import api, fields, models

from odoo.addons.fusion_tasks.models.task.fusion_technician_task import LIVE_STATUSES

PLAN_FIELDS = {"date_start", "date_end", "duration", "technician_id"}
# What a visit is once its task is closed, by the status of the task.
CLOSED_TASK_STATES = {
    "completed": "done",
    "no_show": "no_show",
    "cancelled": "cancelled",
}
# What the database must enforce for us, besides the guards of the tasks.
GUARDS = {
    "fusion_repair_maintenance_contract_serial_unique",
    "fusion_repair_maintenance_contract_unit_unique",
    "fusion_repair_maintenance_contract_booking_token_unique",
    "fusion_repair_maintenance_reminder_once",
    "fusion_repair_maintenance_visit_one_live_visit",
    "fusion_repair_visit_message_once",
}


class FusionTechnicianTask(models.Model):
    """Tasks that are maintenance visits: the visits follow them."""

    _inherit = "fusion.technician.task"

    x_fc_maintenance_visit_ids = fields.One2many(
        "fusion.repair.maintenance.visit", "technician_task_id", string="Visits"
    )
    x_fc_repair_order_id = fields.Many2one(
        "repair.order",
        string="Repair Order",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        help="The repair that this task was planned for.",
    )
    x_fc_equipment_category_id = fields.Many2one(
        "fusion.repair.product.category",
        string="Equipment",
        index="btree_not_null",
        ondelete="set null",
        help="What the work is on, where no visit says so. Slots are offered of those "
        "technicians only who have the skill for it.",
    )
    x_fc_maintenance_visit_count = fields.Integer(
        compute="_compute_x_fc_maintenance_visit_count"
    )

    def _compute_x_fc_maintenance_visit_count(self):
        for task in self:
            task.x_fc_maintenance_visit_count = len(task.x_fc_maintenance_visit_ids)

    def write(self, vals):
        """Let repairs and calendar files follow a visit that is moved."""
        if "status" in vals:
            if vals["status"] in LIVE_STATUSES:
                # As clients do: by the day first, then the contracts.
                self._queue_for(self._get_spans(vals))
            self._lock_contracts()
        if PLAN_FIELDS.isdisjoint(vals):
            return super().write(vals)
        before = {task: task._get_plan() for task in self}
        result = super().write(vals)
        # A form or a board may write again what stands there already.
        moved = self.filtered(lambda task: task._get_plan() != before[task])
        # Whoever moves the task need not know about repairs.
        moved.sudo().x_fc_maintenance_visit_ids.filtered("is_live")._follow_plan()
        return result

    def _keep_told_time(self, start):
        """Tell the clients again what they know, with the calendar file put right."""
        visits = self.sudo().x_fc_maintenance_visit_ids.filtered("is_live")
        visits._shift_told(start - self.date_start)
        result = super()._keep_told_time(start)
        visits._confirm_again()
        return result

    def _get_plan(self):
        """Return what the visits of a task follow, as values that can be compared."""
        return [self[name] for name in sorted(PLAN_FIELDS)]

    def _lock_contracts(self):
        """Lock the contracts before the tasks, as clients do who move their visit."""
        # Whoever may change the task need not know contracts.
        self.sudo().x_fc_maintenance_visit_ids.contract_id._lock()

    def _get_slot_technicians(self):
        """Offer those only who have the skill for every unit that is worked on."""
        technicians = super()._get_slot_technicians()
        task = self.sudo()
        contracts = task.x_fc_maintenance_visit_ids.contract_id
        contracts |= task.x_fc_repair_order_id.x_fc_maintenance_contract_id
        equipment = task.x_fc_equipment_category_id
        for category in contracts.x_fc_policy_category_id | equipment:
            lineage = category._get_lineage()
            technicians = technicians.filtered(
                lambda user, lineage=lineage: user.sudo().x_fc_repair_skills & lineage
            )
        return technicians

    def _after_status_change(self, previous):
        result = super()._after_status_change(previous)
        # Whoever may change the task need not know contracts, repairs and orders.
        tasks = self.sudo()
        reopened = tasks.filtered(lambda t: previous[t.id] in CLOSED_TASK_STATES)
        ongoing = (tasks - reopened).x_fc_maintenance_visit_ids.filtered("is_live")
        # A unit that is done, or was cancelled, before the others stays so.
        again = reopened.x_fc_maintenance_visit_ids.filtered(
            lambda visit: (
                visit.state == CLOSED_TASK_STATES[previous[visit.technician_task_id.id]]
            )
        )
        (again | ongoing)._follow_task()
        return result

    @api.model
    def _get_guard_names(self):
        return super()._get_guard_names() | GUARDS

    def action_view_maintenance_visits(self):
        """Open the visits that this task is for."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "fusion_repairs.fusion_repair_maintenance_visit_action"
        )
        return action | {
            "domain": [("technician_task_id", "=", self.id)],
            "context": {},
        }
