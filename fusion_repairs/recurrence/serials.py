"""Serial numbers as people type them: several in one text, spelt in many ways."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from .placeholders import is_placeholder_serial

# Control, format and surrogate characters: invisible, and pasted along unnoticed.
_INVISIBLE = ("Cc", "Cf", "Cs")
# Between two serials. A slash without blanks is part of one.
_SEPARATORS = re.compile(r"[,;&\t]|\s(?:and|et)\s", re.IGNORECASE)
_SLASH = re.compile(r"\s/\s")
# "N / A", "S / O": one word, whatever the slash says.
_SPACED_PLACEHOLDER = re.compile(r"\b([ns])\s*/\s*([ado])\b", re.IGNORECASE)


@dataclass(frozen=True)
class Serials:
    """The serials in the order typed, each once, and those typed more than once."""

    values: tuple[str, ...]
    duplicates: tuple[str, ...] = ()


def normalise_serial(text: str) -> str:
    r"""Return the form in which two spellings of one serial are equal.

    Trimmed, upper-cased, runs of white space made one space, invisible characters
    dropped. What only says that no serial is known has the empty form, and so is
    never equal to a serial, whoever else typed it.

    >>> normalise_serial("  sl-100\t 0042 ")
    'SL-100 0042'
    >>> normalise_serial("\ufeffab\u200b1")
    'AB1'
    >>> normalise_serial("n/a")
    ''
    """
    visible = "".join(char for char in text if not _is_invisible(char))
    serial = " ".join(visible.split()).upper()
    return "" if is_placeholder_serial(serial) else serial


def split_serials(text: str) -> Serials:
    r"""Read the serials of a list, however it is separated.

    By line, comma, semicolon, tab, ``&``, "and", "et" or a slash between blanks.
    Blank ones do not count, nor does what says that a serial is not known.

    >>> split_serials("a1, a2\nA1\n\n b  3,")
    Serials(values=('A1', 'A2', 'B 3'), duplicates=('A1',))
    >>> split_serials("a1; n / a & b/2 / c3").values
    ('A1', 'B/2', 'C3')
    >>> split_serials("")
    Serials(values=(), duplicates=())
    """
    values: dict[str, None] = {}
    duplicates: dict[str, None] = {}
    for part in _split(text):
        serial = normalise_serial(part)
        if serial in values:
            duplicates[serial] = None
        elif serial:
            values[serial] = None
    return Serials(tuple(values), tuple(duplicates))


def _split(text: str) -> Iterator[str]:
    joined = _SPACED_PLACEHOLDER.sub(r"\1/\2", text)
    for line in joined.splitlines():
        for part in _SEPARATORS.split(line):
            yield from [part] if _is_one_word(part) else _SLASH.split(part)


def _is_one_word(part: str) -> bool:
    """Tell whether a slash stands inside one placeholder, not between serials.

    "unknown / inconnu" is one placeholder, as is "see order / invoice"; "1 / 11 / 11"
    and "A / AA / AA" are serials, although five alike together would be none.
    """
    letters = {char for char in part.upper() if char.isalpha()}
    return len(letters) > 1 and is_placeholder_serial(part)


def _is_invisible(char: str) -> bool:
    return not char.isspace() and unicodedata.category(char) in _INVISIBLE
