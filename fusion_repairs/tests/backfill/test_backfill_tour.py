from datetime import datetime
from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.fusion_tasks.tests.common import FusionHttpCase

LARGE = (
    "odoo.addons.fusion_repairs.models.backfill.fusion_repair_backfill_scope_mixin."
    "FOREGROUND_SALES"
)
ACTION = "fusion_repairs.fusion_repair_maintenance_backfill_wizard_action"


@tagged("post_install", "-at_install", "fusion")
class TestBackfillTour(FusionHttpCase):
    """A manager brings in past sales, in a real browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_field_service()
        category = cls.env["fusion.repair.product.category"].create(
            {"name": "Test Lift", "x_fc_maintenance_enabled": True}
        )
        lift, rail = cls.env["product.product"].create(
            [
                {
                    "name": name,
                    "type": "consu",
                    "x_fc_repair_category_id": category.id,
                    "x_fc_maintenance_enabled": enabled,
                }
                for name, enabled in (("Lift", True), ("Rail", False))
            ]
        )
        cls.order = cls.env["sale.order"].create(
            {
                "partner_id": cls.client.id,
                "state": "sale",
                "date_order": datetime(2022, 5, 4, 15),
                "order_line": [
                    Command.create({"product_id": lift.id, "product_uom_qty": 2}),
                    Command.create({"product_id": rail.id}),
                ],
            }
        )

    def test_manager_scans_and_executes(self):
        self.start_tour(
            f"/odoo/action-{ACTION}", "fusion_repairs_backfill", login="fc_manager"
        )
        self.env.invalidate_all()
        contracts = self.order.x_fc_maintenance_contract_ids
        self.assertEqual(contracts.mapped("state"), ["active", "active"])
        self.assertEqual(contracts.backfill_run_id.weeks, 4)
        self.assertEqual(contracts.backfill_run_id.user_id, self.manager)

    def test_large_set_is_watched_while_the_job_scans_it(self):
        runs = self.registry["fusion.repair.backfill.run"]
        bridge = self.registry["fusion.repair.claims.bridge"]
        facts = self.registry["fusion.repair.backfill.facts"]
        types = [("adp", "ADP"), ("odsp", "ODSP"), ("private", "Private")]
        with (
            patch(LARGE, 0),
            patch.object(bridge, "_get_sale_types", lambda bridge: types),
            patch.object(
                facts,
                "_get_claims_facts",
                lambda facts, ids: {line_id: {"sale_type": "odsp"} for line_id in ids},
            ),
            # The job gets its turn while the page is looked at.
            patch.object(runs, "action_try_again", lambda run: run._continue()),
        ):
            self.start_tour(
                f"/odoo/action-{ACTION}",
                "fusion_repairs_backfill_background",
                login="fc_manager",
            )
        run = self.env["fusion.repair.backfill.run"].search([], limit=1)
        self.assertEqual((run.state, run.unit_total), ("scanned", 2))
        self.assertEqual(run.sale_types, ["odsp", "private"])

    def test_dispatcher_does_not_find_the_menu(self):
        menu = self.env.ref(
            "fusion_repairs.fusion_repair_maintenance_backfill_wizard_menu"
        )
        menus = self.env["ir.ui.menu"]
        self.assertIn(menu.id, menus.with_user(self.manager)._visible_menu_ids())
        self.assertNotIn(menu.id, menus.with_user(self.dispatcher)._visible_menu_ids())
