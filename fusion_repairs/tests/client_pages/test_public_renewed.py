from unittest.mock import patch

from odoo.tests import tagged

from .public_case import PublicCase


@tagged("post_install", "-at_install", "fusion")
class TestPublicRenewed(PublicCase):
    """A link that is renewed while its client waits for a turn leads to no new one."""

    def post_while_renewed(self, action, **data):
        """Post a form whose link is renewed before the client's turn comes."""
        page, old = self.get(), self.path()
        if action == "/confirm":
            data["slot"] = self.slots(page)[0]
        schedule = self.registry["fusion.technician.schedule"]
        contract = self.contract

        def wait(_schedule, _turn):
            contract._renew_token()
            contract.flush_recordset()

        data |= {"csrf_token": self.form_token(page), "lang": "en_CA"}
        with patch.object(schedule, "_begin_in_turn", wait):
            answer = self.url_open(old + action, data=data, allow_redirects=False)
        self.env.invalidate_all()
        new = self.contract.sudo().booking_token
        self.assertNotIn(new, old)
        self.assertNotIn(new, answer.text + answer.headers.get("Location", ""))
        self.assertEqual(answer.status_code, 404)
        self.assertIn("no longer in use", self.words(answer))

    def test_nothing_is_booked_by_a_link_that_was_renewed_meanwhile(self):
        self.post_while_renewed("/confirm")
        self.assertFalse(self.contract.is_booked)

    def test_nothing_is_cancelled_by_a_link_that_was_renewed_meanwhile(self):
        self.book()
        self.post_while_renewed("/cancel")
        self.assertTrue(self.contract.is_booked)
