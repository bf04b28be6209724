"""How a client is greeted, from a name as offices type it: by first name, or not.

Whoever is greeted by a wrong name reads no further. So a name that leaves any doubt
gives none: the mail begins with "Hello,".
"""

import re

from .name_words import HONORIFICS, NOBODY, PARTICLES, SUFFIXES

_DECEASED = re.compile(
    r"(?i)(?<!\w)(?:deceased|dec['’]d|decd|d[eé]c[eé]d[eé]e?s?|d[eé]funte?|passed away"
    r"|the late|feue?(?=\s+\w)|(?:r\.\s?i\.\s?p\.?))(?!\w)|^\s*late\s|†"
)
_RIP = re.compile(r"[\s,(*-]RIP\b")
# What follows says something about the person, or names somebody else.
_ASIDE = re.compile(
    r"(?i)[(\[{*].*|\s[-–—/|:;]\s.*|\s*[;|].*|\b(?:c/o|a/s|care of|attn|att'n)\b.*"
    r"|\s[\"“«].*?[\"”»]"
)
_PLACEHOLDER = re.compile(r"^[\W_]*$|[@\d&+/]")


def is_deceased(name: str | None) -> bool:
    """Tell whether a name says that whoever bears it has died.

    >>> is_deceased("John Smith, deceased"), is_deceased("Feu Jean Roy")
    (True, True)
    >>> is_deceased("Late Smith"), is_deceased("Estate of Ann Roy")
    (True, False)
    """
    return bool(_DECEASED.search(name or "") or _RIP.search(name or ""))


def find_first_name(name: str | None) -> str:
    """Return the first name in a person's name, "" where there is any doubt.

    >>> find_first_name("Featherstone, Mrs. Margaret"), find_first_name("Jane Doe, RN")
    ('Margaret', 'Jane')
    >>> find_first_name("Mrs. Featherstone"), find_first_name("Estate of Ann Roy")
    ('', '')
    """
    name = _DECEASED.sub(" ", _RIP.sub(" ", name or ""))
    # "(deceased) John" leaves an empty pair of brackets, which is no aside.
    name = re.sub(r"[(\[{*]\s*[)\]}*]", " ", name).strip(" -–—*")
    name = _ASIDE.sub("", name).strip()
    if _PLACEHOLDER.search(name) or not NOBODY.isdisjoint(map(_bare, name.split())):
        return ""
    surname, *said = [part.split() for part in name.split(",")]
    rest = [words for words in map(_drop_suffixes, said) if words]
    if not rest:
        return _pick(surname, name)
    if _is_surname(surname) and not _is_like_a_suffix(rest[0], surname):
        return _pick(rest[0], name, turned=True)
    if len(rest) < len(said) or _is_like_a_suffix(rest[0], surname):
        return _pick(surname, name)
    return ""


def _drop_suffixes(words: list[str]) -> list[str]:
    """Return words without suffixes and titles that stand among them."""
    return [word for word in words if _bare(word) not in SUFFIXES]


def _is_surname(words: list[str]) -> bool:
    """Tell whether the words before a comma are a surname alone."""
    words = [word for word in words if _bare(word) not in HONORIFICS]
    return bool(words) and all(_bare(word) in PARTICLES for word in words[:-1])


def _is_like_a_suffix(words: list[str], before: list[str]) -> bool:
    """Tell whether what follows a comma is no name: "QXZ", "p.eng.", "her daughter"."""
    said = [word for word in words if _bare(word) not in HONORIFICS]
    if not said:
        return False
    first = said[0]
    shouted = all(word.isupper() for word in before)  # so is everything then
    letters = first.replace(".", "")
    return (first[0].islower() and not all(word.islower() for word in before)) or (
        not shouted and letters.isupper() and 1 < len(letters) < 6
    )


def _pick(words: list[str], name: str, *, turned: bool = False) -> str:
    """Return the first name among words in their order.

    :param name: all of it, for the case in which it is written
    :param turned: the surname stood before them
    """
    said = _drop_suffixes(words)
    titled = len(said)
    said = [word for word in said if _bare(word) not in HONORIFICS]
    if not said or not _is_latin(said[0]) or _is_initials(said[0], name):
        return ""
    if not turned and len(said) == 1 and (titled > 1 or len(words) > 1 or "," in name):
        return ""  # "Mrs. Featherstone", "Featherstone, RN"
    if said[0].islower() and not name.islower():  # "de la Cruz"
        return ""
    return _in_mixed_case(said[0].strip(".,"), name)


def _is_latin(word: str) -> bool:
    return all(
        ord(char) < 0x250 or 0x1E00 <= ord(char) < 0x1F00 or char in "’'-"
        for char in word
    )


def _is_initials(word: str, name: str) -> bool:
    """Tell whether a word is initials: "J.", "JR" beside a name in small letters."""
    letters = word.replace(".", "").replace("-", "")
    if len(letters) < 2 or "." in word.rstrip("."):
        return True
    return letters.isupper() and len(letters) < 4 and not name.isupper()


def _in_mixed_case(word: str, name: str) -> str:
    """Return a name that was typed in one case as names are written."""
    if not (name.isupper() or name.islower()):
        return word
    return re.sub(r"[^\W_]+", lambda part: part[0].capitalize(), word)


def _bare(word: str) -> str:
    plain = word.casefold().replace("é", "e").replace("è", "e").replace("ê", "e")
    plain = plain.replace("œ", "oe")
    return re.sub(r"[.()\"'’]", "", plain).strip(",")
