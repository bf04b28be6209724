import csv
import io
import zipfile

from odoo.tests import HttpCase, tagged

from odoo.addons.fusion_repairs import uninstall_hook
from odoo.addons.mail.tests.common import mail_new_test_user

from .common import RepairsCase


@tagged("post_install", "-at_install", "fusion")
class TestUninstall(RepairsCase, HttpCase):
    """Whoever uninstalls is told what is lost, and can keep it first."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls.make_contract()
        cls.client.write(
            {"email": "client@mapleclient.ca", "x_fc_consent_express_date": cls.today}
        )

    def queue_mail(self):
        """Return the mail of a reminder that waits in the queue."""
        self.contract._queue_reminder_mails()
        return self.env["mail.mail"]._fc_find_queued()

    def test_dialog_says_what_is_lost(self):
        self.queue_mail()
        modules = self.env["ir.module.module"]
        for name in ("fusion_repairs", "fusion_tasks"):
            module = modules.search([("name", "=", name)])
            wizard = self.env["base.module.uninstall"].create(
                {"module_ids": module.ids}
            )
            self.assertTrue(wizard.x_fc_has_loss, name)
            self.assertEqual(wizard.x_fc_mail_count, 1)
            self.assertGreaterEqual(wizard.x_fc_consent_count, 1)
        other = modules.search([("name", "=", "repair")])
        wizard = self.env["base.module.uninstall"].create({"module_ids": other.ids})
        # Ours goes with what it stands on.
        self.assertTrue(wizard.x_fc_has_loss)
        view = wizard.get_view(
            self.env.ref("base.view_base_module_uninstall").id, "form"
        )
        self.assertIn("action_fc_download_archive", view["arch"])

    def test_archive_holds_records_and_files_and_no_secret(self):
        file = self.env["ir.attachment"].create(
            {
                "name": "report/1.pdf",
                "raw": b"%PDF our report",
                "res_model": self.contract._name,
                "res_id": self.contract.id,
            }
        )
        self.authenticate("admin", "admin")
        response = self.url_open("/repairs/archive")
        self.assertEqual(response.status_code, 200)
        archive = zipfile.ZipFile(io.BytesIO(response.content))
        table = archive.read("fusion.repair.maintenance.contract.csv").decode()
        rows = list(csv.DictReader(io.StringIO(table)))
        self.assertIn(self.contract.name, [row["name"] for row in rows])
        self.assertNotIn("booking_token", rows[0])
        self.assertNotIn(self.contract.sudo().booking_token, table)
        path = f"files/{self.contract._name}/{self.contract.id}/{file.id}-report-1.pdf"
        self.assertEqual(archive.read(path), b"%PDF our report")
        self.assertIn("fusion.repair.consent.event.csv", archive.namelist())

    def test_archive_is_for_administrators_only(self):
        mail_new_test_user(
            self.env,
            login="fr_archivist",
            password="fr_archivist",
            groups="fusion_tasks.fusion_tasks_group_manager",
        )
        self.authenticate("fr_archivist", "fr_archivist")
        self.assertEqual(self.url_open("/repairs/archive").status_code, 404)

    def test_queued_mails_are_called_off(self):
        mail = self.queue_mail()
        self.assertEqual(len(mail), 1)
        uninstall_hook(self.env)
        self.assertEqual(mail.state, "cancel")
        self.assertFalse(self.product.x_fc_repair_category_id)
