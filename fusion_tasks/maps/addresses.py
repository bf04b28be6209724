"""Reading addresses as people type them in Canada, for a map that knows only doors.

Plain Python: no Odoo in here.
"""

import re
from typing import NamedTuple

_SPACES = re.compile(r"\s+")
_CARE_OF = re.compile(r"(?i)^(?:c/o|a/s|attn?\b|att:|p\.?\s?o\.?\s?box|c\.?\s?p\.?\s)")

_KIND = r"(?:street|st|avenue|ave|av|road|rd|drive|dr|crescent|cres|rue)"
_SIDE = r"(?:[nsewo]|[ns][ew]|nord|sud|est|ouest|(?:north|south)?(?:east|west)?)"
_BEHIND = r"(?:[,#]|$|(?:apartment|apt|app|unit|suite|ste|bureau)\b)"
# "101 Street NW", "5e Avenue": streets named by a number, where little else follows.
# "12 Avenue Road" and "15 St. Clair Ave" are houses.
_NUMBERED_STREET = re.compile(
    r"(?i)\b(\d+[a-z]?)\s*-\s*"
    rf"(?=\d+(?:[a-z]|st|nd|rd|th|er|[eè]re|i?[eè]me)?\s+{_KIND}\b\.?\s*"
    rf"{_SIDE}\b\.?\s*{_BEHIND})"
)
# "Hwy #7", "County Road #12", "15 Line #4"; but "12 Elm Road #4" is a unit.
_NUMBERED_ROAD = re.compile(
    r"(?i)((?:\b(?:hwy|highway|autoroute|route|rte|r\.?r|conc|concession|rang|"
    r"side\s?road|(?:county|regional|township|twp|range|rge|rural|municipal|district|"
    r"grid|forest|provincial|secondary|concession)\s+(?:road|rd|line))|"
    r"^\d+[a-z]?\s+(?:road|rd|line|chemin|ch))\b\.?)\s*#\s*(?=\d)"
)
_LEADING_UNIT = re.compile(r"^#?\s*\d+[A-Za-z]?\s*-\s*(?=\d+[A-Za-z]?\s+\S)")
_UNIT = re.compile(
    r"(?i)[\s,]*(?:\b(?:apartment|apt|appartement|appt|app|unit|unité|suite|ste|"
    r"bureau|room|rm|floor|étage)\b\.?\s*(?:#|no\b\.?|n[°º])?\s*"
    r"(?:[a-z]?\d+[a-z]?\b\.?|[a-z]\b(?!['’.-]))|"
    r"\b\d+(?:st|nd|rd|th|er|[eè]re|i?[eè]me|e)\s+(?:floor|étage)\b|#\s*\w+)"
)


class Address(NamedTuple):
    """A postal address, as somebody typed it."""

    street: str = ""
    street2: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""
    country: str = ""
    country_code: str = ""


def get_queries(address):
    """Return what to ask for, best first; nothing without a street and a town.

    Blanks are tidied, units and "care of" left out: maps know doors, not flats.

    >>> get_queries(Address("204 - 15  Main St, Apt 3", "", "Guelph", "ON"))
    ['15 Main St, Guelph, ON']
    >>> get_queries(Address("10235 - 101 Street NW", "", "Edmonton", "AB"))
    ['10235 101 Street NW, Edmonton, AB']
    >>> get_queries(Address("", "", "Guelph", "ON"))
    []
    """
    street = _get_street(address)
    city, state, code, country = (
        _tidy(part) for part in (address.city, address.state, address.zip, address[5])
    )
    if not street or not (city or code):
        return []
    region = " ".join(filter(None, (state, code)))
    queries = [
        ", ".join(filter(None, (street, city, region, country))),
        # Postal codes are often wrong, and rarely on a free map.
        ", ".join(filter(None, (street, city, state, country))),
    ]
    return list(dict.fromkeys(queries if city else queries[:1]))


def needs_door(address):
    """Tell whether only the number of a house proves that a street was read rightly.

    So it is where the first of two numbers was left out as a unit's: it could have
    been the house's, of a street with a number for a name.

    >>> needs_door(Address("204 - 15 Main St", "", "Guelph"))
    True
    >>> needs_door(Address("15 Main St", "", "Guelph"))
    False
    """
    street = _get_street(address)
    return any(
        _LEADING_UNIT.match(_name_numbers(line)) and _drop_unit(line) == street
        for line in _get_lines(address)
    )


def _get_street(address):
    """Return the line that names a street, without what is behind its door."""
    lines = _get_lines(address)
    numbered = [line for line in map(_drop_unit, lines) if re.search(r"\d", line)]
    streets = numbered or [_drop_unit(line) for line in lines]
    return next((line for line in streets if re.search(r"[^\W\d_]{2}", line)), "")


def _get_lines(address):
    lines = f"{address.street or ''}\n{address.street2 or ''}".splitlines()
    return [line for line in map(_tidy, lines) if line and not _CARE_OF.match(line)]


def _tidy(text):
    return _SPACES.sub(" ", text or "").strip(" ,;-")


def _name_numbers(line):
    """Return a line in which numbers that are names stand like names."""
    return _NUMBERED_ROAD.sub(r"\1 ", _NUMBERED_STREET.sub(r"\1 ", line))


def _drop_unit(line):
    return _tidy(_UNIT.sub(" ", _LEADING_UNIT.sub("", _name_numbers(line))))
