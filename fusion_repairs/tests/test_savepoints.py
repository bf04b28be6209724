from unittest.mock import Mock

from psycopg2 import OperationalError
from psycopg2.errors import SerializationFailure

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.fusion_repairs.tools.savepoints import (
    attempt,
    one_by_one,
    run_in_batches,
)

from .common import RepairsCase

LOGGER = "odoo.addons.fusion_repairs.tools.savepoints"


@tagged("post_install", "-at_install", "fusion")
class TestSavepoints(RepairsCase):
    """What fails undoes itself and nothing else, and a job comes to its end."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        names = [{"name": f"Tag {number}", "color": 0} for number in range(5)]
        cls.tags = cls.env["res.partner.category"].create(names)

    def paint(self, tags):
        """The work of these tests: it can be seen on the record."""
        tags.color = 7
        self.calls.append(tags)

    def setUp(self):
        super().setUp()
        self.calls = []

    def painted(self):
        self.env.invalidate_all()
        return self.tags.filtered(lambda tag: tag.color == 7)

    def poisoned(self, bad, error):
        """Return the work, which fails after it has written if a record is there."""

        def work(tags):
            self.paint(tags)
            if bad in tags:
                raise error

        return work

    # One attempt ---------------------------------------------------------------

    def test_what_failed_is_undone_and_told(self):
        failed = Mock()
        error = ValueError("No")
        with self.assertLogs(LOGGER, "ERROR") as logs:
            done = attempt(
                self.env.cr,
                lambda: self.poisoned(self.tags[0], error)(self.tags),
                "Painting",
                failed=failed,
            )
        self.assertFalse(done)
        self.assertFalse(self.painted())
        failed.assert_called_once_with(error)
        self.assertIn("Painting failed", logs.output[0])
        self.assertIn("ValueError: No", logs.output[0])

    def ask(self, action, failed):
        cr = self.env.cr
        return attempt(cr, action, "Asking", failed=failed, expected=(UserError,))

    def test_words_for_a_user_are_no_error_in_the_log(self):
        def refuse():
            words = "Please fill in the street"
            raise UserError(words)

        failed = Mock()
        with self.assertNoLogs(LOGGER, "ERROR"):
            self.assertFalse(self.ask(refuse, failed))
        failed.assert_called_once()

    def test_a_lost_race_is_for_the_whole_transaction(self):
        failed = Mock()

        def lose():
            raise SerializationFailure("could not serialize access")

        with self.assertRaises(SerializationFailure):
            attempt(self.env.cr, lose, "Racing", failed=failed)
        with self.assertRaises(SerializationFailure):
            one_by_one(self.tags, lambda _tags: lose(), "Racing", lock=False)
        failed.assert_not_called()

    # One by one ----------------------------------------------------------------

    def test_all_are_done_at_once_where_nothing_fails(self):
        self.assertFalse(one_by_one(self.tags, self.paint, "Painting"))
        self.assertEqual(self.calls, [self.tags])
        self.assertEqual(self.painted(), self.tags)

    def test_one_poisoned_record_stops_nobody_else(self):
        bad, kept = self.tags[2], []
        with self.assertLogs(LOGGER, "ERROR"):
            left = one_by_one(
                self.tags,
                self.poisoned(bad, ValueError("No")),
                "Painting",
                keep_error=lambda tag, error: kept.append((tag, str(error))),
            )
        self.assertFalse(left)
        self.assertEqual(kept, [(bad, "No")])
        self.assertEqual(self.painted(), self.tags - bad)

    @mute_logger(LOGGER)
    def test_a_failure_that_cannot_be_kept_leaves_the_record_to_do(self):
        bad = self.tags[2]

        def keep(tag, _error):
            tag.color = 9
            raise ValueError("Nor this")

        work = self.poisoned(bad, ValueError("No"))
        left = one_by_one(self.tags, work, "Painting", keep_error=keep)
        self.assertEqual(left, bad)
        self.assertEqual(self.painted(), self.tags - bad)
        self.assertEqual(bad.color, 0)

    def test_what_was_changed_meanwhile_is_left_without_an_error(self):
        bad = self.tags[2]
        work = self.poisoned(bad, SerializationFailure("could not serialize access"))
        keep = Mock()
        with self.assertNoLogs(LOGGER, "ERROR"):
            left = one_by_one(self.tags, work, "Painting", keep_error=keep)
        self.assertEqual(left, bad)
        keep.assert_not_called()
        self.assertEqual(self.painted(), self.tags - bad)

    def test_a_lost_connection_ends_it_all(self):
        work = self.poisoned(self.tags[2], OperationalError("server closed"))
        with self.assertRaises(OperationalError):
            one_by_one(self.tags, work, "Painting")

    def test_what_somebody_holds_is_left_and_what_is_not_wanted_is_done(self):
        lock = type(self.tags).try_lock_for_update

        def try_lock(tags, **options):
            return lock(tags - self.tags[0], **options)

        self.patch(type(self.tags), "try_lock_for_update", try_lock)
        left = one_by_one(
            self.tags, self.paint, "Painting", wanted=lambda tags: tags - self.tags[4]
        )
        self.assertEqual(left, self.tags[0])
        self.assertEqual(self.painted(), self.tags[1:4])

    # A job ---------------------------------------------------------------------

    def test_job_stops_when_its_time_is_up_and_is_resumed(self):
        self.let_time_end_after(1)
        outcome = run_in_batches(self.tags, self.paint, "Painting", size=2)
        self.assertFalse(outcome.finished)
        self.assertEqual(self.painted(), self.tags[:2])
        rest = self.tags - self.painted()
        self.let_time_end_after(2)
        outcome = run_in_batches(rest, self.paint, "Painting", size=2)
        self.assertTrue(outcome.finished)
        self.assertEqual(self.painted(), self.tags)

    def test_job_is_finished_although_its_time_ends_with_the_last_batch(self):
        self.let_time_end_after(3)
        outcome = run_in_batches(self.tags, self.paint, "Painting", size=2)
        self.assertTrue(outcome.finished)
        self.assertEqual(self.painted(), self.tags)

    def test_job_without_records_is_finished(self):
        self.let_time_end_after(0)
        outcome = run_in_batches(self.tags[:0], self.paint, "Painting", size=2)
        self.assertTrue(outcome.finished)
        self.assertEqual(self.calls, [])

    def test_job_passes_over_what_was_deleted_meanwhile(self):
        gone = self.tags[0]
        tags = self.tags
        gone.copy()
        gone.unlink()
        self.let_time_end_after(9)
        outcome = run_in_batches(tags, self.paint, "Painting", size=5)
        self.assertEqual(self.calls, [tags[1:]])
        self.assertFalse(outcome.held)

    def test_job_tells_odoo_how_much_is_left_after_each_batch(self):
        told = []

        def commit(_jobs, processed=0, remaining=None):
            told.append((processed, remaining))
            return 10

        self.patch(self.registry["ir.cron"], "_commit_progress", commit)
        run_in_batches(self.tags, self.paint, "Painting", size=2)
        self.assertEqual(told, [(0, 5), (2, None), (2, None), (1, None)])
