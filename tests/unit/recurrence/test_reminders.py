"""Reminders: the tightest band once, however often or seldom somebody asks."""

import doctest
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recurrence import (
    Decision,
    RecurrenceError,
    ReminderFacts,
    consent,
    consent_allows,
    due_band,
    next_reminder_date,
    parse_bands,
    reminder_decision,
    reminders,
)

DUE = date(2025, 6, 30)
BANDS = (30, 7, 1)
ANY_BANDS = st.sets(st.integers(1, 90), min_size=1, max_size=5).map(tuple)
DAYS_LEFT = st.integers(-60, 120)


def before(days):
    return DUE - timedelta(days=days)


def facts(**changes):
    """Facts of a client who gets a mail today unless a change says otherwise."""
    values = {
        "state": "active",
        "booked": False,
        "due": DUE,
        "today": before(7),
        "bands": BANDS,
        "sent": {30},
        "consent_basis": "express",
    }
    return ReminderFacts(**(values | changes))


@pytest.mark.parametrize("module", [reminders, consent])
def test_documentation_examples_hold(module):
    result = doctest.testmod(module)
    assert result.attempted and not result.failed


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("30,7,1", (30, 7, 1)),
        (" 1 , 30,7 ", (30, 7, 1)),
        ("14", (14,)),
        ("730", (730,)),
        ("007", (7,)),
    ],
)
def test_bands_are_read_in_any_order(text, expected):
    assert parse_bands(text) == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "bands_empty"),
        ("  ", "bands_empty"),
        ("30,,7", "bands_not_a_number"),
        ("30,7,", "bands_not_a_number"),
        ("30;7", "bands_not_a_number"),
        ("1.5", "bands_not_a_number"),
        ("1_0", "bands_not_a_number"),
        ("٣", "bands_not_a_number"),
        ("²", "bands_not_a_number"),
        ("--7", "bands_not_a_number"),
        ("30,0", "bands_not_positive"),
        ("30,-7", "bands_not_positive"),
        ("731", "bands_too_large"),
        ("9" * 5000, "bands_too_large"),
        ("7,30,07", "bands_duplicate"),
    ],
)
def test_bad_bands_are_refused_with_a_code(text, code):
    with pytest.raises(RecurrenceError) as caught:
        parse_bands(text)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("days_left", "sent", "expected"),
    [
        (31, set(), None),
        (30, set(), 30),
        (29, set(), 30),
        (29, {30}, None),
        (8, set(), 30),
        (7, set(), 7),
        (7, {30}, 7),
        (3, {30, 7}, None),
        (3, {7}, None),
        (1, {30}, 1),
        (0, {30, 7}, 1),
        (0, {1}, None),
        # After the due date the tightest band is still owed, once.
        (-1, set(), 1),
        (-40, {30, 7}, 1),
        (-1, {1}, None),
        # The setting was 20,5 when these were sent; a tighter one closes the wider.
        (20, {20}, None),
        (7, {20}, 7),
        (7, {5}, None),
        (1, {5}, 1),
    ],
)
def test_tightest_band_reached_and_not_sent(days_left, sent, expected):
    assert due_band(DUE, before(days_left), BANDS, sent) == expected
    assert due_band(DUE, before(days_left), BANDS[::-1], sent) == expected


@pytest.mark.parametrize(
    ("days_left", "sent", "expected"),
    [
        (90, set(), 30),
        (30, set(), 30),
        (12, set(), 12),
        (12, {30}, 7),
        (12, {7}, 1),
        (7, {30, 7}, 1),
        (0, {30, 7}, 0),
        (0, {1}, None),
        (-5, {7}, -5),
    ],
)
def test_date_of_the_next_reminder(days_left, sent, expected):
    found = next_reminder_date(DUE, before(days_left), BANDS, sent)
    assert found == (None if expected is None else before(expected))


