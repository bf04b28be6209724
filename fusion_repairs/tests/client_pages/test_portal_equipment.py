"""What a client with a login sees of a unit, reads again and can do."""

from datetime import timedelta

from lxml import html

from odoo.tests import HttpCase, new_test_user, tagged

from ..certificates.certificate_case import CertificateCase


@tagged("post_install", "-at_install", "fusion")
class TestPortalEquipment(CertificateCase, HttpCase):
    """Dates as one reads them, a way to book, and every report for good."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        users = [
            new_test_user(
                cls.env, login, groups="base.group_portal", name=name, password=login
            )
            for login, name in (("fr_own", "Rose Login"), ("fr_other", "Else Login"))
        ]
        cls.client = users[0].partner_id
        cls.client.write({"partner_latitude": 43.67, "partner_longitude": -79.39})

    def setUp(self):
        super().setUp()
        self.visit = self.report(self.book(self.make_contract()))
        self.contract = self.visit.contract_id
        self.visit._make_report_document()
        self.page = f"/my/repairs/equipment/{self.contract.id}"
        self.report_page = f"{self.page}/visits/{self.visit.id}/report"
        self.env.flush_all()

    def links(self, path, words):
        """Return where links with these words lead."""
        root = html.fromstring(self.url_open(path).content)
        return root.xpath(f"//a[normalize-space()='{words}']/@href")

    def test_the_visit_is_booked_from_the_portal(self):
        self.authenticate("fr_own", "fr_own")
        for path in (self.page, "/my/repairs/equipment"):
            (url,) = self.links(path, "Book the visit")
            self.assertEqual(url, self.contract._get_public_url())
        self.assertIn("Book your maintenance visit", self.url_open(url).text)
        self.contract._book_slot(self.contract._get_booking_slots()[0].value)
        self.env.flush_all()
        self.assertFalse(self.links(self.page, "Book the visit"))
        (url,) = self.links(self.page, "See or change the visit")
        self.assertIn("Your visit is booked", self.url_open(url).text)
        self.contract.current_visit_id._cancel()
        self.contract.state = "paused"
        self.env.flush_all()
        self.assertNotIn(self.contract._get_public_url(), self.url_open(self.page).text)

    def test_an_old_report_can_be_read_again(self):
        days = timedelta(days=self.company.x_fc_done_page_days + 30)
        self.env.cr.execute(
            "UPDATE fusion_repair_maintenance_visit SET service_date = %s"
            " WHERE id = %s",
            [self.visit.service_date - days, self.visit.id],
        )
        self.env.invalidate_all()
        self.authenticate("fr_own", "fr_own")
        (url,) = self.links(self.page, "Visit report (PDF)")
        self.assertEqual(url, self.report_page)
        answer = self.url_open(url)
        self.assertTrue(answer.content.startswith(b"%PDF"))

    def test_nobody_else_reads_a_report(self):
        other = self.report(
            self.book(self.make_contract(partner_id=self.env.user.partner_id.id))
        )
        other._make_report_document()
        self.env.flush_all()
        foreign = f"{self.page}/visits/{other.id}/report"
        for login, path in (
            ("fr_other", self.report_page),
            (None, self.report_page),
            ("fr_own", foreign),
            ("fr_own", f"{self.page}/visits/999999/report"),
            (
                "fr_own",
                f"/my/repairs/equipment/{other.contract_id.id}/visits/{other.id}/report",
            ),
        ):
            self.authenticate(login, login)
            answer = self.url_open(path, allow_redirects=False)
            self.assertEqual(answer.status_code, 303, (login, path))

    def test_dates_are_words_in_the_language_of_the_reader(self):
        self.env["res.lang"]._activate_lang("fr_CA")
        words = self.env["fusion.repair.public.words"]
        for lang in ("en_US", "fr_CA"):
            self.client.user_ids.lang = lang
            self.env.flush_all()
            self.opener.cookies.clear()  # they remember the other language
            self.authenticate("fr_own", "fr_own")
            page = self.url_open(self.page).text
            told = words.with_context(lang=lang)
            for day in (self.contract.next_due_date, self.visit.service_date):
                self.assertIn(told._format_day(day, year=True), page)
                self.assertNotIn(str(day), page)
