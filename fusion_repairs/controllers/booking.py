"""The pages of a booking link: token, record, one named method, answer."""

from urllib.parse import urlencode

from odoo.http import Controller, request, route

from odoo.addons.fusion_tasks.exceptions import SlotTakenError

from ..models.booking.fusion_repair_maintenance_contract_slots import PriceChangedError
from ..models.client_pages.fusion_repair_maintenance_contract_page import ATTENDEE
from .forms import find_contract, read_link_form
from .pages import answer, answer_ended

URL = "/repairs/maintenance/book/<string:token>"
PUBLIC = {"type": "http", "auth": "public", "sitemap": False}
READ = {**PUBLIC, "methods": ["GET"], "readonly": True, "max_content_length": 4096}
# Odoo's own form token belongs to a session, which a browser without cookies does not
# keep: the forms are tied to their link instead, see ``read_link_form``.
WRITE = {
    **PUBLIC,
    "methods": ["POST"],
    "csrf": False,
    "max_content_length": 32 * 1024,
}
BOOKING_FIELDS = ("slot", "units", "view", "note", *ATTENDEE)


class BookingController(Controller):
    """Show, book, move and cancel the visit of one link. GET changes nothing."""

    @route(URL, **READ)
    def show(self, token, **query):
        """Show the page in the state the booking is in."""
        contract = find_contract(token)
        if not contract:
            return answer_ended(token, query)
        query = {key: query.get(key) for key in ("m", "view", "lang", "units", "typed")}
        page_model = request.env["fusion.repair.public.page"]
        return answer(page_model._get_booking_page(contract, query))

    @route(URL + "/confirm", **WRITE)
    def confirm(self, token, **_post):
        """Book the chosen time; whatever the outcome, lead back to the page."""
        contract, form = read_link_form(token, *BOOKING_FIELDS)
        if not contract:
            return answer_ended(token, form)
        code = None
        if not contract.current_visit_id and contract.state == "active":
            code = self._attempt("taken", contract, form, contract._book_online, form)
        view = "more" if code and form["view"] == "more" else None
        return self._lead_back(contract, form, code, view, form if code else None)

    @route(URL + "/move", **WRITE)
    def move(self, token, **_post):
        """Move the booked visit to the chosen time."""
        contract, form = read_link_form(token, "slot")
        if not contract:
            return answer_ended(token, form)
        if not contract._is_change_allowed():
            return self._lead_back(contract, form, "late")
        if not form["slot"]:
            return self._lead_back(contract, form, "choose", view="change")
        slot, move = form["slot"], contract._move_booking
        code = self._attempt("taken_move", contract, form, move, slot)
        view, typed = ("change", form) if code else (None, None)
        return self._lead_back(contract, form, code or "moved", view, typed)

    @route(URL + "/cancel", **WRITE)
    def cancel(self, token, **_post):
        """Cancel the booked visit, of one of its units or of all that share it."""
        contract, form = read_link_form(token, "reason", "scope")
        if not contract:
            return answer_ended(token, form)
        if not contract.current_visit_id:
            return self._lead_back(contract, form, None)
        if not contract._is_change_allowed():
            return self._lead_back(contract, form, "late")
        said = form["reason"], form["scope"]
        no_slot = {**form, "slot": ""}  # only the day of the visit itself is waited for
        code = self._attempt(
            "not_cancelled", contract, no_slot, contract._cancel_online, *said
        )
        return self._lead_back(contract, form, code)

    @route(URL + "/details", **WRITE)
    def details(self, token, **_post):
        """Change what the technician is told: the note, and who will be there."""
        contract, form = read_link_form(token, "note", "alone", *ATTENDEE)
        if not contract:
            return answer_ended(token, form)
        code = contract._change_details(form)
        typed = form if code in ("email", "emails") else None
        return self._lead_back(contract, form, code, typed=typed)

    @route(URL + "/callback", **WRITE)
    def callback(self, token, **_post):
        """Ask the office to call the client."""
        contract, form = read_link_form(token, "phone", "days")
        if not contract:
            return answer_ended(token, form)
        done = contract._request_callback(form["phone"], form["days"])
        code = "phone" if done is False else None
        return self._lead_back(contract, form, code, typed=form)

    # Helpers -------------------------------------------------------------------

    def _attempt(self, code, contract, form, method, *args):
        """Run a booking method when it is the client's turn, whole or not at all.

        :param code: of the message when the time is not offered (any more)
        :return: the code of a message, or what the method returns if that is one
        """
        try:
            contract._begin_in_turn(form["slot"])
            if not contract._is_opened_by(form["token"]):
                return None  # renewed while the client waited for the turn
            with request.env.cr.savepoint():
                result = method(*args)
        except PriceChangedError:
            return "price"
        except SlotTakenError:
            return code
        return result if isinstance(result, str) else None

    def _lead_back(self, contract, form, code, view=None, typed=None):
        """Answer 303 to a fresh page: the snapshot of this request is old.

        A link that was renewed meanwhile leads to no new one: it is answered as ever.

        :param typed: fields that the next page shows again; sealed, for it is private
        """
        if not contract._is_opened_by(form["token"]):
            return answer_ended(form["token"], form)
        query = {"m": code, "view": view, "lang": form["lang"]}
        if typed:
            query["units"] = typed.get("units")
            query["typed"] = contract._seal_typed(typed)
        query = urlencode({key: value for key, value in query.items() if value})
        anchor = "#fc-message" if code else ""
        url = contract._get_public_url() + ("?" + query if query else "") + anchor
        return request.redirect(url, code=303)
