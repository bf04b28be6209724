from odoo import api, fields, models
from odoo.fields import Command

from odoo.addons.fusion_tasks.button_context import without_button


class FusionRepairBookingWizard(models.TransientModel):
    """Several units: those at one place together, the others one after the other."""

    _inherit = "fusion.repair.booking.wizard"

    state = fields.Selection(
        [("choose", "Choose"), ("done", "Done")], default="choose", readonly=True
    )
    unit_ids = fields.One2many(
        "fusion.repair.booking.wizard.unit",
        "wizard_id",
        string="Units of This Visit",
        domain=[("state", "=", "current")],
    )
    other_unit_ids = fields.One2many(
        "fusion.repair.booking.wizard.unit",
        "wizard_id",
        string="All Other Units",
        domain=[("state", "!=", "current")],
    )
    all_unit_ids = fields.One2many("fusion.repair.booking.wizard.unit", "wizard_id")
    stop_count = fields.Integer(readonly=True)

    # Opening ---------------------------------------------------------------------

    @api.model
    def _open_for(self, contracts):
        """Return the action that books visits for these units, stop by stop.

        Units that cannot be booked are listed with the reason.
        """
        contracts._check_office()
        wizard = without_button(self).create({})
        blocked, stops = contracts._plan_visits()
        wizard.stop_count = len(stops)
        wizard.all_unit_ids = [
            *(
                Command.create({"contract_id": c.id, "state": "blocked", "note": why})
                for c, why in blocked
            ),
            *(
                Command.create({"contract_id": c.id, "stop": n, "included": asked})
                for n, units in enumerate(stops, 1)
                for c, asked in units
            ),
        ]
        return wizard._go_to_next()

    @api.model
    def _open_to_move(self, visit):
        """Return the action that moves a visit, with all units it is for."""
        contracts = visit.contract_id | visit._get_other_contracts()
        units = [
            Command.create({"contract_id": c.id, "stop": 1, "state": "current"})
            for c in contracts
        ]
        wizard = without_button(self).create(
            {
                "visit_id": visit.id,
                "contract_id": visit.contract_id.id,
                "all_unit_ids": units,
                "stop_count": 1,
                "note": visit.client_note,
            }
        )
        wizard._load_slots()
        return wizard._get_action()

    # From stop to stop -----------------------------------------------------------

    def _go_to_next(self):
        """Show the next stop that can still be booked, or what came of all."""
        self.ensure_one()
        waiting = self.all_unit_ids.filtered(lambda unit: unit.state == "waiting")
        for units in waiting.grouped("stop").values():
            # Somebody else may have booked meanwhile: a client, or a colleague.
            units._check_again()
            units = units.filtered(lambda unit: unit.state == "waiting")
            if units.filtered("included"):
                units.state = "current"
                self._start_stop(units.filtered("included")[0].contract_id)
                return self._get_action()
            units.write({"state": "skipped"})
        nothing = {"contract_id": False, **self._prepare_no_other_time()}
        self.write({"state": "done", **nothing})
        self.line_ids.unlink()
        return self._get_action()

    def _start_stop(self, contract):
        self.write(
            {
                "contract_id": contract.id,
                "pages": 1,
                "note": False,
                "attendee_name": False,
                "attendee_phone": False,
                "attendee_email": False,
                **self._prepare_no_other_time(),
            }
        )
        self.invalidate_recordset()
        self._load_slots()

    def action_skip(self):
        """Leave this stop out and go on with the next."""
        self.unit_ids.write({"state": "skipped"})
        return self._go_to_next()

    def action_view_visits(self):
        """Open what was booked."""
        visits = self.all_unit_ids.visit_id
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "fusion_repairs.fusion_repair_maintenance_visit_action"
        )
        return action | {"domain": [("id", "in", visits.ids)], "context": {}}
