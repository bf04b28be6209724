"""Keep the secret part of mailed links out of the log."""

import logging
import re

SECRET_PATH = re.compile(
    r"(/repairs/+(?:maintenance/+(?:book|opt-out)|certificate)/+)"
    r"[\"'<>\\]*[^/?#\s\"'<>\\]+",
    re.IGNORECASE,
)
# They print the paths of requests: masked also for a handler that is added later.
LOGGERS = (
    "werkzeug",
    "odoo.http",
    "odoo.sql_db",
    "odoo.service.model",
    "odoo.addons.base.models.ir_http",
    "odoo.addons.http_routing.models.ir_http",
)


class TokenFilter(logging.Filter):
    """Replace tokens in the paths of log lines: "/repairs/…/book/***"."""

    def filter(self, record):
        """Mask the record's message; never drop the record."""
        try:
            message = record.getMessage()
        except (TypeError, ValueError):  # a broken log call is reported by logging
            return True
        if "/repairs/" in message.lower():
            record.msg = SECRET_PATH.sub(r"\1***", message)
            record.args = ()
        return True


def install():
    """Add the filter once to the log's handlers, and to who prints request paths.

    A logger's filter is not asked for the records of the loggers below it, a handler's
    is: whichever logger a line comes from, it is written by the root's handlers.
    """
    loggers = [logging.getLogger(name) for name in LOGGERS]
    for place in (*logging.getLogger().handlers, *loggers):
        if not any(isinstance(item, TokenFilter) for item in place.filters):
            place.addFilter(TokenFilter())
