from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Command, Domain
from odoo.tools import SQL

from ...tools.money import format_amount
from ...tools.savepoints import attempt, run_in_batches

EARNED = "earned"
ENDED = "ended"
BATCH = 50
# How long the books of a plan that has ended are still looked at.
PROVEN_DAYS = 400


class FusionRepairServicePlanSubscription(models.Model):
    """What the books say about a plan: what is owed, what was earned, and whether."""

    _inherit = "fusion.repair.service.plan.subscription"

    def _recognise_revenue(self):
        """Post what visits earned and the books do not show yet; or tell the office.

        A visit never fails because of the books.
        """
        for plan in self.sudo():  # technicians end visits, accountants own the books
            attempt(
                plan.env.cr,
                lambda plan=plan: plan._post_revenue(EARNED, plan.earned),
                f"Revenue of {plan.name}",
                failed=plan._report_books,
            )

    def _post_revenue(self, kind, total):
        """Post the difference between what is recognised and what ought to be.

        :param kind: EARNED or ENDED
        :param total: what the books shall show as recognised by this kind
        :return: the posted entry, none if nothing is missing
        """
        self.ensure_one()
        entries = self.env["account.move"]
        if not self._is_deferred():
            return entries
        missing = self.currency_id.round(total - self._get_recognised(kind))
        if self.currency_id.is_zero(missing):
            return entries
        entry = entries.create(self._prepare_revenue_entry(kind, missing))
        entry.action_post()
        return entry

    def _prepare_revenue_entry(self, kind, amount):
        """Return the values of the entry that turns a debt to the client into revenue.

        :param amount: in the company's currency; negative takes revenue back
        """
        company = self.company_id
        accounts = self.plan_id.product_id.product_tmpl_id.with_company(
            company
        ).get_product_accounts()
        debt, income = company.x_fc_plan_liability_account_id, accounts["income"]

        def line(account, balance):
            return Command.create(
                {
                    "account_id": account.id,
                    "partner_id": self.partner_id.commercial_partner_id.id,
                    "name": self.display_name,
                    "balance": balance,
                    "x_fc_plan_subscription_id": self.id,
                    "x_fc_plan_entry": kind,
                }
            )

        return {
            "move_type": "entry",
            "journal_id": self._get_plan_journal().id,
            "company_id": company.id,
            "date": company._get_today(),
            "ref": self.display_name,
            "line_ids": [line(debt, amount), line(income, -amount)],
        }

    def _get_plan_journal(self):
        """Return the journal of earned visits; the first general one unless set."""
        company = self.company_id
        return company.x_fc_plan_journal_id or self.env["account.journal"].search(
            [("type", "=", "general"), ("company_id", "=", company.id)], limit=1
        )

    def _is_deferred(self):
        """Tell whether the plan's money waits in the books until it is earned."""
        self.ensure_one()
        return bool(self.company_id.x_fc_plan_liability_account_id) and bool(
            self.sale_line_id.invoice_lines.filtered(self._is_plan_debt)
        )

    def _is_plan_debt(self, line):
        """Tell whether an invoice line put the plan's price among the debts."""
        account = self.company_id.x_fc_plan_liability_account_id
        return line.parent_state == "posted" and line.account_id == account

    def _get_recognised(self, kind):
        """Return what the posted entries recognise of the plan by one kind."""
        self.ensure_one()
        self.env["account.move.line"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT COALESCE(SUM(line.balance), 0) FROM account_move_line line
                WHERE line.x_fc_plan_subscription_id = %s AND line.parent_state =
                'posted' AND line.x_fc_plan_entry = %s AND line.account_id = %s""",
                self.id,
                kind,
                self.company_id.x_fc_plan_liability_account_id.id,
            )
        )
        return float(rows[0][0])

    # Every night ----------------------------------------------------------------------

    @api.model
    def _cron_prove_plans(self):
        """Bring ledger and books together; tell where they differ.

        Plans that expired are ended first. Resumable: what is in step costs a look.
        """
        open_or_recent = Domain("state", "=", "active") | Domain(
            "date_end", ">=", fields.Date.today() - timedelta(days=PROVEN_DAYS)
        )
        run_in_batches(
            self.search(open_or_recent),
            lambda plans: plans._prove(),
            "Service plans",
            size=BATCH,
        )

    def _prove(self):
        """End plans whose time is over; post what is missing; tell what differs."""
        for plan in self:
            plan._expire()
            plan._recognise_revenue()
            wrong = plan._find_difference()
            if wrong:
                plan._report_books(wrong)

    def _find_difference(self):
        """Return in a sentence where ledger and books of the plan differ, or ''.

        Liability has to be the unserved visits at their price, the balance the sum of
        the ledger.
        """
        self.ensure_one()
        ledger = sum(self.move_ids.mapped("visits"))
        if ledger != self.balance:
            return self.env._(
                "The ledger says %(ledger)s visits left, the plan says %(balance)s.",
                ledger=ledger,
                balance=self.balance,
            )
        if not self._is_deferred():
            return ""
        owed = self._get_owed_amount()
        books = self._get_books_amount()
        if self.currency_id.is_zero(owed - books):
            return ""
        return self.env._(
            "The books show %(books)s owed for this plan, its unserved visits are "
            "worth "
            "%(owed)s.",
            books=format_amount(self.env, books, self.currency_id),
            owed=format_amount(self.env, owed, self.currency_id),
        )

    def _get_owed_amount(self):
        """Return what the dealer owes for the plan: visits, or their refund."""
        if self.state != "active":
            return self.refund_due
        return self.currency_id.round(self.price - self.earned)

    def _get_books_amount(self):
        """Return what the books still owe for the plan."""
        invoiced = self.sale_line_id.invoice_lines.filtered(self._is_plan_debt)
        count = round(self.sale_line_id.product_uom_qty) or 1
        debt = -sum(invoiced.mapped("balance")) / count
        done = self._get_recognised(EARNED) + self._get_recognised(ENDED)
        return self.currency_id.round(debt - done)

    def _report_books(self, problem):
        """Ask the office, once, to look at the books of the plan."""
        summary = self.env._("Check the books of a service plan")
        if not self.activity_ids.filtered(lambda a: a.summary == summary):
            self._ask_office(summary, str(problem))
