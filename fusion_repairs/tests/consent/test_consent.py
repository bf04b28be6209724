from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from ..common import RepairsCase


@tagged("post_install", "-at_install", "fusion")
class TestConsent(RepairsCase):
    """What may be mailed to a client, kind by kind."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls.make_contract()

    def assert_accepts(self, reminder, appointment):
        for kind, wanted in (("reminder", reminder), ("appointment", appointment)):
            with self.subTest(kind=kind):
                self.assertEqual(self.client._fc_get_mail_obstacle(kind), wanted)
                accepts = self.client._fc_accepts_maintenance_mail(kind)
                self.assertEqual(accepts, wanted is None)

    def test_a_client_in_care_accepts_both_kinds(self):
        self.assert_accepts(None, None)

    def test_each_kind_is_stopped_by_itself(self):
        self.client.x_fc_maintenance_opt_out = True
        self.assert_accepts("opted_out", None)
        self.client.x_fc_maintenance_opt_out = False
        self.client.x_fc_appointment_opt_out = True
        self.assert_accepts(None, "opted_out")

    def test_an_address_is_needed_for_both(self):
        self.client.email = "nobody"
        self.assert_accepts("no_email", "no_email")
        self.client.email = "margaret@example.com"
        self.client.message_bounce = 1
        self.assert_accepts("bounced", "bounced")

    def test_consent_is_needed_for_reminders_only(self):
        self.contract.start_date = self.today - timedelta(days=1200)
        self.assert_accepts("implied_expired", None)
        self.client.x_fc_consent_express_date = self.today
        self.assert_accepts(None, None)

    def events(self):
        """Return the history as (change, messages, source), the oldest first."""
        events = self.client.x_fc_consent_event_ids.sorted("id")
        return [(e.kind, e.message_kind, e.source) for e in events]

    def test_every_change_on_the_form_is_noted(self):
        self.client.x_fc_consent_express_date = "2026-01-05"
        self.client.x_fc_maintenance_opt_out = True
        self.client.x_fc_maintenance_opt_out = False
        self.client.x_fc_appointment_opt_out = True
        self.client.write({"x_fc_appointment_opt_out": True, "phone": "416-555-0101"})
        self.assertEqual(
            self.events(),
            [
                ("express", "reminder", "form"),
                ("withdrawn", "reminder", "form"),
                ("restored", "reminder", "form"),
                ("withdrawn", "appointment", "form"),
            ],
        )
        basis = self.client.x_fc_consent_event_ids.sorted("id").mapped("basis")
        self.assertEqual(basis, ["express", "withdrawn", "implied", "implied"])

    def test_stopping_dates_itself_and_ends_express_consent(self):
        self.client.x_fc_consent_express_date = "2026-01-05"
        self.client.x_fc_maintenance_opt_out = True
        self.assertTrue(self.client.x_fc_maintenance_opt_out_date)
        self.assertFalse(self.client.x_fc_consent_express_date)
        event = self.client.x_fc_consent_event_ids[0]
        self.assertEqual(str(event.express_date), "2026-01-05")
        self.client.x_fc_maintenance_opt_out = False
        self.assertFalse(self.client.x_fc_maintenance_opt_out_date)

    def test_taking_back_restores_what_was_and_no_more(self):
        for express in ("2026-01-05", False):
            self.client.x_fc_consent_express_date = express
            self.client._fc_opt_out("page", ("reminder", "appointment"))
            self.client._fc_opt_in("page")
            self.assertFalse(self.client.x_fc_maintenance_opt_out)
            self.assertFalse(self.client.x_fc_appointment_opt_out)
            found = self.client.x_fc_consent_express_date
            self.assertEqual(str(found or ""), express or "")
            # One event a kind: consent that comes back was not given anew.
            last = self.client.x_fc_consent_event_ids.sorted("id")[-2:]
            self.assertEqual(set(last.mapped("kind")), {"restored"})
            found = last.filtered(lambda e: e.message_kind == "reminder").express_date
            self.assertEqual(str(found or ""), express or "")

    def test_an_import_and_a_new_contact_are_noted(self):
        found = self.env["res.partner"].load(
            ["name", "x_fc_maintenance_opt_out"], [["A", "1"], ["B", ""]]
        )
        new, plain = self.env["res.partner"].browse(found["ids"])
        self.assertEqual(new.x_fc_consent_event_ids.mapped("source"), ["import"])
        self.assertFalse(plain.x_fc_consent_event_ids)

    def test_nobody_changes_or_deletes_history(self):
        self.client.x_fc_maintenance_opt_out = True
        event = self.client.x_fc_consent_event_ids
        for user in (self.manager, self.env.ref("base.user_root")):
            mine = event.with_user(user).sudo()
            with self.assertRaises(UserError):
                mine.note = "Changed"
            with self.assertRaises(UserError):
                mine.unlink()
        values = {"partner_id": self.client.id, "kind": "express"}
        with self.assertRaises(AccessError):
            event.with_user(self.manager).create(values)
        self.assertEqual(event.with_user(self.manager).kind, "withdrawn")
        with self.assertRaises(AccessError):
            _kind = event.with_user(self.reader).kind
        # It goes with the contact, and only with it.
        stranger = self.env["res.partner"].create({"name": "C"})
        stranger.x_fc_maintenance_opt_out = True
        gone = stranger.x_fc_consent_event_ids
        stranger.unlink()
        self.assertFalse(gone.exists())

    def record(self, user=None, **vals):
        """Record what the client said, as the office does."""
        user = user or self.dispatcher
        wizards = self.env["fusion.repair.consent.wizard"].with_user(user)
        wizard = Form(wizards.with_context(default_partner_id=self.client.id))
        for name, value in {"note": "In the file", **vals}.items():
            setattr(wizard, name, value)
        return wizard.save().action_record()

    def test_the_office_records_consent_with_source_and_day(self):
        day = self.today - timedelta(days=3)
        self.record(source="paper", date=day, note="Folder 12")
        self.assertEqual(self.client.x_fc_consent_express_date, day)
        self.assertEqual(self.events(), [("express", "reminder", "paper")])
        event = self.client.x_fc_consent_event_ids
        self.assertEqual(event.user_id, self.dispatcher)
        self.assertIn("Folder 12", event.note)
        self.record(answer="stop_all", source="phone")
        self.assert_accepts("opted_out", "opted_out")
        self.record(answer="keep", source="phone")
        self.assert_accepts(None, None)
        self.assertEqual(self.client.x_fc_consent_express_date, day)

    def test_the_office_records_nothing_of_the_future(self):
        with self.assertRaises(UserError):
            self.record(date=self.today + timedelta(days=2))
        with self.assertRaises(AccessError):
            self.record(user=self.reader)

    def test_a_queued_reminder_is_taken_back_and_becomes_a_call(self):
        self.contract._send_reminders({self.contract: 30})
        row = self.contract.reminder_ids
        self.client._fc_opt_out("one_click")
        self.assertEqual(row.mail_id.state, "cancel")
        self.assertEqual(row.outcome, "call")
        self.assertEqual(len(self.contract.activity_ids), 1)

    def test_nobody_claims_by_context_where_consent_came_from(self):
        seller = new_test_user(
            self.env, "fr_seller", groups="base.group_user,base.group_partner_manager"
        )
        forged = {
            "fc_consent_source": "page",
            "fc_consent_note": "The client clicked",
            "fc_consent_undo": True,
            "fc_consent_change": {"source": "page", "note": "The client clicked"},
        }
        client = self.client.with_user(seller).with_context(**forged)
        client.x_fc_maintenance_opt_out = True
        event = self.client.sudo().x_fc_consent_event_ids
        self.assertEqual(event.kind, "withdrawn")
        self.assertEqual(event.source, "form")
        self.assertEqual(event.user_id, seller)
        self.assertFalse(event.note)

    def test_old_links_work_for_ever(self):
        url = self.client._fc_get_opt_out_url("appointment")
        token = self.client.sudo().x_fc_opt_out_token
        self.assertTrue(url.endswith(f"{token}?kind=appointment"))
        self.contract._renew_token()
        self.contract.action_cancel()
        self.client.action_archive()
        found = self.env["res.partner"]._fc_find_by_opt_out_token(token)
        self.assertEqual(found, self.client)

    def test_consent_given_by_hand_needs_a_note_and_names_its_author(self):
        seller = new_test_user(
            self.env,
            "fr_seller",
            groups="sales_team.group_sale_salesman,base.group_partner_manager",
        )
        express = {"x_fc_consent_express_date": "2026-01-05"}
        forged = {
            "import_file": True,
            "fc_consent_note": "forged",
            "fc_consent_source": "page",
            "fc_consent_undo": True,
            "fc_consent_change": {"source": "page", "note": "forged", "undo": True},
        }
        client = self.client.with_user(seller)
        for mine in (client, client.with_context(**forged)):
            for vals in (express, {**express, "x_fc_consent_note": "  "}):
                with self.assertRaisesRegex(UserError, "proven"):
                    mine.write(vals)
                with self.assertRaisesRegex(UserError, "proven"):
                    mine.create({"name": "New", **vals})
        found = client.load(
            ["name", "x_fc_consent_express_date"], [["New", "2026-01-05"]]
        )
        self.assertTrue(found["messages"])
        self.assertFalse(self.client.x_fc_consent_event_ids)
        mine = client.with_context(**forged)
        mine.write({**express, "x_fc_consent_note": "Paper in folder 7"})
        event = self.client.x_fc_consent_event_ids
        self.assertEqual(
            (event.kind, event.source, event.note, event.user_id),
            ("express", "form", "Paper in folder 7", seller),
        )
        new = mine.create({"name": "A", **express, "x_fc_consent_note": "Paper 8"})
        self.assertEqual(new.sudo().x_fc_consent_event_ids.note, "Paper 8")
        client.write({"x_fc_maintenance_opt_out_date": "2020-01-01 00:00:00"})
        self.assertFalse(self.client.x_fc_maintenance_opt_out_date)

    def test_the_office_says_what_proves_a_consent(self):
        wizard = self.env["fusion.repair.consent.wizard"].with_user(self.dispatcher)
        vals = {"partner_id": self.client.id, "answer": "express", "source": "phone"}
        with self.assertRaisesRegex(UserError, "proven"):
            wizard.create(vals).action_record()
        wizard.create({**vals, "note": "Call of May 3"}).action_record()
        event = self.client.x_fc_consent_event_ids
        self.assertEqual(
            (event.note, event.user_id), ("Call of May 3", self.dispatcher)
        )