@pytest.mark.parametrize(
    ("basis", "last_contact", "today", "months", "expected"),
    [
        ("express", None, "2025-06-01", 0, (True, "express")),
        ("withdrawn", "2025-05-31", "2025-06-01", 24, (False, "withdrawn")),
        (None, "2025-05-31", "2025-06-01", 24, (False, "no_consent")),
        ("implied", "2025-06-01", "2025-06-01", 24, (True, "implied")),
        ("implied", "2023-06-01", "2025-06-01", 24, (True, "implied")),
        ("implied", "2023-05-31", "2025-06-01", 24, (False, "implied_expired")),
        ("implied", "2024-02-29", "2026-02-28", 24, (True, "implied")),
        ("implied", "2024-02-29", "2026-03-01", 24, (False, "implied_expired")),
        ("implied", "2024-12-01", "2025-06-01", 6, (True, "implied")),
        ("implied", "2024-11-30", "2025-06-01", 6, (False, "implied_expired")),
        ("implied", None, "2025-06-01", 24, (False, "implied_no_contact")),
        ("implied", "2025-06-01", "2025-06-01", 0, (False, "implied_not_used")),
    ],
)
def test_consent(basis, last_contact, today, months, expected):
    contact = last_contact and date.fromisoformat(last_contact)
    today = date.fromisoformat(today)
    assert consent_allows(basis, contact, today, months) == expected


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (("guessed", DUE, DUE, 24), "consent_basis_unknown"),
        (("implied", DUE, DUE, 10**9), "date_out_of_range"),
    ],
)
def test_consent_nobody_can_judge_is_refused(args, code):
    with pytest.raises(RecurrenceError) as caught:
        consent_allows(*args)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, Decision("send", 7, "band_reached")),
        ({"today": before(8)}, Decision("wait", None, "band_not_reached", before(7))),
        ({"sent": {30, 7}}, Decision("wait", None, "band_not_reached", before(1))),
        ({"sent": {30, 7, 1}}, Decision("stop", None, "no_band_left")),
        ({"today": before(-9)}, Decision("send", 1, "band_reached")),
        # Reasons to leave the client alone.
        ({"state": "draft"}, Decision("stop", None, "not_active")),
        ({"state": "paused"}, Decision("stop", None, "not_active")),
        ({"state": "cancelled", "booked": True}, Decision("stop", None, "not_active")),
        ({"booked": True}, Decision("stop", None, "booked")),
        ({"booked": True, "opted_out": True}, Decision("stop", None, "booked")),
        ({"mail_enabled": False}, Decision("stop", None, "mail_off")),
        # Reasons to call instead of writing.
        ({"opted_out": True}, Decision("call", 7, "opted_out")),
        ({"opted_out": True, "has_email": False}, Decision("call", 7, "opted_out")),
        ({"has_email": False}, Decision("call", 7, "no_email")),
        ({"bounced": True}, Decision("call", 7, "bounced")),
        ({"consent_basis": None}, Decision("call", 7, "no_consent")),
        ({"consent_basis": "withdrawn"}, Decision("call", 7, "withdrawn")),
        (
            {"consent_basis": "withdrawn", "has_email": False},
            Decision("call", 7, "withdrawn"),
        ),
        ({"consent_basis": None, "bounced": True}, Decision("call", 7, "bounced")),
        ({"consent_basis": "implied"}, Decision("call", 7, "implied_no_contact")),
        (
            {"consent_basis": "implied", "last_contact": date(2023, 6, 22)},
            Decision("call", 7, "implied_expired"),
        ),
        (
            {"consent_basis": "implied", "last_contact": date(2023, 6, 23)},
            Decision("send", 7, "band_reached"),
        ),
        # A call is owed only when a mail would be.
        (
            {"opted_out": True, "today": before(8)},
            Decision("wait", None, "band_not_reached", before(7)),
        ),
        ({"opted_out": True, "sent": BANDS}, Decision("stop", None, "no_band_left")),
    ],
)
def test_reminder_decision(changes, expected):
    assert reminder_decision(facts(**changes)) == expected


def run_cron(days_left, bands, reachable=True):
    """Ask on each of these days, twice; return what was owed: (days left, band)."""
    owed = []
    for left in days_left:
        for _again in range(2):
            decision = reminder_decision(
                facts(
                    today=before(left),
                    bands=bands,
                    sent={band for _left, band in owed},
                    has_email=reachable,
                )
            )
            if decision.action in ("send", "call"):
                owed.append((left, decision.band))
    return owed


@pytest.mark.parametrize("down", range(1, 41))
@pytest.mark.parametrize("last_run", [45, 31, 30, 8, 7, 2, 1, 0])
def test_cron_down_for_days_sends_the_right_band_once(last_run, down):
    days_left = [*range(60, last_run - 1, -1), *range(last_run - down, -60, -1)]
    owed = run_cron(days_left, BANDS)
    for left, band in owed:
        assert band == min(b for b in BANDS if left <= b)
    assert len({band for _left, band in owed}) == len(owed)
    assert owed[-1][1] == 1


@given(ANY_BANDS, st.sets(DAYS_LEFT, min_size=1), st.booleans())
def test_random_gaps_owe_each_band_at_most_once(bands, run_days, reachable):
    owed = run_cron(sorted(run_days, reverse=True), bands, reachable)
    sent_bands = [band for _left, band in owed]
    assert sent_bands == sorted(set(sent_bands), reverse=True)
    assert len({left for left, _band in owed}) == len(owed)
    tightest = {}
    for left in sorted(run_days, reverse=True):
        reached = [band for band in bands if left <= band]
        if reached:
            tightest.setdefault(min(reached), left)
    assert owed == [(left, band) for band, left in tightest.items()]


@given(ANY_BANDS, DAYS_LEFT, st.sets(st.integers(1, 90)))
def test_next_date_is_the_first_day_that_owes(bands, days_left, sent):
    days = [before(left) for left in range(days_left, min(days_left, 0) - 1, -1)]
    owing = (day for day in days if due_band(DUE, day, bands, sent) is not None)
    found = next_reminder_date(DUE, before(days_left), bands, sent)
    assert found == next(owing, None)


@given(ANY_BANDS, DAYS_LEFT, st.sets(st.integers(1, 90)))
def test_an_open_contract_waits_only_for_a_day_to_come(bands, days_left, sent):
    """Wait names a later day; stop means that somebody else must follow up."""
    today = before(days_left)
    decision = reminder_decision(facts(today=today, bands=bands, sent=sent))
    coming = next_reminder_date(DUE, today, bands, sent)
    assert (decision.action == "stop") == (coming is None)
    assert (decision.action == "send") == (coming == today)
    assert decision.next_date == (coming if decision.action == "wait" else None)
