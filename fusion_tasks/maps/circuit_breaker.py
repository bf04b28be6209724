"""Leaving a server alone for a while after it failed several times in a row."""

import threading
import time

FAILURES = 3
PAUSE_SECONDS = 300
TRIAL_SECONDS = 30


class CircuitBreaker:
    """Counts failures in a row; enough of them close the way for some minutes.

    After the pause one caller may try again: success opens the way for all, failure
    begins the next pause. It lives in the memory of one process.

    :param failures: in a row that close the way
    :param pause_seconds: for which it stays closed
    :param clock: seconds that only ever grow
    """

    def __init__(
        self, failures=FAILURES, pause_seconds=PAUSE_SECONDS, clock=time.monotonic
    ):
        self._limit = failures
        self._pause_seconds = pause_seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._closed_until = None

    def allows(self):
        """Tell whether the server may be asked now; whoever may shall report back."""
        with self._lock:
            if self._closed_until is None:
                return True
            if self._clock() < self._closed_until:
                return False
            # One trial at a time: all others wait for how it ends.
            self._closed_until = self._clock() + TRIAL_SECONDS
            return True

    def note_success(self):
        """Forget all failures."""
        with self._lock:
            self._failures = 0
            self._closed_until = None

    def note_failure(self):
        """Count a failure.

        :return: whether the way is closed because of it
        """
        with self._lock:
            self._failures += 1
            if self._failures < self._limit:
                return False
            self._closed_until = self._clock() + self._pause_seconds
            return True
