"""What a booking link gives to keep: the calendar file, the papers of a visit."""

from odoo.http import Controller, request, route

from .booking import READ, URL
from .forms import find_contract
from .pages import answer_expired, answer_file


class DocumentController(Controller):
    """Files of the visit of one link; nothing here changes anything."""

    @route(URL + "/visit.ics", **READ)
    def calendar_file(self, token, **query):
        """Give the booked visit as a calendar file."""
        visit = find_contract(token).current_visit_id
        if not visit or visit._is_unscheduled():
            return answer_expired(query)
        headers = [
            ("Content-Type", "text/calendar; charset=utf-8"),
            ("Content-Disposition", 'attachment; filename="visit.ics"'),
        ]
        return request.make_response(visit._get_ics(), headers=headers)

    @route(URL + "/document/<string:key>", **READ)
    def document(self, token, key, **query):
        """Give a document of a visit that took place."""
        visits = request.env["fusion.repair.maintenance.visit"]
        visit = visits._find_done_by_token(token)
        attachment = visit and visit._get_done_document(key)
        if not attachment:
            return answer_expired(query)
        return answer_file(attachment)
