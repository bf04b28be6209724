"""Doing what must not undo the rest when it fails."""

import logging
from typing import NamedTuple

import psycopg2

from odoo.models import BaseModel
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

_logger = logging.getLogger(__name__)


class Outcome(NamedTuple):
    """How far a scheduled job came.

    ``held`` are the records that somebody else held or changed at that moment;
    ``finished`` tells whether every record was looked at.
    """

    held: BaseModel
    finished: bool


def attempt(cr, action, what, failed=None, expected=()):
    """Run something in a savepoint of its own, and tell whether it went well.

    :param cr: cursor of the transaction that goes on whatever happens
    :param action: called without arguments
    :param what: what is tried, in words for the log
    :param failed: called with the error, after all that was done is undone
    :param expected: classes of errors that are no fault of ours, and not logged as one
    :raise psycopg2.OperationalError: for a lost race, after which the whole
        transaction is run again, or dropped
    """
    try:
        with cr.savepoint():
            action()
    except psycopg2.OperationalError:
        raise
    except Exception as error:  # noqa: BLE001 - logged there
        _log(error, what, expected)
        if failed:
            failed(error)
        return False
    return True


def one_by_one(  # noqa: PLR0913 - options by name
    records, action, what, *, lock=True, wanted=None, keep_error=None, expected=()
):
    """Do something with all records at once; if that fails, with each by itself.

    What one record makes impossible is done for all the others.

    :param action: called with the records
    :param what: what is tried, in words for the log
    :param lock: lock the records first, and leave those that somebody else holds or
        changed since this transaction began; False: the caller holds what it needs
    :param wanted: given the locked records, returns those that it still concerns
    :param keep_error: called with the record and the error of a record that failed
    :param expected: classes of errors that are no fault of ours, and not logged as one
    :return: the records that are left to do: somebody else holds them, or their
        failure could not be kept
    :raise psycopg2.OperationalError: when the connection is lost; without ``lock``
        also for a lost race, after which the whole transaction is run again
    """
    try:
        return _do_at_once(records, action, lock, wanted)
    except psycopg2.OperationalError as error:
        if not lock or not isinstance(error, PG_CONCURRENCY_EXCEPTIONS_TO_RETRY):
            raise
        if len(records) == 1:
            return records
    except Exception as error:  # noqa: BLE001 - judged one by one below
        if len(records) == 1:
            _log(error, f"{what}: {records}", expected)
            return _keep_failure(records, error, lock, keep_error)
        _logger.info("%s failed for a batch, taking it apart: %s", what, error)
    options = {
        "lock": lock,
        "wanted": wanted,
        "keep_error": keep_error,
        "expected": expected,
    }
    left = [one_by_one(record, action, what, **options) for record in records]
    return records.browse().concat(*left)


def run_in_batches(records, action, what, *, size, wanted=None, keep_error=None):
    """Do something with every record in a scheduled job: batch by batch, resumable.

    Each batch is committed. A run whose time is up stops before the next batch; when
    that was the last one, it has come to its end all the same.

    :param records: in the order in which they are done
    :param size: how many records are one batch
    :return: an ``Outcome``
    """
    progress = records.env["ir.cron"]._commit_progress
    progress(remaining=len(records))
    held, ids = [], records.ids
    for first in range(0, len(ids), size):
        batch = records.browse(ids[first : first + size])
        present = batch.exists()
        if present:
            held += one_by_one(
                present, action, what, wanted=wanted, keep_error=keep_error
            ).ids
        time_left = progress(len(batch))
        if not time_left and first + size < len(ids):
            return Outcome(records.browse(held), finished=False)
    return Outcome(records.browse(held), finished=True)


def _log(error, what, expected):
    if isinstance(error, expected):
        _logger.info("%s failed: %s", what, error)
    else:
        _logger.error("%s failed", what, exc_info=error)


def _do_at_once(records, action, lock, wanted):
    with records.env.cr.savepoint():
        mine = records.try_lock_for_update(allow_referencing=True) if lock else records
        concerned = wanted(mine) if wanted else mine
        if concerned:
            action(concerned)
    return records - mine


def _keep_failure(record, error, lock, keep_error):
    """Have a failure kept; return the record if that was not possible."""
    if not keep_error:
        return record.browse()
    kept = []

    def keep():
        if not lock or record.try_lock_for_update(allow_referencing=True):
            keep_error(record, error)
            kept.append(record.id)

    try:
        attempt(record.env.cr, keep, f"Noting the failure of {record}")
    except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY as raced:
        if not lock:
            raise
        _logger.info(
            "Noting the failure of %s is left to the next run: %s", record, raced
        )
    return record - record.browse(kept)
