"""Reading addresses as people type them in Canada, for a map that knows only doors.

Plain Python: no Odoo in here.
"""

import re
from typing import NamedTuple

_SPACES = re.compile(r"\s+")
_ASIDE = re.compile(r"\([^)]*\)")
_CARE_OF = re.compile(r"(?i)^(?:c/o|a/s|s/c|attn?\b|att:|aux soins de|chez)[^,]*,?")
_CIVIC = re.compile(
    r"(?i)^(?:civic|fire|e?911)\s*(?:(?:no|number|address)\b\.?|#|:)\s*"
)
_NAME_BEFORE = re.compile(r"^[^\d,]+,\s*(?=\d+[A-Za-z]?\s+[^\W\d_]{2})")
_HOUSE = re.compile(r"(?i)^\d+[a-z]?\b(?:\s*½|\s+\d/\d)?[\s,]+\S")

# Where the post leaves mail: nothing to drive to. Beside it, its office.
_STATION = (
    r"(?:[\s,]*\b(?:stn|station|succ|succursale|rpo|csp|lcd|bdp)\b\.?\s+"
    r"[\w'’.-]+(?:[ ]\w)?)?"
)
_NUMBER = r"\s*(?:#|no\b\.?|n[°º])?\s*\d+[a-z]?\b"
_MAIL = re.compile(
    r"(?i)[\s,-]*(?:\b(?:"
    r"(?:p\.?\s?o\.?\s?|post office |postal |letter |mail)?(?:box|bag|drawer)|p\.?o\.?b"
    r"|c\.\s?p\.?|cp|case(?: postale)?|b\.\s?p\.?|bp|bo[iî]te(?: postale)?"
    r"|casier(?: postal)?|tiroir|sac"
    r"|r\.?\s?r\.?|rural route|route rurale|ss|suburban service|mr|mobile route|im"
    r"|site|grp|group|groupe|emplacement|comp|cmp|compt|compartment|compartiment"
    rf")(?![^\W\d_])\.?{_NUMBER}"
    r"|\b(?:g\.?d\.?|general delivery|poste restante)(?![\w.])(?=\s*(?:,|$|stn|station"
    rf"|succ|rpo|csp|lcd|r\.?r)))+{_STATION}"
)
_OFFICE = re.compile(r"(?i)^(?:stn|station|succ|succursale|rpo|csp|lcd)\b\.?\s+\w+$")
_RURAL_ROUTE = re.compile(r"(?i)^(?:r\.?\s?r\.?|rural route|route rurale)\s*\d+$")

