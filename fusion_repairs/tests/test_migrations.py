import importlib.util

from odoo.tests import TransactionCase, tagged
from odoo.tools.misc import file_path


@tagged("post_install", "-at_install", "fusion")
class TestMigrations(TransactionCase):
    """What a dealer wrote into their own texts goes on working after an upgrade."""

    def migrate(self, version):
        """Run a script of a version as the upgrade to it does."""
        path = file_path(f"fusion_repairs/migrations/{version}/pre-migrate.py")
        spec = importlib.util.spec_from_file_location("pre_migrate", path)
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

    def test_no_template_calls_a_method_that_is_gone(self):
        templates = self.env["mail.template"].search(
            [("model", "like", "fusion.repair.")]
        )
        self.assertTrue(templates)
        for template in templates:
            texts = f"{template.subject} {template.body_html}"
            self.assertNotIn("._say_", texts, template.name)
