"""The page that stops messages, and the target of a mail program's own button."""

from werkzeug.exceptions import BadRequest

from odoo.http import Controller, request, route

from ..tools.form_text import OPT_OUT_LENGTHS
from .booking import PUBLIC, READ
from .forms import read_form
from .pages import answer, answer_expired

URL = "/repairs/maintenance/opt-out/<string:token>"
ONE_CLICK = "List-Unsubscribe"
KINDS = {
    "reminder": ("reminder",),
    "appointment": ("appointment",),
    "all": ("reminder", "appointment"),
}


class OptOutController(Controller):
    """Show what can be stopped; only a POST stops anything, or takes it back."""

    @route(URL, **READ)
    def show(self, token, **query):
        """Show which messages are sent, and which were stopped."""
        return self._answer(token, {"lang": query.get("lang")})

    # RFC 8058: the mail program posts "List-Unsubscribe=One-Click" by itself, without
    # cookie or form token. The secret of the link is the proof instead, and all that
    # a forged request could do is what the link's owner can undo on the same page.
    @route(
        URL,
        **{**PUBLIC, "methods": ["POST"], "csrf": False, "max_content_length": 4096},
    )
    def change(self, token, **_post):
        """Stop messages to this client at once, or send them again."""
        form = read_form(**{ONE_CLICK: 20, **OPT_OUT_LENGTHS})
        one_click = form[ONE_CLICK] == "One-Click"
        kind, do = form["kind"], form["do"]
        if one_click:
            # The button of a mail program stops the kind of mail that it stands on.
            kind = kind or request.httprequest.args.get("kind") or "reminder"
            do = do or "stop"
        # A form that does not say what was meant changes nothing.
        if kind not in KINDS or do not in ("stop", "keep"):
            raise BadRequest("unexpected value")
        partner = self._find(token)
        if partner and do == "stop":
            source = "one_click" if one_click else "page"
            partner._fc_opt_out(source, KINDS[kind])
        elif partner:
            partner._fc_opt_in("page", KINDS[kind])
        return self._answer(token, form, do)

    def _find(self, token):
        return request.env["res.partner"]._fc_find_by_opt_out_token(token)

    def _answer(self, token, query, done=None):
        partner = self._find(token)
        if not partner:
            return answer_expired(query)
        url = f"/repairs/maintenance/opt-out/{token}"
        page_model = request.env["fusion.repair.public.page"]
        return answer(page_model._get_opt_out_page(partner, url, query, done))
