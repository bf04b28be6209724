from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from ..common import RepairsCase

GROUP = "fusion_tasks.fusion_tasks_group_%s"


@tagged("post_install", "-at_install", "fusion")
class TestResponsible(RepairsCase):
    """Who follows up a unit, who gets the call, and who hears of what was missed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second = cls.make_user("dispatcher", "fr_second")
        cls.stand_in = cls.make_user("user", "fr_stand_in")
        cls.company.write(
            {
                "x_fc_office_user_ids": [
                    Command.set((cls.dispatcher | cls.second).ids)
                ],
                "x_fc_office_stand_in_id": cls.stand_in.id,
                "x_fc_escalation_user_ids": [Command.set(cls.manager.ids)],
            }
        )

    def make_client(self, name):
        return self.env["res.partner"].create({"name": name})

    def take_time_off(self, user):
        user._fc_ensure_resource()
        now = fields.Datetime.now()
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Off",
                "resource_id": user.resource_ids[:1].id,
                "calendar_id": user.resource_ids[:1].calendar_id.id,
                "date_from": now - timedelta(days=2),
                "date_to": now + timedelta(days=2),
            }
        )

    # Who follows up ------------------------------------------------------------

    def test_a_unit_entered_by_hand_has_somebody_once_it_is_active(self):
        contract = self.make_contract(user_id=False, state="draft")
        contract.action_activate()
        self.assertIn(contract.user_id, self.dispatcher | self.second)

    def test_nobody_can_be_taken_off_an_active_contract(self):
        contract = self.make_contract()
        contract.user_id = False
        self.assertTrue(contract.user_id)

    def test_an_imported_unit_has_somebody(self):
        result = self.env["fusion.repair.maintenance.contract"].load(
            ["partner_id/.id", "product_id/.id", "next_due_date", "state"],
            [[str(self.client.id), str(self.product.id), "2030-01-15", "active"]],
        )
        self.assertFalse(result["messages"])
        contract = self.env["fusion.repair.maintenance.contract"].browse(result["ids"])
        self.assertIn(contract.user_id, self.dispatcher | self.second)

    def test_the_settings_come_before_a_salesperson_who_is_not_in_them(self):
        for seller, expected in (
            (self.manager, self.dispatcher | self.second),
            (self.second, self.second),
        ):
            with self.subTest(seller=seller.name):
                order = self.sell()
                order.user_id = seller
                order.action_confirm()
                self.assertIn(order.x_fc_maintenance_contract_ids.user_id, expected)

    def test_new_clients_are_shared_and_one_clients_units_are_not(self):
        clients = [self.make_client(f"Client {number}") for number in range(4)]
        rows = [
            {
                "partner_id": client.id,
                "product_id": self.product.id,
                "next_due_date": self.today,
                "state": "active",
            }
            for client in clients
            for _unit in range(2)
        ]
        before = self.env["fusion.repair.maintenance.contract"].search([])
        before.user_id = self.dispatcher
        before.state = "cancelled"
        contracts = before.create(rows)
        users = [
            contracts.filtered(lambda c, one=client: c.partner_id == one).user_id
            for client in clients
        ]
        self.assertEqual([len(user) for user in users], [1] * 4)
        self.assertEqual(users.count(self.dispatcher), 2)
        self.assertEqual(users.count(self.second), 2)
        later = self.make_contract(partner_id=clients[1].id, user_id=False)
        self.assertEqual(later.user_id, users[1])

    def test_units_of_one_who_left_pass_to_a_colleague(self):
        contract = self.make_contract()
        self.dispatcher.active = False
        contract._give_to_responsible()
        self.assertEqual(contract.user_id, self.second)

    # Who is asked --------------------------------------------------------------

    def test_without_settings_an_administrator_is_the_last_to_be_asked(self):
        self.company.write(
            {
                "x_fc_office_user_ids": [Command.clear()],
                "x_fc_office_stand_in_id": False,
                "x_fc_escalation_user_ids": [Command.clear()],
            }
        )
        admin = self.env.ref("base.user_admin")
        self.assertLess(admin.id, self.dispatcher.id)
        contract = self.make_contract(user_id=False)
        self.assertFalse(contract.user_id.has_group(GROUP % "manager"))
        user = contract._get_escalation_user()
        self.assertTrue(user.has_group(GROUP % "manager"))
        self.assertFalse(user.has_group("base.group_system"))

    def test_the_stand_in_is_asked_while_the_person_is_off(self):
        contract = self.make_contract()
        self.assertEqual(contract._get_office_user(), self.dispatcher)
        self.take_time_off(self.dispatcher)
        self.assertEqual(contract._get_office_user(), self.stand_in)
        self.assertEqual(contract.user_id, self.dispatcher)
        self.stand_in.active = False
        self.assertEqual(contract._get_office_user(), self.second)

    def test_escalations_go_to_whom_the_settings_say_and_then_the_stand_in(self):
        self.company.x_fc_escalation_stand_in_id = self.second
        contract = self.make_contract()
        self.assertEqual(contract._get_escalation_user(), self.manager)
        self.take_time_off(self.manager)
        self.assertEqual(contract._get_escalation_user(), self.second)

    def test_a_colleague_sees_what_is_due_for_others(self):
        self.make_contract()._notify_office("Call the client", reason="call_due")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "fusion_repairs.mail_activity_action_office"
        )
        activities = self.env["mail.activity"].with_user(self.second)
        due = activities.search(
            [
                ("res_model", "=", "fusion.repair.maintenance.contract"),
                ("user_id", "!=", self.second.id),
                ("summary", "=", "Call the client"),
            ]
        )
        self.assertEqual(len(due), 1)
        self.assertIn("fusion.repair.maintenance.contract", action["domain"])
