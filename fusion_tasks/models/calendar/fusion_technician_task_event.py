from odoo import fields, models
from odoo.fields import Command
from odoo.tools import plaintext2html

from ...button_context import without_button
from ...live_statuses import LIVE_STATUSES

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
