"""Reading what a stranger posts: named text fields only, short and clean."""

from werkzeug.exceptions import BadRequest

from odoo.http import request

from ..tools.form_text import FIELD_LENGTHS, clean

OWN_FIELDS = {"csrf_token": 0, "lang": 10}


def read_form(*names, **lengths):
    """Return the named text fields of the posted form, cleaned and cut to length.

    A field that no page of ours has, or one that comes twice, is refused.

    :param names: fields of a booking link, whose lengths are known
    :param lengths: other fields, with the most characters each may have
    """
    form = request.httprequest.form
    known = {name: FIELD_LENGTHS[name] for name in names}
    allowed = {**OWN_FIELDS, **known, **lengths}
    if not set(form) <= set(allowed) or any(len(form.getlist(n)) > 1 for n in form):
        raise BadRequest("unexpected field")
    return {
        name: clean(form.get(name, ""))[:length] for name, length in allowed.items()
    }
