"""pytest plugin: several runs share the work, a test file at a time.

Runs that name the same folder in ``--lanes`` collect the same tests in the same order;
each takes the next file that no other has taken. No list of durations has to be kept
right, and none waits for another longer than one file lasts.

Why not ``--dist loadfile`` of pytest-xdist: an Odoo process tests on one database, so
each run needs its own. With xdist, pytest-odoo makes them: copied anew for each worker
when it starts, dropped when it ends. Here ``scripts/test`` makes them, and they stay:
``--keep`` upgrades them instead of copying, and after a failure they can be looked at.
xdist also hands out the next file before the last one is done, so that a worker can sit
on a file that another is free to run.
"""

import os
from contextlib import suppress
from itertools import groupby
from pathlib import Path

import pytest


def pytest_addoption(parser):
    """Add the option that names the folder."""
    parser.addoption(
        "--lanes", required=True, help="folder where runs mark the files they take"
    )


def claim(folder, path):
    """Take a file for this run.

    :param folder: where the runs that share the work leave their marks
    :param path: the file of tests
    :return: whether no other run has it
    """
    mark = Path(folder) / str(path).replace(os.sep, "+")
    with suppress(FileExistsError):
        mark.touch(exist_ok=False)
        return True
    return False


def claimed(items, folder):
    """Yield the tests that are this run's; a file is taken when its turn comes."""
    for path, tests in groupby(items, key=lambda item: item.path):
        if claim(folder, path):
            yield from tests


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session):
    """Run what this run can take; as pytest's own loop but for that."""
    if session.testsfailed and not session.config.option.continue_on_collection_errors:
        raise session.Interrupted("errors during collection")
    mine = claimed(session.items, session.config.option.lanes)
    item = next(mine, None)
    while item:
        # pytest keeps the fixtures that the next test needs too.
        following = next(mine, None)
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.shouldfail:
            raise session.Failed(session.shouldfail)
        if session.shouldstop:
            raise session.Interrupted(session.shouldstop)
        item = following
    return True
