"""Reading what a stranger posts: named text fields only, short and clean."""

import unicodedata

from werkzeug.exceptions import BadRequest

from odoo.http import request

# Marks that turn the direction of the text around them, and fool its reader.
DIRECTION_MARKS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
OWN_FIELDS = {"csrf_token": 0, "lang": 10}


def read_form(**lengths):
    """Return the named text fields of the posted form, cleaned and cut to length.

    A field that no page of ours has, or one that comes twice, is refused.
    """
    form = request.httprequest.form
    allowed = {**OWN_FIELDS, **lengths}
    if not set(form) <= set(allowed) or any(len(form.getlist(n)) > 1 for n in form):
        raise BadRequest("unexpected field")
    return {
        name: clean(form.get(name, ""))[:length] for name, length in allowed.items()
    }


def clean(text):
    """Return a text without control characters and direction marks."""
    text = text.replace("\r\n", "\n")
    return "".join(char for char in text if _is_harmless(char)).strip()


def _is_harmless(char):
    if char in "\n\t":
        return True
    return unicodedata.category(char) not in ("Cc", "Cs") and (
        char not in DIRECTION_MARKS
    )
