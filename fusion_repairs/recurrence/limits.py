"""Limits that several rules share: which day, serial and quantity can be meant."""

from datetime import date

from dateutil.relativedelta import relativedelta

EARLIEST_DAY = date(1990, 1, 1)
YEARS_AHEAD = 10
LONGEST_SERIAL = 100
# Quantities of sales and kits are floats: a difference below this is none.
EPSILON = 1e-6


def is_credible_day(day: date, today: date) -> bool:
    """Tell whether a day can be meant: neither a typing mistake nor a placeholder."""
    return EARLIEST_DAY <= day <= today + relativedelta(years=YEARS_AHEAD)
