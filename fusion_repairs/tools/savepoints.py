"""Doing what must not undo the rest when it fails."""

import logging

import psycopg2

_logger = logging.getLogger(__name__)


def attempt(cr, action, what):
    """Run something in a savepoint of its own, and tell whether it went well.

    :param cr: cursor of the transaction that goes on whatever happens
    :param action: called without arguments
    :param what: what is tried, in words for the log
    :raise psycopg2.OperationalError: for a lost race, after which the whole
        transaction is run again, or dropped
    """
    try:
        with cr.savepoint():
            action()
    except psycopg2.OperationalError:
        raise
    except Exception:
        _logger.exception("%s failed", what)
        return False
    return True
