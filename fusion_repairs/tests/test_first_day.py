import re
from datetime import timedelta
from pathlib import Path

from lxml import etree

from odoo.tests import Form, TransactionCase, tagged
from odoo.tools.misc import file_path

# What the list names that is neither a menu, nor a field or button of a view.
ELSEWHERE = {"italics", "Package", "Fiscal Localization", "Invoicing"}
LIST_BUTTONS = {"New", "Activate"}
VIEWED = (
    "base.view_company_form",
    "account.res_config_settings_view_form",
    "base.res_lang_tree",
    "base.view_partner_form",
    "base.view_currency_form",
    "product.product_template_form_view",
    "fusion_tasks.res_users_view_form_technician",
    "fusion_repairs.fusion_repair_product_category_view_form",
    "fusion_repairs.fusion_repair_maintenance_contract_view_form",
    "fusion_repairs.fusion_repair_consent_wizard_view_form",
    "fusion_repairs.fusion_repair_maintenance_backfill_wizard_view_form",
    "fusion_repairs.res_config_settings_view_form",
)


@tagged("post_install", "-at_install", "fusion")
class TestFirstDay(TransactionCase):
    """The list for the first week can be followed word by word."""

    def read_list(self):
        page = Path(file_path("fusion_repairs")).parent / "docs" / "first-day.md"
        if not page.exists():
            self.skipTest("expected: the addon is installed without its documents")
        return page.read_text()

    def find_labels(self):
        """Return every label of the views that the list leads through."""
        labels = set()
        for xml_id in VIEWED:
            view = self.env.ref(xml_id)
            model = self.env[view.model]
            arch = etree.fromstring(model.get_view(view.id, view.type)["arch"])
            for node in arch.iter(etree.Element):
                labels |= {node.get("string"), node.get("title"), node.get("confirm")}
                if node.tag == "field" and node.get("name") in model._fields:
                    labels.add(model._fields[node.get("name")]._description_string(
                        self.env))  # fmt: skip
        for name in ("answer",):
            wizard = self.env["fusion.repair.consent.wizard"]
            labels |= {label for _value, label in wizard._fields[name].selection}
        return labels

    def test_every_word_of_the_screens_in_the_list_is_on_a_screen(self):
        """Menus are walked from the top; anything else is a label of a view."""
        text = " ".join(self.read_list().split())
        menus = {menu.complete_name for menu in self.env["ir.ui.menu"].search([])}
        labels = self.find_labels() | ELSEWHERE | LIST_BUTTONS
        languages = self.env["res.lang"].with_context(active_test=False).search([])
        labels |= set(languages.mapped("name"))
        labels |= set(self.env["res.country"].search([]).mapped("name"))
        missing = []
        for words in re.findall(r"(?<!\*)\*([^*]+)\*(?!\*)", text):
            parts = words.split(" → ")
            if len(parts) > 1 and parts[0] != "Settings":
                if "/".join(parts) not in menus:
                    missing.append(words)
            elif len(parts) == 1 and words not in labels:
                missing.append(words)
        self.assertEqual(missing, ["My Day"])  # a page without a view

    def test_list_of_technicians_shows_everybody_who_can_become_one(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "fusion_tasks.res_users_technician_action"
        )
        self.assertNotIn("search_default", str(action["context"]))
        people = self.env["res.users"].search(eval(action["domain"]))
        self.assertIn(self.env.ref("base.user_admin"), people)
        arch = etree.fromstring(
            self.env.ref("fusion_tasks.res_users_view_list_technician").arch
        )
        self.assertIsNone(arch.get("create"))

    def test_new_technician_is_created_from_the_list(self):
        view = self.env.ref("fusion_tasks.res_users_view_form_technician")
        users = self.env["res.users"].with_user(self.env.ref("base.user_admin"))
        users = users.with_context(
            default_x_fc_is_technician=True, no_reset_password=True
        )
        with Form(users, view) as form:
            form.name = "New Technician"
            form.login = "new.technician@example.com"
        technician = form.record
        self.assertTrue(technician.x_fc_is_technician and technician.x_fc_resource_id)
        with Form(technician, view) as form:
            form.x_fc_start_address_id = technician.company_id.partner_id
        self.assertTrue(technician.x_fc_start_address_id)

    def test_contact_made_a_minute_ago_is_sent_the_link_after_the_consent_step(self):
        self.env.company.write({"street": "1 King", "city": "Toronto", "phone": "1"})
        boss = self.env.ref("base.user_admin")
        boss.group_ids += self.env.ref("fusion_tasks.fusion_tasks_group_manager")
        env = self.env(user=boss)
        categories = env["fusion.repair.product.category"]
        category = categories.create(
            {"name": "First Lift", "x_fc_maintenance_enabled": True}
        )
        lift = self.env["product.product"].create(
            {"name": "Lift", "x_fc_repair_category_id": category.id}
        )
        client = self.env["res.partner"].create(
            {"name": "Myself", "email": "myself@mapleclient.ca"}
        )
        with Form(env["fusion.repair.maintenance.contract"]) as form:
            form.partner_id = client
            form.product_id = lift
            form.next_due_date = form.next_due_date or (
                env.company._get_today() + timedelta(days=10)
            )
        contract = form.record
        contract.action_activate()
        self.assertEqual(self.shown_links(contract), ["Send Link"])
        with self.assertRaisesRegex(Exception, "There is no consent yet"):
            contract.action_send_link()
        wizard = env["fusion.repair.consent.wizard"].create({"partner_id": client.id})
        self.assertEqual(wizard.answer, "express")
        wizard.note = "Asked for reminders at the counter"
        wizard.action_record()
        contract.action_send_link()
        self.assertEqual(self.shown_links(contract), ["Resend Link"])

    def shown_links(self, contract):
        """Return which buttons the form shows to send the link."""
        view = self.env.ref(
            "fusion_repairs.fusion_repair_maintenance_contract_view_form"
        )
        names = ("state", "is_booked", "link_sent_at", "last_reminder_band")
        values = {name: contract[name] for name in names}
        return [
            button.get("string")
            for button in etree.fromstring(view.arch).iter("button")
            if button.get("name") == "action_send_link"
            and not eval(button.get("invisible"), {}, values)
        ]
