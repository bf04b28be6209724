"""Keep the secret part of mailed links out of the log."""

import logging
import re

SECRET_PATH = re.compile(
    r"(/repairs/(?:maintenance/(?:book|opt-out)|certificate)/)[^/?#\s\"'<>\\]+"
)
LOGGERS = (
    "werkzeug",
    "odoo.http",
    "odoo.sql_db",
    "odoo.service.model",
    "odoo.addons.base.models.ir_http",
    "odoo.addons.http_routing.models.ir_http",
    "odoo.addons.fusion_repairs",
)


class TokenFilter(logging.Filter):
    """Replace tokens in the paths of log lines: "/repairs/…/book/***"."""

    def filter(self, record):
        """Mask the record's message; never drop the record."""
        try:
            message = record.getMessage()
        except (TypeError, ValueError):  # a broken log call is reported by logging
            return True
        if "/repairs/" in message:
            record.msg = SECRET_PATH.sub(r"\1***", message)
            record.args = ()
        return True


def install():
    """Add the filter once to every logger that writes request paths."""
    for name in LOGGERS:
        logger = logging.getLogger(name)
        if not any(isinstance(item, TokenFilter) for item in logger.filters):
            logger.addFilter(TokenFilter())
