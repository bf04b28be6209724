from itertools import islice

from odoo import fields, models
from odoo.tools import SQL

from ..equipment.fusion_repair_product_category import ANCHORS
from .scope import COLUMNS

INSERT_SIZE = 2000
STATUSES = [
    ("new", "New"),
    ("enrolled", "Already Enrolled"),
    ("skipped", "Skipped"),
    ("by_hand", "To Enrol Manually"),
]
REASONS = [
    ("new", "To be enrolled"),
    ("enrolled_serial", "A contract has this serial number"),
    ("enrolled_line", "A contract was made from this order line"),
    ("enrolled_by_hand", "A contract was made by hand for this client and product"),
    (
        "maybe_by_hand",
        "A contract made by hand may be its: one lacks the serial number",
    ),
    ("care_ended", "Its contract was cancelled deliberately"),
    ("unclassified", "Has a serial number, but no equipment category"),
    ("no_product", "No product on the line"),
    ("no_client", "No client on the order"),
    ("client_archived", "The client is archived"),
    ("other_company", "The client or the product belongs to another company"),
    ("down_payment", "A down payment"),
    ("part", "A part or an accessory, says its device type"),
    ("accessory", "The product is not maintained: an accessory or a rental"),
    ("not_equipment", "The product has no equipment category"),
    ("not_maintained", "Equipment of this category is not maintained"),
    ("interval_zero", "The interval between two visits is zero"),
    ("interval_too_long", "The interval between two visits is too long to be true"),
    ("quantity_not_positive", "The quantity is zero or negative"),
    ("quantity_fractional", "The quantity is not a whole number"),
    ("quantity_too_large", "The quantity is too large to be true"),
    ("returned", "The unit came back"),
    ("serial_missing", "No serial number, and this category needs one"),
    ("serial_repeated", "The serial number is on the line twice"),
    ("serial_surplus", "More serial numbers than units on the line"),
    ("serial_sold_again", "A later sale has the same serial number"),
    ("serial_elsewhere", "Another client's contract has this serial number"),
    ("serial_too_long", "The serial number is too long to be true"),
    ("date_future", "The date lies in the future"),
    ("date_too_old", "The date lies before 1990"),
]
ANCHOR_SOURCES = [
    ("adp_delivery", "Delivery noted on the claim"),
    ("adp_service", "Service start noted on the claim"),
    ("delivery", "Delivery"),
    ("invoice", "Invoice"),
    ("order", "Order"),
    ("today", "Today: no date is known"),
]


class FusionRepairBackfillProposalMixin(models.AbstractModel):
    """One unit of a past sale: what the scan proposes for it, and why."""

    _name = "fusion.repair.backfill.proposal.mixin"
    _description = "Proposal of the Backfill"

    company_id = fields.Many2one("res.company", readonly=True)
    order_id = fields.Many2one("sale.order", readonly=True, ondelete="set null")
    sale_line_id = fields.Many2one(
        "sale.order.line", string="Order Line", readonly=True, ondelete="set null"
    )
    unit_index = fields.Integer(
        string="Unit", readonly=True, help="Which unit of the line; 0: the whole line."
    )
    partner_id = fields.Many2one("res.partner", string="Client", readonly=True)
    address_id = fields.Many2one("res.partner", readonly=True)
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    lot_id = fields.Many2one("stock.lot", readonly=True, ondelete="set null")
    category_id = fields.Many2one(
        "fusion.repair.product.category", string="Equipment Category", readonly=True
    )
    serial = fields.Char(string="Serial Number", readonly=True)
    device_type = fields.Char(readonly=True)
    quantity = fields.Float(string="Quantity on the Line", readonly=True)
    area = fields.Char(
        readonly=True, help="The first three characters of the postal code."
    )
    status = fields.Selection(STATUSES, required=True, readonly=True)
    reason = fields.Selection(REASONS, required=True, readonly=True)
    detail = fields.Char(
        readonly=True,
        help="The contract or the sale that the reason speaks of.",
    )
    anchor_date = fields.Date(string="In Use Since", readonly=True)
    anchor_source = fields.Selection(
        ANCHOR_SOURCES, string="Start Date Source", readonly=True
    )
    natural_due_date = fields.Date(
        string="Due by Interval",
        readonly=True,
        help="First due date counted from the day the unit came into use.",
    )
    due_date = fields.Date(
        string="First Due",
        readonly=True,
        help="The proposed first due date. It is later than the interval gives where "
        "overdue units are spread over several weeks.",
    )
    safety_critical = fields.Boolean(readonly=True)
    mail_until = fields.Date(
        string="Email Allowed Until",
        readonly=True,
        help="When the client's implied consent to be emailed ends. Empty: it does not "
        "end, has ended, or the unit is not overdue.",
    )
    interval_months = fields.Integer(string="Interval (Months)", readonly=True)
    anchor = fields.Selection(ANCHORS, string="Next Date Counts From", readonly=True)
    duration = fields.Float(string="Time on Site", readonly=True)
    fee = fields.Float(digits="Product Price", readonly=True)
    source = fields.Selection(
        [("backfill", "Past Sale"), ("claims", "Claim")], readonly=True
    )
    contract_id = fields.Many2one(
        "fusion.repair.maintenance.contract",
        readonly=True,
        ondelete="set null",
    )

    def _insert_proposals(self, parent, proposals):
        """Store proposals by the thousands, as lines of a dialog or a run.

        :param parent: (field, id) of what the lines belong to
        :param proposals: iterable of dicts with COLUMNS
        """
        field, parent_id = parent
        names = (field, "create_uid", "create_date", "write_date")
        now = fields.Datetime.now()
        head = (parent_id, self.env.uid, now, now)
        query = SQL(
            "INSERT INTO %s (%s) VALUES",
            SQL.identifier(self._table),
            SQL(", ").join(map(SQL.identifier, (*names, *COLUMNS))),
        )
        proposals = iter(proposals)
        while batch := list(islice(proposals, INSERT_SIZE)):
            self.env.cr.execute_values(
                f"{query.code} %s",
                [(*head, *(values[name] for name in COLUMNS)) for values in batch],
                page_size=500,
            )
        self.invalidate_model()

    def _iterate_rows(self, domain, names):
        """Yield the stored proposals as rows of texts, dates and numbers."""
        labels = {
            name: dict(self._fields[name]._description_selection(self.env))
            for name in names
            if self._fields[name].type == "selection"
        }
        last = 0
        while lines := self.search(
            [*domain, ("id", ">", last)], order="id", limit=INSERT_SIZE
        ):
            for line in lines:
                yield [line._get_cell(name, labels) for name in names]
            last = lines[-1].id
            self.env.invalidate_all()

    def _get_cell(self, name, labels):
        value = self[name]
        if name in labels:
            return labels[name].get(value, "")
        if not self._fields[name].relational:
            return value
        return value.name if "name" in value._fields else value.display_name

    def _to_columns(self):
        """Return the stored proposal as comparable values, ids instead of records."""
        return {
            name: self[name].id if self._fields[name].relational else self[name]
            for name in COLUMNS
        }
