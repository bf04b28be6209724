import icalendar
import pytz

from odoo.tests import freeze_time, tagged

from odoo.addons.fusion_tasks.tests.zone_rules import ALWAYS_SUMMER, zone_rules

from .message_case import MessageCase


@tagged("post_install", "-at_install", "fusion")
class TestTimeZoneRules(MessageCase):
    """New rules of the clock: the client comes at the time that was told."""

    def run_job(self):
        with self.enter_registry_test_mode():
            self.env.ref("fusion_tasks.ir_cron_keep_told_times").method_direct_trigger()
        self.env.invalidate_all()

    def shown(self, mail):
        """Return what the client's phone shows by the rules in use."""
        (event,) = icalendar.Calendar.from_ical(mail["ics"]).walk("VEVENT")
        zone = pytz.timezone("America/Toronto")
        return event.decoded("DTSTART").astimezone(zone).strftime("%d %H:%M")

    def test_the_visit_keeps_its_time_and_the_phone_gets_it_right(self):
        visit = self.book(self.contract)
        (first,) = self.deliver()
        told, planned, shown = self.say(visit), visit.visit_date, self.shown(first)
        with zone_rules(Toronto=ALWAYS_SUMMER):
            self.assertNotEqual(self.shown(first), shown)
            self.run_job()
            self.assertNotEqual(visit.visit_date, planned)
            self.assertEqual(self.say(visit), told)
            (mail,) = self.deliver()
            self.assertEqual(self.shown(mail), shown)
            self.assertIn(told, mail["subject"])
            self.assertNotIn("no longer holds", mail["text"])
            self.assertEqual(self.messages(visit), [("confirmation", "sent")] * 2)
            self.run_job()
            self.assertEqual(self.deliver(), [])

    def test_a_confirmation_that_waits_goes_out_once_and_right(self):
        visit = self.book(self.contract)
        told = self.say(visit)
        with zone_rules(Toronto=ALWAYS_SUMMER):
            self.run_job()
            (mail,) = self.deliver()
            self.assertIn(told, mail["subject"])
        kinds = [("confirmation", "replaced"), ("confirmation", "sent")]
        self.assertEqual(self.messages(visit), kinds)

    def test_a_visit_that_is_over_is_told_nothing(self):
        visit = self.book_and_deliver()
        with zone_rules(Toronto=ALWAYS_SUMMER), freeze_time(visit.visit_end):
            self.run_job()
            self.assertEqual(self.deliver(), [])
