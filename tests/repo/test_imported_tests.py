"""Odoo runs only the tests that ``tests/__init__.py`` imports: all of them."""

import ast
from collections import Counter

import pytest
from support.tree import ADDONS, ROOT


def imported(folder):
    """Yield the paths of the modules that a package of tests imports.

    ``from . import test_x`` is a module, ``from .room import *`` all that a room below
    imports. Odoo's own lint allows nothing else there.
    """
    for line in ast.parse((folder / "__init__.py").read_text()).body:
        if isinstance(line, ast.ImportFrom):
            assert line.level == 1, ast.unparse(line)
            if not line.module:
                yield from (folder / f"{alias.name}.py" for alias in line.names)
            elif [alias.name for alias in line.names] == ["*"]:
                yield from imported(folder / line.module)


@pytest.mark.parametrize("addon", ADDONS)
def test_every_test_file_is_imported_once(addon):
    folder = ROOT / addon / "tests"
    found = Counter(path for path in imported(folder) if path.name.startswith("test_"))
    assert found and found == Counter(folder.rglob("test_*.py"))


def test_rooms_are_read(tmp_path):
    room = tmp_path / "booking"
    room.mkdir()
    (tmp_path / "__init__.py").write_text(
        "from . import test_views\nfrom .booking import *\n"
    )
    (room / "__init__.py").write_text("from . import office_case, test_travel\n")
    assert list(imported(tmp_path)) == [
        tmp_path / "test_views.py",
        room / "office_case.py",
        room / "test_travel.py",
    ]
