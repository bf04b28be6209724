from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..button_context import without_button
from ..scheduling import low_detour

SHORT_LIST = 20
PER_DAY = 4


class FusionTaskSlotWizard(models.TransientModel):
    """The open slots for one task, the best of them, to pick from."""

    _name = "fusion.task.slot.wizard"
    _description = "Find a Slot"
    _inherit = "fusion.wizard.access.mixin"
    _target_rights = {"task_id": "write", "queue_ids": "write"}

    task_id = fields.Many2one(
        "fusion.technician.task", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="task_id.company_id", related_sudo=False)
    duration = fields.Float(string="Hours", required=True)
    date_from = fields.Date(string="From", required=True)
    date_to = fields.Date(string="To", required=True)
    technician_ids = fields.Many2many(
        "res.users",
        "fusion_task_slot_wizard_technician_rel",
        string="Technicians",
        domain="[('x_fc_is_technician', '=', True), ('company_ids', 'in', company_id)]",
        help="Only these; all who can do the work if empty.",
    )
    line_ids = fields.One2many(
        "fusion.task.slot.wizard.line", "wizard_id", string="Open Slots"
    )
    note = fields.Text(string="Reason for No Slots", readonly=True)

    queue_ids = fields.Many2many(
        "fusion.technician.task",
        "fusion_task_slot_wizard_queue_rel",
        string="To Come",
        readonly=True,
    )
    queue_count = fields.Integer(compute="_compute_queue_count")

    @api.model
    def _open_for(self, task):
        """Return the action that shows the open slots for a task."""
        today = fields.Date.context_today(self)
        horizon = task.company_id.sudo().x_fc_booking_horizon_days
        wizard = without_button(self).create(
            {
                "task_id": task.id,
                "duration": task.duration,
                "date_from": today,
                "date_to": today + timedelta(days=horizon),
            }
        )
        return wizard.action_search()

    def action_search(self):
        """Fill in the open slots anew."""
        self.ensure_one()
        if self.date_to < self.date_from:
            raise UserError(self.env._("The last day is before the first."))
        self._fill_in()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Find a Slot"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def _fill_in(self):
        task = self.task_id.with_company(self.company_id)
        able = task._get_slot_technicians()
        technicians = self.technician_ids & able if self.technician_ids else able
        ranked, _zones = task._find_short_list(
            technicians,
            self.date_from,
            self.date_to,
            self.duration,
            *task._get_coordinates(),
            exclude_task=task,
            limit=SHORT_LIST,
            per_day=PER_DAY,
            # Notice and horizon bind clients: an emergency is for the next free hour.
            past_horizon=True,
            with_earliest=True,
        )
        nearby = low_detour(ranked)
        self.line_ids = [
            Command.clear(),
            *(
                Command.create(
                    {
                        **slot._asdict(),
                        "is_nearby": slot in nearby,
                        "is_earliest": slot == ranked[0],
                    }
                )
                for slot in ranked
            ),
        ]
        unable = [
            task._get_unable_reason(technician)
            for technician in self.technician_ids - able
        ]
        reasons = [] if ranked else self._get_no_slot_reasons(technicians, unable)
        self.note = "\n".join(unable + reasons)

    def _get_no_slot_reasons(self, technicians, unable):
        """Return in words, as a list, what keeps each technician from coming.

        :param unable: what is said already of those who cannot do the work
        """
        if not technicians:
            none = self.env._("No technician of the company can do this work.")
            return [] if unable else [none]
        task = self.task_id.with_company(self.company_id)
        return task._explain_no_slots(
            technicians, (self.date_from, self.date_to), self.duration
        )

    # Queue -------------------------------------------------------------------

    @api.depends("queue_ids")
    def _compute_queue_count(self):
        for wizard in self:
            wizard.queue_count = len(wizard.queue_ids)

    @api.model
    def _open_for_each(self, tasks):
        """Return the action that shows the open slots for the first of the tasks."""
        action = self._open_for(tasks[0])
        self.browse(action["res_id"]).queue_ids = tasks[1:]
        return action

    def action_next(self):
        """Go on with the next task that still can be planned."""
        self.ensure_one()
        tasks = self.queue_ids._filter_plannable()
        if not tasks:
            return {"type": "ir.actions.act_window_close"}
        return self._open_for_each(tasks)
