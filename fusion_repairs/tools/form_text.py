"""What a stranger typed, made harmless to read and to store."""

import unicodedata

# Marks that turn the direction of the text around them, and fool its reader.
DIRECTION_MARKS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# The fields of all forms of a booking link, with the most characters each may have.
FIELD_LENGTHS = {
    "slot": 1000,
    "units": 200,
    "view": 10,
    "note": 500,
    "attendee_name": 80,
    "attendee_phone": 40,
    "attendee_email": 254,
    "phone": 40,
    "days": 300,
    "reason": 200,
    "scope": 12,
    "alone": 1,
}
# Those of the forms that say which messages may be sent.
OPT_OUT_LENGTHS = {"kind": 12, "do": 5}


def clean(text):
    """Return a text without control characters and direction marks.

    >>> clean("Dog\\x00 \\u202egib\\r\\nhere ")
    'Dog gib\\nhere'
    """
    text = text.replace("\r\n", "\n")
    return "".join(char for char in text if _is_harmless(char)).strip()


def _is_harmless(char):
    if char in "\n\t":
        return True
    return unicodedata.category(char) not in ("Cc", "Cs") and (
        char not in DIRECTION_MARKS
    )
