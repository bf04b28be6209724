"""May this client be mailed? One rule for reminders, notices and the last look."""

from dataclasses import dataclass

from .consent import WITHDRAWN, Consent


@dataclass(frozen=True)
class MailFacts:
    """What stands for or against one mail to one client, now.

    ``opted_out`` is about this kind of message; it is False for what cannot be
    stopped. ``has_address`` is False for placeholders too. ``bounced`` also covers
    addresses that are blocked; ``lost``: the last one did not arrive, although the
    address may be right. ``consent`` is None for what needs none by law.
    """

    archived: bool = False
    opted_out: bool = False
    has_address: bool = True
    bounced: bool = False
    consent: Consent | None = None
    lost: bool = False
    deceased: bool = False


def why_no_mail(facts: MailFacts) -> str | None:
    """Return the code of what rules out a mail, None if nothing does.

    The client's own word comes first, then the address, then the law (CASL).

    >>> why_no_mail(MailFacts(opted_out=True, has_address=False))
    'opted_out'
    >>> why_no_mail(MailFacts(bounced=True, consent=Consent(False, "no_consent")))
    'bounced'
    >>> why_no_mail(MailFacts()) is None
    True
    """
    consent = facts.consent or Consent(True, "not_needed")
    reasons = {
        "archived": facts.archived,
        "deceased": facts.deceased,
        "opted_out": facts.opted_out,
        WITHDRAWN: consent.reason == WITHDRAWN,
        "no_email": not facts.has_address,
        "bounced": facts.bounced,
        "lost": facts.lost,
        consent.reason: not consent.allowed,
    }
    return next((reason for reason, holds in reasons.items() if holds), None)
