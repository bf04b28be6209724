"""The link that calls a number as somebody typed it: one rule for every page and mail.

Plain Python: no Odoo in here.
"""

import re
import unicodedata

KEYPAD = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "22233344455566677778889999")
TRUNK_ZERO = re.compile(r"(\+\d{1,3}[\s.-]*)\(0\)")
FIRST = re.compile(r"\(?\+?\s*\(?\d")
TOKEN = re.compile(r"\d+|[A-Za-z]+|.", re.DOTALL)
ENDS = frozenset("/|,;:&#\n\r")
"""What stands between two numbers, or before an extension."""
SHORTEST = 3
LONGEST = 15  # ITU-T E.164
EXTENSION = re.compile(
    r"(?i)[\s,.;:()/–-]*"
    r"(?:(?:ext(?:ension|n)?|poste|local|loc|x|p|#)\s*[.:=#]*\s*(\d{1,7})(?!\d)"
    r"|(?<=[,;])[\s,;]*(\d{1,6})\W*$)"
)


def call_link(phone):
    """Return the link that calls the first number of a text, "" if there is none.

    Letters are dialled as on the keys, an extension is written as RFC 3966 has it.

    >>> call_link("416-555-0100 / 1-800-555-0199")
    'tel:4165550100'
    >>> call_link("519-555-0100 local 212")
    'tel:5195550100;ext=212'
    >>> call_link("1-800-555-LIFT")
    'tel:18005555438'
    """
    text = unicodedata.normalize("NFKC", phone or "")
    text = "".join(str(int(c)) if c.isdecimal() else c for c in text)
    text = TRUNK_ZERO.sub(r"\1", text)
    first = FIRST.search(text)
    if not first:
        return ""
    plus = "+" if "+" in first.group() else ""
    digits, end = _read_number(text, first.end() - 1, plus)
    if len(digits) < SHORTEST:
        return ""
    found = EXTENSION.match(text, end)
    extension = found and (found[1] or found[2])
    return f"tel:{plus}{digits}" + (f";ext={extension}" if extension else "")


def _read_number(text, begin, plus):
    """Return the digits of the number that begins there, and where it ends."""
    digits = ""
    for token in TOKEN.finditer(text, begin):
        word = token.group()
        most = _get_most(digits or word, plus)
        whole = _is_whole(digits, most)
        if word.isdecimal():
            ends, more = len(digits + word) > most, word
        elif word.isalpha():
            ends = whole or most == LONGEST
            more = word.upper().translate(KEYPAD)
        else:
            ends, more = (whole and word in ENDS) or (word == "+" and digits), ""
        if ends:
            return digits, token.start()
        digits = (digits + more)[:most]
    return digits, len(text)


def _get_most(digits, plus):
    """Return how many digits a number has at most that begins so."""
    if digits.startswith("1"):
        return 11
    return LONGEST if plus or digits.startswith("0") else 10


def _is_whole(digits, most):
    """Tell whether nothing is missing: with the area code, or a local number."""
    if most == LONGEST:
        return len(digits) > 7
    return len(digits) in {most, 7 if most == 10 else most}
