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
    lost: bool = False
    consent: Consent | None = None


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
    if facts.archived:
        return "archived"
    if facts.opted_out:
        return "opted_out"
    consent = facts.consent or Consent(True, "not_needed")
    if consent.reason == WITHDRAWN:
        return WITHDRAWN
    if not facts.has_address:
        return "no_email"
    if facts.bounced:
        return "bounced"
    if facts.lost:
        return "lost"
    return None if consent.allowed else consent.reason
