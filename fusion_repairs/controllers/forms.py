"""Reading what a stranger sends: the token of a link, and named text fields only."""

from werkzeug.exceptions import BadRequest

from odoo.http import request

from ..tools.form_text import FIELD_LENGTHS, clean

OWN_FIELDS = {"csrf_token": 64, "lang": 10}


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


def find_contract(token):
    """Return the contract of a booking link, in sudo, or an empty one."""
    contract = request.env["fusion.repair.maintenance.contract"]._find_by_token(token)
    # What is written down is for the office, whatever the visitor's language.
    return contract.with_context(lang=contract.company_id.partner_id.lang)


def read_link_form(token, *names):
    """Return the contract of a link and the form that its page sent.

    The form carries a key that only a page of this very link has: nobody else can make
    a visitor's browser send it, whether that browser keeps cookies or not.

    :return: contract (in sudo, empty if the link books nothing) and fields, the token
        of the link among them
    """
    form = {**read_form(*names), "token": token}
    contract = find_contract(token)
    if contract and not contract._is_form_key(form.pop("csrf_token")):
        raise BadRequest("not a form of this link")
    return contract, form
