from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...recurrence import is_credible_day

START_SOURCES = [
    ("delivery", "Delivery"),
    ("commitment", "Promised Delivery"),
    ("invoice", "Invoice"),
    ("order", "Order Date"),
    ("claim", "Claim"),
    ("today", "Day of Enrolment"),
    ("manual", "Entered Manually"),
]
IMPORT_TEMPLATE = "/fusion_repairs/static/import/contracts-import-template.csv"
# Causes that a sale takes back when it wants the unit again.
REVIVED_CAUSES = ("order", "quantity")
# What a file may leave empty.
FILLED_IN = {
    "address_id",
    "anchor",
    "duration",
    "first_due_date",
    "interval_months",
    "next_due_date",
    "start_date",
    "state",
    "x_fc_maintenance_fee",
    "x_fc_policy_category_id",
}


class FusionRepairMaintenanceContract(models.Model):
    """What the sale and the delivery of a unit say about it, and who owns it now."""

    _inherit = "fusion.repair.maintenance.contract"

    start_date_source = fields.Selection(
        START_SOURCES,
        default="manual",
        copy=False,
        help="Where the day comes from since when the unit is in use. A delivery "
        "corrects a promised or an order date as long as no visit is booked or done.",
    )

    @api.constrains("start_date")
    def _check_start_date(self):
        for contract in self:
            contract._check_credible_day(contract.start_date)

    @api.constrains("last_service_date")
    def _check_last_service_date(self):
        # What a visit rolled is the visit's business, not a typing mistake.
        for contract in self.filtered(lambda c: c._is_first_cycle()):
            day = contract.last_service_date
            contract._check_credible_day(day)
            if day and day > contract._get_today():
                raise ValidationError(
                    self.env._("The last service cannot lie in the future.")
                )

    def _check_credible_day(self, day):
        if day and not is_credible_day(day, self._get_today()):
            raise ValidationError(
                self.env._(
                    "%(date)s looks like a typing mistake: please enter a day from "
                    "1990 on, and not too far ahead.",
                    date=self._format_date(day),
                )
            )

    @api.model
    def get_import_templates(self):
        """Offer a file to fill in where Odoo's own import is opened."""
        return [
            {
                "label": self.env._("Template for units bought elsewhere"),
                "template": IMPORT_TEMPLATE,
            }
        ]

    @api.model
    def _load_records_create(self, vals_list):
        return super()._load_records_create([self._drop_blanks(v) for v in vals_list])

    def _load_records_write(self, vals):
        return super()._load_records_write(self._drop_blanks(vals))

    @api.model
    def _drop_blanks(self, vals):
        """Return a file's row without the cells left empty: the policy fills them in.

        A zero that was typed is kept, and judged like one typed in the form.
        """
        blank = FILLED_IN
        if vals.get("last_service_date"):
            blank = FILLED_IN - {"start_date"}  # unknown is not the same as today
        return {
            name: value
            for name, value in vals.items()
            if value is not False or name not in blank
        }

    # The day of delivery -----------------------------------------------------------

    def _set_delivered_lot(self, lot):
        """Note which unit was delivered for a contract that did not know it."""
        self.ensure_one()
        self.lot_id = lot
        self._message_log(
            body=self.env._(
                "Serial %(serial)s was delivered.", serial=self.x_fc_device_serial
            )
        )

    def _set_delivery_day(self, day):
        """Count from the day of delivery instead of the one that was expected.

        Only while nothing came of the first cycle: a visit, a service noted, or a
        date that the office chose stands.
        """
        self.ensure_one()
        if (
            self.x_fc_source != "sale"
            or not is_credible_day(day, self._get_today())
            or (self.start_date, self.start_date_source) == (day, "delivery")
        ):
            return
        vals = {"start_date": day, "start_date_source": "delivery"}
        if self.start_date != day:
            if not self._is_untouched():
                return
            vals |= self._prepare_first_cycle(day)
        self.write(vals)
        self._message_log(
            body=self.env._(
                "Delivered on %(day)s; first due on %(due)s.",
                day=self._format_date(day),
                due=self._format_date(self.next_due_date),
            )
        )
