from itertools import product

import pytest

from recurrence import Consent, MailFacts, why_no_mail

ALLOWED = Consent(True, "express")
EXPIRED = Consent(False, "implied_expired")
WITHDRAWN = Consent(False, "withdrawn")


@pytest.mark.parametrize(
    ("facts", "wanted"),
    [
        ({}, None),
        ({"consent": ALLOWED}, None),
        ({"consent": EXPIRED}, "implied_expired"),
        ({"consent": WITHDRAWN}, "withdrawn"),
        ({"bounced": True}, "bounced"),
        ({"bounced": True, "consent": EXPIRED}, "bounced"),
        ({"has_address": False}, "no_email"),
        ({"has_address": False, "bounced": True}, "no_email"),
        ({"has_address": False, "consent": WITHDRAWN}, "withdrawn"),
        ({"opted_out": True}, "opted_out"),
        ({"opted_out": True, "has_address": False}, "opted_out"),
        ({"opted_out": True, "consent": WITHDRAWN}, "opted_out"),
        ({"archived": True}, "archived"),
        ({"archived": True, "opted_out": True, "bounced": True}, "archived"),
    ],
)
def test_first_obstacle_is_named(facts, wanted):
    assert why_no_mail(MailFacts(**facts)) == wanted


def test_mail_goes_out_only_where_nothing_speaks_against_it():
    every = product((False, True), (False, True), (False, True), (False, True))
    for archived, opted_out, has_address, bounced in every:
        for consent in (None, ALLOWED, EXPIRED, WITHDRAWN):
            facts = MailFacts(archived, opted_out, has_address, bounced, consent)
            clear = has_address and not (archived or opted_out or bounced)
            allowed = consent is None or consent.allowed
            assert (why_no_mail(facts) is None) == (clear and allowed)


@pytest.mark.parametrize("name", ["lost", "deceased"])
def test_what_else_speaks_against_a_mail(name):
    assert why_no_mail(MailFacts(**{name: True})) == name
