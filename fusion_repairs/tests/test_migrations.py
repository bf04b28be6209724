import importlib.util

from odoo.tests import TransactionCase, tagged
from odoo.tools.misc import file_path

from .common import RepairsCase


@tagged("post_install", "-at_install", "fusion")
class TestMigrations(TransactionCase):
    """What a dealer wrote into their own texts goes on working after an upgrade."""

    def migrate(self, version, name="pre-migrate"):
        """Run a script of a version as the upgrade to it does."""
        path = file_path(f"fusion_repairs/migrations/{version}/{name}.py")
        spec = importlib.util.spec_from_file_location("migrate", path)
        script = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(script)
        self.env.flush_all()
        script.migrate(self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()

    def test_own_mail_templates_call_renamed_methods(self):
        template = self.env.ref("fusion_repairs.mail_template_visit_confirmation")
        english = template.with_context(lang="en_CA")
        french = template.with_context(lang="fr_CA")
        english.subject = "See you {{ object._say_when() }}"
        french.subject = "{{ object._say_when() }}, à vous"
        template.body_html = '<t t-out="object._say_told_when()"/> we_say_when'
        self.migrate("19.0.2.0.0")
        self.assertEqual(english.subject, "See you {{ object._format_when() }}")
        self.assertEqual(french.subject, "{{ object._format_when() }}, à vous")
        self.assertIn("object._format_told_when()", template.body_html)
        self.assertIn("we_say_when", template.body_html, "no word of ours")

    def test_a_subject_that_nobody_changed_becomes_the_new_one(self):
        self.env["res.lang"]._activate_lang("fr_CA")
        report = self.env.ref("fusion_repairs.mail_template_visit_report")
        report.subject = "Report on our visit to your {{ object.product_id.name }}"
        french = report.with_context(lang="fr_CA")
        french.subject = (
            "Rapport de notre visite pour votre {{ object.product_id.name }}"
        )
        own = self.env.ref("fusion_repairs.mail_template_maintenance_reminder")
        own.subject = "It is time, {{ object.partner_id.name }}"
        self.migrate("19.0.2.0.0")
        self.assertEqual(report.subject, "{{ object._get_report_subject() }}")
        self.assertEqual(french.subject, "{{ object._get_report_subject() }}")
        self.assertEqual(own.subject, "It is time, {{ object.partner_id.name }}")

    def test_a_stop_of_before_holds_for_the_address(self):
        couple = self.env["res.partner"].create(
            [
                {"name": "Ann", "email": "us@example.com"},
                {"name": "Bob", "email": "us@example.com"},
            ]
        )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_partner SET x_fc_maintenance_opt_out = true WHERE id = %s",
            [couple[1].id],
        )
        self.env.invalidate_all()
        self.migrate("19.0.2.0.0", "post-shared-mailboxes")
        self.assertTrue(couple[0].x_fc_maintenance_opt_out)
        self.assertFalse(couple[0].x_fc_appointment_opt_out)

    def test_no_template_calls_a_method_that_is_gone(self):
        templates = self.env["mail.template"].search(
            [("model", "like", "fusion.repair.")]
        )
        self.assertTrue(templates)
        for template in templates:
            texts = f"{template.subject} {template.body_html}"
            self.assertNotIn("._say_", texts, template.name)

    def test_the_rule_of_the_portal_is_narrowed(self):
        rule = self.env.ref(
            "fusion_repairs.fusion_repair_inspection_certificate_rule_portal"
        )
        rule.domain_force = (
            "[('partner_id', 'child_of', user.commercial_partner_id.id), "
            "('state', '!=', 'draft')]"
        )
        self.migrate("19.0.2.0.0", "post-migrate")
        self.assertIn("x_fc_sees_all_units", rule.domain_force)
        rule.domain_force = own = "[('state', '=', 'issued')]"
        self.migrate("19.0.2.0.0", "post-migrate")
        self.assertEqual(rule.domain_force, own, "the dealer's own rule")

    def test_signatures_leave_the_files(self):
        user = self.env.ref("base.user_admin")
        pixel = (
            b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGA"
            b"WjR9awAAAABJRU5ErkJggg=="
        )
        file = self.env["ir.attachment"].create(
            {
                "name": "x_fc_signature",
                "res_model": "res.users",
                "res_id": user.id,
                "res_field": "x_fc_signature",
                "datas": pixel,
            }
        )
        self.migrate("19.0.2.0.0", "post-signatures")
        self.assertTrue(user.with_context(bin_size=False).x_fc_signature)
        self.assertFalse(file.exists())


@tagged("post_install", "-at_install", "fusion")
class TestFeesOfThePast(RepairsCase):
    """Visits from before are charged like those to come."""

    def test_fees_of_done_visits_are_delivered(self):
        visits = self.book(self.make_contract()) | self.book(self.make_contract())
        done, charged = visits
        for visit in visits:
            visit.technician_task_id.action_start()
            visit.technician_task_id.action_complete()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sale_order_line SET qty_delivered = 0 WHERE id IN %s",
            [tuple(visits.sale_line_id.ids)],
        )
        self.env.cr.execute(
            "UPDATE sale_order_line SET qty_invoiced = 1 WHERE id = %s",
            [charged.sale_line_id.id],
        )
        self.env.invalidate_all()
        TestMigrations.migrate(self, "19.0.2.0.0", "post-migrate")
        self.assertEqual(done.sale_line_id.qty_delivered, 1.0)
        self.assertEqual(charged.sale_line_id.qty_delivered, 0.0)
