"""Dates, times and prices in words."""

from datetime import date, datetime

from odoo.tests import TransactionCase, tagged

NB = "\N{NO-BREAK SPACE}"


@tagged("post_install", "-at_install", "fusion")
class TestPublicWords(TransactionCase):
    """The way a Canadian reads a date aloud, in both languages."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("en_CA")
        cls.env["res.lang"]._activate_lang("fr_CA")
        cls.env["ir.module.module"]._load_module_terms(["fusion_repairs"], ["fr_CA"])
        model = cls.env["fusion.repair.public.words"]
        cls.english = model.with_context(lang="en_CA")
        cls.french = model.with_context(lang="fr_CA")

    def test_days(self):
        for day, english, french in (
            (date(2026, 12, 8), "Tuesday, December 8", "mardi 8 décembre"),
            (date(2027, 7, 1), "Thursday, July 1", "jeudi 1er juillet"),
            (date(2027, 3, 11), "Thursday, March 11", "jeudi 11 mars"),
        ):
            self.assertEqual(self.english._format_day(day), english)
            self.assertEqual(self.french._format_day(day), french)
        day = date(2026, 12, 8)
        self.assertEqual(
            self.english._format_day(day, year=True), "Tuesday, December 8, 2026"
        )
        self.assertEqual(
            self.french._format_day(day, year=True), "mardi 8 décembre 2026"
        )

    def test_windows(self):
        for start, end, english, french in (
            ((9, 30), (10, 30), "9:30|10:30 a.m.", "9 h 30|10 h 30"),
            ((11, 30), (12, 30), "11:30 a.m.|12:30 p.m.", "11 h 30|12 h 30"),
            ((14, 0), (15, 0), "2:00|3:00 p.m.", "14 h|15 h"),
        ):
            times = [datetime(2026, 12, 8, *clock) for clock in (start, end)]
            for words, expected in ((self.english, english), (self.french, french)):
                said = words._format_window(*times).replace(NB, " ")
                first, last = expected.split("|")
                self.assertIn(first, said)
                self.assertTrue(said.endswith(last), said)

    def test_local_times_follow_the_clock_change(self):
        for utc, hour in (
            (datetime(2027, 3, 13, 14), 9),
            (datetime(2027, 3, 15, 13), 9),
        ):
            self.assertEqual(self.english._localize(utc, "America/Toronto").hour, hour)
        newfoundland = self.english._localize(
            datetime(2027, 1, 5, 14), "America/St_Johns"
        )
        self.assertEqual((newfoundland.hour, newfoundland.minute), (10, 30))

    def test_zones_amounts_durations(self):
        zone = "America/Toronto"
        self.assertIn("Eastern Time", self.english._format_zone(zone))
        self.assertIn("heure de l’Est", self.french._format_zone(zone))
        self.assertIn("UTC", self.english._format_zone("UTC"))
        cad = self.env.ref("base.CAD")
        self.assertEqual(self.english._format_amount(1234.5, cad), "$1,234.50")
        said = self.french._format_amount(149, cad).replace(NB, " ")
        self.assertEqual(said, "149,00 $")
        for hours, english in (
            (0.5, "about 30 minutes"),
            (1, "about 1 hour"),
            (1.5, "about 1 hour 30 minutes"),
            (2, "about 2 hours"),
            (0, "about 5 minutes"),
        ):
            self.assertEqual(self.english._format_duration(hours), english)

    def test_first_names(self):
        for name, first in (
            ("Margaret Featherstone", "Margaret"),
            ("Mrs. Margaret Featherstone", "Margaret"),
            ("Mme Lucie Roy", "Lucie"),
            ("Featherstone, Margaret", "Margaret"),
            ("Featherstone, Mrs. Margaret Anne", "Margaret"),
            ("Featherstone, Mrs.", ""),
            ("Mrs. Featherstone", ""),
            ("Mr. and Mrs. Featherstone", ""),
            ("M. et Mme Roy", ""),
            ("John Featherstone, Jr.", "John"),
            ("Margaret", "Margaret"),
            (",", ""),
            ("Jane Doe, RN", "Jane"),
            ("Dre Lise Côté", "Lise"),
            ("Mr & Mrs J. Smith", ""),
            ("  ", ""),
            (False, ""),
        ):
            partner = self.env["res.partner"].new({"name": name})
            self.assertEqual(self.english._format_first_name(partner), first, name)

    def test_noon_and_due_days(self):
        noon = datetime(2026, 12, 8, 12)
        self.assertEqual(self.english._format_time(noon), "noon")
        said = self.english._format_window(noon, datetime(2026, 12, 8, 13))
        self.assertEqual(said, f"arriving between noon and 1:00{NB}p.m.")
        said = self.english._format_window(datetime(2026, 12, 8, 11), noon)
        self.assertEqual(said, f"arriving between 11:00{NB}a.m. and noon")
        day, today = date(2026, 12, 11), date(2026, 12, 1)
        self.assertEqual(self.english._format_due_day(day, today), "December 11")
        self.assertEqual(self.french._format_due_day(day, today), "11 décembre")
        self.assertEqual(self.french._format_due_day(today, day), "1er décembre")
        far = date(2027, 12, 11)
        self.assertEqual(self.english._format_due_day(far, today), "December 11, 2027")

    def test_taxes_as_each_language_sets_them(self):
        self.assertEqual(self.english._format_tax_name("13% HST"), "13% HST")
        self.assertEqual(self.french._format_tax_name("13% TVH"), f"13{NB}% TVH")
        self.assertEqual(self.french._format_tax_name("TVQ 9.975 %"), f"TVQ 9.975{NB}%")

    def test_phone_links(self):
        for phone, url in (
            ("416-555-0100", "tel:4165550100"),
            ("+1 (416) 555-0100", "tel:+14165550100"),
            ("1-800-555-0100 ext. 5", "tel:18005550100;ext=5"),
            ("1 800 555-0100, poste 12", "tel:18005550100;ext=12"),
            ("416-555-0100x34", "tel:4165550100;ext=34"),
            ("416-555-0100 #7", "tel:4165550100;ext=7"),
            ("416-555-0100 extension 21", "tel:4165550100;ext=21"),
            ("519-555-0100 local 212 / 1-800-555-0199", "tel:5195550100;ext=212"),
        ):
            self.assertEqual(self.english._get_phone_url(phone), url, phone)
