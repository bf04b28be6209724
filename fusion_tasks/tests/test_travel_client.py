import time

from odoo.tests import BaseCase, tagged

from ..maps.circuit_breaker import CircuitBreaker
from ..maps.osrm import OsrmError, fetch_minutes
from .fake_web import FakeWebMixin, osrm_table

HERE, THERE, FAR = (43.7, -79.4), (43.71, -79.41), (44.39, -79.69)
LEGS = [(HERE, THERE), (THERE, HERE), (HERE, FAR)]


@tagged("post_install", "-at_install", "fusion")
class TestOsrmClient(FakeWebMixin, BaseCase):
    """One request for a table; a bad answer is an error soon, never a wrong drive."""

    def ask(self, answer, legs=LEGS, **settings):
        self.fake = self.start_fake_web(answer)
        vars(self.fake).update(settings)
        return fetch_minutes(self.fake.url, legs)

    def assert_refused(self, answer, words, **settings):
        with self.assertRaises(OsrmError) as caught:
            self.ask(answer, **settings)
        self.assertIn(words, str(caught.exception))
        self.assertNotIn("43.7", str(caught.exception))

    def test_minutes_are_rounded_up_and_one_way(self):
        rows = [[0, 60, 61], [119.5, 0, 1], [7200, 0.1, 0]]
        minutes = self.ask(osrm_table(lambda _size: rows))
        self.assertEqual(minutes, {(HERE, THERE): 1, (THERE, HERE): 2, (HERE, FAR): 2})
        self.assertEqual(
            self.fake.requests,
            ["/table/v1/driving/-79.4000,43.7000;-79.4100,43.7100;-79.6900,44.3900"],
        )

    def test_what_is_no_duration_is_no_road(self):
        for junk in (None, "600", True, -1, float("nan"), float("inf"), 1e12, [], {}):
            with self.subTest(junk=junk):
                minutes = self.ask(osrm_table(lambda size, x=junk: [[x] * size] * size))
                self.assertEqual(set(minutes.values()), {None})

    def test_place_far_from_any_road_has_none(self):
        sources = [{"distance": 3}, {"distance": 9000}, {"distance": 12.5}]
        minutes = self.ask(osrm_table(600, sources=sources))
        self.assertEqual(
            minutes, {(HERE, THERE): None, (THERE, HERE): None, (HERE, FAR): 10}
        )
        for junk in (None, [], [1, 2, 3], [{"distance": "x"}] * 3):
            minutes = self.ask(osrm_table(600, sources=junk))
            self.assertEqual(set(minutes.values()), {10})

    def test_junk_is_refused(self):
        for body in (
            b"",
            b"<html>",
            b"[1, 2]",
            b"null",
            b"{",
            b"\xff\xfe",
            b"[" * 9999,
        ):
            with self.subTest(body=body[:9]):
                self.assert_refused(lambda *_args, body=body: body, "answer is no")
        self.assert_refused(osrm_table(code="NoSegment"), "no table")
        for rows in (None, [], {}, [[1, 2, 3]] * 2, [[1, 2]] * 3, [1, 2, 3]):
            with self.subTest(rows=rows):
                self.assert_refused(osrm_table(durations=rows), "size")

    def test_error_and_redirect_are_refused(self):
        for status in (302, 400, 404, 429, 500, 503):
            self.assert_refused(
                lambda *_args, status=status: (status, {}, {"Location": "/other"}),
                f"HTTP status {status}",
            )
            self.assertEqual(len(self.fake.requests), 1)

    def test_nobody_there_is_refused(self):
        fake = self.start_fake_web(osrm_table())
        fake.close()
        with self.assertRaises(OsrmError) as caught:
            fetch_minutes(fake.url, LEGS)
        self.assertEqual(str(caught.exception), "ConnectionError")

    def test_three_seconds_at_most(self):
        for settings in ({"delay": 20}, {"trickle": 0.2}):
            with self.subTest(settings):
                began = time.monotonic()
                self.assert_refused(osrm_table(), "", **settings)
                self.assertLess(time.monotonic() - began, 3.9)

    def test_endless_answer_is_refused(self):
        self.assert_refused(lambda *_args: b" " * 5_000_000, "too long")


@tagged("post_install", "-at_install", "fusion")
class TestCircuitBreaker(BaseCase):
    """A server that fails is left alone for a while, then tried once."""

    def setUp(self):
        super().setUp()
        self.now = 0
        self.breaker = CircuitBreaker(3, 300, clock=lambda: self.now)

    def fail(self, times):
        return [self.breaker.note_failure() for _number in range(times)]

    def test_closes_after_failures_in_a_row(self):
        self.assertEqual(self.fail(2), [False, False])
        self.breaker.note_success()
        self.assertEqual(self.fail(3), [False, False, True])
        self.assertFalse(self.breaker.allows())
        self.now = 299
        self.assertFalse(self.breaker.allows())

    def test_one_trial_after_the_pause(self):
        self.fail(3)
        self.now = 300
        self.assertTrue(self.breaker.allows())
        self.assertFalse(self.breaker.allows())
        self.assertEqual(self.fail(1), [True])
        self.now = 500
        self.assertFalse(self.breaker.allows())

    def test_success_opens_for_all(self):
        self.fail(3)
        self.now = 300
        self.assertTrue(self.breaker.allows())
        self.breaker.note_success()
        self.assertTrue(self.breaker.allows())
        self.assertTrue(self.breaker.allows())
        self.assertEqual(self.fail(2), [False, False])

    def test_trial_that_never_reports_is_not_the_last(self):
        self.fail(3)
        self.now = 300
        self.assertTrue(self.breaker.allows())
        self.now = 331
        self.assertTrue(self.breaker.allows())
