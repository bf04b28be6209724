from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common import RepairsCase


@tagged("post_install", "-at_install", "fusion")
class TestVisitDefects(RepairsCase):
    """What failed has a class and a day; an unsafe unit stays so until released."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls.make_contract()

    def report(self, rail="pass", brake="pass", contract=None, mended=None, **vals):
        """Book and report a visit, and return it."""
        contract = contract or self.contract
        visit = self.book(contract)
        lines = visit.checklist_line_ids
        lines[0].write({"result": rail, **vals})
        lines[1].result = brake
        lines[2].write({"result": "pass", **lines._prepare_reading("25")})
        if mended:
            for one in visit._get_known():
                if one.line.result == "pass":
                    self.close_known(visit, mended, keys=[one.key])
        visit.with_user(visit.technician_id)._submit_report()
        return visit

    def repairs(self, priority):
        return self.env["repair.order"].search(
            [
                ("x_fc_maintenance_contract_id", "=", self.contract.id),
                ("x_fc_intake_source", "=", "visit"),
                ("priority", "=", priority),
            ]
        )

    def summaries(self):
        return " | ".join(self.contract.activity_ids.mapped("summary"))

    def test_critical_failure(self):
        visit = self.report(brake="fail")
        self.assertEqual(visit.outcome, "unsafe")
        defect = visit.defect_ids
        self.assertEqual(
            (defect.name, defect.defect_class, defect.state),
            ("Brake holds", "stop_now", "open"),
        )
        self.assertEqual(defect.date_due, visit.service_date)
        self.assertEqual(defect.repair_order_id, self.repairs("1"))
        self.assertEqual(len(self.repairs("1")), 1)
        self.assertTrue(self.contract.unsafe)
        self.assertIn("Unsafe unit", self.summaries())

    def test_other_failure_is_recommended_to_be_quoted_once(self):
        visit = self.report(rail="fail", note="dog <b>hair</b>")
        self.assertEqual(visit.outcome, "pass_with_findings")
        self.assertEqual(visit.defect_ids.defect_class, "days_90")
        self.assertEqual(
            visit.defect_ids.date_due, visit.service_date + timedelta(days=90)
        )
        self.assertFalse(self.contract.unsafe)
        repair = self.repairs("0")
        self.assertEqual((len(repair), repair.state), (1, "draft"))
        self.assertIn("&lt;b&gt;hair", repair.internal_notes)
        self.assertIn(f"Quote the recommended repair {repair.name}", self.summaries())

    def test_the_office_is_asked_in_days_not_on_the_last_day(self):
        for chosen, days in (("days_90", 3), ("advisory", 3), ("days_14", 1)):
            with self.subTest(chosen=chosen):
                before = self.contract.activity_ids
                self.report(rail="fail", defect_class=chosen)
                (asked,) = (self.contract.activity_ids - before).filtered(
                    lambda a: a._get_request() in ("repair_quote", "repair_urgent")
                )
                today = self.contract._get_today()
                self.assertEqual(asked.date_deadline, today + timedelta(days=days))

    def test_the_office_is_asked_in_its_own_language(self):
        self.env["res.lang"]._activate_lang("fr_CA")
        self.env["ir.module.module"]._load_module_terms(["fusion_repairs"], ["fr_CA"])
        for user in self.technician | self.technician_2:
            user.lang = "fr_CA"
        self.dispatcher.lang = "en_US"
        visit = self.book(self.contract)
        lines = visit.checklist_line_ids
        lines[0].result = "fail"
        lines[1].result = "pass"
        lines[2].write({"result": "pass", **lines._prepare_reading("25")})
        technician = visit.technician_id
        visit.with_user(technician).with_context(lang="fr_CA")._submit_report()
        (asked,) = self.contract.activity_ids.filtered(
            lambda activity: "repair" in activity.summary
        )
        self.assertIn("Quote the recommended repair", asked.summary)
        self.assertIn("Within 90 Days", asked.note)

    def test_technician_chooses_a_class(self):
        for chosen, expected, priority in (
            ("days_14", "days_14", "1"),
            ("advisory", "advisory", "0"),
        ):
            with self.subTest(chosen=chosen):
                before = self.repairs(priority)
                visit = self.report(rail="fail", defect_class=chosen)
                self.assertEqual(visit.defect_ids.defect_class, expected)
                self.assertEqual(len(self.repairs(priority) - before), 1)
        self.assertFalse(visit.defect_ids.date_due)
        self.assertFalse(self.contract.unsafe)

    def test_what_must_not_be_used_is_unsafe_though_not_critical(self):
        visit = self.report(rail="fail", defect_class="stop_now")
        self.assertEqual(visit.outcome, "unsafe")
        self.assertTrue(self.contract.unsafe)

    def test_later_good_visit_releases_the_unit_and_resolves(self):
        first = self.report(brake="fail", rail="fail")
        self.assertEqual(len(first.defect_ids), 2)
        second = self.report(rail="fail", mended="New brake shoe")
        self.assertFalse(self.contract.unsafe)
        brake, rail = first.defect_ids.sorted("defect_class", reverse=True)
        self.assertEqual((brake.state, rail.state), ("resolved", "open"))
        self.assertEqual(brake.resolution, "New brake shoe")
        self.assertEqual(brake.resolved_visit_id, second)
        self.report(mended="Cleaned")
        states = (first | second).defect_ids.mapped("state")
        self.assertEqual(states, ["resolved"] * 3)

    def test_unsafe_is_not_lifted_in_passing(self):
        self.report(brake="fail")
        contract = self.contract.with_user(self.dispatcher)
        with self.assertRaises(UserError):
            contract.unsafe = False
        self.assertEqual(
            contract.action_release()["res_model"], "fusion.repair.release.wizard"
        )
        wizards = self.env["fusion.repair.release.wizard"].with_user(self.dispatcher)
        wizard = wizards.create({"contract_id": contract.id, "reason": " "})
        with self.assertRaises(UserError):
            wizard.action_release()
        self.assertTrue(contract.unsafe)
        wizard.reason = "Brake <i>replaced</i>"
        wizard.action_release()
        self.assertFalse(contract.unsafe)
        log = self.contract.message_ids[0]
        self.assertIn("Brake &lt;i&gt;replaced", log.body)
        self.assertEqual(log.author_id, self.dispatcher.partner_id)
        with self.assertRaises(UserError):
            wizard.action_release()

    def test_only_dispatchers_release_and_resolve(self):
        visit = self.report(brake="fail")
        for user in (visit.technician_id, self.reader):
            with self.subTest(user=user.login):
                with self.assertRaises(AccessError):
                    self.contract.with_user(user).action_release()
                with self.assertRaises(AccessError):
                    self.contract.with_user(user)._release("I say so")
                with self.assertRaises(AccessError):
                    visit.defect_ids.with_user(user).action_resolve()
        defects = visit.defect_ids.with_user(self.dispatcher)
        defects.action_resolve()
        self.assertEqual(
            (defects.state, defects.resolved_by_id), ("resolved", self.dispatcher)
        )
        defects.action_reopen()
        self.assertEqual((defects.state, defects.resolution), ("open", False))

    def test_finished_repair_resolves_and_asks_for_the_release(self):
        visit = self.report(brake="fail")
        repair = visit.defect_ids.repair_order_id
        repair.action_repair_start()
        repair.action_repair_end()
        self.assertEqual(visit.defect_ids.state, "resolved")
        self.assertTrue(self.contract.unsafe, "only a person says it is safe")
        self.assertIn(f"Repair {repair.name} is done", self.summaries())

    def test_unsafe_lot_stays_unsafe_under_a_new_owner(self):
        self.product.tracking = "serial"
        lot = self.env["stock.lot"].create(
            {"name": "SN-1", "product_id": self.product.id}
        )
        contract = self.make_contract(lot_id=lot.id)
        self.report(contract=contract, brake="fail")
        self.assertTrue(lot.x_fc_unsafe)
        contract._cancel()
        other = self.env["res.partner"].create({"name": "New owner"})
        new = self.make_contract(lot_id=lot.id, partner_id=other.id)
        self.assertTrue(new.unsafe)
        new.with_user(self.dispatcher)._release("Brake replaced")
        self.assertFalse(lot.x_fc_unsafe)

    def test_no_shows_and_cancellations_are_counted(self):
        for _turn in range(2):
            self.book(self.contract).technician_task_id.action_no_show()
        self.book(self.contract)._cancel("Client is ill")
        self.assertEqual(self.contract.no_show_count, 2)
        self.assertEqual(self.contract.cancelled_count, 1)
        visits = self.contract.visit_ids
        self.assertIn("Client is ill", visits.mapped("cancel_reason"))
        self.assertEqual(
            visits.filtered(lambda v: v.state == "no_show").mapped("cancel_reason"),
            ["The client was not home."] * 2,
        )

    def test_technician_sees_defects_of_own_units_only(self):
        visit = self.report(rail="fail")
        technicians = self.technician | self.technician_2
        defects = self.env["fusion.repair.defect"]
        own = defects.with_user(visit.technician_id).search([])
        self.assertEqual(own.sudo(), visit.defect_ids)
        other = technicians - visit.technician_id
        self.assertFalse(defects.with_user(other).search([]))
        with self.assertRaises(AccessError):
            own.name = "Nothing"
