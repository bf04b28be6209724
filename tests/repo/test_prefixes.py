"""What is unique in a whole database carries our prefix: other apps have names too."""

import ast
import re
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parents[2]
ADDONS = ("fusion_tasks", "fusion_repairs")
MENU = r"(fusion_|res_users_|res_partner_)"
ROUTE = re.compile(r"^(/my)?/(repairs|fusion)/")


def records(*models):
    """Yield (addon, path, record) of the data files of both addons."""
    for addon in ADDONS:
        for path in sorted((ROOT / addon).rglob("*.xml")):
            for record in ElementTree.parse(path).iter("record"):
                if record.get("model") in models:
                    yield addon, path, record


def text(record, name):
    """Return the text of a record's field, or None."""
    field = record.find(f"field[@name='{name}']")
    return None if field is None else field.text


def python_files():
    """Return the Python files of both addons but for their tests."""
    for addon in ADDONS:
        for path in sorted((ROOT / addon).rglob("*.py")):
            if "tests" not in path.parts:
                yield path


def test_paths_of_windows():
    kinds = ("ir.actions.act_window", "ir.actions.client", "ir.actions.server")
    paths = [text(record, "path") for _addon, _path, record in records(*kinds)]
    paths = [path for path in paths if path]
    assert len(paths) >= 12
    assert len(set(paths)) == len(paths)
    assert [path for path in paths if not path.startswith("fusion-")] == []


def test_an_upgrade_brings_new_paths():
    kinds = {"ir.actions.act_window", "ir.actions.client", "ir.actions.server"}
    for addon in ADDONS:
        for path in sorted((ROOT / addon).rglob("*.xml")):
            root = ElementTree.parse(path).getroot()
            parts = [root, *root.iter("data")]
            kept = [part for part in parts if part.get("noupdate") in ("1", "True")]
            found = {record.get("model") for part in kept for record in part}
            assert not found & kinds, f"{path}: stays as it was installed"


def test_codes_of_sequences():
    codes = [text(record, "code") for _addon, _path, record in records("ir.sequence")]
    for path in python_files():
        codes += re.findall(r'^SEQUENCE = "(.+)"$', path.read_text(), re.MULTILINE)
    assert len(codes) >= 4
    assert [code for code in codes if not code.startswith("fusion.")] == []


def parameters_of(path):
    """Yield the keys of the system parameters that a file names."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.keyword) and node.arg == "config_parameter":
            yield node.value.value
        if isinstance(node, ast.Call) and re.search(
            r"\b[gs]et_param$", ast.unparse(node.func)
        ):
            key = node.args[0]
            if isinstance(key, ast.JoinedStr):
                key = key.values[0]
            if isinstance(key, ast.Constant):
                yield key.value


def test_system_parameters():
    keys = {key for path in python_files() for key in parameters_of(path)}
    keys |= {
        text(record, "key") for _addon, _path, record in records("ir.config_parameter")
    }
    # Odoo's own, which we only read.
    keys -= {"web.base.url", "database.uuid"}
    assert len(keys) >= 9
    assert [key for key in keys if not re.match(r"fusion_(tasks|repairs)\.", key)] == []


def test_jobs():
    found = list(records("ir.cron"))
    assert len(found) >= 10
    for _addon, path, record in found:
        name = record.get("id")
        assert re.fullmatch(r"ir_cron_\w+", name), f"{path}: {name}"
        assert text(record, "code").startswith("model._cron_"), name


def test_menus():
    found = 0
    for addon in ADDONS:
        for path in sorted((ROOT / addon).rglob("*.xml")):
            for menu in ElementTree.parse(path).iter("menuitem"):
                found += 1
                assert re.match(MENU, menu.get("id")), f"{path}: {menu.get('id')}"
    assert found >= 20


def test_routes():
    routes = []
    for path in ROOT.glob("fusion_*/controllers/*.py"):
        routes += re.findall(
            r'^ *(?:@route\(|URL = )"(/[^"]*)"', path.read_text(), re.M
        )
    assert len(routes) >= 6
    assert [route for route in routes if not ROUTE.match(route)] == []


def test_names_in_the_browser():
    """Names of views, fields, actions and widgets are shared by all apps."""
    added = []
    for path in ROOT.glob("fusion_*/static/src/**/*.js"):
        added += re.findall(
            r'category\("(?:views|fields|view_widgets|actions)"\)\s*\.add\("([^"]+)"',
            path.read_text(),
        )
    assert len(added) >= 7
    assert [name for name in added if not name.startswith("fusion_")] == []
