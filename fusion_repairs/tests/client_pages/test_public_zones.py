"""Times of technicians in two zones: each is told on the clock of its own place."""

from datetime import timedelta

from lxml import html

from odoo.tests import tagged

from .public_case import TORONTO, PublicCase

HALIFAX = "America/Halifax"
NAMES = {TORONTO: "Eastern Time", HALIFAX: "Atlantic Time"}


@tagged("post_install", "-at_install", "fusion")
class TestPublicZones(PublicCase):
    """What is chosen is what is confirmed afterwards, to the minute."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        other = cls._make_technician("fc_public_east", "Robin East")
        other.resource_ids.tz = HALIFAX
        other.resource_ids.calendar_id.tz = HALIFAX

    def read_times(self, page):
        """Return what the page says of each offered time, by its value."""
        found = {}
        for day in html.fromstring(page.content).find_class("fc-day"):
            (title,) = day.xpath("legend/text()")
            for label in day.find_class("fc-slot"):
                (value,) = label.xpath("input/@value")
                found[value] = title, " ".join(label.text_content().split())
        return found

    def test_each_time_is_told_in_its_own_zone(self):
        page = self.get(self.path() + "?view=more")
        words = self.env["fusion.repair.public.words"].with_context(lang="en_CA")
        offers = self.contract._get_booking_slots(limit=48, per_day=8)
        offers = {offer.value: offer for offer in offers}
        told = self.read_times(page)
        self.assertEqual({offers[value].tz for value in told}, set(NAMES))
        page_zone = offers[next(iter(told))].tz
        self.assertIn(f"local times ({NAMES[page_zone]})", self.words(page))
        for value, (title, said) in told.items():
            offer = offers[value]
            start = words._localize(offer.start, offer.tz)
            window = words._format_short_window(start, start + timedelta(hours=1))
            self.assertEqual(title, words._format_day(start.date()))
            self.assertIn(" ".join(window.split()), said)
            for zone, name in NAMES.items():
                named = zone == offer.tz != page_zone
                self.assertEqual(name in said, named, (said, zone))

    def test_the_booked_page_says_the_same(self):
        page = self.get(self.path() + "?view=more")
        abroad = self.read_times(page)
        value = next(v for v, (_day, said) in abroad.items() if "Time" in said)
        self.post("/confirm", page, slot=value)
        booked = self.words(self.get())
        day, said = abroad[value]
        self.assertIn(f"arriving between {said.partition(' to ')[0]} and", booked)
        self.assertIn(day, booked)
        moving = self.get(self.path() + "?view=change")
        zone = NAMES[self.contract.current_visit_id._get_tz()]
        self.assertIn(f"local times ({zone})", self.words(moving))
