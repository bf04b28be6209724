"""What anybody may call over RPC: for the reviewed tables of both addons."""

import inspect

OF_ODOO = {
    "create", "write", "unlink", "copy", "copy_data", "default_get", "onchange",
}  # fmt: skip


def public_methods(models, addon):
    """Return the methods without an underscore that an addon gives to models.

    :param models: dict of the registry's classes by name
    :param addon: the addon's name
    :return: dict of sorted names, as one text, by model; none without any
    """
    found = {}
    for name, model in models.items():
        methods = {
            method
            for base in model.__mro__
            if f".{addon}." in getattr(base, "__module__", "")
            for method, value in vars(base).items()
            if inspect.isfunction(value) and not method.startswith("_")
        } - OF_ODOO
        if methods:
            found[name] = " ".join(sorted(methods))
    return found
