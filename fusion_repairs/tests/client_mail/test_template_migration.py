"""Mail templates of an older version still work after an upgrade."""

import importlib.util

from odoo.tests import TransactionCase, tagged
from odoo.tools.misc import file_path

SCRIPT = "fusion_repairs/migrations/19.0.2.0.0/post-mail_templates.py"


@tagged("post_install", "-at_install", "fusion")
class TestTemplateMigration(TransactionCase):
    """A template keeps the dealer's words, and calls methods that are there."""

    def test_methods_get_their_new_names_in_every_language(self):
        self.env["res.lang"]._activate_lang("fr_CA")
        template = self.env.ref("fusion_repairs.mail_template_visit_moved")
        template.subject = "Our words: {{ object._say_when() }}"
        template.with_context(
            lang="fr_CA"
        ).subject = "Nos mots : {{ object._say_when() }}"
        template.body_html = (
            '<p t-out="object._say_told_when() or object._say_when()"/>'
        )
        other = self.env.ref("fusion_repairs.mail_template_maintenance_reminder")
        before = (other.subject, other.body_html)
        self.env.flush_all()
        spec = importlib.util.spec_from_file_location("script", file_path(SCRIPT))
        script = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(script)
        script.migrate(self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()
        self.assertEqual(template.subject, "Our words: {{ object._format_when() }}")
        self.assertEqual(
            template.with_context(lang="fr_CA").subject,
            "Nos mots : {{ object._format_when() }}",
        )
        self.assertIn(
            "object._format_told_when() or object._format_when()",
            str(template.body_html),
        )
        self.assertEqual((other.subject, other.body_html), before)
