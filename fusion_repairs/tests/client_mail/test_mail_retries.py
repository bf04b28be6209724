from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..client_pages.public_case import PublicCase

VISIT = "fusion.repair.maintenance.visit"
# As PostgreSQL itself says it, with its code.
LOST_RACE = "DO $$ BEGIN RAISE EXCEPTION 'lost' USING ERRCODE = '40001'; END $$"


@tagged("post_install", "-at_install", "fusion")
class TestMailRetries(PublicCase):
    """A request that is run again after its mail was queued leaves one mail."""

    def failing_after(self, method, times):
        """Return a patch: a method does its work, then the transaction is lost."""
        real = getattr(self.registry[VISIT], method)
        left = [times]

        def lose(visits, *args, **kwargs):
            result = real(visits, *args, **kwargs)
            visits.env.flush_all()
            if left[0]:
                left[0] -= 1
                visits.env.cr.execute(LOST_RACE)
            return result

        self.addCleanup(lambda: self.assertEqual(left[0], 0, "the fault never came"))
        sleep = patch("odoo.service.model.time.sleep")
        sleep.start()
        self.addCleanup(sleep.stop)
        return patch.object(self.registry[VISIT], method, lose)

    def count(self):
        """Return how many of each there are for this client."""
        client = self.contract.partner_id
        self.env.invalidate_all()
        return {
            "mails": self.env["mail.mail"].search_count(
                [("recipient_ids", "in", client.ids)]
            ),
            "rows": self.env["fusion.repair.visit.message"].search_count(
                [("contract_id", "=", self.contract.id), ("state", "=", "queued")]
            ),
            "tasks": self.env["fusion.technician.task"].search_count(
                [("partner_id", "=", client.id), ("status", "=", "scheduled")]
            ),
            "orders": self.env["sale.order"].search_count(
                [("partner_id", "=", client.id), ("state", "=", "draft")]
            ),
        }

    def test_booking_again_after_each_number_of_lost_races(self):
        for times in range(1, 5):
            with (
                self.subTest(times=times),
                self.failing_after("_send_confirmation", times),
                mute_logger("odoo.service.model", "odoo.sql_db"),
            ):
                visit = self.book()
                self.assertEqual(
                    self.count(), {"mails": 1, "rows": 1, "tasks": 1, "orders": 1}
                )
                self.assertEqual(visit.client_message_ids.kind, "confirmation")
                self.contract._cancel_booking()
                self.env["mail.mail"].search(
                    [("recipient_ids", "in", self.contract.partner_id.ids)]
                ).unlink()
                self.env["fusion.repair.visit.message"].search([]).unlink()

    def test_cancelling_again_after_a_lost_race(self):
        visit = self.book()
        visit.client_message_ids._record_delivery()
        with (
            self.failing_after("_notify_client", 2),
            mute_logger("odoo.service.model", "odoo.sql_db"),
        ):
            self.post("/cancel", reason="Away")
        rows = visit.client_message_ids.sorted("id")
        self.assertEqual(rows.mapped("kind"), ["confirmation", "cancelled"])

    def test_pressing_twice_tells_once(self):
        visit = self.book()
        page = self.get()
        for _press in range(2):
            self.post("/cancel", page, reason="Away")
        for _press in range(2):
            self.post("/callback", page, phone="416-555-0142")
        rows = self.env["fusion.repair.visit.message"].search(
            [("contract_id", "=", self.contract.id)], order="id"
        )
        self.assertEqual(rows.mapped("kind"), ["confirmation", "cancelled", "callback"])
        self.assertEqual(rows.mapped("visit_id"), visit)
