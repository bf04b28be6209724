"""The picture of a plan: its weeks, its last day, and what does not work out."""

import doctest
from datetime import date, timedelta

import pytest

from recurrence import Planned, Spread, backfill_plan, draw

MONDAY = date(2026, 6, 1)
LONG_AGO = date(2020, 1, 1)


def week(number, count, **options):
    """Return units that were given a week."""
    day = MONDAY + timedelta(days=7 * number)
    return Planned(count, day, LONG_AGO, options.pop("hours", 1.5), **options)


def test_documentation_examples_hold():
    result = doctest.testmod(backfill_plan)
    assert result.attempted and not result.failed


def test_every_week_counts_its_units_and_hours():
    found = draw([week(0, 4), week(2, 2)], Spread(MONDAY, 3, 5), {1: 3, 2: 1}, 40.0)
    assert [w[1:] for w in found.weeks] == [(4, 0, 6.0), (0, 3, 4.5), (2, 1, 4.5)]
    assert found.last_day == MONDAY + timedelta(days=14)
    assert not found.has_warning()
    assert (found.cap, found.weeks_needed) == (0, 0)


@pytest.mark.parametrize(
    ("units", "there", "warned"),
    [
        ([week(0, 2), week(5, 1)], 40.0, "beyond"),
        ([week(60, 1, urgent=True, interval_months=12)], 40.0, "unsafe_wait"),
        ([week(20, 1, mail_until=MONDAY + timedelta(days=90))], 40.0, "consent_ends"),
    ],
)
def test_what_does_not_work_out_is_counted(units, there, warned):
    found = draw(units, Spread(MONDAY, 4, 2), {}, there)
    assert getattr(found, warned) == 1
    assert found.has_warning()


@pytest.mark.parametrize("there", [0.0, 5.0])
def test_too_few_hours_are_a_warning(there):
    found = draw([week(0, 4)], Spread(MONDAY, 1, 5), {}, there)
    assert found.lacks_hours() and found.has_warning()


@pytest.mark.parametrize(
    ("units", "taken", "there", "proposal"),
    [
        # All of it in the wanted weeks, where there are hours for that.
        ([week(n, 2) for n in range(8)], {}, 400.0, (4, 4)),
        # No more than the hours allow, then more weeks.
        ([week(n, 2) for n in range(8)], {}, 4.5, (3, 6)),
        # Those due anyway take their part of the maximum.
        ([week(n, 2) for n in range(8)], {0: 1, 1: 1, 2: 1, 3: 1}, 400.0, (5, 4)),
    ],
)
def test_a_weekly_maximum_that_would_work_out_is_proposed(
    units, taken, there, proposal
):
    found = draw(units, Spread(MONDAY, 4, 2), taken, there)
    assert (found.cap, found.weeks_needed) == proposal
