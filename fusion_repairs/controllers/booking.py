"""The pages of a booking link: token, record, one named method, answer."""

import hashlib
from urllib.parse import urlencode

from odoo.http import Controller, request, route

from odoo.addons.fusion_tasks.exceptions import SlotTakenError

from .forms import read_form
from .pages import answer, answer_ended, find_contract

URL = "/repairs/maintenance/book/<string:token>"
PUBLIC = {"type": "http", "auth": "public", "sitemap": False}
READ = {**PUBLIC, "methods": ["GET"], "readonly": True}
WRITE = {**PUBLIC, "methods": ["POST"], "max_content_length": 32 * 1024}
MEMORY = "fc_notes"


class BookingController(Controller):
    """Show, book, move and cancel the visit of one link. GET changes nothing."""

    @route(URL, **READ)
    def show(self, token, **query):
        """Show the page in the state the booking is in."""
        contract = find_contract(token)
        if not contract:
            return answer_ended(token, query)
        query = {key: query.get(key) for key in ("m", "view", "lang")}
        query["note"] = (request.session.get(MEMORY) or {}).get(self._key(token))
        page_model = request.env["fusion.repair.public.page"]
        return answer(page_model._get_booking_page(contract, query))

    @route(URL + "/confirm", **WRITE)
    def confirm(self, token, **_post):
        """Book the chosen time; whatever the outcome, lead back to the page."""
        form = read_form("slot", "note")
        contract = find_contract(token)
        if not contract:
            return answer_ended(token, form)
        code = None
        if not contract.current_visit_id and contract.state == "active":
            code = self._book(contract, form)
        self._remember_note(token, form["note"] if code else "")
        return self._lead_back(contract, form, code)

    @route(URL + "/move", **WRITE)
    def move(self, token, **_post):
        """Move the booked visit to the chosen time."""
        form = read_form("slot")
        contract = find_contract(token)
        if not contract:
            return answer_ended(token, form)
        if not contract._is_change_allowed():
            return self._lead_back(contract, form, "late")
        if not form["slot"]:
            return self._lead_back(contract, form, "choose", view="change")
        code = self._attempt("taken_move", contract._move_booking, form["slot"])
        view = "change" if code else None
        return self._lead_back(contract, form, code or "moved", view=view)

    @route(URL + "/cancel", **WRITE)
    def cancel(self, token, **_post):
        """Cancel the booked visit."""
        form = read_form("reason")
        contract = find_contract(token)
        if not contract:
            return answer_ended(token, form)
        if not contract.current_visit_id:
            return self._lead_back(contract, form, None)
        if not contract._is_change_allowed():
            return self._lead_back(contract, form, "late")
        contract._cancel_booking(form["reason"])
        return self._lead_back(contract, form, "cancelled")

    @route(URL + "/callback", **WRITE)
    def callback(self, token, **_post):
        """Ask the office to call the client."""
        form = read_form("phone", "days")
        contract = find_contract(token)
        if not contract:
            return answer_ended(token, form)
        done = contract._request_callback(form["phone"], form["days"])
        return self._lead_back(contract, form, None if done else "phone")

    # Helpers -------------------------------------------------------------------

    def _book(self, contract, form):
        if not form["slot"]:
            return "choose"
        return self._attempt(
            "taken",
            contract._book_slot,
            form["slot"],
            source="client_portal",
            note=form["note"] or None,
        )

    def _attempt(self, code, method, *args, **options):
        """Run a booking method whole or not at all; return a code when refused."""
        try:
            with request.env.cr.savepoint():
                method(*args, **options)
        except SlotTakenError:
            return code
        return None

    def _lead_back(self, contract, form, code, view=None):
        """Answer 303 to a fresh page: the snapshot of this request is old."""
        query = {"m": code, "view": view, "lang": form["lang"]}
        query = urlencode({key: value for key, value in query.items() if value})
        anchor = "#fc-message" if code else ""
        url = contract._get_public_url() + ("?" + query if query else "") + anchor
        return request.redirect(url, code=303)

    def _key(self, token):
        return hashlib.sha256(token.encode()).hexdigest()[:16]

    def _remember_note(self, token, note):
        """Keep what was typed for the next page of this browser, forget it after."""
        notes = dict(request.session.get(MEMORY) or {})
        before = notes.pop(self._key(token), "")
        if note:
            notes[self._key(token)] = note
        if note != before:
            request.session[MEMORY] = dict(list(notes.items())[-3:])
