"""pytest plugin: the classes of each model are put together in reverse order.

Import order must mean nothing: what a file of ours adds to a model may not depend on
which file Odoo read first. With this plugin Odoo meets the model classes of each of our
addons from the last to the first, except that it needs a model before what extends it
and a mixin before its users. Whatever then fails hung on the order of an ``__init__``.
"""

from collections import defaultdict
from unittest.mock import patch

import pytest

ADDONS = ("fusion_tasks", "fusion_repairs")
turned = pytest.StashKey[dict]()


def last_first(classes):
    """Return model classes from the last to the first, each after what it needs.

    :param classes: classes with ``_name`` and ``_inherit`` (a list of names)
    """
    backwards = list(reversed(classes))
    definitions = defaultdict(list)
    for model_class in backwards:
        if model_class._name not in model_class._inherit:
            definitions[model_class._name].append(model_class)
    ordered = []

    def add(model_class):
        if model_class in ordered:
            return
        for name in model_class._inherit:
            for needed in definitions[name]:
                add(needed)
        ordered.append(model_class)

    for model_class in backwards:
        add(model_class)
    return ordered


def turn(classes, addon):
    """Put the classes of an addon in reverse order, in place.

    :return: how many there are
    :raises RuntimeError: when there was nothing to turn
    """
    ordered = last_first(classes)
    if ordered == classes:
        raise RuntimeError(f"{addon}: no model classes to reverse")
    classes[:] = ordered
    return len(classes)


def pytest_configure(config):
    """Have the registry turn the classes of our addons before it reads them."""
    # pylint: disable=import-outside-toplevel
    from odoo.models import MetaModel  # noqa: PLC0415
    from odoo.modules.registry import Registry  # noqa: PLC0415

    counts = config.stash[turned] = {}
    load = Registry.load

    def load_turned(registry, module):
        if module.name in ADDONS and module.name not in counts:
            classes = MetaModel._module_to_models__.get(module.name, [])
            counts[module.name] = turn(classes, module.name)
        return load(registry, module)

    patcher = patch.object(Registry, "load", load_turned)
    patcher.start()
    config.add_cleanup(patcher.stop)


@pytest.fixture(scope="session", autouse=True)
def classes_are_reversed(request, load_registry):
    """Fail every test when the order was not reversed."""
    missing = set(ADDONS) - request.config.stash[turned].keys()
    assert not missing, f"model classes of {sorted(missing)} were not reversed"


def pytest_terminal_summary(terminalreporter, config):
    """Say in the output what was reversed."""
    for addon, count in config.stash[turned].items():
        terminalreporter.write_line(f"model classes reversed: {count} of {addon}")
