from uuid import uuid4

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.fusion_tasks.button_context import without_button

from .fusion_repair_visit_report_wizard import KEPT_HOURS

SHOWN = {"product_id", "quantity", "charged"}


class FusionRepairVisitReportWizardPart(models.TransientModel):
    """A part in the report; the part itself stands on the visit."""

    _name = "fusion.repair.visit.report.wizard.part"
    _description = "Visit Report Part"
    _inherit = "fusion.wizard.access.mixin"
    _target_rights = {"wizard_id": "write"}
    _order = "id"
    _transient_max_hours = KEPT_HOURS

    wizard_id = fields.Many2one(
        "fusion.repair.visit.report.wizard",
        required=True,
        ondelete="cascade",
        index=True,
    )
    part_id = fields.Many2one(
        "fusion.repair.visit.part",
        string="Part of the Visit",
        ondelete="cascade",
        readonly=True,
    )
    product_id = fields.Many2one(
        "product.product",
        string="Part",
        required=True,
        compute="_compute_part",
        store=True,
        readonly=False,
        precompute=True,
        # Parts, and not what is maintained itself.
        domain="[('type', '=', 'consu'), ('x_fc_maintenance_enabled', '=', False)]",
    )
    quantity = fields.Float(
        string="Used",
        digits="Product Unit",
        compute="_compute_part",
        store=True,
        readonly=False,
        precompute=True,
    )
    charged = fields.Boolean(
        string="Charge the Client",
        compute="_compute_part",
        store=True,
        readonly=False,
        precompute=True,
    )
    price_text = fields.Char(compute="_compute_price_text")
    planned = fields.Float(related="part_id.planned", related_sudo=False)
    device_key = fields.Char(
        default=lambda self: uuid4().hex,
        copy=False,
        help="Tells a part that is sent again from a second one.",
    )
    uom_id = fields.Many2one(related="product_id.uom_id", related_sudo=False)

    _device_key_unique = models.UniqueIndex("(wizard_id, device_key)")

    is_fixed = fields.Boolean(compute="_compute_is_fixed")

    @api.depends("part_id")
    def _compute_part(self):
        for line in self:
            part = line.part_id
            line.product_id = part.product_id or line.product_id
            line.quantity = part.quantity if part else line.quantity or 1.0
            line.charged = part.charged if part else line.charged or not line.id

    @api.depends("part_id", "quantity", "charged", "product_id")
    def _compute_price_text(self):
        for line in self:
            # A technician reads no prices but those that the client is told.
            line.price_text = line.part_id.sudo()._get_price_text()

    @api.model_create_multi
    def create(self, vals_list):
        """Put new parts on the visit at once; one that is sent again is not new."""
        known = self._find_sent(vals_list)
        new = [vals for vals in vals_list if vals.get("device_key") not in known]
        created = iter(super().create(new)._put_on_visit())
        lines = self.browse()
        for vals in vals_list:
            line = known.get(vals.get("device_key"))
            if line:
                entered = vals.keys() & SHOWN
                line.write({name: vals[name] for name in entered})
            lines += line or next(created)
        return lines

    def _find_sent(self, vals_list):
        """Return by key the lines that are here already."""
        keys = [vals["device_key"] for vals in vals_list if vals.get("device_key")]
        reports = [vals.get("wizard_id") for vals in vals_list]
        known = self.search([("device_key", "in", keys), ("wizard_id", "in", reports)])
        return {line.device_key: line for line in known}

    def _put_on_visit(self):
        """Make the parts of the visit for new lines; return the lines."""
        for line in self:
            visit = line.wizard_id.visit_id
            visit._check_reportable()
            if line.part_id and line.part_id.sudo().visit_id != visit:
                raise UserError(
                    self.env._("A part belongs to the report of another visit.")
                )
            if not line.part_id:
                line.part_id = line._find_or_create_part()
        return self

    def _find_or_create_part(self):
        """Return the part of the visit, which an earlier report may have made."""
        visit = self.wizard_id.visit_id.sudo()
        vals = self._prepare_part_vals()
        part = visit.part_ids.filtered(
            lambda part: part.device_key and part.device_key == self.device_key
        )
        if part:
            part.write(vals)
            return part
        return without_button(part).create({**vals, "device_key": self.device_key})

    def write(self, vals):
        """Let the parts of the visit follow."""
        if vals.keys() & {"part_id", "wizard_id"} and self.part_id:
            raise UserError(
                self.env._("A part belongs to the report of another visit.")
            )
        result = super().write(vals)
        if vals.keys() & SHOWN:
            for line in self.filtered("part_id"):
                line.wizard_id.visit_id._check_reportable()
                line.part_id.sudo().write(line._prepare_part_vals())
        return result

    def _prepare_part_vals(self):
        """Return the values of the part on the visit.

        :raise UserError: for a planned part that became another one, and for a
            negative quantity
        """
        self._check_planned_part()
        if self.quantity < 0:
            raise UserError(self.env._("The quantity of a part cannot be negative."))
        return {
            "visit_id": self.wizard_id.visit_id.id,
            "product_id": self.product_id.id,
            "quantity": self.quantity,
            "charged": self.charged,
        }

    def action_remove(self):
        """Take a part out of the report again; a planned one was then not used."""
        self.ensure_one()
        self.wizard_id.visit_id._check_reportable()
        if self.part_id.sudo().move_id:
            self.quantity = 0.0
            return
        self.part_id.sudo().unlink()

    def action_toggle_charged(self):
        """Leave a part off the client's bill, or put it on again."""
        self.ensure_one()
        self.charged = not self.charged

    # Planned parts -----------------------------------------------------------

    @api.depends("part_id.move_id")
    def _compute_is_fixed(self):
        for line in self:
            # A technician reads no stock moves.
            line.is_fixed = bool(line.part_id.sudo().move_id)

    def _check_planned_part(self):
        """Refuse another product in place of a planned part."""
        part = self.part_id.sudo()
        if part.move_id and part.product_id != self.product_id:
            raise UserError(
                self.env._(
                    "%(part)s was planned: take it out of the report, and add what was "
                    "used instead.",
                    part=part.product_id.display_name,
                )
            )
