"""Messages about a visit: what the client knows against how things stand."""

import doctest
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from recurrence import Said, VisitFacts, choose_message, is_up_to_date, messages

NOW = datetime(2026, 3, 1, 12)
START, END = datetime(2026, 3, 2, 14), datetime(2026, 3, 2, 16)
LATER = START + timedelta(days=1)
PAST = NOW - timedelta(hours=1)
BOOKED = VisitFacts(True, START, END, "7", now=NOW, states=["scheduled"])


def told(kind="confirmation", start=START, units="7"):
    return Said(kind, start, start + (END - START), units)


def test_documentation_examples_hold():
    result = doctest.testmod(messages)
    assert result.attempted and not result.failed


@pytest.mark.parametrize(
    ("status", "known", "expected"),
    [
        ("scheduled", None, "confirmation"),
        ("scheduled", told(), None),
        ("scheduled", told("moved"), None),
        ("scheduled", told("changed"), None),
        ("scheduled", told(start=LATER), "moved"),
        ("scheduled", told(start=LATER, units="7,8"), "moved"),
        ("scheduled", told(units="7,8"), "changed"),
        # Booked again after it was cancelled, or after a no-show.
        ("scheduled", told("cancelled"), "confirmation"),
        ("scheduled", told("no_show"), "confirmation"),
        # Put on a day again: also at the old time, which was taken back.
        ("scheduled", told("unscheduled"), "confirmation"),
        ("scheduled", told("unscheduled", start=LATER), "confirmation"),
        # On the way: a visit that nobody was told of needs no confirmation now.
        ("en_route", None, None),
        ("en_route", told("cancelled"), None),
        ("en_route", told(), None),
        ("en_route", told(start=LATER), "moved"),
        ("en_route", told(units="7,8"), "changed"),
        ("en_route", told("unscheduled"), None),
        # The technician is there.
        ("in_progress", None, None),
        ("in_progress", told(start=LATER), None),
        ("in_progress", told("cancelled"), None),
        ("completed", told(start=LATER), None),
    ],
)
def test_visit_to_come(status, known, expected):
    assert choose_message(replace(BOOKED, status=status, told=known)) == expected


@pytest.mark.parametrize(
    ("known", "online", "shown_end", "expected"),
    [
        (told(), False, END, "unscheduled"),
        (told("moved"), False, END, "unscheduled"),
        (told("changed"), False, END, "unscheduled"),
        # They know that nobody comes.
        (told("unscheduled"), False, END, None),
        (told("cancelled"), False, END, None),
        (told("no_show"), False, END, None),
        # Never heard of it by mail: who booked on the page saw the time.
        (None, False, None, None),
        (None, True, None, "unscheduled"),
        # The time that they know of is over, whatever the task says now.
        (told(), False, PAST, None),
        (told(), False, NOW, None),
        (None, True, PAST, None),
    ],
)
def test_visit_taken_off_the_day(known, online, shown_end, expected):
    facts = replace(BOOKED, status="pending", told=known, online=online)
    assert choose_message(replace(facts, shown_end=shown_end)) == expected


def test_old_time_of_a_visit_off_the_day_is_its_own_unless_told():
    facts = replace(BOOKED, status="pending", online=True)
    assert choose_message(facts) == "unscheduled"
    assert choose_message(replace(facts, end=PAST)) is None
    assert choose_message(replace(facts, end=PAST, shown_end=END)) == "unscheduled"


@pytest.mark.parametrize(
    ("states", "known", "online", "expected"),
    [
        (["cancelled"], told(), False, "cancelled"),
        (["no_show"], told(), False, "no_show"),
        (["cancelled", "no_show"], told(), False, "no_show"),
        (["cancelled"], told("unscheduled"), False, "cancelled"),
        # It took place, for one of the units at least.
        (["done"], told(), False, None),
        (["cancelled", "done"], told(), False, None),
        # They know, or never knew.
        (["cancelled"], told("cancelled"), False, None),
        (["no_show"], told("cancelled"), False, None),
        (["cancelled"], None, False, None),
        (["cancelled"], None, True, "cancelled"),
        (["no_show"], None, True, "no_show"),
    ],
)
def test_visit_that_is_over(states, known, online, expected):
    facts = replace(BOOKED, live=False, states=states, told=known, online=online)
    # The status of the task says nothing any more.
    for status in ("pending", "scheduled", "cancelled"):
        assert choose_message(replace(facts, status=status)) == expected


@pytest.mark.parametrize(
    ("said", "changes", "expected"),
    [
        (told(), {}, True),
        (told("day_before"), {}, True),
        (told(start=LATER), {}, False),
        (replace(told(), end=LATER), {}, False),
        (told(units="7,8"), {}, False),
        (told(), {"live": False}, False),
        (told("cancelled"), {}, False),
        (told("cancelled"), {"live": False}, True),
        (told("no_show"), {"live": False}, True),
        # Off the day nothing holds but that a new time is to come.
        (told(), {"status": "pending"}, False),
        (told("day_before"), {"status": "pending"}, False),
        (told("unscheduled"), {"status": "pending"}, True),
        (told("unscheduled", start=LATER), {"status": "pending"}, True),
        (told("unscheduled", units="7,8"), {"status": "pending"}, False),
        (told("unscheduled"), {}, False),
        (told("unscheduled"), {"status": "pending", "live": False}, False),
    ],
)
def test_message_that_waits_still_says_how_things_stand(said, changes, expected):
    assert is_up_to_date(said, replace(BOOKED, **changes)) is expected


def test_client_hears_each_change_once():
    """What was told is what the client knows from then on."""
    facts, heard = BOOKED, []
    for change in (
        {},
        {"start": LATER, "end": LATER + (END - START)},
        {"status": "pending"},
        {"status": "scheduled"},
        {"units": "7,8"},
        {"live": False, "states": ["cancelled", "cancelled"]},
        {"live": True, "states": ["scheduled"]},
    ):
        facts = replace(facts, **change)
        kind = choose_message(facts)
        heard.append(kind)
        said = Said(kind, facts.start, facts.end, facts.units)
        assert is_up_to_date(said, facts)
        facts = replace(facts, told=said, shown_end=said.end)
        assert choose_message(facts) is None
    assert heard == [
        "confirmation",
        "moved",
        "unscheduled",
        "confirmation",
        "changed",
        "cancelled",
        "confirmation",
    ]
