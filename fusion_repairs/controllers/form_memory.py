"""What was typed into a form that has to be filled in again, for the next page."""

import hashlib

from odoo.http import request

MEMORY = "fc_typed"
LINKS = 3


def recall(token):
    """Return what this browser last typed on the page of a link, by field."""
    return (request.session.get(MEMORY) or {}).get(_key(token)) or {}


def remember(token, fields):
    """Keep what was typed for the next page of this browser; nothing forgets it.

    Only this browser's session holds it, for the last links it used.
    """
    typed = dict(request.session.get(MEMORY) or {})
    before = typed.pop(_key(token), {})
    fields = {name: text for name, text in fields.items() if text}
    if fields:
        typed[_key(token)] = fields
    if fields != before:
        request.session[MEMORY] = dict(list(typed.items())[-LINKS:])


def _key(token):
    return hashlib.sha256(token.encode()).hexdigest()[:16]
