import psycopg2

from odoo import fields, models

# What the contract calls the sources of the scan.
START_SOURCES = {
    "adp_delivery": "claim",
    "adp_service": "claim",
    "delivery": "delivery",
    "invoice": "invoice",
    "order": "order",
    "today": "today",
}


class FusionRepairBackfillLine(models.Model):
    """One unit of a backfill run: what was previewed, and what came of it."""

    _name = "fusion.repair.backfill.line"
    _description = "Unit of a Backfill Run"
    _inherit = "fusion.repair.backfill.proposal.mixin"
    _order = "run_id desc, sale_line_id, unit_index, id"

    run_id = fields.Many2one(
        "fusion.repair.backfill.run",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    sale_line_id = fields.Many2one(index="btree_not_null")
    contract_id = fields.Many2one(index="btree_not_null")
    outcome = fields.Selection(
        [
            ("pending", "Waiting"),
            ("created", "Enrolled"),
            ("changed", "Changed since the Scan"),
            ("failed", "Failed"),
            ("undone", "Taken Back"),
            ("kept", "Kept: Booked or Emailed"),
        ],
        readonly=True,
        help="What executing the run did with the unit. Empty: nothing was to do.",
    )
    outcome_note = fields.Char(string="Note", readonly=True)

    _pending_idx = models.Index(
        "(run_id, sale_line_id, unit_index) WHERE outcome = 'pending'"
    )

    def _write_plan(self, found):
        """Store what was planned for thousands of units.

        :param found: {line id: (due date, day until which the client may be emailed)}
        """
        self.env.flush_all()
        self.env.cr.execute_values(
            "UPDATE fusion_repair_backfill_line AS line SET due_date = new.due::date,"
            " mail_until = new.mail_until::date"
            " FROM (VALUES %s) AS new (id, due, mail_until) WHERE line.id = new.id",
            [(line_id, *days) for line_id, days in found.items()],
        )
        self.invalidate_model(["due_date", "mail_until"])

    def _prepare_contract_vals(self, name, office_user_ids):
        """Return the values of the contract, exactly as they were previewed."""
        spread = self.due_date != self.natural_due_date
        return {
            "name": name,
            "state": "active",
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "address_id": self.address_id.id,
            "product_id": self.product_id.id,
            "lot_id": self.lot_id.id,
            "x_fc_device_serial": self.serial,
            "user_id": self.user_id.id if self.user_id.id in office_user_ids else False,
            "sale_order_id": self.order_id.id,
            "x_fc_source": self.source,
            "x_fc_source_sale_line_id": self.sale_line_id.id,
            "x_fc_unit_index": self.unit_index,
            "start_date": self.anchor_date,
            "start_date_source": START_SOURCES[self.anchor_source],
            "x_fc_policy_category_id": self.category_id.id,
            "interval_months": self.interval_months,
            "anchor": self.anchor,
            "duration": self.duration,
            "x_fc_maintenance_fee": self.fee,
            "first_due_date": self.due_date,
            "next_due_date": self.due_date,
            "next_due_basis": {
                "reason": "spread" if spread else "first",
                "natural_due": fields.Date.to_string(self.natural_due_date),
                "counted_from": fields.Date.to_string(self.anchor_date),
            },
            "backfill_run_id": self.run_id.id,
        }

    def _note_failure(self, error):
        """Note why a unit could not be enrolled."""
        if isinstance(error, psycopg2.errors.UniqueViolation):
            self._note_changed({"reason": "enrolled_line"})
        else:
            self.write({"outcome": "failed", "outcome_note": str(error)[:500]})

    def _note_changed(self, found):
        """Note that the unit is not what it was at the scan, and what it is now.

        :param found: what a scan says now, or None when the sale is out of scope
        """
        reasons = dict(self._fields["reason"]._description_selection(self.env))
        if not found:
            note = self.env._("The sale was cancelled or is out of scope now.")
        elif found["reason"] == "new":
            note = self.env._("Client, unit, dates or policy are others now.")
        else:
            note = reasons[found["reason"]]
        self.write({"outcome": "changed", "outcome_note": note})
