"""Booking for somebody else: who will be there, and how many may get a copy."""

from lxml import html

from odoo.tests import tagged

from .public_case import PublicCase

RUTH = {
    "attendee_name": "Ruth Featherstone",
    "attendee_phone": "416 555 0177",
    "attendee_email": "Ruth@Example.com",
}
FIELDS = tuple(RUTH)


@tagged("post_install", "-at_install", "fusion")
class TestPublicAttendee(PublicCase):
    """A helper books, and is the one the technician asks for."""

    def confirm(self, page=None, **data):
        """Post the form with the first time; return the page it leads to."""
        page = page or self.get()
        data.setdefault("slot", self.slots(page)[0])
        answer = self.post("/confirm", page, **data)
        self.assertEqual(answer.status_code, 303)
        return self.get(answer.headers["Location"])

    def test_the_helper_is_on_the_visit_and_the_task(self):
        page = self.confirm(**RUTH)
        visit = self.contract.current_visit_id
        self.assertEqual(visit.attendee_name, "Ruth Featherstone")
        self.assertEqual(visit.attendee_phone, "416 555 0177")
        self.assertEqual(visit.attendee_email, "ruth@example.com")
        task = visit.technician_task_id
        self.assertIn("Ruth Featherstone, 416 555 0177", task.description)
        self.assertNotIn("ruth@example.com", task.description)
        self.assertIn("Who will be there", self.facts(page))
        for secret in ("Featherstone", "555 0177", "5550177", "ruth@"):
            self.assertNotIn(secret, page.text)

    def facts(self, page):
        """Return the names of what the page tells of the visit."""
        return html.fromstring(page.content).xpath("//dt/text()")

    def test_all_of_it_may_stay_empty(self):
        self.confirm()
        visit = self.contract.current_visit_id
        self.assertFalse(any(visit[name] for name in FIELDS))
        self.assertNotIn("Who will be there", self.facts(self.get()))

    def test_an_address_that_cannot_be_one_keeps_everything_typed(self):
        page = self.get()
        slot = self.slots(page)[1]
        for email in ("ruth", "ruth@", "ruth@host", "a@b.ca, c@d.ca", "@", "a b@c.ca"):
            before = self.snapshot()
            data = RUTH | {"attendee_email": email, "note": "Blue door", "slot": slot}
            shown = self.confirm(**data)
            self.assertEqual(self.snapshot(), before, email)
            self.assertIn("does not look complete", self.words(shown))
            form = html.fromstring(shown.content).forms[0]
            for name, text in data.items():
                self.assertEqual(form.fields[name], text)
            field = form.xpath(".//input[@name='attendee_email']")[0]
            self.assertEqual(field.get("aria-invalid"), "true")
            error = field.get("aria-describedby").split()[-1]
            (told,) = form.xpath(f".//*[@id='{error}']")
            self.assertIn("does not look complete", told.text_content())
            self.assertIsNotNone(form.xpath(".//details")[0].get("open"))
        shown = self.confirm(shown, **RUTH, slot=slot, note="Blue door")
        self.assertTrue(self.contract.is_booked)
        self.contract._cancel_booking()
        form = html.fromstring(self.get().content).forms[0]
        self.assertFalse(form.fields["note"] or form.fields["attendee_name"])

    def test_a_line_break_in_an_address_writes_no_header(self):
        self.confirm(**RUTH | {"attendee_email": "a@b.ca\nBcc: c@d.ca"})
        self.assertFalse(self.contract.is_booked)

    def test_three_addresses_get_copies_in_one_cycle_no_more(self):
        for number in range(3):
            self.confirm(attendee_email=f"helper{number}@example.com")
            self.assertTrue(self.contract.is_booked)
            self.contract._cancel_booking()
        shown = self.confirm(attendee_email="helper3@example.com")
        self.assertFalse(self.contract.is_booked)
        self.assertIn("three different addresses", self.words(shown))
        self.confirm(attendee_email="HELPER1@example.com")
        self.assertTrue(self.contract.is_booked)
        self.contract._cancel_booking()
        self.contract.next_due_date = self.contract.next_due_date.replace(day=15)
        self.confirm(attendee_email="helper3@example.com")
        self.assertTrue(self.contract.is_booked)

    def test_the_form_works_without_a_script_and_says_what_each_field_is(self):
        root = html.fromstring(self.get().content)
        for name in FIELDS:
            (field,) = root.xpath(f"//form//details//input[@name='{name}']")
            (label,) = root.xpath(f"//label[@for='{field.get('id')}']")
            self.assertTrue(label.text_content().strip())
            self.assertIsNone(field.get("required"))
            # A browser cannot show its own complaint in a part that is folded away.
            self.assertNotEqual(field.get("type"), "email")
