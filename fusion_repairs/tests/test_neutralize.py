from odoo.modules.neutralize import neutralize_database
from odoo.tests import tagged

from .common import RepairsCase


@tagged("post_install", "-at_install", "fusion")
class TestNeutralize(RepairsCase):
    """A neutralized copy writes to no client and uses nobody's key."""

    def test_copy_sends_nothing_and_asks_nobody(self):
        parameters = self.env["ir.config_parameter"].sudo()
        secrets = {
            "fusion_tasks.geocoder": "google",
            "fusion_tasks.geocoder_url": "https://maps.example.com",
            "fusion_tasks.geocoder_user_agent": "Dealer",
            "fusion_tasks.geocoder_api_key": "secret",
            "fusion_tasks.travel_provider": "osrm",
            "fusion_tasks.osrm_url": "http://osrm:5000",
        }
        for name, value in secrets.items():
            parameters.set_param(name, value)
        self.client.email = "client@mapleclient.ca"
        self.make_contract()._queue_reminder_mails()
        mail = self.env["mail.mail"]._fc_find_queued()
        self.assertTrue(mail)
        self.env.flush_all()
        neutralize_database(self.env.cr)
        self.env.invalidate_all()
        self.registry.clear_cache()
        for name in secrets:
            self.assertFalse(parameters.get_param(name), name)
        self.assertFalse(self.env["fusion.geocoder"]._is_on())
        self.assertEqual(set(mail.mapped("state")), {"cancel"})
        data = self.env["ir.model.data"].search(
            [
                ("module", "in", ("fusion_tasks", "fusion_repairs")),
                ("model", "=", "ir.cron"),
            ]
        )
        jobs = self.env["ir.cron"].with_context(active_test=False)
        jobs = jobs.browse(data.mapped("res_id"))
        self.assertGreater(len(jobs), 5)
        self.assertFalse(jobs.filtered("active"))
