from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import html2plaintext

from odoo.addons.fusion_tasks.button_context import without_button
from odoo.addons.fusion_tasks.groups import DISPATCHER, STAFF

# What the office is asked about a repair: to arrange it, to quote it, to end it.
REQUESTS = ("unsafe", "urgent", "quote", "close")


class RepairOrder(models.Model):
    """Repairs that come from maintenance."""

    _inherit = "repair.order"

    x_fc_intake_source = fields.Selection(
        [
            ("client_portal", "Booked Online"),
            ("office", "Office"),
            ("visit", "Found on a Visit"),
        ],
        string="Taken In By",
        readonly=True,
        copy=False,
        index=True,
    )
    x_fc_maintenance_contract_id = fields.Many2one(
        "fusion.repair.maintenance.contract",
        string="Maintenance Contract",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
    )
    x_fc_maintenance_visit_ids = fields.One2many(
        "fusion.repair.maintenance.visit",
        "repair_order_id",
        string="Visits",
        groups=STAFF,
    )
    x_fc_defect_ids = fields.One2many(
        "fusion.repair.defect",
        "repair_order_id",
        string="Defects",
        groups=STAFF,
    )

    x_fc_task_ids = fields.One2many(
        "fusion.technician.task",
        "x_fc_repair_order_id",
        string="Planned Work",
        groups=STAFF,
    )
    x_fc_phone = fields.Char(
        string="Client's Phone", compute="_compute_x_fc_unit", compute_sudo=True
    )
    x_fc_device_serial = fields.Char(
        string="Serial of the Unit", compute="_compute_x_fc_unit", compute_sudo=True
    )

    @api.depends(
        "partner_id.phone",
        "lot_id.name",
        "x_fc_maintenance_contract_id.address_id.phone",
        "x_fc_maintenance_contract_id.x_fc_device_serial",
    )
    def _compute_x_fc_unit(self):
        for repair in self:
            contract = repair.x_fc_maintenance_contract_id
            repair.x_fc_phone = contract.address_id.phone or repair.partner_id.phone
            repair.x_fc_device_serial = (
                contract.x_fc_device_serial or repair.lot_id.name
            )

    # Planning the repair -------------------------------------------------------

    def action_fc_schedule(self):
        """Show the open slots for this repair, with those who can do it."""
        self.ensure_one()
        if not self.env.su and not self.env.user.has_group(DISPATCHER):
            raise AccessError(self.env._("Only dispatchers plan repairs."))
        self.check_access("write")
        if self.state in ("done", "cancel"):
            raise UserError(
                self.env._("This repair is over: there is nothing to schedule.")
            )
        task = self.x_fc_task_ids._filter_plannable()[:1] or self._create_task()
        return task.action_find_slot()

    def _create_task(self):
        """Create the task of a repair, still to be put on somebody's day."""
        tasks = without_button(self.env["fusion.technician.task"])
        return tasks.create(self._prepare_task_vals())

    def _prepare_task_vals(self):
        contract = self.x_fc_maintenance_contract_id
        place = contract.address_id or self.partner_id
        unit = self.product_id or contract.product_id
        serial = self.x_fc_device_serial
        about = " ".join(filter(None, (unit.display_name, serial and f"({serial})")))
        notes = html2plaintext(self.internal_notes or "").strip()
        return {
            "task_type": "repair",
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "address_id": place.id,
            "duration": self._get_labour_hours(),
            "description": "\n".join(filter(None, (about, notes))),
            "x_fc_repair_order_id": self.id,
        }

    def _get_labour_hours(self):
        """Return how long the repair is expected to take."""
        items = self.sudo().x_fc_defect_ids.item_id
        hours = sum(items.mapped("repair_hours"))
        return hours or self.x_fc_maintenance_contract_id.duration or 1.0

    # Its course ----------------------------------------------------------------

    def action_repair_done(self):
        """Resolve the defects that the repair was ordered for."""
        result = super().action_repair_done()
        # Whoever ends a repair need not know the defects of units.
        for repair in self.sudo().filtered("x_fc_defect_ids"):
            repair.x_fc_defect_ids._resolve(
                self.env._("Fixed by repair order %(name)s.", name=repair.name)
            )
            repair._schedule_release_activity()
            repair._finish_requests(REQUESTS)
        return result

    def action_repair_cancel(self):
        """Take what the office was asked to end or cancel off its list."""
        result = super().action_repair_cancel()
        for repair in self.sudo().filtered("x_fc_defect_ids"):
            repair._finish_requests(("close",))
        return result

    def _get_request_reason(self, what):
        """Return the code under which the office is asked about the repair.

        :param what: one of REQUESTS
        """
        self.ensure_one()
        return f"repair_{what}:{self.id}"

    def _finish_requests(self, kinds):
        """Take what was asked about the repair off the office's list.

        :param kinds: some of REQUESTS
        """
        reasons = [self._get_request_reason(what) for what in kinds]
        self.x_fc_maintenance_contract_id._find_activities_of(reasons).action_feedback()

    def _get_work_under_way_text(self):
        """Return in sentences why only a person can end the repair, if so."""
        self.ensure_one()
        said = []
        if self.state == "under_repair":
            said.append(self.env._("The repair was begun: end it if it is done."))
        if self.move_ids.filtered(lambda move: move.state != "cancel"):
            said.append(
                self.env._(
                    "Parts are planned on it: say what was used, or take them off."
                )
            )
        if self.sale_order_id:
            said.append(
                self.env._(
                    "It has the order %(order)s: charge for it or cancel it.",
                    order=self.sale_order_id.name,
                )
            )
        return said

    def _end_without_parts(self):
        """End a repair on which nothing was planned, used or charged."""
        self.ensure_one()
        self.action_repair_start()
        self.action_repair_end()

    def _schedule_release_activity(self):
        """Have the office release an unsafe unit whose repair is done."""
        contract = self.x_fc_maintenance_contract_id
        if contract.unsafe and not contract._get_open_dangers():
            contract._notify_office(
                self.env._(
                    "Repair %(name)s is done: check and release the unit",
                    name=self.name,
                ),
                reason=self._get_request_reason("release"),
            )
