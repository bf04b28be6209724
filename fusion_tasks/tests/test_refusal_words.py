from odoo.fields import Command
from odoo.tests import tagged

from ..scheduling import RefusalCode
from .common import PLACES, FusionCase, utc

NEAR = PLACES["near"]


@tagged("post_install", "-at_install", "fusion")
class TestRefusalWords(FusionCase):
    """Every "no" says why, with the technician's local times."""

    def explain(self, start, duration=1.0, place="near", technician=None):
        coordinates = PLACES[place] if place else (None, None)
        return self.Task._explain_slot(
            technician or self.technician, utc(start), duration, *coordinates
        )

    def test_each_code_has_words(self):
        availability = self.env["fusion.technician.availability"]
        for code in RefusalCode:
            self.assertTrue(hasattr(availability, f"_get_{code.value}_text"), code)

    def test_the_words(self):
        self.book("2026-06-03 10:00")
        self.book("2026-06-03 14:00", address_id=self.places["east"].id)
        self.make_event(self.technician, "2026-06-03 16:00", "2026-06-03 16:30")
        self.make_leave("2026-06-04 00:00", "2026-06-04 23:59", self.technician)
        for start, options, words in (
            ("2026-06-01 15:00", {}, "Too soon"),
            ("2026-07-15 09:00", {}, "Too far ahead"),
            ("2026-06-03 06:00", {}, "Outside the technician's working hours"),
            ("2026-06-03 11:30", {}, "within the working hours"),
            ("2026-06-03 10:30", {}, "10:00"),
            ("2026-06-03 16:00", {}, "calendar is busy"),
            ("2026-06-03 08:00", {}, "from the start place"),
            ("2026-06-03 11:00", {"place": "east"}, "from the previous stop"),
            ("2026-06-03 13:00", {}, "to reach the next stop"),
            ("2026-06-03 08:45", {}, "every 30 minutes"),
            ("2026-06-04 09:00", {}, "does not work on that day"),
        ):
            with self.subTest(start=start):
                self.assertIn(words, self.explain(start, **options))
        self.technician.x_fc_service_radius_km = 10
        self.assertIn(
            "the limit is 10 km", self.explain("2026-06-05 09:00", place="far")
        )

    def test_open_is_false(self):
        self.assertIs(self.explain("2026-06-03 09:00"), False)

    def test_who_cannot_be_sent_at_all(self):
        self.assertIn(
            "not a technician",
            self.explain("2026-06-03 09:00", technician=self.dispatcher),
        )
        other = self.env["res.company"].create({"name": "Other Mobility"})
        elsewhere = self.Task.with_company(other)
        self.assertIn(
            "does not work for",
            elsewhere._explain_slot(
                self.technician, utc("2026-06-03 09:00"), 1.0, *NEAR
            ),
        )
        self.technician.x_fc_resource_id.calendar_id = False
        self.assertIn("no working hours", self.explain("2026-06-03 09:00"))
        self.technician.active = False
        self.assertIn("archived", self.explain("2026-06-03 09:00"))

    def test_times_are_the_technicians(self):
        self.technician.x_fc_working_tz = "America/Vancouver"
        self.book("2026-06-03 10:00", tz="America/Vancouver")
        words = self.Task._explain_slot(
            self.technician,
            utc("2026-06-03 10:30", "America/Vancouver"),
            1.0,
            *NEAR,
        )
        self.assertRegex(words, "10:00.* to 11:00")

    def test_sentence_ends_in_one_full_stop(self):
        self.env["res.lang"]._activate_lang("en_CA")
        self.book("2026-06-03 13:00")
        words = self.Task.with_context(lang="en_CA")._explain_slot(
            self.technician, utc("2026-06-03 13:30"), 1.0, *NEAR
        )
        self.assertTrue(words.endswith("2:00\N{NARROW NO-BREAK SPACE}p.m."), words)

    def test_other_companies_tasks_are_not_named(self):
        other = self.env["res.company"].create({"name": "Other Mobility"})
        self.technician.company_ids |= other
        task = self.book("2026-06-03 10:00", company_id=other.id, partner_id=False)
        task.sudo().partner_id = self.client
        self.env.flush_all()
        self.env.invalidate_all()
        words = self.Task.with_user(self.dispatcher)._explain_slot(
            self.technician, utc("2026-06-03 10:00"), 1.0, *NEAR
        )
        self.assertNotIn("Client One", words)

    def test_clients_of_other_companies_are_not_named_in_what_is_kept(self):
        """A flag is found in the system's name, which may read everything."""
        other = self.env["res.company"].create({"name": "Other"})
        self.technician.company_ids = [Command.link(other.id)]
        secret = self.env["res.partner"].create({"name": "Secret Client"})
        tasks = self.Task.with_company(other).with_context(tracking_disable=False)
        foreign = tasks._create_booking(
            {
                "company_id": other.id,
                "technician_id": self.technician.id,
                "partner_id": secret.id,
                "latitude": PLACES["far"][0],
                "longitude": PLACES["far"][1],
                "date_start": utc("2026-06-03 11:00"),
            }
        )
        own = self.book("2026-06-03 09:00").with_context(tracking_disable=False)
        own._recheck_conflicts()
        self.assertEqual(own.conflict_reason, "travel")
        self.assertIn(foreign.name, own.activity_ids.note)
        self.assertIn("next stop", own.conflict)
        kept = f"{own.activity_ids.note} {own.message_ids.mapped('body')}"
        self.assertNotIn("Secret", kept)
        foreign._recheck_conflicts()
        self.assertEqual(foreign.conflict_reason, "travel")
        self.assertNotIn("Client One", foreign.activity_ids.note)

    def test_clients_of_the_same_company_are_named(self):
        self.book("2026-06-03 11:00", address_id=self.places["far"].id)
        own = self.book("2026-06-03 09:00")
        self.assertIn("Client One", own.activity_ids.note)
