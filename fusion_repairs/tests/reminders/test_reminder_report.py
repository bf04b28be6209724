from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ..common import RepairsCase


@tagged("post_install", "-at_install", "fusion")
class TestReminderReport(RepairsCase):
    """Which reminders lead to bookings can be counted."""

    def remind(self, contract, band, days_ago):
        return self.env["fusion.repair.maintenance.reminder"].create(
            {
                "contract_id": contract.id,
                "cycle_due_date": contract.next_due_date,
                "band": band,
                "sent_at": fields.Datetime.now() - timedelta(days=days_ago),
                "outcome": "sent",
            }
        )

    def test_conversion_by_band(self):
        booked, ignored = self.make_contract(), self.make_contract()
        early = self.remind(booked, 30, 20)
        tight = self.remind(booked, 7, 2)
        late = self.remind(booked, 1, -1)  # went out after the booking
        unheard = self.remind(ignored, 30, 20)
        self.book(booked)
        rows = self.env["fusion.repair.maintenance.reminder"]
        mine = [("id", "in", (early | tight | late | unheard).ids)]
        shares = rows._read_group(mine, ["band"], ["booked_share:avg", "__count"])
        self.assertEqual(shares, [(1, 0.0, 1), (7, 100.0, 1), (30, 50.0, 2)])
        groups = rows._read_group(mine, ["booked"], ["id:recordset"])
        self.assertEqual(dict(groups), {True: early | tight, False: late | unheard})
        for value, found in ((True, early | tight), (False, late | unheard)):
            self.assertEqual(rows.search([*mine, ("booked", "=", value)]), found)
            self.assertEqual(found.mapped("booked"), [value, value])
        self.assertTrue(rows.fields_get(["booked"])["booked"]["groupable"])
