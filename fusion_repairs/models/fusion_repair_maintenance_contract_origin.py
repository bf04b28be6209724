from datetime import date

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..recurrence import first_due, normalise_serial
from .fusion_repair_product_category import IN_CARE

START_SOURCES = [
    ("delivery", "Delivery"),
    ("commitment", "Promised Delivery"),
    ("invoice", "Invoice"),
    ("order", "Order Date"),
    ("claim", "Claim"),
    ("today", "Day of Enrolment"),
    ("manual", "Entered by Hand"),
]
END_CAUSES = [
    ("office", "By the Office"),
    ("order", "Sale Cancelled"),
    ("quantity", "Fewer Units Sold"),
    ("return", "Unit Returned"),
    ("sold_on", "New Owner"),
    ("duplicate", "In Care Already"),
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
EARLIEST_DAY = date(1990, 1, 1)
YEARS_AHEAD = 10
LONGEST_SERIAL = 100


def is_credible_day(day, today):
    """Tell whether a day can be meant: neither a typing mistake nor a placeholder."""
    return EARLIEST_DAY <= day <= today + relativedelta(years=YEARS_AHEAD)


class FusionRepairMaintenanceContract(models.Model):
    """What the sale and the delivery of a unit say about it, and who owns it now."""

    _inherit = "fusion.repair.maintenance.contract"

    start_date_source = fields.Selection(
        START_SOURCES,
        string="Known From",
        default="manual",
        copy=False,
        help="Where the day comes from since when the unit is in use. A delivery "
        "corrects a promised or an order date as long as no visit is booked or done.",
    )
    end_cause = fields.Selection(
        END_CAUSES, string="Ended Because", readonly=True, copy=False, tracking=True
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
                    date=self._say_date(day),
                )
            )

    @api.constrains("x_fc_device_serial")
    def _check_serial_length(self):
        for contract in self:
            if len(contract.x_fc_device_serial or "") > LONGEST_SERIAL:
                raise ValidationError(
                    self.env._(
                        "A serial number has at most %(most)s characters.",
                        most=LONGEST_SERIAL,
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

    # Ending and taking up again --------------------------------------------------

    def _end(self, reason, cause):
        """End contracts because of what happened elsewhere; their links die at once.

        A unit on which a technician works right now is put to the office instead.
        """
        ending = self.filtered(lambda c: c.state != "cancelled")
        on_site = ending.filtered(
            lambda c: "in_progress" in c.visit_ids.mapped("state")
        )
        on_site._notify_office(
            self.env._("End this contract after the visit"),
            reason,
            reason="end_after_visit",
        )
        ending -= on_site
        ending._cancel(reason, cause)
        ending._renew_token()
        # Before another contract takes the serial: the database counts rows, not plans.
        ending.flush_recordset(["state"])

    def _revive(self, reason):
        """Take up the contracts that a sale wants again."""
        self.write({"state": "active", "end_cause": False})
        self._renew_token()
        self._message_log_batch({contract.id: reason for contract in self})

    # Who owns a unit -------------------------------------------------------------

    @api.model
    def _find_in_care(self, company, serial):
        """Return the contract in care of a serial in a company, or none."""
        serial = normalise_serial(serial or "")
        if not serial:
            return self.browse()
        return self.search(
            [
                ("company_id", "=", company.id),
                ("x_fc_device_serial", "=", serial),
                ("state", "in", IN_CARE),
            ],
            limit=1,
        )

    @api.model
    def _get_in_care(self, company, client, product):
        """Return the contracts in care of a client's units of a product."""
        if not client:
            return self.browse()
        return self.search(
            [
                ("company_id", "=", company.id),
                ("partner_id", "child_of", client.commercial_partner_id.id),
                ("product_id", "=", product.id),
                ("state", "in", IN_CARE),
            ]
        )

    def _sort_least_known(self):
        """Return contracts in the order in which unnamed units are let go: those
        without a serial first, and of these the last unit of the line."""
        return self.sorted(lambda c: (bool(c.x_fc_device_serial), -c.x_fc_unit_index))

    def _stands_at(self, partner):
        """Tell whether the unit stands at somebody's place."""
        self.ensure_one()
        place = self.address_id.commercial_partner_id
        return place == partner.commercial_partner_id

    def _has_owner(self, partner):
        """Tell whether the unit belongs to a client, in whoever's name it stands."""
        self.ensure_one()
        return self.partner_id.commercial_partner_id == partner.commercial_partner_id

    def _hand_over(self, partner, document):
        """End the care of units that a document gives to a new owner."""
        for contract in self:
            contract._end(
                self.env._(
                    "Serial %(serial)s has a new owner: %(partner)s (%(document)s).",
                    serial=contract.x_fc_device_serial,
                    partner=partner.display_name,
                    document=document.display_name,
                ),
                "sold_on",
            )

    # The day of delivery -----------------------------------------------------------

    def _take_lot(self, lot):
        """Note which unit was delivered for a contract that did not know it."""
        self.ensure_one()
        self.lot_id = lot
        self._message_log(
            body=self.env._(
                "Serial %(serial)s was delivered.", serial=self.x_fc_device_serial
            )
        )

    def _take_delivery_day(self, day):
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
                day=self._say_date(day),
                due=self._say_date(self.next_due_date),
            )
        )

    def _is_untouched(self):
        """Tell whether nothing came of the first cycle yet."""
        self.ensure_one()
        first = self._is_first_cycle()
        return first and not self.visit_ids and not self.last_service_date

    def _is_first_cycle(self):
        """Tell whether the due date is the first one, as it was counted."""
        self.ensure_one()
        return (self.next_due_basis or {}).get("reason", "first") == "first"

    def _prepare_first_cycle(self, day, interval_months=None):
        """Return the values of a first cycle that counts from a day."""
        self.ensure_one()
        policy = self.product_id.product_tmpl_id._get_maintenance_policy(
            self.company_id
        )
        due = first_due(
            day, policy.first_interval_months, interval_months or self.interval_months
        )
        return {
            "first_due_date": due,
            "next_due_date": due,
            "next_due_basis": self._prepare_counted_basis(day),
            "last_reminder_band": 0,
        }
