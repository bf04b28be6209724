"""What a visit has to say about a defect that was known before it began.

A check that passes mends nothing by itself: somebody says what was done, or that the
defect is still there.
"""

from .checklist import FAIL, NOT_APPLICABLE, PASS

CLOSED = "closed"
STILL_OPEN = "open"


def check_known(
    answer: str | None, note: str | None, result: str | None, needed: bool = False
) -> str | None:
    """Return why what is said of a known defect cannot stand, or None.

    :param answer: CLOSED, STILL_OPEN, or None while nothing is said
    :param note: what was done about it
    :param result: how its check is answered; None: open, or no check asks about it
    :param needed: whether it must be answered even if its check does not pass

    >>> check_known(None, "", "pass")
    'defect_unanswered'
    >>> check_known(None, "", "na"), check_known("open", "", "pass")
    (None, None)
    >>> check_known("closed", " ", "pass")
    'defect_note_missing'
    >>> check_known("closed", "New brake shoe", "na")
    'defect_not_passed'
    >>> check_known("closed", "New brake shoe", "pass") is None
    True
    """
    if answer == STILL_OPEN:
        return None
    if answer == CLOSED:
        if result in (FAIL, NOT_APPLICABLE):
            return "defect_not_passed"
        return None if (note or "").strip() else "defect_note_missing"
    return "defect_unanswered" if needed or result == PASS else None
