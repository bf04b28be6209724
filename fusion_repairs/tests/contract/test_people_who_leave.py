from datetime import timedelta

from odoo.fields import Command
from odoo.tests import tagged

from ..common import RepairsCase

KINDS = (
    "call_due",
    "no_show",
    "repair_unsafe:7",
    "serial_question",
    "still_there",
    "unbooked",
    "visit_cancelled",
)


@tagged("post_install", "-at_install", "fusion")
class TestPeopleWhoLeave(RepairsCase):
    """No duty goes with a person: the next one responsible has it at once."""

    def setUp(self):
        super().setUp()
        self.contract = self.make_contract()
        others = self.company._fc_get_roster("office").others
        candidates = self.env["res.users"].browse(others) - self.dispatcher
        self.next = candidates[:1] or self.make_user("dispatcher", "fr_dispatcher_next")
        self.company.x_fc_office_user_ids = self.next
        self.assertTrue(self.next and self.next != self.dispatcher)

    def leave(self, how="action_archive"):
        if how == "write":
            self.dispatcher.active = False
        else:
            getattr(self.dispatcher, how)()
        self.env.flush_all()
        self.env.invalidate_all()

    def assert_somebody_has_it(self, activity):
        self.assertTrue(activity.exists())
        self.assertEqual(activity.user_id, self.next)
        self.assertIn("fr_dispatcher", activity.note)

    # Activities --------------------------------------------------------------------

    def test_every_kind_of_request_is_passed_on(self):
        for reason in KINDS:
            self.contract._notify_office(f"Do {reason}", "Why", reason=reason)
        self.contract._request_callback("416-555-0123", "Mondays")
        planned = self.contract.activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.dispatcher.id
        )
        before = self.contract.activity_ids
        self.assertEqual(before.user_id, self.dispatcher)
        self.leave()
        self.assertEqual(self.contract.activity_ids, before)
        for activity in before:
            self.assert_somebody_has_it(activity)
        self.assertIn(planned, before)

    def test_however_the_person_leaves(self):
        for how in ("action_archive", "write", "unlink"):
            with self.subTest(how=how):
                self.dispatcher = self.make_user("dispatcher", f"fr_dispatcher_{how}")
                self.contract.user_id = self.dispatcher
                self.contract._notify_office("Do", "", reason=f"kind_{how}")
                activity = self.contract._find_open_activities(f"kind_{how}")
                self.leave(how)
                self.assert_somebody_has_it(activity)
                self.assertEqual(self.contract.user_id, self.next)

    def test_requests_about_orders_and_defects_are_passed_on(self):
        self.category.x_fc_serial_required = True
        order = self.sell()
        order.user_id = self.dispatcher
        order.action_confirm()
        activity = order.activity_ids
        self.assertEqual(activity.user_id, self.dispatcher)
        visit = self.book(self.contract)
        own = visit.activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.dispatcher.id
        )
        self.leave()
        self.assert_somebody_has_it(activity)
        self.assert_somebody_has_it(own)

    def test_the_page_still_knows_of_the_promised_call(self):
        self.contract._request_callback("416-555-0123", "")
        promised = self.contract._get_promised_call()
        self.leave()
        self.assertEqual(self.contract._get_promised_call(), promised)
        self.assertFalse(self.contract._find_forgotten())

    def test_who_stays_but_may_not_see_it_any_more(self):
        self.contract._notify_office("Do", "", reason="call_due")
        activity = self.contract._find_open_activities("call_due")
        self.dispatcher.group_ids = [Command.set(self.env.ref("base.group_user").ids)]
        self.assert_somebody_has_it(activity)
        self.assertEqual(self.contract.user_id, self.next)

    def test_what_others_have_stays_theirs(self):
        self.contract._notify_office("Do", "", reason="call_due", user=self.manager)
        activity = self.contract._find_open_activities("call_due")
        self.leave()
        self.assertEqual(activity.user_id, self.manager)

    # Contracts ---------------------------------------------------------------------

    def test_no_contract_is_followed_up_by_somebody_who_is_gone(self):
        paused = self.make_contract()
        paused.action_pause()
        self.leave()
        self.assertEqual((self.contract | paused).user_id, self.next)

    # Technicians -------------------------------------------------------------------

    def test_the_office_is_asked_who_visits(self):
        visit = self.book(self.contract)
        technician = visit.technician_id
        technician.action_archive()
        asked = self.contract._find_open_activities("technician_gone")
        self.assertEqual(len(asked), 1)
        self.assertIn(visit.name, asked.summary)
        other = self.technician_2 if technician == self.technician else self.technician
        visit.technician_task_id.technician_id = other
        self.assertFalse(asked.exists().filtered("active"))

    def test_who_is_no_technician_any_more(self):
        visit = self.book(self.contract)
        visit.technician_id.x_fc_is_technician = False
        self.assertTrue(self.contract._find_open_activities("technician_gone"))

    # Danger --------------------------------------------------------------------------

    def ask_again(self):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref("fusion_repairs.ir_cron_raise_overdue").method_direct_trigger()
        self.env.invalidate_all()
        return self.contract._find_open_activities("unsafe_again")

    def test_an_unsafe_unit_that_nobody_has_is_asked_about_again(self):
        self.contract.sudo().unsafe = True
        self.assertEqual(self.contract._find_forgotten(), self.contract)
        asked = self.ask_again()
        self.assertEqual(asked.user_id, self.dispatcher)
        self.assertEqual(self.ask_again(), asked)
        asked.action_feedback()
        self.assertFalse(self.ask_again())
        self.contract.unsafe_asked_on = self.today - timedelta(days=8)
        self.assertTrue(self.ask_again())

    def test_released_it_is_not_asked_about_any_more(self):
        self.contract.sudo().unsafe = True
        asked = self.ask_again()
        self.contract._release("Repaired")
        self.assertFalse(asked.exists().filtered("active"))
        self.assertFalse(self.ask_again())

    def test_forgotten_is_what_hangs_on_somebody_who_is_gone(self):
        for reason in KINDS:
            with self.subTest(reason=reason):
                contract = self.make_contract()
                contract._notify_office("Do", "", reason=reason)
                self.assertFalse(contract._find_forgotten())
                self.env.flush_all()
                gone = self.make_user("dispatcher", f"fr_gone_{reason[:9]}")
                gone.active = False
                contract.activity_ids.with_context(
                    mail_activity_quick_update=True
                ).user_id = gone
                self.assertEqual(contract._find_forgotten(), contract)
                self.env["mail.activity"]._fc_pass_on_orphans()
                self.assertFalse(contract._find_forgotten())
                self.assertEqual(contract.activity_ids.user_id, self.dispatcher)
