import psycopg2.errors

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import mute_logger

from ...recurrence import LONGEST_SERIAL, UNDER_CONTRACT, normalise_serial


class FusionRepairMaintenanceContract(models.Model):
    """Which unit it is: its serial number, which one contract at a time may have."""

    _inherit = "fusion.repair.maintenance.contract"

    x_fc_device_serial = fields.Char(
        string="Serial Number",
        compute="_compute_device_serial",
        store=True,
        readonly=False,
        precompute=True,
        index="trigram",
        copy=False,
        tracking=True,
    )

    _serial_unique = models.UniqueIndex(
        "(company_id, upper(btrim(x_fc_device_serial)))"
        " WHERE state = 'active' AND btrim(x_fc_device_serial) <> ''",
        "This serial number has an active maintenance contract already.",
    )

    @api.depends("lot_id")
    def _compute_device_serial(self):
        for contract in self:
            serial = normalise_serial(contract.lot_id.name or "")
            contract.x_fc_device_serial = serial or contract.x_fc_device_serial

    @api.model
    def _normalise_vals(self, vals):
        """Put the serial in its normal form; return what was typed in place of one."""
        if "x_fc_device_serial" not in vals:
            return ""
        typed = (vals["x_fc_device_serial"] or "").strip()
        serial = normalise_serial(typed)
        vals["x_fc_device_serial"] = serial or False
        return "" if serial else typed

    @api.model
    def _find_in_care(self, company, serial):
        """Return the current contract of a serial in a company, or none."""
        serial = normalise_serial(serial or "")
        if not serial:
            return self.browse()
        return self.search(
            [
                ("company_id", "=", company.id),
                ("x_fc_device_serial", "=", serial),
                ("state", "in", UNDER_CONTRACT),
            ],
            limit=1,
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
