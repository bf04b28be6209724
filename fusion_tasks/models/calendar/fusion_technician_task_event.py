from dataclasses import replace
from datetime import timezone

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import plaintext2html

from ...button_context import without_button
from ...live_statuses import LIVE_STATUSES
from ...scheduling import find_open_slots, local_date

# Work that was done stays on the technician's calendar, as history.
MIRRORED_STATUSES = (*LIVE_STATUSES, "completed")
MIRRORED_FIELDS = frozenset(
    {
        "name",
        "status",
        "technician_id",
        "partner_id",
        "address_id",
        "task_type",
        "date_start",
        "date_end",
        "duration",
        "description",
    }
)
# An event that reminds, invites or logs nothing: nobody gets a mail for a mirror.
SILENT = {
    "no_mail_to_attendees": True,
    "skip_attendee_notification": True,
    "dont_notify": True,
    "skip_contact_description": True,
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
}

UTC = timezone.utc
FINEST_GRID_MINUTES = 5


class FusionTechnicianTask(models.Model):
    """The mirror: one event on the technician's calendar for each live task."""

    _inherit = "fusion.technician.task"

    calendar_event_id = fields.Many2one(
        "calendar.event",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )

    def unlink(self):
        """Take the tasks off the technicians' calendars."""
        events = without_button(self.sudo()).calendar_event_id
        result = super().unlink()
        events.with_context(**SILENT).unlink()
        return result

    def _follow_on_calendars(self, vals):
        """Keep the technicians' calendars in step with what was written."""
        if not MIRRORED_FIELDS.isdisjoint(vals):
            self._sync_calendar_events()

    def _sync_calendar_events(self):
        """Create, change or delete the events so that they show the tasks as they are.

        The office may not write on a technician's calendar, and the client has no
        account at all, hence sudo.
        """
        # Of the button that led here the calendar would make a meeting to be done.
        tasks = without_button(self.sudo())
        shown = tasks.filtered(lambda task: task.status in MIRRORED_STATUSES)
        # Another technician's visit is another event: Google and Outlook keep a copy in
        # the calendar of whose it was, and delete it only along with the event.
        passed_on = shown.filtered(
            lambda task: task.calendar_event_id.user_id != task.technician_id
        )
        gone = (tasks - shown | passed_on).filtered("calendar_event_id")
        events = gone.calendar_event_id
        if gone:
            # First let go: an event that mirrors a task refuses to be deleted.
            gone.write({"calendar_event_id": False})
            events.with_context(**SILENT).unlink()
        tasks._create_calendar_events(shown - shown.filtered("calendar_event_id"))
        for task in shown.filtered("calendar_event_id"):
            task._update_calendar_event()

    def _create_calendar_events(self, tasks):
        if not tasks:
            return
        # In the system's own name: the acting user is neither guest nor organiser.
        calendar = self.env["calendar.event"].sudo().with_context(**SILENT)
        events = calendar.create([task._prepare_event_vals() for task in tasks])
        for task, event in zip(tasks, events, strict=True):
            task.write({"calendar_event_id": event.id})
        events.attendee_ids.write({"state": "accepted"})

    def _update_calendar_event(self):
        """Write on the event what differs from the task."""
        event = self.calendar_event_id.with_context(**SILENT)
        vals = self._prepare_event_vals()
        shown = event.read(vals.keys(), load="")[0]
        guests = {"partner_ids": self.technician_id.partner_id.ids, "alarm_ids": []}
        differing = {
            name: value
            for name, value in vals.items()
            if (shown[name] or False) != (guests.get(name, value) or False)
        }
        if differing:
            event.write(differing)
            event.attendee_ids.filtered(
                lambda attendee: attendee.state != "accepted"
            ).write({"state": "accepted"})

    def _prepare_event_vals(self):
        """Return the values of the task's calendar event."""
        self.ensure_one()
        types = dict(self._fields["task_type"]._description_selection(self.env))
        who = self.partner_id.name or self.name
        return {
            "name": f"{types[self.task_type]} – {who}",
            "start": self.date_start,
            "stop": self.date_end,
            "allday": False,
            "user_id": self.technician_id.id,
            "partner_ids": [Command.set(self.technician_id.partner_id.ids)],
            "location": self.address_inline,
            "description": plaintext2html(self.description or ""),
            "privacy": "private",
            "show_as": "busy",
            "alarm_ids": [Command.clear()],
        }

    # Moved in the calendar ---------------------------------------------------

    def _is_event_in_step(self):
        """Tell whether the event says what the task says."""
        self.ensure_one()
        event = self.calendar_event_id
        times = self.date_start, self.date_end
        return (event.start, event.stop) == times and self._is_event_ours()

    def _is_event_ours(self):
        """Tell whether the event is as it must be but for its time."""
        event, technician = self.calendar_event_id, self.technician_id
        return (
            event.active
            and event.show_as == "busy"
            and not event.allday
            and not event.recurrency
            and event.user_id == technician
            and event.partner_ids == technician.partner_id
        )

    def _follow_event(self, user):
        """Move the task to where its event was dragged.

        Legal for dispatchers only, and where the engine and the database allow it.
        Notice, horizon and grid bind what clients are offered, not the dispatcher.

        :param user: who dragged it
        :raise UserError: where it is not legal; nothing is changed then
        """
        self.ensure_one()
        event = self.calendar_event_id
        start, end = event.start, event.stop
        if not self._is_event_ours() or self.status not in ("scheduled", "en_route"):
            raise self._make_mirror_error()
        self.with_user(user)._check_may_write({"date_start": start})
        self.with_user(user).check_access("write")
        if end <= start:
            raise UserError(self.env._("A task must take some time."))
        if start != self.date_start and start < fields.Datetime.now():
            raise UserError(
                self.env._("%(task)s cannot move to the past.", task=self.display_name)
            )
        task = self.with_company(self.company_id)
        with self.env.cr.savepoint():
            task.write(
                {
                    "date_start": start,
                    "date_end": end,
                    # Once it stands beside nothing, nothing may be put beside it.
                    "allow_overlap": task.allow_overlap and task._stands_beside(),
                }
            )
            # It stays with its technician, however far that may be.
            conflict = task._find_conflicts(within_area=False).get(task.id)
            if conflict:
                raise UserError(
                    self.env._(
                        "%(task)s cannot move there. %(reason)s",
                        task=self.display_name,
                        reason=conflict.words,
                    )
                )
            task._refresh_travel_before()

    def _stands_beside(self):
        """Tell whether the technician has another task where the event is now."""
        event = self.calendar_event_id
        hours = (event.stop - event.start).total_seconds() / 3600
        return bool(self._find_beside(self.technician_id, event.start, hours, self))

    def _refresh_travel_before(self):
        """Plan the drive anew, from the stop that now comes before."""
        self.ensure_one()
        availability = self.env["fusion.technician.availability"]
        people = availability._collect_technicians(self.technician_id.ids)
        start = self.date_start.replace(tzinfo=UTC)
        day = local_date(start, people[self.technician_id.id].tz)
        plans = availability._to_day_plans(people, day, day, self)
        request = replace(self._prepare_own_request(), grid_minutes=FINEST_GRID_MINUTES)
        travel = availability._get_travel(plans, request.place)
        slots = find_open_slots(plans, request, travel)
        if slots and slots[0].start == start:
            self.write({"travel_before": slots[0].travel_before})

    def _set_event_back(self, error):
        """Let the event say what the task says, and the chatter why.

        For a synchronised calendar: an error would stop its synchronisation for good.
        """
        self.ensure_one()
        self._log_lines(
            {
                self.id: self.env._(
                    "The calendar event was changed elsewhere and set back. %(reason)s",
                    reason=str(error),
                )
            }
        )
        if not self.calendar_event_id.active:
            self.calendar_event_id.with_context(**SILENT).action_unarchive()
        self._update_calendar_event()

    def _make_mirror_error(self):
        return UserError(
            self.env._(
                "This event shows %(task)s: cancel, reassign or take off the task "
                "itself, and the calendar follows. Only its time can be changed here.",
                task=self.display_name,
            )
        )
