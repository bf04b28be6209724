from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..button_context import without_button
from ..groups import DISPATCHER
from ..models.task.fusion_technician_task import LIVE_STATUSES

LAST_SECOND = time(23, 59, 59)


class FusionTimeOffWizard(models.TransientModel):
    """A technician is off: who, from when, until when, and why.

    Written into Odoo's own time off, which everything that plans reads. The visits
    that it hits are shown before, and to be put elsewhere after it.
    """

    _name = "fusion.time.off.wizard"
    _description = "Time Off of a Technician"
    _inherit = "fusion.wizard.access.mixin"

    technician_id = fields.Many2one(
        "res.users",
        required=True,
        domain="[('x_fc_is_technician', '=', True)]",
        ondelete="cascade",
    )
    date_from = fields.Date(
        string="From", required=True, default=fields.Date.context_today
    )
    date_to = fields.Date(
        string="Until",
        required=True,
        compute="_compute_date_to",
        store=True,
        readonly=False,
        precompute=True,
        help="The last day off.",
    )
    is_part_of_day = fields.Boolean(string="Only Some Hours")
    hour_from = fields.Float(string="From Hour", default=8.0)
    hour_to = fields.Float(string="Until Hour", default=12.0)
    reason = fields.Char(
        help="Kept with the time off, for dispatchers. The board says only that the "
        "technician is off.",
    )
    tz = fields.Char(string="Time Zone", compute="_compute_tz")
    task_ids = fields.Many2many(
        "fusion.technician.task",
        string="Visits During That Time",
        compute="_compute_task_ids",
    )
    task_count = fields.Integer(compute="_compute_task_ids")
    leave_ids = fields.Many2many(
        "resource.calendar.leaves",
        string="Time Off to Come",
        compute="_compute_leave_ids",
    )

    @api.depends("date_from")
    def _compute_date_to(self):
        for wizard in self:
            first = wizard.date_from
            wizard.date_to = max(filter(None, (wizard.date_to, first)), default=first)

    @api.depends("technician_id")
    def _compute_tz(self):
        for wizard in self:
            technician = wizard.technician_id
            wizard.tz = technician and technician._fc_get_tz()

    @api.depends(
        "technician_id",
        "date_from",
        "date_to",
        "is_part_of_day",
        "hour_from",
        "hour_to",
    )
    def _compute_task_ids(self):
        for wizard in self:
            wizard.task_ids = wizard._find_tasks()
            wizard.task_count = len(wizard.task_ids)

    @api.depends("technician_id")
    def _compute_leave_ids(self):
        leaves = self.env["resource.calendar.leaves"]
        for wizard in self:
            wizard.leave_ids = leaves.search(
                [
                    ("resource_id", "in", wizard._get_resource().ids),
                    ("x_fc_by_dispatcher", "=", True),
                    ("date_to", ">=", fields.Datetime.now()),
                ],
                order="date_from",
                limit=20,
            )

    @api.constrains("date_from", "date_to", "is_part_of_day", "hour_from", "hour_to")
    def _check_span(self):
        for wizard in self:
            hours = (wizard.hour_from, wizard.hour_to)
            if wizard.is_part_of_day and not all(0 <= hour <= 24 for hour in hours):
                raise ValidationError(
                    self.env._("Hours must be between 0:00 and 24:00.")
                )
            start, end = wizard._get_span()
            if end <= start:
                raise ValidationError(self.env._("The time off ends before it begins."))

    # What it means -----------------------------------------------------------------

    def _get_resource(self):
        """Return whose working time it is; of technicians only, and with all rights."""
        technician = self.technician_id.sudo()
        return technician.filtered("x_fc_is_technician").x_fc_resource_id

    def _get_span(self):
        """Return the first and last moment off, in UTC, by the technician's clock."""
        self.ensure_one()
        first, last = time.min, LAST_SECOND
        moments = [(self.date_from, first), (self.date_to, last)]
        if self.is_part_of_day:
            moments = [
                (day, timedelta(hours=min(max(hour, 0), 24)))
                for day, hour in (
                    (self.date_from, self.hour_from),
                    (self.date_to, self.hour_to),
                )
            ]
        zone = pytz.timezone(self.technician_id._fc_get_tz())
        return tuple(self._to_utc(zone, day, clock) for day, clock in moments)

    @api.model
    def _to_utc(self, zone, day, clock):
        if isinstance(clock, timedelta):
            local = datetime.combine(day, time.min) + clock
        else:
            local = datetime.combine(day, clock)
        return zone.localize(local).astimezone(pytz.utc).replace(tzinfo=None)

    def _find_tasks(self):
        """Return what the technician was to do during that time."""
        tasks = self.env["fusion.technician.task"]
        if not (self.technician_id and self.date_from and self.date_to):
            return tasks
        start, end = self._get_span()
        return tasks.search(
            [
                ("technician_id", "=", self.technician_id.id),
                ("status", "in", LIVE_STATUSES),
                ("date_start", "<", end),
                ("date_end", ">", start),
            ],
            order="date_start, id",
        )

    # Recording -----------------------------------------------------------------------

    def action_record(self):
        """Write the time off, and open the visits that have to go elsewhere."""
        self.ensure_one()
        self._check_may_record()
        tasks = self._find_tasks()
        start, end = self._get_span()
        self.technician_id.sudo()._fc_ensure_resource()
        resource = self._get_resource()
        # Odoo lets only HR write the time off of others.
        without_button(self.env["resource.calendar.leaves"].sudo()).create(
            {
                "name": (self.reason or "").strip() or self.env._("Time Off"),
                "resource_id": resource.id,
                "calendar_id": resource.calendar_id.id,
                "company_id": resource.company_id.id,
                "date_from": start,
                "date_to": end,
                "x_fc_by_dispatcher": True,
            }
        )
        if not tasks:
            return {"type": "ir.actions.act_window_close"}
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "fusion_tasks.fusion_technician_task_action"
        )
        return action | {
            "name": self.env._(
                "Visits to Reschedule or Reassign: %(name)s",
                name=self.technician_id.name,
            ),
            "domain": [("id", "in", tasks.ids)],
            "context": {},
            "target": "current",
        }

    def _check_may_record(self):
        """Refuse who plans nobody's work, and people whose work is not theirs to plan.

        :raise AccessError: in the first case
        :raise UserError: in the second
        """
        if not self.env.su and not self.env.user.has_group(DISPATCHER):
            raise AccessError(self.env._("Only dispatchers record time off here."))
        technician = self.technician_id.sudo()
        if not (technician.x_fc_is_technician and technician.active):
            raise UserError(
                self.env._(
                    "%(name)s is not a technician: their time off is not kept here.",
                    name=technician.name,
                )
            )
        if not technician.company_ids & self.env.user.company_ids:
            raise UserError(
                self.env._("%(name)s works for another company.", name=technician.name)
            )
