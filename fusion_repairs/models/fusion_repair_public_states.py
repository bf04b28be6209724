"""Which page a link shows now, and the sentences of that state."""

from odoo import fields, models

# Which messages make sense on which page: an old address may be opened again later.
MESSAGES = {
    "choose": ("taken", "price", "choose", "phone", "email", "emails", "cancelled"),
    "callback": ("cancelled",),
    "move": ("taken_move", "choose"),
    "booked": ("moved", "late"),
}


class FusionRepairPublicPage(models.AbstractModel):
    """The states that a booking can be in, as its client sees them."""

    _inherit = "fusion.repair.public.page"

    def _get_state(self, contract, visit, query):
        """Return which page the link shows now."""
        if visit:
            return self._get_visit_state(contract, visit, query)
        if contract.state != "active":
            return "closed"
        looking = query.get("view") in ("choose", "more")
        trying = query.get("m") in (
            "taken",
            "price",
            "choose",
            "phone",
            "email",
            "emails",
        )
        if not (looking or trying) and contract._get_promised_call():
            return "callback"
        return "choose"

    def _get_visit_state(self, contract, visit, query):
        if visit._is_unscheduled():
            return "unscheduled"
        if self._get_progress(visit):
            return "under_way"
        if query.get("view") == "change" and contract._is_change_allowed():
            return "move"
        return "booked"

    def _get_progress(self, visit):
        """Return at_work, on_the_way or past; nothing as long as the visit is ahead."""
        if visit.state == "in_progress":
            return "at_work"
        if visit.technician_task_id.status == "en_route":
            return "on_the_way"
        return "past" if visit.visit_end < fields.Datetime.now() else ""

    def _get_message(self, state, code):
        """Return the message of a code; codes, never free text, come from the URL."""
        if code not in MESSAGES.get(state, ()):
            return None
        return {
            "good": code in ("moved", "cancelled"),
            "text": self._say_messages()[code],
            "code": code,
        }

    def _say_messages(self):
        """Return what each code says."""
        return {
            "taken": self.env._(
                "That time is no longer free. Nothing was booked yet: please choose "
                "another time below."
            ),
            "price": self.env._(
                "Nothing was booked yet: the price has changed. Please look at it "
                "again, then press the button."
            ),
            "choose": self.env._(
                "Please choose one of the times first, then press the button again."
            ),
            "taken_move": self.env._(
                "That time is no longer free. Your visit stays as it was; please "
                "choose another time."
            ),
            "late": self.env._(
                "Your visit is very soon, so it can no longer be changed here. Please "
                "call us."
            ),
            "phone": self.env._(
                "Please write your phone number with the area code, so that we can "
                "call you."
            ),
            "email": self.env._(
                "Nothing was booked yet: the e-mail address of the person who will be "
                "there does not look complete. Please check it, or leave it empty, "
                "then press the button again."
            ),
            "emails": self.env._(
                "Nothing was booked yet: we send copies to three different addresses "
                "at most. Please leave the e-mail address empty, or call us."
            ),
            "moved": self.env._("Your visit was moved to the new time."),
            "cancelled": self.env._(
                "Your visit was cancelled. Whenever you like, choose a new time below."
            ),
        }

    def _say_due(self, contract):
        due = contract.next_due_date
        if not due or due < contract._get_today():
            return self.env._(
                "Your equipment is due for its regular visit. Choose the time that "
                "suits you best."
            )
        return self.env._(
            "Your equipment is due for its regular visit in %(month)s. Choose the "
            "time that suits you best.",
            month=self._say_month(due),
        )

    def _say_included(self, contract, companions):
        """Return what a visit includes, from the units' own checklists."""
        checks = sum(
            len(unit.x_fc_policy_category_id._get_checklist_items())
            for unit in contract | companions
            if unit.x_fc_policy_category_id
        )
        included = []
        if checks:
            included.append(
                self.env._(
                    "A check of %(count)s points by a trained technician", count=checks
                )
            )
        return [
            *included,
            self.env._("Cleaning and small adjustments"),
            self.env._("A written report of what we found"),
            self.env._(
                "Time needed: %(duration)s",
                duration=self._say_duration(contract._get_visit_hours(companions)),
            ),
        ]

    def _say_old_time(self, visit):
        """Return that the time which the client was told is off, if they were."""
        lead = visit._get_lead().with_context(lang=self.env.lang)
        told = lead._get_messages().filtered(lambda row: row.state != "replaced")[:1]
        return told.told_start and self.env._(
            "The old time no longer holds: %(when)s",
            when=lead._say_when(told.told_start),
        )

    def _say_callback(self, contract):
        return self.env._(
            "We have your request. We will call you by %(day)s. You do not need to do "
            "anything else.",
            day=self._say_day(contract._get_open_callback().date_deadline),
        )
