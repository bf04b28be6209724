"""Tokens stay out of the log, whoever writes the line."""

import io
import logging

from odoo.tests import TransactionCase, tagged

from ..tools.log_masking import LOGGERS, TokenFilter, install

TOKEN = "a1-_" * 10 + "xyz"
# A logger of a module of this addon, as each has one by its __name__.
CHILD = "odoo.addons.fusion_repairs.models.client_mail.mail_mail"


@tagged("post_install", "-at_install", "fusion")
class TestLogMasking(TransactionCase):
    """A log that is copied to somebody must not hand them the links."""

    def masked(self, message, *args):
        """Return what a record says after the filter."""
        record = logging.LogRecord("werkzeug", 20, "f", 1, message, args, None)
        self.assertTrue(TokenFilter().filter(record))
        return record.getMessage()

    def listen(self, logger):
        """Return a stream that gets what a logger's handlers get."""
        handler = logging.StreamHandler(io.StringIO())
        logger.addHandler(handler)
        self.addCleanup(logger.removeHandler, handler)
        return handler

    def filters_of(self, place):
        return [item for item in place.filters if isinstance(item, TokenFilter)]

    def test_tokens_are_masked(self):
        for kind in ("maintenance/book", "maintenance/opt-out", "certificate"):
            line = '"GET /repairs/%s/%s/confirm?m=taken HTTP/1.1" 200'
            said = self.masked(line, kind, TOKEN)
            self.assertNotIn(TOKEN, said)
            self.assertIn(f"/repairs/{kind}/***/confirm?m=taken", said)

    def test_copied_and_odd_addresses_are_masked(self):
        for path in (
            f"//repairs/maintenance/book/{TOKEN}",
            f"/fr_CA/repairs/maintenance/opt-out/{TOKEN}",
            f"/Repairs/Maintenance//Book/{TOKEN}).",
            f"/repairs/maintenance/book/%22{TOKEN}%C2%AD",
            f"/repairs/maintenance/book/'\"<{TOKEN}>",
            f"/repairs/certificate/{TOKEN.lower()}",
        ):
            said = self.masked('"GET %s HTTP/1.1" 200', path)
            self.assertNotIn(TOKEN.lower(), said.lower(), path)
            self.assertIn("***", said)

    def test_other_lines_stay_as_they_are(self):
        self.assertEqual(self.masked("GET /web/%s", "login"), "GET /web/login")
        self.assertEqual(self.masked("/repairs/maintenance"), "/repairs/maintenance")

    def test_a_broken_log_call_is_left_to_logging(self):
        record = logging.LogRecord("odoo", 20, "f", 1, "%d of %d", ("x",), None)
        self.assertTrue(TokenFilter().filter(record))
        self.assertEqual(record.args, ("x",))

    def test_the_server_log_is_masked_from_its_start(self):
        """Odoo's own handler has the filter, put there when the addon was loaded."""
        handlers = [
            handler
            for handler in logging.getLogger().handlers
            if handler.formatter and "%(dbname)s" in (handler.formatter._fmt or "")
        ]
        self.assertTrue(handlers)
        for handler in handlers:
            self.assertEqual(len(self.filters_of(handler)), 1)

    def test_the_filter_is_installed_once(self):
        self.listen(logging.getLogger())
        install()
        install()
        loggers = [logging.getLogger(name) for name in LOGGERS]
        for place in (*logging.getLogger().handlers, *loggers):
            self.assertEqual(len(self.filters_of(place)), 1, place)

    def test_a_line_of_any_module_is_masked(self):
        """Also of a logger that did not exist when the filter was put in place."""
        handler = self.listen(logging.getLogger())
        install()
        for name in (CHILD, "odoo.addons.fusion_repairs.made_up_later", "elsewhere"):
            with self.subTest(name=name):
                handler.setStream(io.StringIO())
                logger = logging.getLogger(name)
                self.addCleanup(logger.setLevel, logger.level)
                logger.setLevel(logging.WARNING)  # tests may run quieter
                logger.warning("Link /repairs/maintenance/book/%s failed", TOKEN)
                said = handler.stream.getvalue()
                self.assertNotIn(TOKEN, said)
                self.assertIn("/repairs/maintenance/book/*** failed", said)

    def test_a_path_is_masked_for_a_handler_that_comes_later(self):
        with self.assertLogs("odoo.http", "WARNING") as captured:
            logging.getLogger("odoo.http").warning(
                "CSRF validation failed on path '%s'",
                f"/repairs/maintenance/book/{TOKEN}/confirm",
            )
        self.assertNotIn(TOKEN, captured.output[0])
        self.assertIn("/book/***/confirm", captured.output[0])
