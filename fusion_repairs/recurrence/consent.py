"""May this client be written to? Canada's anti-spam law (CASL), as far as it counts.

A reminder with a price and a booking link is a commercial message. It needs express
consent, which does not expire, or the implied consent of an existing business
relationship, which ends some months after the last purchase or visit.
"""

from datetime import date
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

from .errors import RecurrenceError

EXPRESS = "express"
IMPLIED = "implied"
WITHDRAWN = "withdrawn"
BASES = (EXPRESS, IMPLIED, WITHDRAWN)


class Consent(NamedTuple):
    """Whether a commercial mail may go out, and the reason code."""

    allowed: bool
    reason: str


def consent_allows(
    basis: str | None, last_contact: date | None, today: date, implied_months: int
) -> Consent:
    """Tell whether the basis of consent carries a mail sent today.

    The implied window is open through the day ``implied_months`` months after the
    last contact; 0 months means that implied consent is not relied upon.

    >>> consent_allows("express", None, date(2025, 6, 1), 24)
    Consent(allowed=True, reason='express')
    >>> consent_allows("implied", date(2023, 6, 1), date(2025, 6, 1), 24)
    Consent(allowed=True, reason='implied')
    >>> consent_allows("implied", date(2023, 6, 1), date(2025, 6, 2), 24)
    Consent(allowed=False, reason='implied_expired')
    >>> consent_allows(None, date(2025, 6, 1), date(2025, 6, 1), 24)
    Consent(allowed=False, reason='no_consent')
    """
    if basis is None:
        return Consent(False, "no_consent")
    if basis not in BASES:
        raise RecurrenceError("consent_basis_unknown", basis)
    if basis == IMPLIED:
        return _implied(last_contact, today, implied_months)
    return Consent(basis == EXPRESS, basis)


def _implied(last_contact: date | None, today: date, implied_months: int) -> Consent:
    if implied_months <= 0:
        return Consent(False, "implied_not_used")
    if last_contact is None:
        return Consent(False, "implied_no_contact")
    try:
        until = last_contact + relativedelta(months=implied_months)
    except (ValueError, OverflowError) as error:
        raise RecurrenceError("date_out_of_range", implied_months) from error
    if today > until:
        return Consent(False, "implied_expired")
    return Consent(True, IMPLIED)
