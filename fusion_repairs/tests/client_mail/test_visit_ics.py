from datetime import timedelta

import icalendar
import vobject

from odoo.tests import tagged

from .message_case import MessageCase


def read_with_vobject(raw):
    """Return (uid, sequence, method, status, start, has organizer) by vobject."""
    calendar = vobject.readOne(raw.decode())
    event = calendar.vevent
    return (
        event.uid.value,
        int(event.sequence.value),
        calendar.method.value,
        event.status.value,
        event.dtstart.value,
        hasattr(event, "organizer"),
    )


def read_with_icalendar(raw):
    """Return the same by icalendar."""
    calendar = icalendar.Calendar.from_ical(raw)
    (event,) = calendar.walk("VEVENT")
    return (
        str(event["UID"]),
        int(event["SEQUENCE"]),
        str(calendar["METHOD"]),
        str(event["STATUS"]),
        event.decoded("DTSTART"),
        "ORGANIZER" in event,
    )


def import_all(files, reader):
    """Import calendar files as RFC 5546 says; return the calendar's entries by UID.

    A higher SEQUENCE replaces, a lower one is old news; CANCEL needs an organizer and
    marks the entry.
    """
    entries = {}
    for raw in files:
        uid, sequence, method, status, start, organizer = reader(raw)
        assert organizer, "RFC 5546 3.2: PUBLISH and CANCEL name the organizer"
        if uid in entries and sequence <= entries[uid]["sequence"]:
            continue
        if method == "CANCEL":
            assert status == "CANCELLED"
        entries[uid] = {"sequence": sequence, "status": status, "start": start}
    return entries


