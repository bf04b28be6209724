from datetime import date, timedelta

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged

from ..common import RepairsCase

CONTRACT = "fusion.repair.maintenance.contract"


@tagged("post_install", "-at_install", "fusion")
class TestEnrolmentByHand(RepairsCase):
    """A unit bought elsewhere is entered in the form, from its last service on."""

    def fill_in(self, **values):
        form = Form(self.env[CONTRACT].with_user(self.dispatcher))
        form.partner_id = self.client
        form.product_id = self.product
        for name, value in values.items():
            form[name] = value
        return form

    def test_last_service_proposes_the_next_date(self):
        form = self.fill_in(
            x_fc_device_serial=" ab-1 ", last_service_date=date(2026, 1, 31)
        )
        self.assertEqual(form.next_due_date, date(2027, 1, 31))
        contract = form.save()
        self.assertEqual(contract.state, "draft")
        self.assertEqual(contract.x_fc_device_serial, "AB-1")
        self.assertEqual(contract.address_id, self.client)
        self.assertIn("last service", contract.next_due_reason)
        contract.action_activate()
        self.assertEqual(contract.next_due_date, date(2027, 1, 31))

    def test_first_interval_counts_only_for_units_that_were_never_serviced(self):
        self.category.x_fc_maintenance_first_interval_months = 3
        form = self.fill_in(start_date=date(2026, 1, 15))
        self.assertEqual(form.next_due_date, date(2026, 4, 15))
        form.last_service_date = date(2026, 3, 1)
        self.assertEqual(form.next_due_date, date(2027, 3, 1))

    def test_draft_saved_twice_keeps_its_reason(self):
        contract = self.fill_in(last_service_date=date(2026, 1, 31)).save()
        with Form(contract.with_user(self.dispatcher)) as form:
            form.last_service_date = date(2026, 2, 28)
        self.assertEqual(contract.next_due_date, date(2027, 2, 28))
        self.assertIn("last service", contract.next_due_reason)

    def test_date_that_the_office_chooses_stays(self):
        contract = self.fill_in(last_service_date=date(2026, 1, 31)).save()
        with Form(contract.with_user(self.dispatcher)) as form:
            form.next_due_date = date(2026, 12, 1)
        contract.action_activate()
        self.assertEqual(contract.next_due_date, date(2026, 12, 1))
        self.assertIn("chose", contract.next_due_reason)

    def test_bad_input_is_refused_with_a_sentence(self):
        tomorrow = self.today + timedelta(days=2)
        cases = (
            ({"start_date": date(1989, 12, 31)}, "typing mistake"),
            ({"start_date": date(9999, 12, 31)}, "typing mistake"),
            ({"last_service_date": date(207, 1, 1)}, "typing mistake"),
            ({"last_service_date": tomorrow}, "future"),
            ({"x_fc_device_serial": "X" * 101}, "at most 100"),
        )
        for vals, sentence in cases:
            with self.subTest(vals=vals):
                with self.assertRaisesRegex(ValidationError, sentence):
                    self.env[CONTRACT].create(
                        {
                            "partner_id": self.client.id,
                            "product_id": self.product.id,
                            **vals,
                        }
                    )

    def test_reader_cannot_enrol(self):
        with self.assertRaises(AccessError):
            self.env[CONTRACT].with_user(self.reader).create(
                {"partner_id": self.client.id, "product_id": self.product.id}
            )
