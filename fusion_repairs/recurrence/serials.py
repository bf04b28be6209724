"""Serial numbers as people type them: several in one text, spelt in many ways."""

import unicodedata
from dataclasses import dataclass

# Control, format and surrogate characters: invisible, and pasted along unnoticed.
_INVISIBLE = ("Cc", "Cf", "Cs")


@dataclass(frozen=True)
class Serials:
    """The serials in the order typed, each once, and those typed more than once."""

    values: tuple[str, ...]
    duplicates: tuple[str, ...] = ()


def normalise_serial(text: str) -> str:
    r"""Return the form in which two spellings of one serial are equal.

    Trimmed, upper-cased, runs of white space made one space, invisible characters
    dropped.

    >>> normalise_serial("  sl-100\t 0042 ")
    'SL-100 0042'
    >>> normalise_serial("\ufeffab\u200b1")
    'AB1'
    """
    visible = "".join(char for char in text if not _is_invisible(char))
    return " ".join(visible.split()).upper()


def split_serials(text: str) -> Serials:
    r"""Read one serial per line break or comma; blank ones do not count.

    >>> split_serials("a1, a2\nA1\n\n b  3,")
    Serials(values=('A1', 'A2', 'B 3'), duplicates=('A1',))
    >>> split_serials("")
    Serials(values=(), duplicates=())
    """
    values: dict[str, None] = {}
    duplicates: dict[str, None] = {}
    for line in text.splitlines():
        for part in line.split(","):
            serial = normalise_serial(part)
            if serial in values:
                duplicates[serial] = None
            elif serial:
                values[serial] = None
    return Serials(tuple(values), tuple(duplicates))


def _is_invisible(char: str) -> bool:
    return not char.isspace() and unicodedata.category(char) in _INVISIBLE
