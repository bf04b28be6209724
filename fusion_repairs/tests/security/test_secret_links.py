from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..certificates.certificate_case import CertificateCase

LINKED = (
    "fusion_repairs.mail_template_maintenance_reminder",
    "fusion_repairs.mail_template_visit_confirmation",
    "fusion_repairs.mail_template_visit_report",
)


@tagged("post_install", "-at_install", "fusion")
class TestSecretLinks(CertificateCase):
    """Nobody of the dealer reads a client's link, but by the button that notes it."""

    def setUp(self):
        super().setUp()
        self.secrets = set()
        self.contract = self.make_contract(user_id=self.dispatcher.id)
        self.users = (
            self.technician,
            self.technician_2,
            self.reader,
            self.dispatcher,
            self.manager,
            new_test_user(self.env, "fr_link_employee", groups="base.group_user"),
        )

    def keep_secrets(self, contract=None):
        """Note the secrets that hold now."""
        contract = (contract or self.contract).sudo()
        self.secrets |= {
            contract.booking_token,
            contract.partner_id.x_fc_opt_out_token,
            *contract.visit_ids.mapped("page_token"),
        }
        self.secrets -= {False, None}

    def act(self):
        """Let each kind of mail be made, by whoever makes it in a dealer's day."""
        office = self.contract.with_user(self.dispatcher)
        office.action_send_link()
        self.keep_secrets()
        offers = office._get_booking_slots()
        visit = office._book_slot(offers[0].value, source="office")
        self.env.flush_all()
        self.keep_secrets()
        visit.with_user(self.dispatcher)._cancel_by_office("Ill")
        again = office._get_booking_slots()
        visit = office._book_slot(again[0].value, source="office")
        self.keep_secrets()
        self.report(visit.with_user(self.env.user).sudo())
        self.keep_secrets()
        return visit

    def test_no_message_that_somebody_may_read_carries_a_link(self):
        last = self.env["mail.message"].search([], order="id desc", limit=1).id
        self.act()
        self.env.flush_all()
        mails = self.env["mail.mail"].search([("mail_message_id", ">", last)])
        written = "".join(mails.mapped(lambda m: f"{m.body_html}{m.headers}"))
        self.assertGreaterEqual(len(mails), 2)
        self.assertTrue(any(secret in written for secret in self.secrets))
        for user in self.users:
            self.env.invalidate_all()
            messages = self.env["mail.message"].with_user(user)
            found = messages.search([("id", ">", last)])
            texts = [str(row) for row in found.read(["body", "subject", "preview"])]
            files = self.env["ir.attachment"].with_user(user).search([])
            texts += [(file.index_content or "") for file in files]
            with self.subTest(user=user.login):
                for secret in self.secrets:
                    self.assertNotIn(secret, "".join(texts))
                for mail in mails:
                    own = mail.mail_message_id.with_user(user)
                    self.assertFalse(own.has_access("read"), mail.subject)
                with self.assertRaises(AccessError):
                    mails.with_user(user).read(["body_html"])
        for mail in mails:
            self.assertFalse(mail.mail_message_id.body)

    def test_no_tracking_value_carries_a_link(self):
        self.act()
        self.env.flush_all()
        values = self.env["mail.tracking.value"].search([])
        said = values.mapped(lambda v: f"{v.old_value_char} {v.new_value_char}")
        for secret in self.secrets:
            self.assertNotIn(secret, " ".join(said))

    def test_a_template_that_a_user_renders_shows_no_link(self):
        visit = self.act()
        for name in LINKED:
            template = self.env.ref(name)
            record = visit if template.model == visit._name else self.contract
            for user in (self.dispatcher, self.manager, visit.technician_id):
                with self.subTest(template=name, user=user.login):
                    try:
                        text = template.with_user(user)._render_field(
                            "body_html", record.ids
                        )[record.id]
                    except UserError:
                        continue  # it needs what the user may not read
                    for secret in self.secrets:
                        self.assertNotIn(secret, text)

    def test_the_button_shows_the_link_and_notes_it(self):
        self.keep_secrets()
        action = self.contract.with_user(self.dispatcher).action_copy_booking_link()
        wizard = self.env[action["res_model"]].with_user(self.dispatcher)
        url = wizard.browse(action["res_id"]).url
        self.assertIn(self.contract.sudo().booking_token, url)
        notes = " ".join(self.contract.message_ids.mapped("body"))
        self.assertIn("took the booking link", notes)
