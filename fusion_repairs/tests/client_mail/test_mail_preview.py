from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..common import opt_out_token
from .message_case import MessageCase

WIZARD = "fusion.repair.mail.preview.wizard"


@tagged("post_install", "-at_install", "fusion")
class TestMailPreview(MessageCase):
    """The manager sees every mail; nothing is sent, written or given away."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for lang in ("en_CA", "fr_CA"):
            cls.env["res.lang"]._activate_lang(lang)
        cls.env["ir.module.module"]._load_module_terms(["fusion_repairs"], ["fr_CA"])

    def preview(self, user=None, **vals):
        """Return an open dialog."""
        return self.env[WIZARD].with_user(user or self.manager).create(vals)

    def kinds(self):
        return [kind for kind, _label in self.env[WIZARD]._selection_kind()]

    def count(self):
        """Return how many rows the tables have that a mail could touch."""
        self.env.flush_all()
        counts = {}
        for table in (
            "mail_mail",
            "mail_message",
            "fusion_repair_visit_message",
            "fusion_repair_maintenance_visit",
            "fusion_repair_maintenance_contract",
            "res_partner",
            "product_product",
        ):
            # pylint: disable-next=sql-injection
            self.env.cr.execute(
                f'SELECT count(*), max(xmin::text::bigint) FROM "{table}"'
            )
            counts[table] = self.env.cr.fetchone()
        return counts

    def test_every_kind_in_both_languages_with_and_without_a_visit(self):
        visit = self.book(self.contract)
        before = self.count()
        for sample in (visit, self.env["fusion.repair.maintenance.visit"]):
            for lang in ("en_CA", "fr_CA"):
                for kind in self.kinds():
                    wizard = self.preview(kind=kind, lang=lang, visit_id=sample.id)
                    with self.subTest(kind=kind, lang=lang, sample=sample):
                        self.assertTrue(wizard.subject)
                        self.assertIn("fc-page", wizard.body)
                        self.assertIn(self.company.name, wizard.text)
                        self.assertNotIn("{{", wizard.subject)
        self.assertEqual(self.count(), before)

    def test_no_secret_is_shown(self):
        visit = self.book(self.contract)
        secrets = (
            self.contract.sudo().booking_token,
            opt_out_token(self.client),
        )
        for kind in self.kinds():
            wizard = self.preview(kind=kind, lang="en_CA", visit_id=visit.id)
            for secret in secrets:
                self.assertNotIn(secret, wizard.body + wizard.text + wizard.subject)

    def test_a_recent_visit_is_the_sample(self):
        visit = self.book(self.contract)
        form = Form(self.env[WIZARD].with_user(self.manager))
        self.assertEqual(form.visit_id, visit)
        form.kind = "confirmation"
        self.assertIn("is booked", form.subject)
        self.assertIn("Margaret", form.text)

    def test_test_mail_goes_to_the_user_alone(self):
        visit = self.book(self.contract)
        rows = visit.client_message_ids
        last = self.env["mail.mail"].search([], order="id desc", limit=1).id
        wizard = self.preview(kind="confirmation", lang="en_CA", visit_id=visit.id)
        wizard.action_send_test()
        mail = self.env["mail.mail"].search([("id", ">", last)])
        self.assertIn(self.manager.email, mail.email_to)
        self.assertFalse(mail.recipient_ids)
        self.assertIn("[Test]", mail.subject)
        self.assertNotIn(self.contract.sudo().booking_token, mail.body_html)
        self.assertIn(b"BEGIN:VEVENT", mail.attachment_ids.raw)
        self.env.invalidate_all()
        self.assertEqual(visit.client_message_ids, rows)
        self.manager.email = False
        with self.assertRaises(UserError):
            wizard.action_send_test()

    def test_managers_only(self):
        for user in (self.dispatcher, self.reader, self.technician):
            with self.assertRaises(AccessError):
                self.preview(user, kind="confirmation", lang="en_CA")
