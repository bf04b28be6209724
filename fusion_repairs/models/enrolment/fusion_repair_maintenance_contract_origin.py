import psycopg2.errors

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import mute_logger

from ...recurrence import (
    LONGEST_SERIAL,
    UNDER_CONTRACT,
    is_credible_day,
    normalise_serial,
)

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

    # Serials that are not known --------------------------------------------------

    def _note_unknown_serials(self, typed):
        """Note what was typed where a serial number is not known.

        :param typed: one text for each contract; empty where a serial was typed
        """
        bodies = {
            contract.id: self.env._(
                "Serial number: “%(typed)s” names no unit and was left out.",
                typed=text,
            )
            for contract, text in zip(self, typed, strict=True)
            if text
        }
        if bodies:
            self.browse(bodies)._message_log_batch(bodies)

    def _forget_unknown_serials(self):
        """Empty the serials that say "unknown", from before they were left out.

        Two units may have been noted so: only one of them could be under contract.
        """
        unknown = self.filtered(
            lambda contract: (
                contract.x_fc_device_serial
                and not normalise_serial(contract.x_fc_device_serial)
            )
        )
        if unknown:
            unknown.x_fc_device_serial = False

    # Serials that change ---------------------------------------------------------

    def _find_lot(self, former):
        """Return the lot that the contract is of, among those that were renamed.

        A lot of one company names no unit of another company. A contract that has a
        lot has that one only. A lot that said "unknown" was its contract's alone.

        :param former: dict of former names by lot
        """
        self.ensure_one()
        own = normalise_serial(self.x_fc_device_serial or "")
        lots = [
            lot
            for lot, name in former.items()
            if lot.product_id == self.product_id
            and normalise_serial(name) == own
            and lot.company_id in (lot.company_id.browse(), self.company_id)
            and lot == (self.lot_id or (lot if own else None))
        ]
        return lots[0] if lots else None

    def _rename_unit(self, former, name):
        """Take over the new name of the unit's lot; a clash is for the office.

        Stock goes on in any case: what cannot be is said where it can be fixed.

        :param former: the lot's name before
        :param name: its name now
        """
        self.ensure_one()
        serial = normalise_serial(name)
        if serial in ("", self.x_fc_device_serial):
            return  # the same, or not known in stock any more
        problem = self._get_serial_problem(serial)
        if not problem and not self._set_serial(serial):
            problem = self.env._(
                "The unit is called %(serial)s in stock now; the contract could not "
                "take that over.",
                serial=serial,
            )
        if problem:
            self._notify_office(self.env._("Check the serial number"), problem)
            return
        self._message_log(
            body=self.env._(
                "Serial number: %(former)s is called %(name)s now.",
                former=former,
                name=name.strip(),
            )
        )

    def _get_serial_problem(self, serial):
        """Return in words which other contract has a serial, None if there is none."""
        other = self._find_in_care(self.company_id, serial)
        if self.state in UNDER_CONTRACT and other and other != self:
            return self.env._(
                "The unit is called %(serial)s in stock now, but contract %(contract)s "
                "of %(client)s has that serial number.",
                serial=serial,
                contract=other.name,
                client=other.partner_id.display_name,
            )
        return None

    def _set_serial(self, serial):
        """Write a serial; return False where it cannot be."""
        try:
            with self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
                self.x_fc_device_serial = serial
        except (ValidationError, psycopg2.errors.UniqueViolation):
            # Too long, or somebody else took it this very moment.
            return False
        return True

    def _schedule_serial_activity(self, serial):
        """Put it to the office that a delivered serial could not be taken over.

        :param serial: normalised; a unit of another product bears it, or a technician
            is with its former owner right now
        """
        other = self._find_in_care(self.company_id, serial)
        self._notify_office(
            self.env._("Which serial does the client have?"),
            self.env._(
                "Serial %(serial)s was delivered, but contract %(contract)s of "
                "%(client)s has that serial number.",
                serial=serial,
                contract=other.name,
                client=other.partner_id.display_name,
            ),
        )
