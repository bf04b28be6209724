"""What a delivery report says of an address."""

import pytest

from recurrence import LOST, NOBODY, PAUSE, read_delivery_report


@pytest.mark.parametrize(
    ("action", "status", "said", "outcome"),
    [
        # Nothing is lost yet, or nothing at all.
        ("delayed", "4.4.1", "", None),
        ("Delayed", "4.2.2", "smtp; 452 4.2.2 Mailbox full", None),
        ("delayed", "5.1.1", "", None),
        ("delivered", "2.0.0", "", None),
        ("relayed", "2.1.9", "", None),
        ("expanded", "2.1.5", "", None),
        ("failed", "2.0.0", "", None),
        # It passes.
        ("failed", "4.4.7", "smtp; 451 4.4.7 Delivery time expired", PAUSE),
        ("failed", "4.2.2", "", PAUSE),
        ("failed", "4.7.1", "smtp; 451 4.7.1 Greylisted", PAUSE),
        ("failed", "", "smtp; 421 Try again later", PAUSE),
        ("failed", "5.0.0", "smtp; 450 4.2.0 busy", PAUSE),
        # It may last, and the address is somebody's.
        ("failed", "5.2.2", "", LOST),
        ("failed (mailbox)", "5.2.2 (over quota)", "", LOST),
        ("FAILED", "5.0.0", "smtp; 552-5.2.2 The email account is over quota", LOST),
        ("failed", "5.0.0", "smtp; 552 Requested mail action aborted", LOST),
        ("failed", "5.1.1", "smtp; 550 Mailbox is full", LOST),
        ("failed", "5.3.4", "smtp; 552 5.3.4 Message too big", LOST),
        ("failed", "5.7.1", "smtp; 550 5.7.1 Message looks like spam", LOST),
        ("failed", "5.7.26", "", LOST),
        ("failed", "5.6.0", "", LOST),
        ("failed", "5.2.3", "", LOST),
        # Nobody is there.
        ("failed", "5.1.1", "smtp; 550 5.1.1 User unknown", NOBODY),
        ("failed", "5.1.2", "", NOBODY),
        ("failed", "5.1.10", "", NOBODY),
        ("failed", "5.2.1", "smtp; 550 5.2.1 The mailbox is disabled", NOBODY),
        ("failed", "5.4.4", "smtp; 554 5.4.4 Host not found", NOBODY),
        ("failed", "5.0.0", "smtp; 550 No such user here", NOBODY),
        ("failed", "5.0.0", "", NOBODY),
        ("failed", "", "", NOBODY),
        (None, None, None, NOBODY),
        (None, "5.1.1", None, NOBODY),
    ],
)
def test_what_a_report_says(action, status, said, outcome):
    assert read_delivery_report(action, status, said) == outcome
