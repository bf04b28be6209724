"""What a client sees: each state in both languages, and nothing they should not."""

from datetime import timedelta

from lxml import html

from odoo import fields
from odoo.tests import tagged

from ...models.client_pages.fusion_repair_public_page_booking import (
    SLOTS,
    SLOTS_PER_DAY,
)
from .public_case import SECRETS, PublicCase


@tagged("post_install", "-at_install", "fusion")
class TestPublicPages(PublicCase):
    """The page of a link in every state that a booking can be in."""

    def both_languages(self, english, french, path=None):
        """Assert what the page says in both languages; return the English one."""
        page = self.get(path)
        self.assertEqual(page.status_code, 200)
        self.assertIn(english, self.words(page))
        self.assertEqual(html.fromstring(page.content).get("lang"), "en-CA")
        url = path or self.path()
        joint = "&" if "?" in url else "?"
        other = self.get(f"{url}{joint}lang=fr_CA")
        self.assertIn(french, self.words(other))
        self.assertEqual(html.fromstring(other.content).get("lang"), "fr-CA")
        self.assertEqual(other.status_code, 200)
        return page

    def test_choosing_shows_unit_price_and_times(self):
        page = self.both_languages(
            "Book your maintenance visit", "Réservez votre visite d’entretien"
        )
        words = self.words(page)
        for expected in (
            "Hello Margaret,",
            "Straight Stair Lift",
            "Toronto",
            "$200.00",
            "HST 13%",
            "$26.00",
            "$226.00",
            "A check of 3 points",
            "Maple Mobility, 789 Yonge Street",
            "Free of charge until 24 hours before the visit",
            "Eastern Time",
        ):
            self.assertIn(expected, words)
        self.assertTrue(self.slots(page))
        self.assertIn(self.path("/confirm"), page.text)

    def test_the_french_page_is_french_throughout(self):
        page = self.get(self.path() + "?lang=fr_CA")
        words = self.words(page)
        for expected in ("Bonjour Margaret,", "Monte-escalier droit", "226,00", " h"):
            self.assertIn(expected, words)
        for english in ("Skip", "Choose", "morning", "Hello", "Price", "your", "hours"):
            self.assertNotIn(english, words)
        self.assertIn('name="lang" value="fr_CA"', page.text)

    def test_the_client_s_own_language_is_the_first(self):
        self.contract.partner_id.lang = "fr_CA"
        self.assertIn("Bonjour Margaret", self.words(self.get()))
        english = self.get(self.path() + "?lang=en_CA")
        self.assertIn("Hello Margaret", self.words(english))
        self.assertIn("Français", self.words(english))

    def test_an_unknown_language_is_ignored(self):
        for lang in ("xx_XX", "../../etc", "<b>", ""):
            page = self.get(self.path(), params={"lang": lang})
            self.assertIn("Hello Margaret", self.words(page))
            self.assertNotIn("<b>", page.text)

    def test_times_are_large_radio_buttons_grouped_by_day(self):
        root = html.fromstring(self.get().content)
        self.assertTrue(root.xpath("//fieldset/legend"))
        for choice in root.xpath("//input[@name='slot']"):
            self.assertEqual(choice.get("type"), "radio")
            self.assertTrue(choice.xpath("ancestor::label"))
        self.assertFalse(root.xpath("//script | //@onclick | //@style"))

    def test_no_free_time_offers_a_call(self):
        self.technician.active = False
        page = self.both_languages("no free time", "aucune plage libre")
        self.assertFalse(self.slots(page))
        self.assertIn(self.path("/callback"), page.text)

    def test_booked_shows_the_visit(self):
        self.book()
        page = self.both_languages("Your visit is booked", "Votre visite est réservée")
        words = self.words(page)
        for expected in ("Thank you, Margaret.", "Alex", "between", "$226.00"):
            self.assertIn(expected, words)
        self.assertNotIn("Turner", words)
        self.assertIn("visit.ics", page.text)

    def test_moving_keeps_the_visit_until_the_button(self):
        self.book()
        page = self.both_languages(
            "Choose another time",
            "Choisissez un autre moment",
            self.path() + "?view=change",
        )
        self.assertTrue(self.slots(page))
        self.assertIn(self.path("/move"), page.text)

    def test_close_to_the_visit_only_the_phone_remains(self):
        visit = self.book()
        self.company.x_fc_change_cutoff_hours = 24 * 60
        page = self.get(self.path() + "?view=change")
        self.assertIn("please call us", self.words(page))
        self.assertNotIn(self.path("/cancel"), page.text)
        self.assertTrue(visit.is_live)

    def test_a_visit_under_way_and_a_missed_one(self):
        visit = self.book()
        task = visit.technician_task_id
        task.action_start_travel()
        self.assertIn("on the way to you", self.words(self.get()))
        self.assertNotIn(self.path("/cancel"), self.get().text)
        task.action_start()
        self.assertIn("at work at your place", self.words(self.get()))
        visit.state = "scheduled"
        visit.visit_date = fields.Datetime.now() - timedelta(days=2)
        visit.technician_task_id.date_start = visit.visit_date
        self.both_languages("This visit was planned", "Cette visite était prévue")

    def test_paused_and_cancelled_contracts_offer_nothing(self):
        self.contract.action_pause()
        page = self.both_languages("is paused", "est suspendu")
        self.assertFalse(self.slots(page))
        self.contract.action_cancel()
        self.both_languages("has ended", "a pris fin")

    def test_messages_are_codes_and_belong_to_a_state(self):
        shown = {
            False: ("taken", "choose", "phone", "cancelled"),
            True: ("moved", "late"),
        }
        for booked, codes in shown.items():
            for code in (*shown[True], *shown[False], "<b>You won</b>"):
                page = self.get(self.path(), params={"m": code})
                self.assertEqual('id="fc-message"' in page.text, code in codes, code)
                self.assertNotIn("You won", page.text)
            if not booked:
                self.book()

    def test_more_times_reach_into_the_afternoon(self):
        page = self.get(self.path() + "?view=more")
        self.assertGreater(len(self.slots(page)), len(self.slots(self.get())))
        self.assertIn("afternoon", self.words(page))

    def test_moving_does_not_offer_the_time_already_booked(self):
        visit = self.book()
        page = self.get(self.path() + "?view=change")
        starts = [self.contract._read_slot(v).start for v in self.slots(page)]
        self.assertTrue(starts)
        self.assertNotIn(visit.visit_date, starts)

    def test_two_technicians_at_one_time_are_one_choice(self):
        self._make_technician("fc_public_second", "Robin Second")
        offers = self.contract._get_booking_slots(limit=SLOTS, per_day=SLOTS_PER_DAY)
        root = html.fromstring(self.get().content)
        self.assertEqual(
            len(root.xpath("//input[@name='slot']")), len({o.start for o in offers})
        )

    def test_nothing_personal_but_the_first_name(self):
        pages = [self.get()]
        self.book()
        pages += [self.get(), self.get(self.path() + "?view=change")]
        pages.append(self.get(self.path("/visit.ics")))
        for page in pages:
            for secret in SECRETS:
                self.assertNotIn(secret, page.text)

    def test_a_company_is_greeted_without_a_name(self):
        self.contract.partner_id.write({"is_company": True, "name": "Oak Residence"})
        words = self.words(self.get())
        self.assertIn("Hello,", words)
        self.assertNotIn("Oak", words)

    def test_the_calendar_file_is_that_of_the_visit(self):
        self.assertEqual(self.get(self.path("/visit.ics")).status_code, 404)
        self.book()
        page = self.get(self.path("/visit.ics"))
        self.assertEqual(page.status_code, 200)
        self.assertTrue(page.headers["Content-Type"].startswith("text/calendar"))
        self.assertIn("BEGIN:VEVENT", page.text)

    def test_a_page_is_small(self):
        page = self.get(self.path() + "?view=more")
        sheet = html.fromstring(page.content).xpath("//link[@rel='stylesheet']/@href")
        css = self.get(sheet[0])
        self.assertEqual(css.status_code, 200)
        self.assertLess(len(page.content) + len(css.content), 60_000)
