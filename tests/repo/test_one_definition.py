"""Within one addon, each method and attribute of a model is defined once.

Otherwise one definition replaces or wraps the other by the order of the imports.
"""

import ast
from collections import defaultdict

import pytest
from support.tree import ADDONS, ROOT, name, python_files

NAMES = {"_name", "_inherit"}


def assigned(line):
    """Return the name that a line of a class body defines, or None."""
    if isinstance(line, ast.FunctionDef):
        return line.name
    if isinstance(line, ast.Assign | ast.AnnAssign):
        target = line.targets[0] if isinstance(line, ast.Assign) else line.target
        return target.id if isinstance(target, ast.Name) else None
    return None


def model_of(node):
    """Return the model that a class defines or extends, or None."""
    found = {
        assigned(line): ast.literal_eval(line.value)
        for line in node.body
        if isinstance(line, ast.Assign) and assigned(line) in NAMES
    }
    model = found.get("_name") or found.get("_inherit")
    return model if isinstance(model, str | None) else model[0]


def definitions(sources):
    """Return {(model, attribute): [places]} of model classes.

    :param sources: (place, source text) of each file
    """
    places = defaultdict(list)
    for place, text in sources:
        for node in ast.parse(text).body:
            model = model_of(node) if isinstance(node, ast.ClassDef) else None
            for line in node.body if model else ():
                attribute = assigned(line)
                if attribute and attribute not in NAMES:
                    places[model, attribute].append(f"{place}:{line.lineno}")
    return places


def twice(sources):
    """Return what is defined more than once, a line each."""
    return [
        f"{model}.{attribute}: {', '.join(found)}"
        for (model, attribute), found in definitions(sources).items()
        if len(found) > 1
    ]


@pytest.mark.parametrize("addon", ADDONS)
def test_nothing_is_defined_twice_for_a_model(addon):
    sources = [
        (name(path), path.read_text())
        for path in python_files(addon)
        if "tests" not in path.relative_to(ROOT).parts
    ]
    assert len(definitions(sources)) > 100
    assert not twice(sources)


def test_a_second_definition_is_found():
    model = "class A(models.Model):\n    _name = 'a'\n    _order = 'id'\n"
    extension = "class A(models.Model):\n    _inherit = ['a', 'b']\n"
    sources = [
        ("one", model + "    size: int = 1\n    def go(self): pass\n"),
        ("two", extension + "    size = 2\n    def go(self): pass\n"),
        ("three", extension + "    _order = 'name'\n    def stay(self): pass\n"),
        ("other", model.replace("'a'", "'b'") + "    def go(self): pass\n"),
    ]
    assert twice(sources) == [
        "a._order: one:3, three:3",
        "a.size: one:4, two:3",
        "a.go: one:5, two:4",
    ]