@tagged("post_install", "-at_install", "fusion")
class TestVisitIcs(MessageCase):
    """The calendar file, as two programs that never heard of us read it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.scooter = cls.env["product.product"].create(
            {
                "name": "Scooter",
                "type": "consu",
                "x_fc_repair_category_id": cls.category.id,
            }
        )

    def assert_one_entry(self, files, visit, status):
        """Check what both programs have in their calendars after the files."""
        for reader in (read_with_vobject, read_with_icalendar):
            for order in (files, files[::-1]):
                entries = import_all(order, reader)
                self.assertEqual(list(entries), [visit._get_ics_uid()])
                (entry,) = entries.values()
                self.assertEqual(entry["status"], status)
                start = entry["start"]
                self.assertEqual(start.utcoffset().total_seconds(), 0)
                self.assertEqual(start.replace(tzinfo=None), visit.visit_date)

    def test_book_move_move_cancel_is_one_entry_that_ends_cancelled(self):
        visit = self.book(self.contract)
        files = [mail["ics"] for mail in self.deliver()]
        self.assert_one_entry(files, visit, "CONFIRMED")
        for position in (0, 4):
            self.move(visit, self.free_start(visit, position))
            files += [mail["ics"] for mail in self.deliver()]
            self.assert_one_entry(files, visit, "CONFIRMED")
        visit.with_user(self.dispatcher).action_cancel()
        files += [mail["ics"] for mail in self.deliver()]
        self.assertEqual(len(files), 4)
        self.assert_one_entry(files, visit, "CANCELLED")

    def test_the_file_of_the_page_is_the_same_entry(self):
        visit = self.book(self.contract)
        files = [visit._get_ics(), *(mail["ics"] for mail in self.deliver())]
        self.assert_one_entry(files, visit, "CONFIRMED")

    def test_units_made_together_are_one_mail_and_one_entry(self):
        other = self.make_contract(product_id=self.scooter.id)
        offer = self.contract._get_booking_slots(
            self.contract._prepare_visit_request(other)
        )[0]
        visit = self.contract._book_slot(offer.value, companions=other)
        (mail,) = self.deliver()
        for part in ("Stair Lift: $179.00", "Scooter: $179.00", "Total: $404.54"):
            self.assertIn(part, mail["text"])
        companion = other.current_visit_id
        self.assertEqual(companion._get_ics_uid(), visit._get_ics_uid())
        event = icalendar.Calendar.from_ical(mail["ics"]).walk("VEVENT")[0]
        self.assertIn("Stair Lift, Scooter", event["SUMMARY"])
        self.move(companion)
        self.assertEqual(len(self.deliver()), 1)
        self.assert_one_entry([mail["ics"], companion._get_ics()], visit, "CONFIRMED")

    def test_one_unit_less_keeps_the_entry_of_the_others(self):
        other = self.make_contract(product_id=self.scooter.id)
        offer = self.contract._get_booking_slots(
            self.contract._prepare_visit_request(other)
        )[0]
        visit = self.contract._book_slot(offer.value, companions=other)
        files = [mail["ics"] for mail in self.deliver()]
        visit.with_user(self.dispatcher).action_cancel()
        (mail,) = self.deliver()
        self.assertIn("Your visit takes place as planned", mail["subject"])
        self.assertIn("No longer part of this visit: Stair Lift", mail["text"])
        self.assertIn(other.sudo().booking_token, mail["html"])
        files.append(mail["ics"])
        self.assert_one_entry(files, other.current_visit_id, "CONFIRMED")
        last = other.current_visit_id
        last.with_user(self.dispatcher).action_cancel()
        (mail,) = self.deliver()
        self.assert_one_entry([*files, mail["ics"]], last, "CANCELLED")

    def test_names_cannot_add_lines(self):
        evil = 'Lift";X=1:\r\nATTENDEE:mailto:a@b.c\nEND:VEVENT\u2028, \\n; x\x00\x07'
        self.product.name = evil.replace("\x00", "")
        self.company.name = 'Dealer;\r\nBcc: x@y.z, "Sons"'
        raw = self.book(self.contract)._get_ics()
        lines = raw.decode().replace("\r\n ", "").split("\r\n")
        names = [line.partition(":")[0].partition(";")[0] for line in lines if line]
        self.assertEqual(names.count("END"), 3)
        self.assertNotIn("ATTENDEE", names)
        self.assertNotIn("Bcc", names)
        self.assertFalse([line for line in lines if "\n" in line or "\r" in line])
        for reader in (read_with_vobject, read_with_icalendar):
            self.assertEqual(len(reader(raw)), 6)
        summary = icalendar.Calendar.from_ical(raw).walk("VEVENT")[0]["SUMMARY"]
        self.assertIn('Lift";X=1: ATTENDEE:mailto:a@b.c END:VEVENT', summary)

    def test_no_personal_data(self):
        self.client.street = "12 Oak Street"
        raw = self.book(self.contract, note="Beware of the dog")._get_ics().decode()
        for secret in ("Margaret", "margaret@", "dog", "Oak"):
            self.assertNotIn(secret, raw)

    def test_the_entry_says_where_and_how_to_change_it_and_reminds(self):
        self.client.write({"street": "12 Oak Street", "zip": "M5V 1A1"})
        visit = self.book(self.contract)
        (mail,) = self.deliver()
        event = icalendar.Calendar.from_ical(mail["ics"]).walk("VEVENT")[0]
        self.assertEqual(event["LOCATION"], "12 Oak Street, Toronto, M5V 1A1")
        self.assertEqual(event["URL"], self.contract._get_booking_url())
        (alarm,) = event.walk("VALARM")
        self.assertEqual(alarm["TRIGGER"].dt, -timedelta(days=1))
        self.assertNotIn("..", event["DESCRIPTION"])
        window = timedelta(minutes=self.company.x_fc_arrival_window_minutes)
        work = visit.visit_end - visit.visit_date
        self.assertEqual(event["DTEND"].dt - event["DTSTART"].dt, window + work)
        visit.with_user(self.dispatcher).action_cancel()
        (mail,) = self.deliver()
        event = icalendar.Calendar.from_ical(mail["ics"]).walk("VEVENT")[0]
        self.assertFalse(event.walk("VALARM"))
