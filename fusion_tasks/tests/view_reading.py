from lxml import etree

X2MANY = ("one2many", "many2many")


def get_specification(node, model, models):
    """Return which fields a view reads, with those of its lists.

    :param node: of the view
    :param model: the name of its model
    :param models: the fields of all models that it shows, as the client has them
    """
    found = {}
    for child in node:
        if child.tag != "field":
            if isinstance(child.tag, str):
                merge(found, get_specification(child, model, models))
            continue
        name = child.get("name")
        field = models[model][name]
        if field["type"] in X2MANY:
            inner = {}
            for view in child:
                merge(inner, get_specification(view, field["relation"], models))
            merge(found, {name: {"fields": inner or {"display_name": {}}}})
        elif field["type"] == "many2one":
            merge(found, {name: {"fields": {"display_name": {}}}})
        else:
            merge(found, {name: {}})
    return found


def merge(found, more):
    """Add to a specification what another part of the view reads."""
    for name, spec in more.items():
        known = found.setdefault(name, {"fields": {}} if "fields" in spec else {})
        if "fields" in spec:
            merge(known["fields"], spec["fields"])


def read_form(record, view_id=False):
    """Read a record with all that its form shows, as its reader's client does.

    :param record: with the reader as its user
    :param view_id: of the form, the usual one unless told
    :return: the values
    """
    loaded = record.get_views([(view_id, "form")])
    arch = etree.fromstring(loaded["views"]["form"]["arch"])
    models = {name: model["fields"] for name, model in loaded["models"].items()}
    return record.web_read(get_specification(arch, record._name, models))[0]
