"""Device types of funding claims: which of them is a unit, and of what kind.

Whoever types device types spells them in many ways, so a rule either names one of them
or gives words that must all be in it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

# What a device type means.
UNIT = "unit"
PART = "part"
UNDECIDED = "undecided"


@dataclass(frozen=True)
class DeviceRule:
    """What device types mean: the one spelt so, or all that have these words.

    ``company_id`` None: for all companies.
    """

    text: str
    exact: bool
    meaning: str
    category_id: int | None = None
    company_id: int | None = None


def device_words(text: str) -> tuple[str, ...]:
    """Return the words of a device type without case, punctuation and plurals.

    >>> device_words("Wheelchairs, Adult (Type 2)")
    ('wheelchair', 'adult', 'type', '2')
    >>> device_words("BATTERIES, bases & crutches")
    ('battery', 'base', 'crutch')
    """
    return tuple(_singular(word) for word in re.findall(r"\w+", text.casefold()))


def find_device_rule(
    device_type: str, rules: Iterable[DeviceRule], company_id: int
) -> DeviceRule | None:
    """Return the rule that says what a device type means to a company, or None.

    A rule for exactly this device type goes before one by words, a company's own before
    a shared one; among equals the first in the order given.

    >>> rules = [
    ...     DeviceRule("cushion", False, PART),
    ...     DeviceRule("wheelchair", False, UNIT, 4),
    ... ]
    >>> find_device_rule("Wheelchair Cushions", rules, 1).meaning
    'part'
    >>> find_device_rule("Manual wheelchair, Type 3", rules, 1).category_id
    4
    >>> find_device_rule("Standing Frame", rules, 1)
    """
    words = device_words(device_type)
    found = [
        rule
        for rule in rules
        if rule.company_id in (None, company_id) and _matches(rule, words)
    ]
    return min(found, key=_precedence, default=None)


def _matches(rule: DeviceRule, words: tuple[str, ...]) -> bool:
    wanted = device_words(rule.text)
    if rule.exact:
        return wanted == words
    return bool(wanted) and set(wanted) <= set(words)


def _precedence(rule: DeviceRule) -> tuple[bool, bool]:
    return not rule.exact, rule.company_id is None


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return f"{word[:-3]}y"
    if word.endswith(("ches", "shes", "sses", "xes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
        return word[:-1]
    return word
