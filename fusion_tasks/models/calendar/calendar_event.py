from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...exceptions import SlotTakenError
from .fusion_technician_task_event import SILENT

TIME_FIELDS = frozenset(
    {"start", "stop", "start_date", "stop_date", "duration", "allday"}
)
PLANNED_FIELDS = TIME_FIELDS | {
    "user_id", "partner_ids", "attendee_ids", "active", "recurrency", "show_as"
}  # fmt: skip
# Besides what Odoo shows of private events: who is where when, but not for whom.
SEARCHED_FIELDS = frozenset(
    {
        *models.LOG_ACCESS_COLUMNS,
        "attendee_ids",
        "categ_ids",
        "follow_recurrence",
        "partner_ids",
        "recurrency",
        "x_fc_is_mirror",
    }
)


class CalendarEvent(models.Model):
    """Events that mirror technicians' tasks, and events that hold technicians.

    A mirror moves its task if that is legal, else it stays where the task is. By hand
    a refusal is an error with the reason. Google's or Outlook's synchronisation, which
    runs in the user's name but past their rights, finds the event set back instead.
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

    @api.model_create_multi
    def create(self, vals_list):
        """Look whether booked visits still fit beside new events."""
        events = super().create(vals_list)
        events._fc_recheck_technicians()
        return events

    def write(self, vals):
        """Let tasks follow their events, and look at visits beside other events."""
        if PLANNED_FIELDS.isdisjoint(vals):
            return super().write(vals)
        tasks = self._get_mirrored_tasks()
        mirrors = tasks.calendar_event_id
        others = self - self.browse(mirrors.ids)
        if others:
            others._fc_recheck_technicians()
            super(CalendarEvent, others).write(dict(vals))
            others._fc_recheck_technicians()
        if mirrors:
            self._fc_write_mirrors(tasks, vals)
        return True

    def unlink(self):
        """Refuse to lose a mirror by hand; elsewhere deleted, it comes back."""
        tasks = self._get_mirrored_tasks()
        if tasks and self._fc_is_by_hand():
            # Here, not in an ondelete: below, the tasks let go of their events first.
            raise tasks[0]._make_mirror_error()  # pylint: disable=no-raise-unlink
        if tasks:
            tasks.write({"calendar_event_id": False})
        self._fc_recheck_technicians()
        result = super().unlink()
        tasks._sync_calendar_events()
        return result

    def _compute_user_can_edit(self):
        """Let dispatchers drag the visits of others."""
        result = super()._compute_user_can_edit()
        if self._fc_is_dispatcher():
            ids = self._get_mirrored_tasks().calendar_event_id.ids
            self.filtered(lambda event: event._origin.id in ids).user_can_edit = True
        return result

    # Reading ------------------------------------------------------------------------

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, **kwargs):
        """Find others' mirrors by what is shown of them only, and sort them by no more.

        Odoo masks the client's name, the place and the notes when a private event is
        read; a search would still tell whether one says this or that.
        """
        if not self.env.su:
            domain = Domain(domain)
            if self._fc_asks_for_private(domain, order):
                domain &= self._fc_get_shown_domain()
        return super()._search(domain, offset, limit, order, **kwargs)

    @api.model
    def _fc_asks_for_private(self, domain, order):
        """Tell whether a search goes by fields that private events do not show."""
        named = {condition.field_expr for condition in domain.iter_conditions()}
        named |= {part.split()[0] for part in (order or "").split(",") if part.strip()}
        names = {name.replace(":", ".").partition(".")[0] for name in named}
        return not names <= self._get_public_fields() | SEARCHED_FIELDS

    @api.model
    def _fc_get_shown_domain(self):
        """Return the events of which the user sees all, as far as mirrors go."""
        user = self.env.user
        return (
            Domain("x_fc_is_mirror", "!=", True)
            | Domain("user_id", "=", user.id)
            | Domain("partner_ids", "in", user.partner_id.ids)
        )

    # Mirrors ------------------------------------------------------------------------

    def _get_mirrored_tasks(self):
        """Return the tasks that these events mirror, whoever asks."""
        tasks = self.env["fusion.technician.task"].sudo()
        if not self.ids:
            return tasks
        tasks = tasks.with_context(active_test=False)
        return tasks.search([("calendar_event_id", "in", self.ids)])

    # Past our own write, which is where this comes from.
    # pylint: disable-next=missing-return
    def _fc_write_mirrors(self, tasks, vals):
        """Write on mirrors, silently, and let their tasks follow or set them back."""
        if vals.get("allday") and self._fc_is_by_hand():
            raise tasks[0]._make_mirror_error()
        mirrors = self.browse(tasks.calendar_event_id.ids).with_context(**SILENT)
        if vals.keys() <= TIME_FIELDS and self._fc_is_dispatcher():
            # A technician's event is private: that is no reason not to plan it.
            mirrors = mirrors.sudo()
        self._fc_queue(tasks, vals)
        # pylint: disable-next=super-method-mismatch
        super(CalendarEvent, mirrors).write(dict(vals))
        mirrors.sudo()._fc_accept()
        for task in tasks:
            if task._is_event_in_step():
                continue
            try:
                task._follow_event(self.env.user)
            except UserError as error:
                if self._fc_is_by_hand():
                    raise
                task._set_event_back(error)

    def _fc_queue(self, tasks, vals):
        """Wait until nobody else plans the days of tasks whose events are written.

        Before the events: who moves a task itself comes to its event last. A
        synchronisation goes on without: an error would stop it for good.
        """
        times = {"start": "date_start", "stop": "date_end", "duration": "duration"}
        moved = {times[name]: vals[name] for name in times if vals.get(name)}
        try:
            tasks._queue_for(tasks._get_spans(moved))
        except SlotTakenError:
            if self._fc_is_by_hand():
                raise

    def _fc_accept(self):
        """Let technicians have accepted what is planned for them."""
        attendees = self.attendee_ids
        attendees.filtered(lambda guest: guest.state != "accepted").write(
            {"state": "accepted"}
        )

    def _fc_is_by_hand(self):
        """Tell whether a person acts, or code that wants to hear of errors."""
        return not self.env.su or self.env.uid == SUPERUSER_ID

    def _fc_is_dispatcher(self):
        return self.env.user.has_group("fusion_tasks.fusion_tasks_group_dispatcher")

    # Events that hold technicians -----------------------------------------------------

    def _fc_recheck_technicians(self):
        """Let the visits of technicians whom these events concern be looked at."""
        events = self.sudo()
        if not events:
            return
        technicians = (
            self.env["res.users"]
            .sudo()
            .search(
                Domain("x_fc_is_technician", "=", True)
                & (
                    Domain("partner_id", "in", events.partner_ids.ids)
                    | Domain("id", "in", events.user_id.ids)
                )
            )
        )
        later = self.env["fusion.technician.task"]._recheck_later
        for event in events if technicians else ():
            later(
                technicians.filtered(
                    lambda user, event=event: (
                        user == event.user_id or user.partner_id in event.partner_ids
                    )
                ),
                event,
            )

    # Busy times --------------------------------------------------------------

    @api.depends("x_fc_task_ids")
    def _compute_x_fc_is_mirror(self):
        for event in self:
            event.x_fc_is_mirror = bool(event.x_fc_task_ids)
