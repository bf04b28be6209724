from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import FusionCase
from .dialog_access import (
    find_readable,
    find_unguarded,
    get_dialogs,
    get_forms,
    get_pointers,
    is_openable,
    make_dialog,
)


@tagged("post_install", "-at_install", "fusion")
class TestDialogAccess(FusionCase):
    """A dialog shows nothing that its user may not read, whatever it is pointed at."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = (cls.technician, cls.reader, cls.dispatcher, cls.manager)
        cls.foreign_company = cls.env["res.company"].create({"name": "Other Dealer"})
        company = cls.foreign_company
        vals = {"company_id": company.id, "company_ids": [(6, 0, company.ids)]}
        technician = cls.make_technician("fc_foreign", None, **vals)
        client = cls.env["res.partner"].create(
            {"name": "Foreign Client", "company_id": company.id}
        )
        task = cls.Task.create({"partner_id": client.id, "company_id": company.id})
        cls.foreign = {
            "res.company": company,
            "res.partner": client,
            "res.users": technician,
            task._name: task,
        }
        for dialog in get_dialogs(cls.env, "fusion_tasks"):
            cls.foreign[dialog._name] = make_dialog(dialog, cls.foreign)
        cls.env.flush_all()

    def test_every_dialog_checks_what_it_is_pointed_at(self):
        self.assertEqual(find_unguarded(self.env, "fusion_tasks", self.users), [])

    def test_nobody_looks_through_a_dialog(self):
        tried = 0
        for dialog in (
            *get_dialogs(self.env, "fusion_tasks"),
            *get_forms(self.env, "fusion_tasks", self.users),
        ):
            for user in self.users:
                if not is_openable(dialog, user):
                    continue
                for field in get_pointers(dialog):
                    if field.comodel_name == "res.users":
                        continue  # Odoo shows every employee to every other
                    record = self.foreign.get(field.comodel_name)
                    if record is None:
                        continue
                    self.assertFalse(record.with_user(user).has_access("read"))
                    tried += 1
                    found = find_readable(dialog.with_user(user), field, record)
                    self.assertEqual(found, [])
        self.assertGreater(tried, 6)

    def test_a_dialog_is_closed_with_the_rights_on_its_record(self):
        task = self.make_task()
        action = task.with_user(self.dispatcher).action_find_slot()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        wizard = wizard.with_user(self.dispatcher)
        self.assertTrue(wizard.read())
        task.company_id = self.foreign_company
        self.env.flush_all()
        self.env.invalidate_all()
        for look in (
            wizard.read,
            lambda: wizard.company_id,
            lambda: wizard.line_ids[0].local_start,
            lambda: wizard.onchange({"note": "x"}, ["note"], {"company_id": {}}),
            wizard.action_search,
        ):
            with self.assertRaises(AccessError):
                look()
