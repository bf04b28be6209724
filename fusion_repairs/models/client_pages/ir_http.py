"""Friendly, safe answers of the public pages when something is wrong."""

import logging
import re

from werkzeug.exceptions import (
    BadRequest,
    HTTPException,
    MethodNotAllowed,
    TooManyRequests,
)

from odoo import models
from odoo.http import Response, request

from ...tools.form_text import FIELD_LENGTHS, OPT_OUT_LENGTHS, clean
from ...tools.tokens import clean_path
from .fusion_repair_public_page_done import CERTIFICATE_URL

_logger = logging.getLogger(__name__)

PREFIX = "/repairs/"
PUBLIC_HEADERS = {
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
}
BOOK_PATH = re.compile(
    r"^(?P<page>/repairs/maintenance/(?P<kind>book|opt-out)/(?P<token>[\w-]{43}))(?:/|$)",
    re.ASCII,
)
COUNTED = "fusion_repairs.counted"
RESERVED = {"self"}
TOO_MANY = 429


class IrHttp(models.AbstractModel):
    """Give every answer below /repairs/ its headers, errors included."""

    _inherit = "ir.http"

    @classmethod
    def _get_public_path(cls):
        """Return the path of the page that is meant, whatever was copied with it."""
        return clean_path(request.httprequest.path)

    @classmethod
    def _is_public_repairs(cls):
        return cls._get_public_path().startswith(PREFIX)

    @classmethod
    def _match(cls, path):
        try:
            return super()._match(clean_path(path))
        except MethodNotAllowed as exception:
            # Raised before there is a route that could handle its own errors.
            if cls._is_public_repairs():
                request.is_frontend = request.is_frontend_multilang = False
                exception.error_response = cls._handle_error(exception)
            raise

    @classmethod
    def _pre_dispatch(cls, rule, args):
        result = super()._pre_dispatch(rule, args)
        if cls._is_public_repairs():
            cls._refuse_too_many()
            cls._refuse_odd_requests()
        return result

    @classmethod
    def _refuse_too_many(cls):
        """Refuse forms that come too fast, by link and by the sender's address.

        The address is the one behind the reverse proxy, if Odoo is told of it
        (``proxy_mode``). A mail program stops reminders for many people from few
        addresses: there only the link counts, if it is one.
        """
        received = request.httprequest
        if received.method != "POST" or received.environ.get(COUNTED):
            return
        known = BOOK_PATH.match(cls._get_public_path())
        token = known and known["token"]
        shared = (
            known
            and known["kind"] == "opt-out"
            and request.env["res.partner"]._fc_find_by_opt_out_token(token)
        )
        wait = request.env["fusion.repair.public.post"]._count_post(
            token, None if shared else received.remote_addr
        )
        if wait:
            raise TooManyRequests(retry_after=wait)
        received.environ[COUNTED] = True  # Odoo may run this request again by itself

    @classmethod
    def _refuse_odd_requests(cls):
        """Refuse what no page of ours sends.

        OPTIONS: Odoo lets it reach the route without a form token, so that it could
        book. Files: one would take the place of a text field of the same name, and
        like a form token that is not ASCII it makes Odoo's own check of the form
        token fail with a traceback. A value named like the first argument of every
        route: Odoo passes what is sent by name, and Python takes no argument twice.
        """
        received = request.httprequest
        if received.method == "OPTIONS":
            raise MethodNotAllowed(valid_methods=["GET", "HEAD", "POST"])
        if RESERVED & {*received.args, *received.form, *received.files}:
            raise BadRequest("unexpected name")
        if received.method != "POST":
            return
        tokens = [
            *received.args.getlist("csrf_token"),
            *received.form.getlist("csrf_token"),
        ]
        if received.files or not all(token.isascii() for token in tokens):
            raise BadRequest("unexpected form")

    @classmethod
    def _post_dispatch(cls, response):
        result = super()._post_dispatch(response)
        if cls._is_public_repairs():
            response.headers.update(PUBLIC_HEADERS)
        return result

    @classmethod
    def _handle_error(cls, exception):
        response = super()._handle_error(exception)
        if not cls._is_public_repairs():
            return response
        try:
            return cls._answer_public_problem(exception, response)
        except Exception:  # the plain answer is better than none
            _logger.exception("cannot render the page of a failed public request")
            return response

    @classmethod
    def _answer_public_problem(cls, exception, response):
        """Return the friendly page in place of a plain error, with its status."""
        request.env.cr.rollback()
        if request.env.uid is None:
            cls._auth_method_public()
        if isinstance(response, HTTPException):
            response = response.get_response(request.httprequest.environ)
        status = response.status_code
        page_model = request.env["fusion.repair.public.page"]
        if status == 404:
            asked = {"lang": request.httprequest.args.get("lang")}
            if cls._get_public_path().startswith(CERTIFICATE_URL):
                shown = page_model._get_unknown_certificate_page(asked)
            else:
                shown = page_model._get_expired_page(asked)
        else:
            shown = cls._get_problem(page_model, status, response)
        html = page_model._render(*shown)
        answer = Response(html, status=status, content_type="text/html; charset=utf-8")
        if isinstance(exception, MethodNotAllowed) and exception.valid_methods:
            answer.headers["Allow"] = ", ".join(sorted(exception.valid_methods))
        if "Retry-After" in response.headers:
            answer.headers["Retry-After"] = response.headers["Retry-After"]
        answer.headers.update(PUBLIC_HEADERS)
        return answer

    @classmethod
    def _get_problem(cls, page_model, status, response):
        """Return the page that says what to do, in the language of the visitor."""
        known = BOOK_PATH.match(cls._get_public_path())
        contract = None
        typed = cls._get_typed()
        query = {"lang": typed.get("lang")}
        if known and known["kind"] == "book":
            contracts = request.env["fusion.repair.maintenance.contract"]
            contract = contracts._find_by_token(known["token"])
            query["typed"] = contract and contract._seal_typed(typed)
        if status == TOO_MANY:
            # Without what was meant the form of the messages must not be sent again.
            again = known and (known["kind"] == "book" or typed.get("do"))
            return page_model._get_busy_page(
                contract,
                query,
                int(response.headers.get("Retry-After") or 60),
                cls._get_public_path() if again else "",
                typed,
            )
        return page_model._get_problem_page(
            contract, query, known["page"] if known else ""
        )

    @classmethod
    def _get_typed(cls):
        """Return what the form said in fields of its page.

        Nothing of a form too large, and no field that this page's form does not have.
        """
        if request.httprequest.method != "POST":
            return {}
        try:
            form = request.httprequest.form
        except HTTPException:
            return {}
        known = BOOK_PATH.match(cls._get_public_path())
        is_opt_out = known and known["kind"] == "opt-out"
        fields = OPT_OUT_LENGTHS if is_opt_out else FIELD_LENGTHS
        lengths = {"lang": 10, **fields}
        return {
            name: clean(form[name])[:length]
            for name, length in lengths.items()
            if form.get(name)
        }
