import logging

from psycopg2.errors import CheckViolation, SerializationFailure, UniqueViolation

from odoo.tests import tagged

from ..exceptions import SlotTakenError
from ..log_masking import LOGGER, StatementFilter, install
from .common import FusionCase

SECRETS = {
    "description": "Gate code 4711, ask for Mrs. Maple, 416-555-0142",
    "latitude": 43.7123456,
    "longitude": -79.3987654,
}
TOLD = ("4711", "Maple", "0142", "43.7123", "79.3987")


@tagged("post_install", "-at_install", "fusion")
class TestLostRaceLog(FusionCase):
    """What clients told us stays out of the log, whatever the database refuses."""

    def read_log(self, error, **vals):
        """Book a task that is refused; returns the records of the log."""
        with (
            self.assertLogs(LOGGER, logging.INFO) as logs,
            self.assertRaises(error),
            self.env.cr.savepoint(),
        ):
            self.book("2026-06-03 09:30", **SECRETS, **vals)
            self.env.flush_all()
        text = "\n".join(logs.output)
        for told in TOLD:
            self.assertNotIn(told, text)
        return logs.records

    def test_a_time_that_is_taken_is_no_error_and_tells_nothing(self):
        self.book("2026-06-03 09:00")
        (record,) = self.read_log(SlotTakenError)
        self.assertEqual(record.levelname, "INFO")
        self.assertIn("fusion_technician_task", record.getMessage())
        self.assertIn("fusion_technician_task_no_double_booking", record.getMessage())

    def test_another_refusal_stays_an_error_and_tells_nothing(self):
        (record,) = self.read_log(CheckViolation, travel_before=-1)
        self.assertEqual(record.levelname, "ERROR")
        self.assertIn("travel_before_positive", record.getMessage())

    def test_a_lost_race_for_a_row_of_another_table_tells_nothing(self):
        statement = b'UPDATE "res_partner" SET "phone" = \'416-555-0142\''
        for error, shown in ((SerializationFailure, False), (UniqueViolation, True)):
            record = logging.LogRecord(
                LOGGER,
                logging.ERROR,
                "",
                0,
                "bad query: %s\nERROR: %s",
                (statement, error("could not")),
                None,
            )
            self.assertTrue(StatementFilter().filter(record))
            self.assertEqual("0142" in record.getMessage(), shown)
            self.assertEqual(record.levelno == logging.ERROR, shown)

    def test_the_filter_is_there_once(self):
        install()
        install()
        filters = logging.getLogger(LOGGER).filters
        found = [item for item in filters if isinstance(item, StatementFilter)]
        self.assertEqual(len(found), 1)
