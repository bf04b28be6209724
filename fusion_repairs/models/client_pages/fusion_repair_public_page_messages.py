"""What a page says on top after a form was sent: what was done, or what to correct."""

from odoo import models
from odoo.tools.i18n import format_list

# Which messages make sense on which page: an old address may be opened again later.
MESSAGES = {
    "choose": ("taken", "price", "choose", "phone", "email", "emails", "cancelled"),
    "callback": ("cancelled",),
    "move": ("taken_move", "choose"),
    "booked": (
        *("moved", "late", "not_cancelled", "taken_off", "noted", "nothing_new"),
        *("email", "emails"),
    ),
}
GOOD = ("moved", "cancelled", "taken_off", "noted")
# Which field of the page a message is about.
FIELDS = {
    **dict.fromkeys(("taken", "taken_move", "choose"), "slot"),
    **dict.fromkeys(("email", "emails"), "attendee_email"),
    "phone": "phone",
}
IDS = {"slot": "fc-t1", "attendee_email": "fc-attendee-email", "phone": "fc-phone"}


class FusionRepairPublicPage(models.AbstractModel):
    """The messages of the pages, each with the field that it is about."""

    _inherit = "fusion.repair.public.page"

    def _get_message(self, state, code, contract):
        """Return the message of a code; codes, never free text, come from the URL.

        With the field of the page that it is about, to be led to.
        """
        if code not in MESSAGES.get(state, ()):
            return None
        text = self._get_message_texts(state)[code]
        if code == "cancelled":
            text = self._get_staying_text(contract) or text
        field = FIELDS.get(code, "")
        return {
            "good": code in GOOD,
            "text": text,
            "code": code,
            "field": field,
            "url": field and f"#{IDS[field]}",
        }

    def _get_staying_text(self, contract):
        """Return what goes on after one unit was taken off; "" if nothing does."""
        visits = contract._get_staying_visits()
        if not visits:
            return ""
        units = visits.contract_id
        return self.env._(
            "Our technician still comes on %(when)s, for: %(units)s. Only this was "
            "taken off: %(unit)s.",
            when=visits[0].with_context(lang=self.env.lang)._format_when(),
            units=format_list(self.env, units._get_unit_names()),
            unit=contract._get_unit_names()[0],
        )

    def _get_message_texts(self, state):
        """Return what each code says on a page."""
        return {**self._get_correction_texts(state), **self._get_outcome_texts()}

    def _get_outcome_texts(self):
        """Return what each code says that tells what was done, or why not."""
        return {
            "late": self.env._(
                "Your visit is very soon, so it can no longer be changed here. Please "
                "call us."
            ),
            "not_cancelled": self.env._(
                "Your visit was not cancelled, because somebody was changing that day "
                "just now. Please try again in a minute, or call us."
            ),
            "moved": self.env._("Your visit was rescheduled."),
            "cancelled": self.env._(
                "Your visit was cancelled. Whenever you like, choose a new time below."
            ),
            "taken_off": self.env._(
                "Your visit stays: our technician comes at the time below, for the "
                "equipment below, at the new total below."
            ),
            "noted": self.env._(
                "Thank you. Your changes are saved, and our technician will see them "
                "with the visit."
            ),
            "nothing_new": self.env._(
                "Nothing was changed, because all fields were empty."
            ),
        }

    def _get_correction_texts(self, state):
        """Return what each code says that asks for another try."""
        email = self.env._(
            "Nothing was booked yet: the email address of the person who will be "
            "there does not look complete. Please check it, or leave it empty, then "
            "press the button again."
        )
        emails = self.env._(
            "Nothing was booked yet: we send copies to three different addresses "
            "at most. Please leave the email address empty, or call us."
        )
        if state == "booked":
            email = self.env._(
                "Nothing was changed: the email address of the person who will be "
                "there does not look complete. Please check it, then press the button "
                "again."
            )
            emails = self.env._(
                "Nothing was changed: we send copies to three different addresses at "
                "most. Please leave the email address empty, or call us."
            )
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
            "phone": self.env._(
                "Please write your phone number with the area code, so that we can "
                "call you."
            ),
            "email": email,
            "emails": emails,
        }
