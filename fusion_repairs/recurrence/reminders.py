"""What to do today about a unit that falls due: write, call, wait or stop.

A *band* is a number of days before the due date at which a reminder is owed. Bands
are thresholds, not appointments: a day on which nobody asked is caught up with one
reminder, the tightest. ``sent`` holds the bands already dealt with in this cycle,
by mail or by a call; a new due date is a new cycle and starts empty.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from .consent import consent_allows
from .errors import RecurrenceError
from .why_no_mail import MailFacts, why_no_mail

# What to do.
SEND = "send"  # queue one mail for the band
CALL = "call"  # no mail may or can go out: an office activity for the band
WAIT = "wait"  # nothing today; a band is still to come, on ``next_date``
STOP = "stop"  # nothing more in this cycle as the facts stand

ACTIVE = "active"
MAX_BAND_DAYS = 730


@dataclass(frozen=True)
class ReminderFacts:
    """Everything the decision depends on, for one contract on one day.

    ``lost``: the last mail of this cycle did not arrive; ``paused_until``: it did not
    for a reason that passes, and is sent again from that day on.
    """

    state: str
    booked: bool
    due: date
    today: date
    bands: Collection[int]
    sent: Collection[int] = ()
    mail_enabled: bool = True
    archived: bool = False
    deceased: bool = False
    opted_out: bool = False
    has_email: bool = True
    bounced: bool = False
    lost: bool = False
    paused_until: date | None = None
    consent_basis: str | None = None
    last_contact: date | None = None
    implied_months: int = 24


@dataclass(frozen=True)
class Decision:
    """One of send, call, wait and stop, with the band it is for and the reason.

    ``next_date`` is the day to look again: set for wait, and only for wait.
    """

    action: str
    band: int | None
    reason: str
    next_date: date | None = None


def parse_bands(text: str) -> tuple[int, ...]:
    """Read the setting: whole positive days, each once, in any order.

    >>> parse_bands("7, 30,1")
    (30, 7, 1)
    """
    if not text.strip():
        raise RecurrenceError("bands_empty", text)
    bands = [_parse_band(part.strip()) for part in text.split(",")]
    if len(set(bands)) != len(bands):
        raise RecurrenceError("bands_duplicate", text)
    return tuple(sorted(bands, reverse=True))


def due_band(
    due: date, today: date, bands: Collection[int], sent: Collection[int]
) -> int | None:
    """Return the band owed today: the tightest reached, unless dealt with already.

    A band counts as dealt with when it, or a tighter one, was: after 7, never 30.
    Past the due date the tightest band is still owed once, late.

    >>> due = date(2025, 6, 30)
    >>> due_band(due, date(2025, 6, 1), (30, 7, 1), set())
    30
    >>> due_band(due, date(2025, 6, 24), (30, 7, 1), set())
    7
    >>> due_band(due, date(2025, 6, 24), (30, 7, 1), {7}) is None
    True
    >>> due_band(due, date(2025, 7, 20), (30, 7, 1), {30, 7})
    1
    """
    days_left = (due - today).days
    band = min((band for band in bands if days_left <= band), default=None)
    if band is None or any(done <= band for done in sent):
        return None
    return band


def next_reminder_date(
    due: date, today: date, bands: Collection[int], sent: Collection[int]
) -> date | None:
    """Return the first day, from today on, that owes a reminder; None if none will.

    >>> due = date(2025, 6, 30)
    >>> str(next_reminder_date(due, date(2025, 6, 5), (30, 7, 1), {30}))
    '2025-06-23'
    >>> next_reminder_date(due, date(2025, 7, 2), (30, 7, 1), {30, 7, 1}) is None
    True
    """
    if due_band(due, today, bands, sent) is not None:
        return today
    tightest_done = min(sent, default=None)
    days_left = (due - today).days
    ahead = [
        band
        for band in bands
        if band < days_left and (tightest_done is None or band < tightest_done)
    ]
    return due - timedelta(days=max(ahead)) if ahead else None


def reminder_decision(facts: ReminderFacts) -> Decision:
    """Decide what one contract gets today. The cron, the form and the tests ask here.

    Stop: the contract is not active, a visit is booked, mail is switched off, or the
    last band is dealt with. Otherwise a band that is reached is sent, or becomes a
    call where the client may not or cannot be written to. A call deals with its band
    as a mail does.

    >>> facts = ReminderFacts("active", False, due=date(2025, 6, 30),
    ...     today=date(2025, 6, 24), bands=(30, 7, 1), sent={30},
    ...     consent_basis="express")
    >>> reminder_decision(facts)
    Decision(action='send', band=7, reason='band_reached', next_date=None)
    >>> from dataclasses import replace
    >>> decision = reminder_decision(replace(facts, has_email=False))
    >>> decision.action, decision.band, decision.reason
    ('call', 7, 'no_email')
    >>> decision = reminder_decision(replace(facts, sent={30, 7}))
    >>> decision.action, decision.reason, str(decision.next_date)
    ('wait', 'band_not_reached', '2025-06-29')
    """
    idle = _why_idle(facts)
    if idle:
        return Decision(STOP, None, idle)
    band = due_band(facts.due, facts.today, facts.bands, facts.sent)
    if band is None:
        return _wait_or_stop(facts)
    unreachable = _why_no_mail(facts)
    if unreachable:
        return Decision(CALL, band, unreachable)
    if facts.paused_until and facts.paused_until > facts.today:
        return Decision(WAIT, None, "paused", facts.paused_until)
    return Decision(SEND, band, "band_reached")


def _parse_band(part: str) -> int:
    digits = part.removeprefix("-")
    if not (digits.isascii() and digits.isdigit()):
        raise RecurrenceError("bands_not_a_number", part)
    # Python refuses to convert thousands of digits: judge the length first.
    if len(digits) > 9 or int(digits) > MAX_BAND_DAYS:
        raise RecurrenceError("bands_too_large", part)
    if digits != part or int(digits) == 0:
        raise RecurrenceError("bands_not_positive", part)
    return int(digits)


def _why_idle(facts: ReminderFacts) -> str | None:
    if facts.state != ACTIVE:
        return "not_active"
    if facts.booked:
        return "booked"
    if not facts.mail_enabled:
        return "mail_off"
    return None


def _why_no_mail(facts: ReminderFacts) -> str | None:
    consent = consent_allows(
        facts.consent_basis, facts.last_contact, facts.today, facts.implied_months
    )
    return why_no_mail(
        MailFacts(
            archived=facts.archived,
            deceased=facts.deceased,
            opted_out=facts.opted_out,
            has_address=facts.has_email,
            bounced=facts.bounced,
            lost=facts.lost,
            consent=consent,
        )
    )


def _wait_or_stop(facts: ReminderFacts) -> Decision:
    next_date = next_reminder_date(facts.due, facts.today, facts.bands, facts.sent)
    if next_date is None:
        return Decision(STOP, None, "no_band_left")
    return Decision(WAIT, None, "band_not_reached", next_date)
