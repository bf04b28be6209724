"""Keep what clients told us out of the log, where a statement failed.

Odoo logs a statement that failed whole, at ERROR: the insert of a task with its door
code, telephone number and coordinates. Who lost a race for a time meets such a failure
as a matter of course.
"""

import logging
import re

import psycopg2.errors

from .exceptions import NO_DOUBLE_BOOKING

LOGGER = "odoo.sql_db"
FAILED = "bad query: "
WRITES = re.compile(r'\s*(INSERT\s+INTO|UPDATE)\s+"?(\w+)', re.IGNORECASE)
OURS = "fusion_"
LOST_RACES = (
    psycopg2.errors.DeadlockDetected,
    psycopg2.errors.LockNotAvailable,
    psycopg2.errors.SerializationFailure,
)


class StatementFilter(logging.Filter):
    """Leave the values out of statements that failed, and call a lost race that.

    What is written to our own tables is left out whatever went wrong; to others, where
    a race was lost: that is run again, and nobody has to mend it. The error itself
    stays, but for the row that PostgreSQL quotes.
    """

    def filter(self, record):
        """Rewrite the record of a statement that failed; never drop one."""
        args = record.args
        if not (str(record.msg).startswith(FAILED) and len(args or ()) == 2):
            return True
        statement, error = args
        write = WRITES.match(self._to_text(statement))
        lost = isinstance(error, LOST_RACES) or self._is_taken(error)
        if lost:
            record.levelno, record.levelname = logging.INFO, "INFO"
        if lost or (write and write[2].startswith(OURS)):
            head = f"{write[1]} {write[2]}" if write else "statement"
            record.args = f"{head} (…)", self._get_words(error)
        return True

    @staticmethod
    def _to_text(statement):
        if isinstance(statement, bytes):
            return statement.decode(errors="replace")
        return str(statement)

    @staticmethod
    def _is_taken(error):
        """Tell whether a technician turned out to have another task at that time."""
        violated = isinstance(error, psycopg2.errors.ExclusionViolation)
        return violated and error.diag.constraint_name == NO_DOUBLE_BOOKING

    @staticmethod
    def _get_words(error):
        """Return the first line of an error; further ones quote rows."""
        return str(error).strip().partition("\n")[0]


def install():
    """Add the filter once."""
    logger = logging.getLogger(LOGGER)
    if not any(isinstance(item, StatementFilter) for item in logger.filters):
        logger.addFilter(StatementFilter())
