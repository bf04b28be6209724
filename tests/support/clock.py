"""pytest plugin: another time for the tests, and pytest's own clock left alone.

``--clock="2026-12-07 00:00"`` lets the tests begin at that moment (UTC), and the clock
go on from there. Python's time moves, that of PostgreSQL and of the browser does not.

A test that stops the clock does not stop pytest's: otherwise the report says of every
test at a fixed time that it took none.
"""

import freezegun

freezegun.configure(extend_ignore_list=["_pytest."])


def pytest_addoption(parser):
    """Add the option."""
    parser.addoption("--clock", help="when the tests begin: a date and time in UTC")


def pytest_configure(config):
    """Set the clock, until all tests have run."""
    moment = config.getoption("--clock")
    if moment:
        clock = freezegun.freeze_time(moment, tick=True)
        clock.start()
        config.add_cleanup(clock.stop)
