"""How urgent a defect is: four classes, each with the day by which it must be repaired.

The days are those of the TSSA's compliance standard for elevators in Ontario (high risk
within 14 days, medium and low within 90), widened by "stop using it now" and by advice.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from .errors import RecurrenceError

STOP_NOW = "stop_now"
WITHIN_14_DAYS = "days_14"
WITHIN_90_DAYS = "days_90"
ADVISORY = "advisory"

# class -> days after the visit; None: no day
DAYS = {STOP_NOW: 0, WITHIN_14_DAYS: 14, WITHIN_90_DAYS: 90, ADVISORY: None}


def default_class(critical: bool, safety_critical: bool) -> str:
    """Return the class that a failed line has unless the technician says otherwise.

    >>> default_class(critical=True, safety_critical=True)
    'stop_now'
    >>> default_class(critical=True, safety_critical=False)
    'days_14'
    >>> default_class(critical=False, safety_critical=True)
    'days_90'
    """
    if critical:
        return STOP_NOW if safety_critical else WITHIN_14_DAYS
    return WITHIN_90_DAYS


def effective_class(chosen: str | None, critical: bool, safety_critical: bool) -> str:
    """Return the class that holds: the chosen one, but danger is never played down.

    A failed critical line of a safety-critical unit stops its use, whatever was
    chosen; a failed critical line of another unit is at least due in 14 days.

    >>> effective_class("advisory", critical=True, safety_critical=True)
    'stop_now'
    >>> effective_class("advisory", critical=True, safety_critical=False)
    'days_14'
    >>> effective_class("stop_now", critical=False, safety_critical=False)
    'stop_now'
    >>> effective_class(None, critical=False, safety_critical=False)
    'days_90'
    """
    default = default_class(critical, safety_critical)
    if not chosen:
        return default
    if chosen not in DAYS:
        raise RecurrenceError("defect_class_unknown", chosen)
    ranks = list(DAYS)
    if critical and ranks.index(chosen) > ranks.index(default):
        return default
    return chosen


def due_day(defect_class: str, service_date: date) -> date | None:
    """Return the day by which a defect must be repaired, counted from the visit.

    >>> due_day("days_14", date(2027, 2, 20))
    datetime.date(2027, 3, 6)
    >>> due_day("advisory", date(2027, 2, 20)) is None
    True
    """
    if defect_class not in DAYS:
        raise RecurrenceError("defect_class_unknown", defect_class)
    days = DAYS[defect_class]
    return None if days is None else service_date + timedelta(days=days)


def is_urgent(classes: Iterable[str]) -> bool:
    """Tell whether defects of these classes need a repair at once.

    >>> is_urgent(["days_90", "days_14"]), is_urgent(["days_90", "advisory"])
    (True, False)
    """
    return any(name in (STOP_NOW, WITHIN_14_DAYS) for name in classes)
