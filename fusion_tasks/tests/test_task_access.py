from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import FusionCase, utc


@tagged("post_install", "-at_install", "fusion")
class TestTaskAccess(FusionCase):
    """Who sees and changes which tasks, from the weakest user up."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.own = cls.book("2026-06-03 09:00")
        cls.others = cls.book("2026-06-03 09:00", cls.colleague)
        cls.loose = cls.make_task()
        cls.tasks = cls.own | cls.others | cls.loose
        cls.env.flush_all()
        cls.env.invalidate_all()

    def seen_by(self, user):
        return self.Task.with_user(user).search([("id", "in", self.tasks.ids)])

    def test_portal_and_plain_employees_see_nothing(self):
        portal = new_test_user(self.env, "fc_portal", groups="base.group_portal")
        plain = self.make_user("fc_plain", None)
        for user in (portal, plain, self.env.ref("base.public_user")):
            with self.assertRaises(AccessError):
                self.seen_by(user)

    def test_technician_sees_own_tasks_only(self):
        self.assertEqual(self.seen_by(self.technician), self.own)
        with self.assertRaises(AccessError):
            self.others.with_user(self.technician).read(["name"])

    def test_the_office_sees_all(self):
        for user in (self.reader, self.dispatcher, self.manager):
            self.assertEqual(self.seen_by(user), self.tasks.sorted(lambda t: t.id))

    def test_technician_writes_notes_but_no_plans(self):
        task = self.own.with_user(self.technician)
        task.description = "Gate code 12"
        for vals in (
            {"technician_id": self.colleague.id},
            {"date_start": utc("2026-06-04 09:00")},
            {"date_end": utc("2026-06-04 09:00")},
            {"duration": 5},
            {"allow_overlap": True},
            {"partner_id": False},
            {"address_id": False},
            {"latitude": 1.0},
            {"active": False},
            {"company_id": self.env.ref("base.main_company").id},
            {"description": "x", "travel_before": 1},
        ):
            with (
                self.subTest(vals=vals),
                self.refused(AccessError, "dispatchers"),
            ):
                task.write(vals)

    def test_nobody_writes_what_the_system_notes(self):
        task = self.own.with_user(self.technician)
        for vals in (
            {"completed_at": utc("2026-06-04 09:00")},
            {"calendar_event_id": False},
        ):
            with self.subTest(vals=vals), self.refused(AccessError, "by hand"):
                task.write(vals)

    def test_technician_may_use_the_chatter(self):
        task = self.own.with_user(self.technician)
        message = task.message_post(body="Client asks for a call")
        activity = task.activity_schedule(
            "mail.mail_activity_data_call", user_id=self.technician.id
        )
        self.env.invalidate_all()
        self.assertIn(message, self.own.message_ids)
        self.assertIn("Client asks for a call", message.body)
        self.assertEqual(message.author_id, self.technician.partner_id)
        self.assertEqual(task.activity_ids, activity)
        activity.action_feedback(feedback="Called")
        self.assertFalse(task.activity_ids)
        self.assertIn("Called", task.message_ids[0].body)
        with self.assertRaises(AccessError):
            self.others.with_user(self.technician).message_post(body="not mine")

    def test_technician_neither_creates_nor_deletes(self):
        with self.assertRaises(AccessError):
            self.Task.with_user(self.technician).create({})
        with self.assertRaises(AccessError):
            self.own.with_user(self.technician).unlink()

    def test_technician_who_also_reads_all_still_writes_own_only(self):
        group = self.env.ref("fusion_tasks.fusion_tasks_group_user")
        self.technician.group_ids = [Command.link(group.id)]
        self.assertEqual(len(self.seen_by(self.technician)), 3)
        with self.assertRaises(AccessError):
            self.others.with_user(self.technician).description = "mine now"
        self.own.with_user(self.technician).description = "mine"

    def test_reader_writes_nothing(self):
        with self.assertRaises(AccessError):
            self.own.with_user(self.reader).description = "no"
        with self.assertRaises(AccessError):
            self.Task.with_user(self.reader).create({})

    def test_dispatcher_plans_but_does_not_delete(self):
        task = self.Task.with_user(self.dispatcher).create(
            {"partner_id": self.client.id, "technician_id": self.technician.id}
        )
        task.write({"date_start": utc("2026-06-04 09:00"), "allow_overlap": True})
        task.action_schedule()
        with self.assertRaises(AccessError):
            task.unlink()

    def test_manager_deletes(self):
        self.loose.with_user(self.manager).unlink()
        self.assertFalse(self.loose.exists())

    def test_other_company_is_out_of_reach(self):
        other = self.env["res.company"].create({"name": "Other Mobility"})
        stranger = new_test_user(
            self.env,
            "fc_stranger",
            groups="fusion_tasks.fusion_tasks_group_manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        self.env.invalidate_all()
        task = self.own.with_user(stranger).with_context(allowed_company_ids=other.ids)
        self.assertFalse(task.search([("id", "in", self.tasks.ids)]))
        with self.assertRaises(AccessError):
            task.description = "no"
        with self.assertRaises(AccessError):
            task.action_cancel()

    def test_technician_of_another_company_is_refused(self):
        other = self.env["res.company"].create({"name": "Other Mobility"})
        with self.assertRaises(UserError):
            self.make_task(company_id=other.id, technician_id=self.technician.id)

    def test_schedule_versions_are_nobodys_business(self):
        with self.assertRaises(AccessError):
            self.env["fusion.technician.schedule"].with_user(self.dispatcher).search([])
        for user in (self.manager, self.dispatcher):
            with self.assertRaises(AccessError):
                self.env["fusion.technician.schedule"].with_user(user).create({})

    def test_slot_wizard_is_for_its_dispatcher_only(self):
        Wizard = self.env["fusion.task.slot.wizard"]
        with self.assertRaises(AccessError):
            Wizard.with_user(self.technician)._open_for(self.own)
        mine = Wizard.with_user(self.dispatcher).browse(
            Wizard.with_user(self.dispatcher)._open_for(self.loose)["res_id"]
        )
        rival = self.make_user("fc_rival", "dispatcher")
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            mine.with_user(rival).action_search()
