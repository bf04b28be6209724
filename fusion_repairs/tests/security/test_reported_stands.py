import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..certificates.certificate_case import CertificateCase
from ..common import SIGNATURE
from .reported_table import RUN, TASK, VISIT, WRITTEN

CHATTER = ("activity_", "message_", "rating_", "website_message")
OTHER = {
    "char": "changed",
    "text": "changed",
    "html": "<p>changed</p>",
    "integer": 77,
    "float": 77.0,
    "monetary": 77.0,
    "date": "2020-02-02",
    "datetime": "2020-02-02 02:02:02",
    "json": {"changed": True},
    "binary": SIGNATURE,
    "image": SIGNATURE,
}


@tagged("post_install", "-at_install", "fusion")
class TestReportedStands(CertificateCase):
    """What was reported is not written over, whoever asks; a correction keeps it."""

    def setUp(self):
        super().setUp()
        self.visit = self.report()
        self.env.flush_all()
        self.users = (
            self.technician,
            self.reader,
            self.dispatcher,
            self.manager,
            self.env.ref("base.user_admin"),
        )

    def get_records(self):
        """Return a record of each model that says what took place."""
        visit, contract = self.visit, self.visit.contract_id
        reminder = self.env["fusion.repair.maintenance.reminder"].create(
            {
                "contract_id": contract.id,
                "cycle_due_date": contract.next_due_date,
                "band": 30,
            }
        )
        self.client._fc_give_consent("paper", note="In the file")
        return (
            visit,
            visit.technician_task_id,
            visit.checklist_line_ids[0],
            visit.inspection_certificate_id,
            contract,
            reminder,
            self.client.x_fc_consent_event_ids[0],
            self.env["fusion.repair.reminder.run"].create({}),
            self.env["fusion.repair.visit.message"].search([], limit=1),
            self.env[RUN].create({"state": "done"}),
            self.env["fusion.repair.report.correction"]._keep(
                self.report(self.book(self.make_contract())), "Test"
            ),
        )

    def forge(self, record, field):
        """Return a value that the record does not have, None if there is none."""
        if field.type == "boolean":
            return not record[field.name]
        if field.type == "selection":
            values = field.get_values(self.env)
            return next((v for v in values if v != record[field.name]), None)
        if field.type == "many2one":
            others = self.env[field.comodel_name].sudo()
            return (
                others.search([("id", "!=", record[field.name].id)], limit=1).id or None
            )
        return OTHER.get(field.type)

    def get_fields(self, record):
        return [
            field
            for name, field in sorted(record._fields.items())
            if field.store
            and not name.startswith(CHATTER)
            and name not in ("id", "create_uid", "create_date")
            and name not in ("write_uid", "write_date")
            and field.type not in ("one2many", "many2many", "reference")
        ]

    def is_written(self, record, user, name, value):
        """Tell whether a user changes a field; it is taken back."""
        try:
            with self.env.cr.savepoint() as savepoint:
                mine = record.with_user(user)
                before = record.sudo()[name]
                mine.write({name: value})
                self.env.flush_all()
                record.invalidate_recordset()
                changed = record.sudo()[name] != before
                savepoint.rollback()
        except (UserError, ValueError, psycopg2.IntegrityError):
            return False
        finally:
            self.env.invalidate_all()
        return changed

    @mute_logger("odoo.sql_db")
    def test_nobody_writes_over_what_took_place(self):
        for record in self.get_records():
            self.assertTrue(record, record._name)
            if record._name == TASK:
                continue  # below: its plan is the dispatchers'
            written = {user: set() for user in self.users}
            for field in self.get_fields(record):
                value = self.forge(record, field)
                for user in self.users if value is not None else ():
                    if self.is_written(record, user, field.name, value):
                        written[user].add(field.name)
            allowed = set(WRITTEN.get(record._name, "").split())
            for user, names in written.items():
                with self.subTest(model=record._name, user=user.login):
                    self.assertEqual(names - allowed, set())

    def test_nobody_releases_a_unit_by_its_lot(self):
        lot = self.env["stock.lot"].create(
            {"name": "SN-9", "product_id": self.product.id, "x_fc_unsafe": True}
        )
        for user in self.users:
            with self.subTest(user=user.login):
                self.assertFalse(self.is_written(lot, user, "x_fc_unsafe", False))

    def test_nobody_says_when_the_work_was_done(self):
        task = self.visit.technician_task_id
        for name in ("actual_start", "actual_end", "completed_at"):
            for user in self.users:
                with self.subTest(field=name, user=user.login):
                    moment = "2020-01-01 12:00:00"
                    self.assertFalse(self.is_written(task, user, name, moment))

    def test_nobody_writes_it_by_way_of_another_record(self):
        visit, contract = self.visit, self.visit.contract_id
        line = visit.checklist_line_ids[0]
        task, order = visit.technician_task_id, visit.sale_order_id
        update = Command.update(visit.id, {"outcome": "unsafe"})
        answer = Command.update(line.id, {"result": "fail"})
        for user in self.users:
            for record, vals in (
                (visit, {"checklist_line_ids": [answer]}),
                (visit, {"checklist_line_ids": [Command.clear()]}),
                (contract, {"visit_ids": [update]}),
                (task, {"x_fc_maintenance_visit_ids": [update]}),
                (order, {"x_fc_maintenance_visit_ids": [update]}),
                (visit.repair_order_id, {"x_fc_maintenance_visit_ids": [update]}),
            ):
                with (
                    self.subTest(user=user.login, model=record._name),
                    self.assertRaises(UserError),
                ):
                    record.with_user(user).write(vals)
            with self.assertRaises(UserError):
                visit.with_user(user).unlink()
            with self.assertRaises(UserError):
                line.with_user(user).unlink()

    def test_an_import_writes_nothing_over(self):
        for user in (self.dispatcher, self.manager):
            found = (
                self.env[VISIT]
                .with_user(user)
                .load([".id", "outcome"], [[str(self.visit.id), "unsafe"]])
            )
            self.assertTrue(found["messages"], user.login)
            self.assertEqual(self.visit.outcome, "pass")

    def test_nobody_makes_up_a_report(self):
        contract = self.make_contract()
        vals = {
            "contract_id": contract.id,
            "partner_id": self.client.id,
            "product_id": self.product.id,
            "visit_date": "2026-01-05 15:00:00",
            "state": "done",
        }
        forged = {
            "outcome": "pass",
            "reported_at": "2026-01-05 16:00:00",
            "signature": SIGNATURE,
            "technician_signed_by_id": self.technician.id,
        }
        visits = self.env[VISIT].with_user(self.dispatcher)
        for name, value in forged.items():
            with self.subTest(field=name), self.assertRaises(AccessError):
                visits.create({**vals, name: value})
        opened = visits.with_context(**{f"default_{n}": v for n, v in forged.items()})
        made = opened.create(vals)
        self.assertFalse(any(made.sudo()[name] for name in forged))

    # Ending something --------------------------------------------------------------

    def test_no_write_leaves_a_second_live_task(self):
        visit = self.book(self.make_contract())
        task, contract = visit.technician_task_id, visit.contract_id
        for user in (self.dispatcher, self.manager):
            for record, vals in (
                (visit, {"state": "cancelled"}),
                (visit, {"state": "no_show"}),
                (visit, {"technician_task_id": False}),
                (contract, {"state": "cancelled"}),
                (contract, {"state": "draft"}),
            ):
                with self.subTest(model=record._name, vals=vals):
                    with self.assertRaises(UserError):
                        record.with_user(user).write(vals)
        task.with_user(self.dispatcher).write({"status": "cancelled"})
        self.assertEqual(visit.state, "cancelled")
        self.assertEqual(task.status, "cancelled")
        self.assertFalse(contract.is_booked)
        contract.with_user(self.dispatcher).action_cancel()
        self.assertEqual(contract.state, "cancelled")
        contract.with_user(self.dispatcher).action_activate()
        self.assertFalse(contract.end_cause)