_KIND = r"(?:street|st|avenue|ave|av|road|rd|drive|dr|crescent|cres|rue)"
_SIDE = r"(?:[nsewo]|[ns][ew]|nord|sud|est|ouest|(?:north|south)?(?:east|west)?)"
_BEHIND = r"(?:[,#]|$|(?:apartment|apt|app|unit|suite|ste|bureau)\b)"
# "101 Street NW", "5e Avenue": streets named by a number, where little else follows.
# "12 Avenue Road" and "15 St. Clair Ave" are houses.
_NUMBERED_STREET = re.compile(
    r"(?i)\b(\d+[a-z]?)\s*[-–]\s*"
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

# What is behind the door. First what stands before the number of the house.
_PART = (
    r"(?:(?:lower|upper|main|ground|first|second|third|top)"
    r"\s+(?:floor|flr|fl|level|unit|suite|apt|apartment|flat|part)|lower|upper"
    r"|basement|bsmn?t|downstairs|upstairs|rear|penthouse|ph|coach house|carriage house"
    r"|(?:in-law|garden|laneway)\s+(?:suite|house)|(?:front|side|back)\s+door"
    r"|(?:demi-)?sous-sol|rez-de-chauss[ée]e|rdc)"
)
_LEADING_UNIT = re.compile(
    r"(?i)^#?\s*(?:[a-z]?\d+[a-z]?|[a-z])\s*[-–/]\s*(?=\d+[a-z]?\s+\S)"
)
_LEADING_PART = re.compile(rf"(?i)^{_PART}(?:[\s,:–-]+(?=\d+[a-z]?\s+\S)|$)")
_UNIT = re.compile(
    r"(?i)[\s,–-]*(?:\b(?:apartment|apt|appartement|appt|app|unit|unité|suite|ste|"
    r"bureau|bur|local|loc|room|rm|chambre|floor|flr|fl|étage|level|niveau|penthouse|ph|"
    r"townhouse|th|villa|building|bldg|b[âa]timent|b[âa]t|édifice|tower|tour|block|bloc|"
    r"wing|aile|entrance|entrée|door|porte)\b\.?\s*(?:#|no\b\.?|n[°º])?\s*"
    r"(?:[a-z]?\d+[a-z]?\b\.?|[a-z]\b(?!['’.-]))|\b(?:ph|th)\d+\b|"
    r"\b(?:entry|gate|door|lockbox)?\s*(?:buzzer|buzz|intercom|sonnette|code)\b\.?:?"
    r"\s*(?:code|no\b\.?)?:?\s*#?\s*\d+#?|"
    r"\b\d+(?:st|nd|rd|th|er|[eè]re|i?[eè]me|e)\s+(?:floor|flr|fl\b|étage|ét\b)\.?|"
    r"(?<!^)\b(?:lot|space|sp|pad|stall|trailer|terrain)\b\.?\s*#?\s*\d+[a-z]?\b|#\s*\w+)"
)
_TAIL = re.compile(
    rf"(?i)(?:[\s,–-]+{_PART}|\s*,\s*(?:front|back|haut|bas|avant|arri[èe]re))(?=\s*(?:,|$))"
)
_STREET = re.compile(r"(?i)^\d+[a-z]?[\s,]+(?!(?:rue|chemin|av|avenue)$).*[^\W\d_]{2}")


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
    return bool(_RURAL_ROUTE.match(street)) or any(
        _LEADING_UNIT.match(_drop_mail(line)) and _drop_unit(line) == street
        for line in _get_lines(address)
    )


def _get_street(address):
    """Return the line that names a street, without what is behind its door.

    One that begins with the number of a house comes before one that has a number.
    """
    lines = _get_lines(address)
    streets = [street for street in map(_drop_unit, lines) if street]
    for found in (_HOUSE.match, re.compile(r"\d").search, lambda line: True):
        for street in streets:
            if found(street) and re.search(r"[^\W\d_]{2}", street):
                return street
    # No map knows them, but somebody's own may.
    routes = (_name_numbers(line) for line in lines)
    return next((route for route in routes if _RURAL_ROUTE.match(route)), "")


def _get_lines(address):
    lines = f"{address.street or ''}\n{address.street2 or ''}".splitlines()
    lines = [_tidy(_ASIDE.sub(" ", line)) for line in lines]
    return [line for line in (_tidy(_CARE_OF.sub("", line)) for line in lines) if line]


def _tidy(text):
    return _SPACES.sub(" ", text or "").strip(" ,;-–")


def _name_numbers(line):
    """Return a line in which numbers that are names stand like names."""
    return _NUMBERED_ROAD.sub(r"\1 ", _NUMBERED_STREET.sub(r"\1 ", line))


def _drop_mail(line):
    """Return a line without what only the post needs to know."""
    line = _tidy(_MAIL.sub(" ", _CIVIC.sub("", _name_numbers(line))))
    return "" if _OFFICE.match(line) else _NAME_BEFORE.sub("", line)


def _drop_unit(line):
    line = _LEADING_UNIT.sub("", _LEADING_PART.sub("", _drop_mail(line)))
    line = _tidy(_UNIT.sub(" ", line))
    shorter = _tidy(_TAIL.sub("", line))
    return shorter if _STREET.match(shorter) else line
