"""After booking: the note, the door code and who will be there; the number to call."""

from lxml import html

from odoo import fields
from odoo.tests import tagged

from .public_case import SECRETS, PublicCase


@tagged("post_install", "-at_install", "fusion")
class TestPublicDetails(PublicCase):
    """What was said when booking can be said anew, without a call."""

    def change(self, **data):
        """Send the form of the details; return the page after it."""
        answer = self.post("/details", **data)
        self.assertEqual(answer.status_code, 303)
        return self.get(answer.headers["Location"])

    def test_the_note_and_who_will_be_there_reach_the_technician(self):
        visit = self.book()
        task = visit.technician_task_id
        self.assertIn("Ring twice", task.description)
        page = self.change(
            note="Door code 1404",
            attendee_name="Ruth Featherstone",
            attendee_phone="416 555 0177",
            attendee_email="Ruth@Example.com",
        )
        self.assertIn("Your changes are saved", self.words(page))
        self.assertEqual(visit.client_note, "Door code 1404")
        self.assertEqual(visit.attendee_email, "ruth@example.com")
        self.assertNotIn("Ring twice", task.description)
        for said in (
            "Door code 1404",
            "Ruth Featherstone, 416 555 0177",
            "SERIAL-4711",
        ):
            self.assertIn(said, task.description)
        for secret in (*SECRETS, "1404", "555 0177", "ruth@"):
            self.assertNotIn(secret, page.text)

    def test_what_is_left_empty_stays(self):
        visit = self.book()
        self.change(attendee_name="Ruth")
        self.assertEqual(visit.client_note, "Ring twice")
        before = self.snapshot()
        page = self.change()
        self.assertIn("Nothing was changed", self.words(page))
        self.assertEqual(self.snapshot(), before)
        self.change(note="Side door")
        self.assertEqual(visit.attendee_name, "Ruth")
        self.change(alone="1")
        self.assertFalse(visit.attendee_name)
        self.assertNotIn("Ruth", visit.technician_task_id.description)
        self.assertEqual(visit.client_note, "Side door")

    def test_an_address_that_cannot_be_one_is_told_at_its_field(self):
        visit = self.book()
        before = self.snapshot()
        page = self.change(note="Side door", attendee_email="ruth@")
        self.assertEqual(self.snapshot(), before)
        self.assertFalse(visit.attendee_email)
        root = html.fromstring(page.content)
        (form,) = root.xpath("//form[contains(@action, '/details')]")
        self.assertEqual(form.fields["note"], "Side door")
        self.assertIsNotNone(form.getparent().get("open"))
        (link,) = root.xpath("//*[@id='fc-message']//a/@href")
        (field,) = root.xpath(f"//*[@id='{link[1:]}']")
        self.assertEqual(field.get("name"), "attendee_email")

    def test_until_the_technician_begins(self):
        visit = self.book()
        soon = fields.Datetime.add(fields.Datetime.now(), hours=2)
        visit.technician_task_id.write({"date_start": soon, "allow_overlap": True})
        self.assertFalse(self.contract._is_change_allowed())
        self.change(note="Side door")
        self.assertEqual(visit.client_note, "Side door")
        page = self.get()
        visit.technician_task_id.action_start()
        self.post("/details", page, note="Too late")
        self.assertEqual(visit.client_note, "Side door")

    def test_nothing_is_booked_nothing_changes(self):
        before = self.snapshot()
        self.change(note="Side door")
        self.assertEqual(self.snapshot(), before)

    # Calls -------------------------------------------------------------------------

    def test_the_number_to_call_is_repeated(self):
        answer = self.post("/callback", phone="416 555-0188", days="Mornings")
        page = self.get(answer.headers["Location"])
        self.assertIn("We will call you at 416 555-0188 by", self.words(page))
        self.assertNotIn("0188", answer.headers["Location"])
        words = self.words(self.get())
        self.assertIn("at the number that ends in 0188", words)
        self.assertNotIn("416 555-0188", words)

    def test_a_message_leads_to_its_field(self):
        for action, data, field in (
            ("/callback", {"phone": "12"}, "phone"),
            ("/confirm", {"slot": ""}, "slot"),
            ("/confirm", {"slot": "gone"}, "slot"),
            ("/confirm", {"slot": None, "attendee_email": "x@"}, "attendee_email"),
        ):
            page = self.get()
            if data.get("slot", "") is None:
                data["slot"] = self.slots(page)[0]
            answer = self.post(action, page, **data)
            root = html.fromstring(self.get(answer.headers["Location"]).content)
            (link,) = root.xpath("//*[@id='fc-message']//a")
            (found,) = root.xpath(f"//*[@id='{link.get('href')[1:]}']")
            self.assertEqual(found.get("name"), field)
            error = found.get("aria-describedby").split()[-1]
            (told,) = root.xpath(f"//*[@id='{error}']")
            said = " ".join(told.text_content().split())
            self.assertEqual(said, " ".join(link.text_content().split()))

    def test_the_chosen_time_is_told_beside_the_button(self):
        page = html.fromstring(self.get(self.path() + "?view=more").content)
        for radio in page.xpath("//input[@name='slot']"):
            number = radio.get("id").removeprefix("fc-t")
            (told,) = page.xpath(f"//*[@class='fc-c{number}']")
            (day,) = radio.xpath("ancestor::fieldset/legend/text()")
            self.assertEqual(told.xpath("strong/text()"), [day])
        css = self.url_open(page.xpath("//link[@rel='stylesheet']/@href")[0]).text
        self.assertIn(f"#fc-t{number}:checked) .fc-chosen > .fc-c{number}", css)
