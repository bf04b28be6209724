from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools.translate import LazyTranslate

from ...recurrence import UNDER_CONTRACT
from ...tools.savepoints import run_in_batches

_lt = LazyTranslate(__name__)
BATCH = 200
# Why the office ends the care of a unit; what can be counted afterwards.
OFFICE_CAUSES = [
    ("moved", "Client Moved Away"),
    ("deceased", "Client Died"),
    ("unit_gone", "Unit Is Gone"),
    ("too_expensive", "Too Expensive"),
    ("other_dealer", "Other Dealer"),
    ("not_wanted", "Not Wanted Any More"),
    ("mistake", "Entered by Mistake"),
    ("other", "Other"),
]
END_CAUSES = [
    *OFFICE_CAUSES,
    ("office", "By the Office"),
    ("order", "Sale Cancelled"),
    ("quantity", "Fewer Units Sold"),
    ("return", "Unit Returned"),
    ("sold_on", "New Owner"),
    ("duplicate", "Already Under Contract"),
]
PAUSE_REASONS = [
    ("away", "Client Is Away"),
    ("hospital", "Client Is in Hospital or Care"),
    ("unit_off", "Unit Is Not in Use"),
    ("unpaid", "Unpaid Invoices"),
    ("wish", "Client's Wish"),
    ("other", "Other"),
]
NOT_PAUSED = {"paused_until": False, "pause_reason": False}


class FusionRepairMaintenanceContract(models.Model):
    """States of a contract."""

    _inherit = "fusion.repair.maintenance.contract"

    end_cause = fields.Selection(
        END_CAUSES, string="End Reason", readonly=True, copy=False, tracking=True
    )

    paused_until = fields.Date(
        readonly=True,
        copy=False,
        tracking=True,
        help="Maintenance resumes by itself on this day, and the office is told. "
        "Empty: "
        "until somebody presses Resume.",
    )
    pause_reason = fields.Selection(
        PAUSE_REASONS, readonly=True, copy=False, tracking=True
    )

    def action_activate(self):
        """Start maintaining a unit that is new or was cancelled."""
        self._check_office()
        if self.filtered(lambda c: c.state not in ("draft", "cancelled")):
            raise UserError(
                self.env._("Only draft and cancelled contracts can be activated.")
            )
        self.sudo().write({"state": "active", "end_cause": False})

    def action_ask_pause(self):
        """Ask until when, and why, reminders stop."""
        self._check_pausable()
        return self.env["fusion.repair.contract.wizard"]._open_for(self, "pause")

    def action_pause(self):
        """Stop reminders until somebody resumes the contract; a booked visit stays."""
        self._pause()

    def _check_pausable(self):
        self._check_office()
        if self.filtered(lambda c: c.state != "active"):
            raise UserError(self.env._("Only active contracts can be paused."))

    def _pause(self, until=False, reason=False, note=""):
        """Stop reminders for a while; a booked visit stays.

        :param until: local day from which care goes on by itself
        :param reason: one of PAUSE_REASONS
        :param note: more words
        """
        self._check_pausable()
        if until and any(until <= contract._get_today() for contract in self):
            raise UserError(self.env._("Maintenance must resume on a future date."))
        self.sudo().write(
            {"state": "paused", "paused_until": until, "pause_reason": reason}
        )
        if note:
            self._message_log_batch({contract.id: note for contract in self})

    def action_resume(self):
        """Take up a paused contract again."""
        self._check_office()
        if self.filtered(lambda c: c.state != "paused"):
            raise UserError(self.env._("Only paused contracts can be resumed."))
        self._resume()

    def _resume(self):
        # Looked at today, whatever was looked at before the pause.
        self.sudo().write(
            {"state": "active", "reminder_checked_on": False, **NOT_PAUSED}
        )

    @api.model
    def _cron_resume_paused(self):
        """Take up again the contracts whose pause is over, and tell the office."""
        run_in_batches(
            self.search([("state", "=", "paused"), ("paused_until", "!=", False)]),
            lambda contracts: contracts._resume_after_pause(),
            "Resuming after a pause",
            size=BATCH,
            wanted=lambda contracts: contracts.filtered(lambda c: c._is_pause_over()),
        )

    def _is_pause_over(self):
        """Tell whether the day has come, where the company is."""
        self.ensure_one()
        until = self.paused_until
        return self.state == "paused" and until and until <= self._get_today()

    def _resume_after_pause(self):
        for contract in self:
            labels = contract._fields["pause_reason"]._description_selection(self.env)
            reason = dict(labels).get(contract.pause_reason, "")
            contract._resume()
            contract._notify_office(
                _lt("The pause is over: reminders resume"), reason, reason="pause_over"
            )

    def action_ask_end(self):
        """Ask why the care of units ends."""
        self._check_office()
        if not self.filtered(lambda c: c.state != "cancelled"):
            raise UserError(self.env._("This contract has ended already."))
        return self.env["fusion.repair.contract.wizard"]._open_for(self, "end")

    def action_ask_assign(self):
        """Ask who is to follow up units."""
        self._check_office()
        return self.env["fusion.repair.contract.wizard"]._open_for(self, "assign")

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
        contracts.sudo().write({"state": "cancelled", "end_cause": cause, **NOT_PAUSED})
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
                    "Please use the End Contract button, which also cancels any booked "
                    "visit."
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
        contracts.write(
            {
                "last_reminder_band": 0,
                "offered_with_id": False,
                "reminder_checked_on": False,
            }
        )
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
        self.sudo().write({"state": "active", "end_cause": False, **NOT_PAUSED})
        self._renew_token()
        self._message_log_batch({contract.id: reason for contract in self})

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
