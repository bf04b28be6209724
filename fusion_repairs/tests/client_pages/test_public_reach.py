"""How far a booking link reaches: its own pages, its own server, its own company."""

from urllib.parse import urlsplit

from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .public_case import PublicCase

EVIL = "evil.example"
FORGED = {
    "Host": EVIL,
    "X-Forwarded-Host": EVIL,
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Server": EVIL,
    "Forwarded": f"host={EVIL};proto=https",
    "X-Original-URL": f"//{EVIL}/",
    "Referer": f"https://{EVIL}/",
    "Origin": f"https://{EVIL}",
}
HTTP_LOGGERS = ("odoo.http", "werkzeug", "odoo.addons.base.models.ir_http")
CONTRACT = "fusion.repair.maintenance.contract"


@tagged("post_install", "-at_install", "fusion")
class TestPublicReach(PublicCase):
    """A link is no key to Odoo's own doors, and nobody bends where it leads."""

    # Odoo's own routes ---------------------------------------------------------------

    def call(self, route, **params):
        """Call a JSON route of Odoo as a stranger; return what it says."""
        self.env.flush_all()
        answer = self.url_open(route, json={"params": params})
        self.env.invalidate_all()
        self.assertLess(answer.status_code, 500, route)
        return answer

    @mute_logger(*HTTP_LOGGERS, "odoo.addons.mail.controllers.thread")
    def test_the_token_opens_no_thread(self):
        visit = self.book()
        token = self.contract.sudo().booking_token
        before = self.snapshot()
        for record in (self.contract, visit, visit.technician_task_id):
            thread = {"thread_model": record._name, "thread_id": record.id}
            for key in ("access_token", "token", "booking_token", "hash"):
                keys = {key: token, "pid": self.contract.partner_id.id}
                posted = {"body": "Hello", "message_type": "comment"}
                answers = [
                    self.call(
                        "/mail/message/post", post_data=posted | keys, **thread, **keys
                    ),
                    self.call("/mail/thread/messages", **thread, **keys),
                    self.call(
                        "/mail/thread/data", request_list=["messages"], **thread, **keys
                    ),
                    self.call("/mail/chatter_init", **thread, **keys),
                    self.call("/portal/chatter_init", **thread, **keys),
                    self.call(
                        "/mail/data",
                        fetch_params=[["mail.thread", thread | keys]],
                    ),
                ]
                for answer in answers:
                    for secret in (self.contract.name, visit.name, "Featherstone"):
                        self.assertNotIn(secret, answer.text, answer.url)
        self.assertEqual(self.snapshot(), before)

    @mute_logger(*HTTP_LOGGERS)
    def test_the_token_opens_no_page_and_no_record(self):
        visit = self.book()
        token = self.contract.sudo().booking_token
        before = self.snapshot()
        answers = [
            self.get(f"{path}?access_token={token}&token={token}")
            for path in (
                f"/my/repairs/equipment/{self.contract.id}",
                "/my/repairs/equipment",
                f"/my/orders/{visit.sale_order_id.id}",
                "/my/repairs/certificates/1/pdf",
                f"/mail/view?model={CONTRACT}&res_id={self.contract.id}",
                f"/web/content/{CONTRACT}/{self.contract.id}/name",
                f"/web/image/res.partner/{self.contract.partner_id.id}/avatar_128",
                f"/report/html/fusion_repairs.report_visit/{visit.id}",
                f"/odoo/{CONTRACT}/{self.contract.id}",
            )
        ]
        answers += [
            self.call(
                f"/web/dataset/call_kw/{CONTRACT}/{method}",
                model=CONTRACT,
                method=method,
                args=[self.contract.ids],
                kwargs={"context": {"access_token": token}},
            )
            for method in ("read", "search_read", "write", "_get_public_url")
        ]
        for answer in answers:
            self.assertLess(answer.status_code, 500, answer.url)
            for secret in (self.contract.name, visit.name, "Featherstone", "Quiet"):
                self.assertNotIn(secret, answer.text, answer.url)
        self.assertEqual(self.snapshot(), before)

    # Forms of other links ------------------------------------------------------------

    @mute_logger(*HTTP_LOGGERS)
    def test_the_form_of_another_link_books_nothing(self):
        other = self._make_contract(x_fc_device_serial="OTHER-5")
        stolen = self.form_token(self.get(self.path(contract=other)))
        page = self.get()
        self.assertNotEqual(self.form_token(page), stolen)
        before = self.snapshot()
        slot = self.slots(page)[0]
        answer = self.post("/confirm", page, slot=slot, csrf_token=stolen)
        self.assertEqual(answer.status_code, 400)
        self.assertEqual(self.snapshot(), before)
        self.assertEqual(self.post("/confirm", page, slot=slot).status_code, 303)
        self.assertTrue(self.contract.is_booked)

    # Where links lead ----------------------------------------------------------------

    def assert_stays(self, answer):
        """Assert that an answer leads nowhere else."""
        location = answer.headers.get("Location", "/")
        self.assertEqual(urlsplit(location)[:2], ("", ""), location)
        self.assertRegex(location, r"^/(?![/\\])")

    def test_a_forged_host_lands_in_no_link(self):
        base = self.contract.get_base_url()
        page = self.get()
        slot = self.slots(page)[0]
        token = self.form_token(page)
        session = self.opener.cookies["session_id"]
        self.opener.cookies.clear()
        self.opener.cookies.set("session_id", session)  # for whatever host
        for name, value in FORGED.items():
            answer = self.get(headers={name: value})
            self.assertEqual(answer.status_code, 200)
            self.assertNotIn(EVIL, answer.text, name)
        self.env.flush_all()
        answer = self.url_open(
            self.path("/confirm"),
            data={"csrf_token": token, "slot": slot},
            headers=FORGED,
            allow_redirects=False,
        )
        self.assertEqual(answer.status_code, 303)
        self.assert_stays(answer)
        self.env.invalidate_all()
        visit = self.contract.current_visit_id
        self.assertTrue(visit)
        mails = self.env["mail.mail"].search(
            [("x_fc_maintenance_contract_id", "=", self.contract.id)]
        )
        self.assertTrue(mails)
        for mail in mails:
            files = b"".join(mail.attachment_ids.mapped("raw")).decode()
            said = f"{mail.body_html}{mail.headers}{mail.subject}{files}"
            self.assertNotIn(EVIL, said)
            self.assertIn(f"{base}{self.path()}", mail.body_html)
        self.assertNotIn(EVIL, self.contract._get_booking_url())
        self.assertNotIn(EVIL, self.get(self.path("/visit.ics"), headers=FORGED).text)

    @mute_logger(*HTTP_LOGGERS)
    def test_a_redirect_leads_to_no_other_server(self):
        page = self.get()
        for lang in (f"//{EVIL}", f"https://{EVIL}", f"\\\\{EVIL}", f"/{EVIL}@"):
            self.assert_stays(self.post("/confirm", page, lang=lang, units=lang))
        # The merged path is our own; the server name is the one that was asked.
        for path in (f"//{EVIL}{self.path()}", f"/{EVIL}/..{self.path()}"):
            url = self.base_url() + path
            answer = self.opener.get(url, allow_redirects=False, timeout=30)
            location = urlsplit(answer.headers.get("Location", ""))
            self.assertNotEqual(location.hostname, EVIL, path)

    # Another company -----------------------------------------------------------------

    def make_company(self):
        """Return another dealer of the same server, with a technician of its own."""
        company = self.env["res.company"].create(
            {"name": "Birch Mobility", "phone": "613-555-0155", "city": "Ottawa"}
        )
        self.env.user.company_ids += company
        technician = new_test_user(
            self.env(context={"allowed_company_ids": company.ids}),
            "fc_public_birch",
            groups="fusion_tasks.fusion_tasks_group_technician",
            name="Robin Birch",
            company_id=company.id,
            company_ids=company.ids,
            tz="America/Toronto",
        )
        technician.write(
            {"x_fc_is_technician": True, "x_fc_repair_skills": self.category.ids}
        )
        return company, technician

    def test_a_link_shows_and_books_its_own_company(self):
        company, technician = self.make_company()
        other = self._make_contract(company_id=company.id, x_fc_device_serial="BIRCH-1")
        pages = {self.contract: self.get(), other: self.get(self.path(contract=other))}
        for contract, own, foreign in (
            (self.contract, ("Maple", "416-555-0100"), ("Birch", "613-555-0155")),
            (other, ("Birch", "613-555-0155"), ("Maple", "416-555-0100")),
        ):
            for words in own:
                self.assertIn(words, pages[contract].text)
            for words in foreign:
                self.assertNotIn(words, pages[contract].text)
        slots = self.slots(pages[other])
        self.assertTrue(slots)
        mine, theirs = self.path("/confirm"), self.path("/confirm", other)
        token = self.form_token(pages[other])
        for path, slot, key in (
            (mine, slots[0], self.form_token(pages[self.contract])),
            (theirs, self.slots(self.get())[0], token),
        ):
            self.env.flush_all()
            answer = self.url_open(
                path, data={"csrf_token": key, "slot": slot}, allow_redirects=False
            )
            self.assertIn("m=taken", answer.headers["Location"])
        self.env.flush_all()
        self.url_open(theirs, data={"csrf_token": token, "slot": slots[0]})
        self.env.invalidate_all()
        visit = other.current_visit_id
        self.assertEqual(visit.technician_id, technician)
        made = (visit, visit.technician_task_id, visit.repair_order_id)
        for record in (*made, visit.sale_order_id):
            self.assertEqual(record.company_id, company, record._name)
        self.assertFalse(self.contract.is_booked)
