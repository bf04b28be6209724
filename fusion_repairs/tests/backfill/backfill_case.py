from datetime import datetime, timedelta

from odoo.fields import Command

from ..common import RepairsCase


class BackfillCase(RepairsCase):
    """Past sales that nobody enrolled, and the dialog of a manager."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.x_fc_maintenance_auto_enrol = False
        cls.chairs = cls.env["fusion.repair.product.category"].create(
            {
                "name": "Test Power Chair",
                "x_fc_maintenance_enabled": True,
                "x_fc_maintenance_interval_months": 6,
                "x_fc_maintenance_fee": 99.0,
                "x_fc_serial_required": True,
            }
        )
        cls.chair = cls.make_product(
            "Power Chair", x_fc_repair_category_id=cls.chairs.id
        )
        cls.rail = cls.make_product(
            "Rail",
            x_fc_repair_category_id=cls.category.id,
            x_fc_maintenance_enabled=False,
        )
        cls.pillow = cls.make_product("Pillow")

    @classmethod
    def make_product(cls, name, **vals):
        """Return a product that is sold by the piece."""
        return cls.env["product.product"].create(
            {"name": name, "type": "consu", **vals}
        )

    @classmethod
    def sold(cls, product=None, day="2024-03-10", quantity=1, **options):
        """Return the line of an order that was confirmed long ago."""
        partner = options.pop("partner", cls.client)
        company = options.pop("company", cls.company)
        order = (
            cls.env["sale.order"]
            .with_company(company)
            .create(
                {
                    "partner_id": partner.id,
                    "company_id": company.id,
                    "state": "sale",
                    "date_order": datetime.fromisoformat(f"{day} 15:00:00"),
                    "order_line": [
                        Command.create(
                            {
                                "product_id": (product or cls.product).id,
                                "product_uom_qty": quantity,
                                **options,
                            }
                        )
                    ],
                }
            )
        )
        return order.order_line

    @classmethod
    def open_wizard(cls, **scope):
        """Return the manager's dialog on this company, scanned."""
        wizard = cls.env["fusion.repair.maintenance.backfill.wizard"]
        wizard = wizard.with_user(cls.manager).create(
            {"company_ids": [Command.set(cls.company.ids)], **scope}
        )
        wizard.action_scan()
        return wizard

    @classmethod
    def execute(cls, **scope):
        """Return the run of a dialog that was scanned and executed."""
        action = cls.open_wizard(**scope).action_execute()
        return cls.env[action["res_model"]].browse(action["res_id"])

    @classmethod
    def results(cls, lines, wizard=None):
        """Return what a scan says of sale lines as {line: [(unit, status, reason)]}."""
        wizard = wizard or cls.open_wizard()
        return {
            line: [
                (unit.unit_index, unit.status, unit.reason)
                for unit in wizard.line_ids.sorted("unit_index")
                if unit.sale_line_id == line
            ]
            for line in lines
        }

    @classmethod
    def contracts(cls, lines):
        """Return the contracts of sale lines."""
        return cls.env["fusion.repair.maintenance.contract"].search(
            [("x_fc_source_sale_line_id", "in", lines.ids)], order="id"
        )

    @classmethod
    def monday(cls):
        """Return the first Monday on or after today."""
        return cls.today + timedelta(days=-cls.today.weekday() % 7)
