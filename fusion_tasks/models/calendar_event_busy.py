from odoo import api, fields, models


class CalendarEvent(models.Model):
    """Which events can keep a technician busy: found without a look at each mirror.

    A technician's calendar holds as many mirrors as there are tasks, and few events
    besides; a search for open slots reads only those.
    """

    _inherit = "calendar.event"

    x_fc_task_ids = fields.One2many(
        "fusion.technician.task",
        "calendar_event_id",
        string="Technician Tasks",
        context={"active_test": False},
        groups="base.group_system",
    )
    x_fc_is_mirror = fields.Boolean(
        string="Mirrors a Task",
        compute="_compute_x_fc_is_mirror",
        compute_sudo=True,
        store=True,
        help="The event shows a technician's task, which takes the time itself.",
    )

    _fc_busy_idx = models.Index(
        "(stop, start) WHERE active AND show_as = 'busy' AND x_fc_is_mirror IS NOT TRUE"
    )

    @api.depends("x_fc_task_ids")
    def _compute_x_fc_is_mirror(self):
        for event in self:
            event.x_fc_is_mirror = bool(event.x_fc_task_ids)
