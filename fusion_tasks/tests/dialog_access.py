"""Pointing every dialog of an addon at records that its user may not read."""

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tools import mute_logger

MIXIN = "fusion.wizard.access.mixin"
RELATIONAL = ("many2one", "many2many", "one2many")
FILLERS = {
    "char": "x",
    "text": "x",
    "integer": 1,
    "float": 1.0,
    "date": fields.Date.today,
    "datetime": fields.Datetime.now,
}


def get_forms(env, addon, users):
    """Return what users of an addon may make or change, apart from dialogs.

    :param users: one of each role
    """
    return [
        env[name]
        for name, model in sorted(env.registry.items())
        if model._original_module == addon
        and not model._transient
        and not model._abstract
        and any(is_openable(env[name], user) for user in users)
    ]


def get_dialogs(env, addon):
    """Return the dialogs of an addon and their lines, as empty records.

    :param addon: name of the addon
    """
    return [
        env[name]
        for name, model in sorted(env.registry.items())
        if model._transient and not model._abstract and model._original_module == addon
    ]


def is_openable(dialog, user):
    """Tell whether a user may make or change such a dialog."""
    dialog = dialog.with_user(user)
    return dialog.has_access("create") or dialog.has_access("write")


def get_pointers(dialog):
    """Return the fields of a dialog that can be pointed at records."""
    return [
        field
        for field in dialog._fields.values()
        if field.type in (*RELATIONAL, "reference", "many2one_reference")
        and not field.related
        and (field.store or not field.compute)
        and field.name not in ("create_uid", "write_uid")
    ]


def find_unguarded(env, addon, users):
    """Return in words what dialogs of an addon would show to anybody.

    :param users: one of each role
    """
    found = []
    for dialog in get_dialogs(env, addon):
        pointers = get_pointers(dialog)
        if not pointers or not any(is_openable(dialog, user) for user in users):
            continue
        if not isinstance(dialog, env.registry[MIXIN]):
            found.append(f"{dialog._name} does not inherit {MIXIN}")
        found += [
            f"{field} is of a kind that {MIXIN} does not check"
            for field in pointers
            if field.type not in RELATIONAL
        ]
        found += [
            f"{field} is read with the rights of the system"
            for field in dialog._fields.values()
            if field.related and not field.store and field.compute_sudo
        ]
    return found


def make_dialog(dialog, records):
    """Return a dialog of somebody else, with what it needs.

    :param records: by model, to point it at
    """
    vals = {}
    for field in dialog._fields.values():
        if not field.required or not field.store or field.type == "many2many":
            continue
        if field.type == "many2one":
            vals[field.name] = records[field.comodel_name].id
        elif field.type == "selection":
            vals[field.name] = field.get_values(dialog.env)[0]
        elif field.type in FILLERS:
            filler = FILLERS[field.type]
            vals[field.name] = filler() if callable(filler) else filler
    return dialog.create(vals)


def aim(dialog, field, record):
    """Yield each way to point a form at a record and to look: its name and the call.

    :param dialog: an empty record of the dialog or model, as its user
    :param field: what can be pointed at records
    :param record: what the user may not read
    """
    one, name = record.id, field.name
    spec = {key: {} for key in dialog.fields_get()}
    default = one if field.type == "many2one" else [one]
    opened = dialog.with_context(**{f"default_{name}": default})
    yield "default", lambda: opened.default_get([name])
    yield "default of a form", lambda: opened.onchange({}, [], spec)
    values = ([(4, one)], [[6, 0, [one]]], [one], [(6, 0, [str(one)])])
    if field.type == "many2one":
        values = (one, {"id": one})
    for value in values:
        vals = {name: value}
        yield f"form {value}", lambda vals=vals: dialog.onchange({**vals}, [], spec)
        yield (
            f"change {value}",
            lambda vals=vals: dialog.onchange({**vals}, [name], spec),
        )
        if dialog._transient:
            yield f"create {value}", lambda vals=vals: dialog.create(vals).read()
    if dialog._transient:
        yield "default of a new one", lambda: opened.create({}).read()


def find_readable(dialog, field, record):
    """Return by what ways a form can be pointed at what its user may not read."""
    found = []
    env = dialog.env
    for way, look in aim(dialog, field, record):
        try:
            with mute_logger("odoo.addons.base.models.ir_rule"), env.cr.savepoint():
                shown = look()
        except AccessError:
            continue
        finally:
            env.invalidate_all()
        found.append(f"{env.user.login}: {field} by {way}: {shown}")
    return found
