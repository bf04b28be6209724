from datetime import date, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .backfill_case import BackfillCase

OWN_TABLES = "fusion_repair%wizard%"


@tagged("post_install", "-at_install", "fusion")
class TestBackfill(BackfillCase):
    """Past sales are looked through, shown, and enrolled exactly as shown."""

    def snapshot(self):
        """Return rows and newest changes of every table but the dialogs' own."""
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_namespace n"
            " ON n.oid = c.relnamespace WHERE c.relkind = 'r'"
            " AND n.nspname = 'public' AND c.relname NOT LIKE %s",
            [OWN_TABLES],
        )
        found = {}
        for (table,) in self.env.cr.fetchall():
            self.env.cr.execute(
                f"SELECT count(*), max(xmin::text::bigint), md5(string_agg("
                f"ctid::text || xmin::text, ',' ORDER BY ctid)) FROM \"{table}\""
            )
            found[table] = self.env.cr.fetchone()
        return found

    def test_dry_run_changes_no_row_of_any_table(self):
        self.sold(quantity=2)
        self.sold(self.chair, x_fc_serial_number="A1, A2")
        self.sold(self.rail)
        wizard = self.open_wizard()
        before = self.snapshot()
        wizard.action_scan()
        self.assertTrue(wizard.report_html)
        self.assertEqual(sum(row[3] for row in wizard._get_summary()), 5)
        wizard.action_download()
        wizard.action_view_lines()
        self.assertEqual(self.snapshot(), before)
        self.assertEqual(wizard.count_new, 3)

    def test_snapshot_would_notice_a_change(self):
        before = self.snapshot()
        self.client.flush_recordset()
        self.client.comment = "changed"
        self.assertNotEqual(self.snapshot(), before)

    def test_executing_makes_exactly_what_was_shown(self):
        lift = self.sold(quantity=2)
        chair = self.sold(self.chair, "2025-08-31", x_fc_serial_number=" pc-1 ")
        wizard = self.open_wizard()
        shown = {
            (u.sale_line_id, u.unit_index): (u.serial, u.due_date, u.partner_id, u.fee)
            for u in wizard.line_ids.filtered(lambda u: u.status == "new")
        }
        action = wizard.action_execute()
        run = self.env[action["res_model"]].browse(action["res_id"])
        made = {
            (c.x_fc_source_sale_line_id, c.x_fc_unit_index): (
                c.x_fc_device_serial,
                c.next_due_date,
                c.partner_id,
                c.x_fc_maintenance_fee,
            )
            for c in self.contracts(lift | chair)
        }
        self.assertEqual(made, shown)
        self.assertEqual(run.state, "done")
        self.assertEqual(run.contract_count, 3)
        self.assertEqual(run.user_id, self.manager)
        self.assertEqual(run._get_summary(), wizard._get_summary())
        self.assertTrue(run.report_file)

    def test_contract_says_where_it_comes_from(self):
        line = self.sold(day="2020-02-29")
        self.execute()
        contract = self.contracts(line)
        self.assertEqual(contract.state, "active")
        self.assertEqual(contract.x_fc_source, "backfill")
        self.assertEqual(contract.start_date, date(2020, 2, 29))
        self.assertEqual(contract.start_date_source, "order")
        self.assertEqual(contract.x_fc_policy_category_id, self.category)
        self.assertIn("2021", contract.next_due_reason)
        self.assertTrue(contract.sudo().booking_token)
        self.assertTrue(contract.name.startswith("MC/"))

    def test_executing_twice_enrols_nothing_more(self):
        lines = self.sold(quantity=3) | self.sold(self.chair, x_fc_serial_number="B1")
        self.execute()
        self.assertEqual(len(self.contracts(lines)), 4)
        run = self.execute()
        self.assertEqual(run.contract_count, 0)
        self.assertEqual(run.count_enrolled, 4)
        self.assertEqual(len(self.contracts(lines)), 4)

    def test_what_changed_since_the_scan_is_left_out_and_said(self):
        moved, cancelled, gone, same = (self.sold() for _sale in range(4))
        wizard = self.open_wizard()
        other = self.env["res.partner"].create({"name": "Other"})
        moved.order_id.partner_id = other
        cancelled.order_id.state = "cancel"
        self.make_contract(
            x_fc_source_sale_line_id=gone.id, sale_order_id=gone.order_id.id
        )
        action = wizard.action_execute()
        run = self.env[action["res_model"]].browse(action["res_id"])
        outcomes = {u.sale_line_id: u.outcome for u in run.line_ids}
        self.assertEqual(
            outcomes,
            {moved: "changed", cancelled: "changed", gone: "changed", same: "created"},
        )
        self.assertEqual(run.changed_count, 3)
        for unit in run.line_ids:
            self.assertEqual(bool(unit.outcome_note), unit.outcome == "changed")

    def test_scope_by_category_date_and_company(self):
        lift, chair = self.sold(day="2023-05-01"), self.sold(self.chair)
        other = self.env["res.company"].create({"name": "Other Dealer"})
        foreign = self.sold(company=other, day="2023-05-01")
        wizard = self.open_wizard(category_ids=[Command.set(self.family.ids)])
        self.assertEqual(wizard.line_ids.sale_line_id, lift)
        wizard = self.open_wizard(date_from="2024-01-01", date_to="2024-12-31")
        self.assertEqual(wizard.line_ids.sale_line_id, chair)
        self.assertNotIn(foreign, self.open_wizard().line_ids.sale_line_id)

    def test_companies_of_others_are_refused(self):
        other = self.env["res.company"].create({"name": "Other Dealer"})
        with self.assertRaises(AccessError):
            self.open_wizard(company_ids=[Command.set(other.ids)])

    def test_dispatcher_is_refused(self):
        wizard = self.open_wizard()
        wizards = self.env["fusion.repair.maintenance.backfill.wizard"]
        with self.assertRaises(AccessError):
            wizards.with_user(self.dispatcher).create({})
        for action in ("action_scan", "action_save", "action_execute"):
            with self.assertRaises(AccessError):
                getattr(wizard.with_user(self.dispatcher), action)()
        run = self.execute()
        for action in ("action_scan", "action_execute", "action_undo"):
            with self.assertRaises(AccessError):
                getattr(run.with_user(self.dispatcher), action)()
        with self.assertRaises(AccessError):
            run.with_user(self.dispatcher).read(["name"])

    def test_nobody_works_with_the_dialog_of_somebody_else(self):
        self.sold()
        other = self.make_user("manager", "fr_manager_2")
        wizard = self.open_wizard().with_user(other)
        with self.assertRaises(AccessError):
            wizard.action_execute()

    def test_executing_needs_a_scan(self):
        wizard = self.env["fusion.repair.maintenance.backfill.wizard"].create({})
        with self.assertRaises(UserError):
            wizard.action_execute()

    def test_day_one_mails_nobody_and_no_week_more_than_its_cap(self):
        clients = self.env["res.partner"].create(
            [
                {
                    "name": f"C {n}",
                    "email": f"c{n}@example.com",
                    "zip": f"M{n % 3}A 1A1",
                }
                for n in range(14)
            ]
        )
        clients.x_fc_consent_express_date = self.today
        lines = self.env["sale.order.line"]
        for number, client in enumerate(clients):
            lines |= self.sold(day=f"20{10 + number}-06-15", partner=client)
        self.execute(weeks=2, weekly_cap=5)
        contracts = self.contracts(lines)
        lead = timedelta(days=30)
        weeks = {}
        for contract in contracts.filtered(
            lambda c: c.next_due_basis["reason"] == "spread"
        ):
            week = (contract.next_due_date - lead - self.monday()).days // 7
            weeks[week] = weeks.get(week, 0) + 1
        self.assertLessEqual(max(weeks.values()), 5)
        self.assertGreaterEqual(min(weeks), 0)
        jobs = self.env["fusion.repair.maintenance.contract"]
        domain = jobs._get_reminder_domain(self.company)
        due = contracts.search(domain) & contracts
        first_week = self.monday() <= self.today
        self.assertLessEqual(len(due), 1 if first_week else 0)
        oldest = contracts.sorted("start_date")[:1]
        self.assertEqual(oldest.next_due_date, min(contracts.mapped("next_due_date")))
