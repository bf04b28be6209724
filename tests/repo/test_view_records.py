"""Views say their model in their id, and none changes a view of its own addon.

A view of its own that starts from another (``mode`` primary) changes nothing.
"""

import re
from xml.etree import ElementTree

import pytest
from support.tree import ADDONS, name, xml_files

KINDS = r"(form|list|kanban|calendar|search|pivot|graph|activity|hierarchy)"


def views(root, addon):
    """Yield (id, model, changed view) of each view, without our own prefix."""
    for record in root.iter("record"):
        if record.get("model") == "ir.ui.view":
            model = record.find("field[@name='model']")
            parent = record.find("field[@name='inherit_id']")
            if record.findtext("field[@name='mode']") == "primary":
                parent = None
            yield (
                record.get("id").removeprefix(f"{addon}."),
                "" if model is None else model.text,
                "" if parent is None else parent.get("ref").removeprefix(f"{addon}."),
            )
    for template in root.iter("template"):
        parent = template.get("inherit_id", "")
        if template.get("primary") == "True":
            parent = ""
        yield template.get("id"), "", parent.removeprefix(f"{addon}.")


def faults(root, addon):
    """Yield what is wrong with the views of a document."""
    for view_id, model, parent in views(root, addon):
        if parent and "." not in parent:
            yield f"{view_id} changes our own {parent}: write it there"
        prefix = model.replace(".", "_")
        if model and not re.match(rf"{prefix}_view_{KINDS}(_\w+)?$", view_id):
            yield f"{view_id} should be called {prefix}_view_<type>"


@pytest.mark.parametrize("path", xml_files(), ids=name)
def test_views(path):
    addon = next(part for part in path.parts if part in ADDONS)
    assert not list(faults(ElementTree.parse(path).getroot(), addon))


def test_faults_are_found():
    root = ElementTree.fromstring(
        """<odoo>
        <record id="a_b_view_form" model="ir.ui.view">
            <field name="model">a.b</field>
        </record>
        <record id="view_b_list" model="ir.ui.view">
            <field name="model">a.b</field>
        </record>
        <record id="a_b_view_form_more" model="ir.ui.view">
            <field name="model">a.b</field>
            <field name="inherit_id" ref="fusion_tasks.a_b_view_form"/>
        </record>
        <record id="a_b_view_kanban_mine" model="ir.ui.view">
            <field name="model">a.b</field>
            <field name="mode">primary</field>
            <field name="inherit_id" ref="a_b_view_kanban"/>
        </record>
        <template id="page" inherit_id="portal.layout"/>
        <template id="page_more" inherit_id="page"/>
        </odoo>"""
    )
    assert list(faults(root, "fusion_tasks")) == [
        "view_b_list should be called a_b_view_<type>",
        "a_b_view_form_more changes our own a_b_view_form: write it there",
        "page_more changes our own page: write it there",
    ]
