from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...recurrence import (
    UNDER_CONTRACT,
    normalise_serial,
)

END_CAUSES = [
    ("office", "By the Office"),
    ("order", "Sale Cancelled"),
    ("quantity", "Fewer Units Sold"),
    ("return", "Unit Returned"),
    ("sold_on", "New Owner"),
    ("duplicate", "Already Under Contract"),
]


class FusionRepairMaintenanceContract(models.Model):
    """States of a contract."""

    _inherit = "fusion.repair.maintenance.contract"

    end_cause = fields.Selection(
        END_CAUSES, string="End Reason", readonly=True, copy=False, tracking=True
    )

    def action_activate(self):
        """Start maintaining a unit that is new or was cancelled."""
        self._check_office()
        if self.filtered(lambda c: c.state not in ("draft", "cancelled")):
            raise UserError(
                self.env._("Only draft and cancelled contracts can be activated.")
            )
        self.sudo().write({"state": "active", "end_cause": False})

    def action_pause(self):
        """Stop reminders for a while; a booked visit stays."""
        self._check_office()
        if self.filtered(lambda c: c.state != "active"):
            raise UserError(self.env._("Only active contracts can be paused."))
        self.write({"state": "paused"})

    def action_resume(self):
        """Take up a paused contract again."""
        self._check_office()
        if self.filtered(lambda c: c.state != "paused"):
            raise UserError(self.env._("Only paused contracts can be resumed."))
        # Looked at today, whatever was looked at before the pause.
        self.sudo().write({"state": "active", "reminder_checked_on": False})

    def action_cancel(self):
        """End the care of a unit, and cancel a visit that is still to come."""
        self._check_office()
        self._cancel()

    def _cancel(self, reason=None, cause="office"):
        contracts = self.filtered(lambda c: c.state != "cancelled")
        if contracts.visit_ids.filtered(lambda v: v.state == "in_progress"):
            raise UserError(
                self.env._("A technician is on site right now: finish the visit first.")
            )
        contracts.sudo().write({"state": "cancelled", "end_cause": cause})
        contracts.current_visit_id.sudo()._cancel(
            reason or self.env._("The contract was cancelled.")
        )
        if reason:
            contracts._message_log_batch({c.id: reason for c in contracts})

    def _check_end_unwritten(self, vals):
        """Refuse to end a contract in passing: its button calls off what is booked."""
        state = vals.get("state")
        if state not in ("draft", "cancelled") or self.env.su:
            return
        if any(contract.state != state for contract in self):
            raise UserError(
                self.env._(
                    "A contract is ended by its button, which also cancels what is "
                    "booked."
                )
            )

    # Change of owner ---------------------------------------------------------

    def _find_changing_hands(self, vals):
        """Return the contracts that values to be written give another owner."""
        if "partner_id" not in vals:
            return self.browse()
        return self.filtered(lambda c: c.partner_id.id != vals["partner_id"])

    def _check_owner_may_change(self):
        """Refuse a new owner while somebody is due to visit the former one."""
        for contract in self:
            visit = contract.current_visit_id
            if visit:
                raise UserError(
                    self.env._(
                        "%(visit)s is booked with %(client)s. Please cancel the visit "
                        "before the unit gets another client, then book it anew.",
                        visit=visit.name,
                        client=contract.partner_id.display_name,
                    )
                )

    def _start_afresh_with_owner(self):
        """Take back what waits for the former owner; the new one is reminded."""
        # Only administrators may see the queue.
        contracts = self.sudo()
        contracts._settle_requests(
            "new_owner", self.env._("The unit has another client now.")
        )
        contracts.write({"last_reminder_band": 0, "reminder_checked_on": False})
        mails = contracts.env["mail.mail"].search(
            [
                ("x_fc_maintenance_contract_id", "in", contracts.ids),
                ("x_fc_reminder_due_date", "!=", False),
                ("state", "in", ("outgoing", "exception")),
            ]
        )
        # One that is going out right now is held by the queue, and cannot be stopped.
        mails.try_lock_for_update()._fc_call_off()

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
        self.sudo().write({"state": "active", "end_cause": False})
        self._renew_token()
        self._message_log_batch({contract.id: reason for contract in self})

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

    @api.model
    def _get_in_care(self, company, client, product):
        """Return the current contracts of a client's units of a product."""
        if not client:
            return self.browse()
        firm = client.commercial_partner_id
        return self.search(
            Domain("company_id", "=", company.id)
            & Domain("product_id", "=", product.id)
            & Domain("state", "in", UNDER_CONTRACT)
            & (
                client._fc_get_owner_domain("partner_id")
                | Domain("partner_id", "=", firm.id)
            )
        )

    def _sort_least_known(self):
        """Return contracts in the order in which unnamed units are let go: those
        without a serial first, and of these the last unit of the line."""
        return self.sorted(lambda c: (bool(c.x_fc_device_serial), -c.x_fc_unit_index))

    def _stands_at(self, partner):
        """Tell whether the unit stands at somebody's place."""
        self.ensure_one()
        return self.address_id._fc_is_same_owner(partner)

    def _has_owner(self, partner):
        """Tell whether the unit belongs to a client, in whoever's name it stands."""
        self.ensure_one()
        return self.partner_id._fc_is_same_owner(partner)

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
