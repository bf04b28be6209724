"""Two units at one address on the client's page: together, or one left out."""

from datetime import timedelta

from lxml import html

from odoo.tests import tagged

from .public_case import PublicCase


@tagged("post_install", "-at_install", "fusion")
class TestPublicUnits(PublicCase):
    """The page offers what the reminder named; the client can leave one out."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        chair = cls.env["product.product"].create(
            {
                "name": "Lift Chair",
                "type": "consu",
                "x_fc_repair_category_id": cls.category.id,
            }
        )
        cls.chair = cls._make_contract(
            partner_id=cls.contract.partner_id.id,
            product_id=chair.id,
            x_fc_device_serial="CHAIR-1",
            x_fc_maintenance_fee=60.0,
            duration=0.5,
        )
        cls.reminders = cls._remind(cls.contract | cls.chair)

    @classmethod
    def _remind(cls, units):
        """Tell the client of these units in one reminder."""
        (cls.contract | cls.chair).offered_with_id = False
        units.offered_with_id = units[0] if len(units) > 1 else False
        return cls.env["fusion.repair.maintenance.reminder"].create(
            [
                {
                    "contract_id": unit.id,
                    "cycle_due_date": unit.next_due_date,
                    "band": 30,
                    "outcome": "sent",
                    "email": "margaret@example.com",
                }
                for unit in units
            ]
        )

    def form_of(self, page):
        """Return the fields of the booking form, the first time chosen."""
        form = html.fromstring(page.content).forms[0]
        return dict(form.fields) | {"slot": self.slots(page)[0]}

    def link(self, page, text):
        """Return where the link that begins with a text leads."""
        (url,) = html.fromstring(page.content).xpath(
            f"//a[starts-with(normalize-space(), '{text}')]/@href"
        )
        return url

    def test_all_units_are_offered_with_one_price(self):
        page = self.get()
        words = self.words(page)
        for expected in (
            "Also at this visit: Lift Chair, $60.00",
            "$200.00",
            "$33.80",
            "$293.80",
            "A check of 6 points",
            "about 1 hour 30 minutes",
            "One maintenance visit: Straight Stair Lift and Lift Chair",
        ):
            self.assertIn(expected, words)
        self.assertNotIn("CHAIR-1", page.text)
        self.assertNotIn(self.chair.sudo().booking_token, page.text)

    def test_one_form_books_all(self):
        page = self.get()
        answer = self.post("/confirm", page, **self.form_of(page))
        self.assertEqual(answer.status_code, 303)
        visit, other = self.contract.current_visit_id, self.chair.current_visit_id
        self.assertEqual(visit.technician_task_id, other.technician_task_id)
        self.assertEqual(visit.technician_task_id.duration, 1.5)
        self.assertAlmostEqual(visit.sale_order_id.amount_total, 293.8)
        for contract in (self.contract, self.chair):
            words = self.words(self.get(self.path(contract=contract)))
            self.assertIn("Your visit is booked", words)
            self.assertIn("Lift Chair", words)
            self.assertIn("$293.80", words)

    def test_a_unit_left_out_is_not_booked(self):
        page = self.get(self.link(self.get(), "Leave out:"))
        words = self.words(page)
        self.assertIn("Not at this visit: Lift Chair", words)
        self.assertIn("$226.00", words)
        more = self.get(
            html.fromstring(page.content).xpath(
                "//a[contains(@href, 'view=more')]/@href"
            )[0]
        )
        self.assertIn("Not at this visit", self.words(more))
        again = self.get(self.link(page, "Add to this visit:"))
        self.assertIn("Also at this visit", self.words(again))
        self.post("/confirm", page, **self.form_of(page))
        self.assertTrue(self.contract.is_booked)
        self.assertFalse(self.chair.is_booked)
        self.assertEqual(self.contract.current_visit_id.technician_task_id.duration, 1)

    def test_times_for_one_set_book_no_other(self):
        together = self.form_of(self.get())
        alone = self.form_of(self.get(self.link(self.get(), "Leave out:")))
        page = self.get()
        for data in (
            together | {"units": alone["units"]},
            alone | {"units": together["units"]},
            together | {"units": "0123456789ab"},
            together | {"units": ""},
            together | {"units": "None\u202e<b>"},
        ):
            before = self.snapshot()
            answer = self.post("/confirm", page, **data)
            self.assertIn("m=taken", answer.headers["Location"])
            self.assertEqual(self.snapshot(), before)
            self.assertTrue(self.slots(self.get(answer.headers["Location"])))

    def test_a_lost_time_keeps_the_choice_of_units(self):
        page = self.get(self.link(self.get(), "Leave out:"))
        data = self.form_of(page) | {"slot": "gone", "note": "Blue door"}
        answer = self.post("/confirm", page, **data)
        fresh = self.get(answer.headers["Location"])
        self.assertIn("Not at this visit", self.words(fresh))
        self.assertIn("Blue door", fresh.text)

    def test_a_unit_booked_elsewhere_meanwhile_is_offered_no_more(self):
        page = self.get()
        offer = self.chair._get_booking_slots()[3]
        self.chair._book_slot(offer.value)
        answer = self.post("/confirm", page, **self.form_of(page))
        fresh = self.get(answer.headers["Location"])
        self.assertFalse(self.contract.is_booked)
        self.assertNotIn("Lift Chair", self.words(fresh))
        self.post("/confirm", fresh, **self.form_of(fresh))
        self.assertTrue(self.contract.is_booked)

    def test_nonsense_in_the_address_chooses_nothing(self):
        for value in ("", "none", "x.y", "../../", "\x00", "a" * 5000):
            page = self.get(self.path(), params={"units": value})
            self.assertIn("Not at this visit", self.words(page), value)

    def test_no_time_long_enough_for_all_offers_this_unit(self):
        self.chair.duration = 3.0
        calendar = self.technician.resource_ids.calendar_id
        calendar.attendance_ids.hour_to = 11
        page = self.get()
        self.assertIn("no free time is long enough", self.words(page))
        self.post("/confirm", page, **self.form_of(page))
        self.assertTrue(self.contract.is_booked)
        self.assertFalse(self.chair.is_booked)

    def test_moving_says_that_all_move(self):
        page = self.get()
        self.post("/confirm", page, **self.form_of(page))
        page = self.get(self.path() + "?view=change")
        self.assertIn(
            "as a whole, for all of this: Straight Stair Lift and Lift Chair",
            self.words(page),
        )
        answer = self.post("/move", page, slot=self.slots(page)[-1])
        self.assertIn("m=moved", answer.headers["Location"])
        visit, other = self.contract.current_visit_id, self.chair.current_visit_id
        self.assertEqual(visit.visit_date, other.visit_date)

    def test_cancelling_one_or_the_whole_visit(self):
        for scope, left in (("", True), ("all", False)):
            page = self.get()
            self.post("/confirm", page, **self.form_of(page))
            words = self.words(self.get())
            self.assertIn("Cancel only this: Straight Stair Lift", words)
            self.assertIn("Yes, cancel the whole visit", words)
            task = self.contract.current_visit_id.technician_task_id
            self.post("/cancel", reason="Ill", scope=scope)
            self.assertFalse(self.contract.is_booked)
            self.assertEqual(self.chair.is_booked, left)
            self.assertEqual(task.status, "scheduled" if left else "cancelled")
            if left:
                self.chair._cancel_booking()
        self.assertEqual(set(self.chair.visit_ids.mapped("state")), {"cancelled"})
        self.assertIn("Ill", self.chair.visit_ids[0].cancel_reason)

    def test_the_price_is_that_of_what_the_reminder_named(self):
        for told in (self.contract, self.browse_units()):
            self.reminders.unlink()
            self.reminders = self._remind(told)
            page = self.get()
            words = self.words(page)
            self.assertIn("Total price: $226.00", words)
            self.assertIn("Not at this visit: Lift Chair, $60.00", words)
            self.assertEqual(
                html.fromstring(page.content).forms[0].fields["units"], "none"
            )
        # In a mail of its own, at another time: it named one price, too.
        self.reminders = self._remind(self.contract | self.chair)
        (self.contract | self.chair).offered_with_id = False
        self.assertIn("Total price: $226.00", self.words(self.get()))
        (self.contract | self.chair).offered_with_id = self.contract
        self.assertIn("Total price: $293.80", self.words(self.get()))
        for unit in (self.contract, self.chair):  # the same from either link
            words = self.words(self.get(self.path(contract=unit)))
            self.assertIn("Total price: $293.80", words)

    def browse_units(self):
        """Return no contract."""
        return self.contract.browse()

    def test_every_unit_can_be_taken_off_from_any_link(self):
        for link in (self.contract, self.chair):
            for gone, stays in (
                (self.contract, self.chair),
                (self.chair, self.contract),
            ):
                page = self.get()
                self.post("/confirm", page, **self.form_of(page))
                task = self.contract.current_visit_id.technician_task_id
                shown = self.get(self.path(contract=link))
                name = gone.product_id.name
                (button,) = html.fromstring(shown.content).xpath(
                    f"//button[contains(., 'Cancel only this: {name}')]"
                )
                hint = button.getnext().text_content()
                self.assertIn(
                    f"still comes at the same time, for: {stays.product_id.name}", hint
                )
                answer = self.url_open(
                    self.path("/cancel", link),
                    data={
                        "csrf_token": self.form_token(shown),
                        "scope": button.get("value"),
                    },
                )
                self.env.invalidate_all()
                self.assertFalse(gone.is_booked)
                self.assertEqual(stays.current_visit_id.technician_task_id, task)
                self.assertEqual(task.status, "scheduled")
                words = self.words(answer)
                if link == gone:
                    self.assertIn("Our technician still comes on", words)
                    self.assertIn(f"for: {stays.product_id.name}.", words)
                else:
                    self.assertIn("Your visit stays", words)
                stays._cancel_booking()

    def test_a_unit_of_another_house_is_not_taken_off(self):
        page = self.get()
        self.post("/confirm", page, **self.form_of(page))
        other = self._make_contract(x_fc_device_serial="OTHER-6")
        other._book_slot(other._get_booking_slots()[-1].value)
        before = self.snapshot()
        for scope in ("0123456789ab", self.contract._get_unit_ref(other), "x"):
            answer = self.post("/cancel", scope=scope)
            self.assertIn("m=not_cancelled", answer.headers["Location"])
            self.assertEqual(self.snapshot(), before)

    def test_two_units_of_one_name_are_told_apart(self):
        self.chair.product_id = self.product
        for serial, expected in (
            ("SERIAL-0815", ("(serial number …4711)", "(serial number …0815)")),
            ("OTHER-4711", ("(no. 1)", "(no. 2)")),
            (False, ("(serial number …4711)", "(no. 2)")),
        ):
            self.chair.x_fc_device_serial = serial
            page = self.get()
            for name in expected:
                self.assertIn(f"Straight Stair Lift {name}", self.words(page))
            self.assertNotIn("SERIAL-4711", page.text)
        self.post("/confirm", page, **self.form_of(page))
        words = self.words(self.get())
        self.assertIn("Cancel only this: Straight Stair Lift (no. 2)", words)

    def test_a_unit_due_much_later_is_not_offered(self):
        (self.contract | self.chair).offered_with_id = False
        self.chair.next_due_date += timedelta(days=60)
        self.assertNotIn("Lift Chair", self.words(self.get()))
