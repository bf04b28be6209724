from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..common import RepairsCase

ADDONS = ("fusion_tasks", "fusion_repairs")
ROLES = {
    "technician": "fusion_tasks.fusion_tasks_group_technician",
    "user": "fusion_tasks.fusion_tasks_group_user",
    "dispatcher": "fusion_tasks.fusion_tasks_group_dispatcher",
    "manager": "fusion_tasks.fusion_tasks_group_manager",
    "employee": "base.group_user",
    "salesperson": "sales_team.group_sale_salesman",
    "all_sales": "sales_team.group_sale_salesman_all_leads",
    "stock": "stock.group_stock_user",
    "invoicing": "account.group_account_invoice",
    "contacts": "base.group_partner_manager",
    "portal": "base.group_portal",
}


@tagged("post_install", "-at_install", "fusion")
class TestReadableFields(RepairsCase):
    """Whoever may read a record of Odoo's may read all of it, with our fields."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            role: new_test_user(cls.env, f"fr_reads_{role}", groups=group)
            for role, group in ROLES.items()
        }
        contract = cls.make_contract()
        cls.visit = cls.book(cls, contract)
        cls.order = cls.visit.sale_order_id
        cls.order.user_id = cls.users["salesperson"]
        cls.visit.repair_order_id.x_fc_task_ids = cls.visit.technician_task_id
        contract._notify_office("Call the client", reason="call_due")
        cls.lot = cls.env["stock.lot"].create(
            {"name": "SL-1", "product_id": cls.product.id}
        )
        cls.env.flush_all()

    def get_extended(self):
        """Return our fields on each model of Odoo's, by its name."""
        return {
            name: [
                field.name
                for field in model._fields.values()
                if not {field._module, *field._modules}.isdisjoint(ADDONS)
            ]
            for name, model in sorted(self.env.registry.items())
            if not name.startswith("fusion.")
            and not model._abstract
            and not model._transient
        }

    def test_every_role_reads_all_fields_of_what_it_may_read(self):
        tried = 0
        for name, fields in self.get_extended().items():
            if not fields:
                continue
            for role, user in self.users.items():
                records = self.env[name].with_user(user)
                if not records.has_access("read"):
                    continue
                with self.subTest(model=name, role=role):
                    self.env.invalidate_all()
                    try:
                        found = records.search([], limit=20)
                    except AccessError:
                        continue
                    allowed = [
                        field
                        for field in fields
                        if records._has_field_access(records._fields[field], "read")
                    ]
                    self.assertEqual(self.find_unreadable(found, allowed), [])
                    tried += len(found)
        self.assertGreater(tried, 100)

    def find_unreadable(self, records, fields):
        """Return which fields cannot be read though nothing says so."""
        unreadable = []
        for field in fields:
            try:
                records.read([field])
            except AccessError:
                unreadable.append(field)
        return unreadable

    def test_a_plain_salesperson_reads_the_own_order_whole(self):
        order = self.order.with_user(self.users["salesperson"])
        self.assertTrue(order.read())
