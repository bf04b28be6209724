"""The page that stops reminders, and the target of a mail program's own button."""

from odoo.http import Controller, request, route

from .booking import PUBLIC, READ
from .forms import read_form
from .pages import answer, answer_expired

URL = "/repairs/maintenance/opt-out/<string:token>"


class OptOutController(Controller):
    """Show what stopping means; only a POST stops anything."""

    @route(URL, **READ)
    def show(self, token, **query):
        """Show the question, or that the reminders have been stopped."""
        return self._answer(token, {"lang": query.get("lang")})

    # RFC 8058: the mail program posts "List-Unsubscribe=One-Click" by itself, without
    # cookie or form token. The secret of the link is the proof instead, and all that
    # a forged request could do is what the link's owner can undo with a phone call.
    @route(
        URL,
        **{**PUBLIC, "methods": ["POST"], "csrf": False, "max_content_length": 4096},
    )
    def stop(self, token, **_post):
        """Stop the reminders of this client at once."""
        form = read_form(**{"List-Unsubscribe": 20})
        one_click = form["List-Unsubscribe"] == "One-Click"
        partner = self._find(token)
        if partner:
            partner._fc_opt_out("one_click" if one_click else "page")
        return self._answer(token, form)

    def _find(self, token):
        return request.env["res.partner"]._find_by_opt_out_token(token)

    def _answer(self, token, query):
        partner = self._find(token)
        if not partner:
            return answer_expired(query)
        url = f"/repairs/maintenance/opt-out/{token}"
        page_model = request.env["fusion.repair.public.page"]
        return answer(page_model._get_opt_out_page(partner, url, query))
