"""The rules of the house as assertions: sizes, names, purity, access rows."""

import ast
import csv
import re
from contextlib import suppress
from xml.etree import ElementTree

import pytest
from support.tree import ADDONS, ROOT, name, python_files, xml_files

PURE = {
    "fusion_tasks/scheduling": {"pytz"},  # as data: the rules of the clock
    "fusion_repairs/recurrence": {"dateutil"},
}
# folder -> the most lines a file in it may have
BUDGETS = {
    "models": 400,
    "wizards": 250,
    "controllers": 150,
    "scheduling": 250,
    "recurrence": 250,
    "tests": 300,
    "views": 300,
}
TOOLS = ("scripts", "tests/support")
SCRIPT_BUDGET = 400
LONGEST_METHOD = 45
STANDARD_LIBRARY = {
    "__future__", "bisect", "calendar", "collections", "dataclasses", "datetime",
    "decimal",
    "enum", "functools", "heapq", "itertools", "math", "operator", "re", "typing",
    "unicodedata", "zoneinfo",
}  # fmt: skip


def public_functions(tree):
    """Yield the public functions, methods and classes of a module."""
    for node in ast.walk(tree):
        kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
        if isinstance(node, kinds) and not node.name.startswith("_"):
            yield node


@pytest.mark.parametrize("path", [*python_files(*ADDONS), *xml_files()], ids=name)
def test_file_stays_within_its_budget(path):
    budgets = [BUDGETS[part] for part in path.parts if part in BUDGETS]
    lines = len(path.read_text().splitlines())
    assert lines <= min(budgets, default=400), f"{lines} lines: split by what it does"


@pytest.mark.parametrize("path", python_files(*TOOLS), ids=name)
def test_script_stays_within_its_budget(path):
    lines = len(path.read_text().splitlines())
    assert lines <= SCRIPT_BUDGET, f"{lines} lines: split by what it does"


@pytest.mark.parametrize("path", python_files(*ADDONS, *TOOLS), ids=name)
def test_methods_are_short(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef):
            length = node.end_lineno - node.lineno + 1
            assert length <= LONGEST_METHOD, f"{node.name}: {length} lines"


@pytest.mark.parametrize("folder", PURE)
def test_pure_packages_import_nothing_of_odoo(folder):
    allowed = STANDARD_LIBRARY | PURE[folder]
    files = python_files(folder)
    assert files
    for path in files:
        for node in ast.walk(ast.parse(path.read_text())):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module]
            for module in names:
                assert module.split(".")[0] in allowed, f"{name(path)}: {module}"


@pytest.mark.parametrize("path", python_files(*PURE), ids=name)
def test_everything_public_in_the_pure_packages_has_a_docstring(path):
    for node in public_functions(ast.parse(path.read_text())):
        assert ast.get_docstring(node), f"{node.name} in {name(path)}"


@pytest.mark.parametrize("path", xml_files(), ids=name)
def test_xml_parses(path):
    ElementTree.parse(path)


def test_one_model_a_file():
    for path in python_files(*(f"{addon}/models" for addon in ADDONS)):
        classes = [
            node.name
            for node in ast.parse(path.read_text()).body
            if isinstance(node, ast.ClassDef)
            and any("models." in ast.unparse(base) for base in node.bases)
        ]
        assert len(classes) <= 1, f"{name(path)}: {classes}"


def models_with_records(path):
    """Yield the names of the models a file defines that keep records."""
    for node in ast.parse(path.read_text()).body:
        bases = {ast.unparse(base) for base in getattr(node, "bases", ())}
        if not bases & {"models.Model", "models.TransientModel"}:
            continue
        assigned = {
            line.targets[0].id: ast.literal_eval(line.value)
            for line in node.body
            if isinstance(line, ast.Assign)
            and ast.unparse(line.targets[0]) in ("_name", "_inherit")
        }
        model, inherited = assigned.get("_name"), assigned.get("_inherit", ())
        # An extension leaves its rows to the model it extends.
        if model and model not in [inherited, *inherited]:
            yield model


def test_models_with_records_are_found():
    found = {
        model
        for addon in ADDONS
        for path in python_files(f"{addon}/models", f"{addon}/wizards")
        for model in models_with_records(path)
    }
    assert found >= {
        "fusion.technician.task",
        "fusion.repair.maintenance.contract",
        "fusion.repair.maintenance.backfill.wizard",
    }
    assert "fusion.repair.backfill.scope.mixin" not in found


def test_every_model_has_access_rows():
    for addon in ADDONS:
        with (ROOT / addon / "security" / "ir.model.access.csv").open() as handle:
            rows = {row["model_id:id"] for row in csv.DictReader(handle)}
        for path in python_files(f"{addon}/models", f"{addon}/wizards"):
            for model in models_with_records(path):
                row = "model_" + model.replace(".", "_")
                assert row in rows, f"{model} has no row in ir.model.access.csv"


def test_view_ids_say_model_and_kind():
    kinds = r"(form|list|kanban|calendar|search|pivot|graph|activity)"
    for path in xml_files():
        for record in ElementTree.parse(path).iter("record"):
            if record.get("model") != "ir.ui.view" or "." in record.get("id"):
                continue
            inherits = record.find("field[@name='inherit_id']") is not None
            kind = record.find("field[@name='type']")
            if inherits or (kind is not None and kind.text == "qweb"):
                continue
            view_id = record.get("id")
            assert re.search(rf"_view_{kinds}(_\w+)?$", view_id), (
                f"{name(path)}: {view_id}"
            )


def shared_options(paths):
    """Return the dicts that controller files keep as constants, by name."""
    constants = {}
    # Twice: a file may build on the constants of a later one.
    for path in (*paths, *paths):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict):
                with suppress(NameError):
                    value = eval(ast.unparse(node.value), dict(constants))
                    constants[node.targets[0].id] = value
    return constants


def route_options(path, constants):
    """Yield (line, options) of every route of a controller file."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("route"):
            options = {}
            for word in node.keywords:
                # Only shared options and literals stand in our routes.
                value = eval(ast.unparse(word.value), dict(constants))
                options.update({word.arg: value} if word.arg else value)
            yield node.lineno, options


def test_no_public_route_changes_anything_on_get():
    paths = python_files(*(f"{addon}/controllers" for addon in ADDONS))
    constants = shared_options(paths)
    found = 0
    for path in paths:
        for line, options in route_options(path, constants):
            found += 1
            where = f"{name(path)}:{line}"
            assert options.get("methods"), f"{where} names no methods"
            if "POST" not in options["methods"]:
                assert options.get("readonly") is True, where
            else:
                assert options["methods"] == ["POST"], f"{where} answers GET too"
    assert found >= 8


def test_licence_and_authors():
    for addon in ADDONS:
        manifest = ast.literal_eval((ROOT / addon / "__manifest__.py").read_text())
        assert manifest["license"] == "LGPL-3"
        assert manifest["author"] == "Fusion contributors"
        assert manifest["version"].startswith("19.0.")
    assert (ROOT / "LICENSE").exists()


def test_nothing_commits_in_business_code():
    for path in python_files(*ADDONS):
        if "tests" not in path.parts:
            assert ".commit()" not in path.read_text(), name(path)
