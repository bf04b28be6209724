"""What a delivery report says of a mail and of its address (RFC 3464, RFC 3463).

Not every report is a bounce. A server that is still trying has lost nothing, a full
mailbox is somebody's all the same, and a mail that was too large says nothing of the
address. Only "there is no such mailbox" means that no mail will ever arrive.
"""

import re

PAUSE = "pause"
"""Lost for a reason that passes: mail may go to the address again in some days."""
LOST = "lost"
"""Lost for a reason that may last, a full mailbox say; the address is somebody's."""
NOBODY = "nobody"
"""No mail will ever arrive at the address."""

FAILED = "failed"
_WORD = re.compile(r"[A-Za-z]+")
_ENHANCED = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_BASIC = re.compile(r"(?<![\d.])([45]\d\d)(?![\d.])")
_FULL = re.compile(
    r"(?i)mailbox[^.]{0,20}\bfull|over ?quota|quota exceeded|storage (?:limit|alloc)"
    r"|exceeded (?:its )?(?:storage|quota)|insufficient (?:disk|system) (?:space|stor)"
)
# What a detail of status 5 says of the address itself: unknown, moved, no such domain,
# switched off, not to be routed to.
_GONE = {"1.0", "1.1", "1.2", "1.3", "1.4", "1.6", "1.10", "2.0", "2.1", "4.1", "4.4"}
_VAGUE = "0.0"
# Replies of a server that gives no detail (RFC 5321): no mailbox of that name.
_GONE_REPLIES = ("550", "551", "553", "554")
_FULL_REPLY = "552"


def read_delivery_report(
    action: str | None, status: str | None, diagnostic: str | None = ""
) -> str | None:
    """Return what became of a mail to one address: None while nothing is lost.

    :param action: failed, delayed, delivered, relayed or expanded
    :param status: the code, such as "5.1.1"
    :param diagnostic: what the other server said, which often tells more

    >>> read_delivery_report("delayed", "4.4.1") is None
    True
    >>> read_delivery_report("failed", "4.4.7"), read_delivery_report("failed", "5.2.2")
    ('pause', 'lost')
    >>> read_delivery_report("failed", "5.1.1")
    'nobody'
    >>> read_delivery_report("failed", "5.0.0", "smtp; 552 5.2.2 Over quota")
    'lost'
    """
    word = _WORD.search(action or FAILED)  # a comment may follow
    if word and word[0].casefold() != FAILED:
        return None
    kind, detail = _read_code(status or "", diagnostic or "")
    if kind == "2":
        return None
    if kind == "4":
        return PAUSE
    if _FULL.search(diagnostic or ""):
        return LOST
    return NOBODY if detail in _GONE or detail == _VAGUE else LOST


def _read_code(status: str, diagnostic: str) -> tuple[str, str]:
    """Return class and detail, of the diagnostic where the status says little."""
    code = _ENHANCED.search(status)
    if not code or code[0].endswith(f".{_VAGUE}"):
        code = _ENHANCED.search(diagnostic) or code
    if code and not (code[0].endswith(f".{_VAGUE}") and _BASIC.search(diagnostic)):
        return code[1], f"{int(code[2])}.{int(code[3])}"
    reply = _BASIC.search(diagnostic)
    if not reply:
        return "5", _VAGUE
    if reply[1] == _FULL_REPLY:
        return "5", "2.2"
    known = reply[1] in _GONE_REPLIES
    return reply[1][0], _VAGUE if known else "9.9"
