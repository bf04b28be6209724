"""The pages of a booking link: token, record, one named method, answer."""

from urllib.parse import urlencode

from odoo.http import Controller, request, route

from odoo.addons.fusion_tasks.exceptions import SlotTakenError

from ..models.booking.fusion_repair_maintenance_contract_slots import PriceChangedError
from ..models.client_pages.fusion_repair_maintenance_contract_page import ATTENDEE
from .form_memory import recall, remember
from .forms import read_form
from .pages import answer, answer_ended, find_contract

URL = "/repairs/maintenance/book/<string:token>"
PUBLIC = {"type": "http", "auth": "public", "sitemap": False}
READ = {**PUBLIC, "methods": ["GET"], "readonly": True, "max_content_length": 4096}
WRITE = {**PUBLIC, "methods": ["POST"], "max_content_length": 32 * 1024}
BOOKING_FIELDS = ("slot", "units", "view", "note", *ATTENDEE)


class BookingController(Controller):
    """Show, book, move and cancel the visit of one link. GET changes nothing."""

    @route(URL, **READ)
    def show(self, token, **query):
        """Show the page in the state the booking is in."""
        contract = find_contract(token)
        if not contract:
            return answer_ended(token, query)
        query = {key: query.get(key) for key in ("m", "view", "lang", "units")}
        query["typed"] = recall(token)
        page_model = request.env["fusion.repair.public.page"]
        return answer(page_model._get_booking_page(contract, query))

    @route(URL + "/confirm", **WRITE)
    def confirm(self, token, **_post):
        """Book the chosen time; whatever the outcome, lead back to the page."""
        form = {**read_form(*BOOKING_FIELDS), "token": token}
        contract = find_contract(token)
        if not contract:
            return answer_ended(token, form)
        code = None
        if not contract.current_visit_id and contract.state == "active":
            code = self._attempt("taken", contract, form, contract._book_online, form)
        remember(token, {name: form[name] for name in BOOKING_FIELDS} if code else {})
        view = "more" if code and form["view"] == "more" else None
        return self._lead_back(contract, form, code, view=view)

    @route(URL + "/move", **WRITE)
    def move(self, token, **_post):
        """Move the booked visit to the chosen time."""
        form = {**read_form("slot"), "token": token}
        contract = find_contract(token)
        if not contract:
            return answer_ended(token, form)
        if not contract._is_change_allowed():
            return self._lead_back(contract, form, "late")
        if not form["slot"]:
            return self._lead_back(contract, form, "choose", view="change")
        slot, move = form["slot"], contract._move_booking
        code = self._attempt("taken_move", contract, form, move, slot)
        view = "change" if code else None
        return self._lead_back(contract, form, code or "moved", view=view)

    @route(URL + "/cancel", **WRITE)
    def cancel(self, token, **_post):
        """Cancel the booked visit, of this unit or of all that share it."""
        form = {**read_form("reason", "scope"), "token": token}
        contract = find_contract(token)
        if not contract:
            return answer_ended(token, form)
        if not contract.current_visit_id:
            return self._lead_back(contract, form, None)
        if not contract._is_change_allowed():
            return self._lead_back(contract, form, "late")
        reason, everything = form["reason"], form["scope"] == "all"
        no_slot = {**form, "slot": ""}  # only the day of the visit itself is waited for
        code = self._attempt(
            "not_cancelled",
            contract,
            no_slot,
            self._cancel,
            contract,
            reason,
            everything,
        )
        return self._lead_back(contract, form, code)

    @route(URL + "/callback", **WRITE)
    def callback(self, token, **_post):
        """Ask the office to call the client."""
        form = {**read_form("phone", "days"), "token": token}
        contract = find_contract(token)
        if not contract:
            return answer_ended(token, form)
        done = contract._request_callback(form["phone"], form["days"])
        code = "phone" if done is False else None
        remember(
            token, {name: form[name] for name in ("phone", "days")} if code else {}
        )
        return self._lead_back(contract, form, code)

    # Helpers -------------------------------------------------------------------

    def _cancel(self, contract, reason, everything):
        """Cancel the visit; return the code of the message that says so."""
        return "cancelled" if contract._cancel_booking(reason, everything) else "late"

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

    def _lead_back(self, contract, form, code, view=None):
        """Answer 303 to a fresh page: the snapshot of this request is old.

        A link that was renewed meanwhile leads to no new one: it is answered as ever.
        """
        if not contract._is_opened_by(form["token"]):
            return answer_ended(form["token"], form)
        units = form.get("units") if code else None
        query = {"m": code, "view": view, "units": units, "lang": form["lang"]}
        query = urlencode({key: value for key, value in query.items() if value})
        anchor = "#fc-message" if code else ""
        url = contract._get_public_url() + ("?" + query if query else "") + anchor
        return request.redirect(url, code=303)
