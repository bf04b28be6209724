import psycopg2.errors

from odoo import models
from odoo.exceptions import ValidationError
from odoo.tools import mute_logger

from ..recurrence import normalise_serial
from .fusion_repair_maintenance_contract_origin import IN_CARE


class FusionRepairMaintenanceContract(models.Model):
    """A unit that is renamed in stock keeps its contract, under the new serial."""

    _inherit = "fusion.repair.maintenance.contract"

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

        Two units may have been noted so: only one of them could be in care.
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

        Stock goes on in any case: what cannot be is said where it can be mended.

        :param former: the lot's name before
        :param name: its name now
        """
        self.ensure_one()
        serial = normalise_serial(name)
        if serial in ("", self.x_fc_device_serial):
            return  # the same, or not known in stock any more
        problem = self._find_serial_problem(serial)
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

    def _find_serial_problem(self, serial):
        """Write a serial, or return in words why it cannot be."""
        other = self._find_in_care(self.company_id, serial)
        if self.state in IN_CARE and other and other != self:
            return self.env._(
                "The unit is called %(serial)s in stock now, but contract %(contract)s "
                "of %(client)s has that serial number.",
                serial=serial,
                contract=other.name,
                client=other.partner_id.display_name,
            )
        try:
            with self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
                self.x_fc_device_serial = serial
        except (ValidationError, psycopg2.errors.UniqueViolation):
            # Too long, or somebody else took it this very moment.
            return self.env._(
                "The unit is called %(serial)s in stock now; the contract could not "
                "take that over.",
                serial=serial,
            )
        return None

    def _ask_about_serial(self, serial):
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
