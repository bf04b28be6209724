"""The rooms of the addons: how large they are, and that they only call down.

The rooms and their order: CONTRIBUTING.md.
"""

import ast
from collections import Counter

import pytest
from support.tree import ADDONS, ROOT

MOST_FILES = 16
MOST_FILES_A_MODEL = 6


def rooms(addon):
    """Return the rooms of an addon's models in the order of its ``__init__``."""
    folder = ROOT / addon / "models"
    body = ast.parse((folder / "__init__.py").read_text()).body
    names = [alias.name for node in body for alias in getattr(node, "names", ())]
    return [name for name in names if (folder / name).is_dir()]


def modules(addon, room):
    """Return the files of a room, without its ``__init__``."""
    found = sorted((ROOT / addon / "models" / room).glob("*.py"))
    return [path for path in found if path.name != "__init__.py"]


EVERY_ROOM = [(addon, room) for addon in ADDONS for room in rooms(addon)]


def model_of(path):
    """Return the name of the model that a file defines or extends, if it does."""
    for node in ast.parse(path.read_text()).body:
        if not isinstance(node, ast.ClassDef):
            continue
        values = {
            line.targets[0].id: ast.literal_eval(line.value)
            for line in node.body
            if isinstance(line, ast.Assign)
            and ast.unparse(line.targets[0]) in ("_name", "_inherit")
        }
        name = values.get("_name") or values.get("_inherit")
        if name:
            return name if isinstance(name, str) else name[0]
    return None


def imported_rooms(path, addon):
    """Yield the rooms of the same addon that a file imports from."""
    package = path.relative_to(ROOT).parts[:-1]
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = package[: len(package) - (node.level - 1)]
            target = (*base, *(node.module or "").split("."))
            if target[:2] == (addon, "models") and len(target) > 2:
                yield target[2]


def test_the_rooms_are_found():
    assert {"contract", "booking", "visits"} <= set(rooms("fusion_repairs"))
    assert {"task", "availability"} <= set(rooms("fusion_tasks"))


def test_every_folder_of_models_is_a_room():
    for addon in ADDONS:
        folders = {
            path.parent.name for path in (ROOT / addon / "models").glob("*/*.py")
        }
        assert folders == set(rooms(addon)), addon


@pytest.mark.parametrize(("addon", "room"), EVERY_ROOM)
def test_a_room_can_be_taken_in_at_a_glance(addon, room):
    files = modules(addon, room)
    assert len(files) <= MOST_FILES, f"{len(files)} files: this is two use cases"
    for model, number in Counter(map(model_of, files)).items():
        if model:
            assert number <= MOST_FILES_A_MODEL, f"{model} stands in {number} files"


@pytest.mark.parametrize(("addon", "room"), EVERY_ROOM)
def test_rooms_import_from_rooms_before_them_only(addon, room):
    order = rooms(addon)
    for path in modules(addon, room):
        for other in imported_rooms(path, addon):
            if other in order:
                assert order.index(other) <= order.index(room), f"{path.name}: {other}"


def test_what_all_rooms_share_imports_from_none():
    for addon in ADDONS:
        for path in (ROOT / addon / "models").glob("*.py"):
            if path.name != "__init__.py":
                assert not set(imported_rooms(path, addon)) & set(rooms(addon)), path
