from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...recurrence import plan_ledger
from ...recurrence.plan_ledger import BURN, CORRECT, EXPIRE, GIVE_BACK, RESERVE, Move


class FusionRepairServicePlanSubscription(models.Model):
    """The ledger of a sold plan: every visit taken, given back, served or corrected."""

    _inherit = "fusion.repair.service.plan.subscription"

    def _lock(self):
        """Make rivals for the visits of these plans wait, then read them anew."""
        self.flush_recordset()
        self.env.cr.execute(
            SQL(
                "SELECT id FROM %s WHERE id IN %s ORDER BY id FOR NO KEY UPDATE",
                SQL.identifier(self._table),
                tuple(self.ids) or (0,),
            )
        )
        self.invalidate_recordset()

    def _add_move(self, kind, visits=0, **details):
        """Add a row to the ledger and keep the balance in step.

        Called with the plan locked where others may take its visits.

        :param details: visit_id, amount, note, taken_back of the move
        :raise UserError: if the plan has no visit left
        """
        self.ensure_one()
        plan = self.sudo()  # clients and technicians use plans, nobody writes ledgers
        if plan.balance + visits < 0:
            raise UserError(
                self.env._("%(plan)s has no visit left.", plan=plan.display_name)
            )
        move = plan.env["fusion.repair.service.plan.move"].create(
            {
                "subscription_id": plan.id,
                "kind": kind,
                "visits": visits,
                "user_id": self.env.uid,
                **details,
            }
        )
        plan.balance += visits
        return move

    def _reserve(self, visit):
        """Take one visit of the plan for a visit that is booked."""
        self._lock()
        self._add_move(RESERVE, -1, visit_id=visit.id)

    def _give_back(self, visit, note=None):
        """Return the visit of the plan that a visit took, as it did not take place."""
        self._lock()
        self._add_move(GIVE_BACK, 1, visit_id=visit.id, note=note)
        if self.state != "active":
            ended = self.env._("The plan has ended, but %s was given back.", visit.name)
            self._add_move(EXPIRE, -1, note=ended)
            self._ask_office(self.env._("Check the books of a service plan"), ended)

    def _burn(self, visit):
        """Note that a visit of the plan was served; it earns its share of the price."""
        self._lock()
        served = plan_ledger.count_burned(self._get_moves())
        amount = self._get_earned(served + 1) - self._get_earned(served)
        self._add_move(BURN, visit_id=visit.id, amount=amount)
        self._recognise_revenue()

    def _take_back_burn(self, visit):
        """Undo that a visit was served: it stays booked on the plan."""
        self._lock()
        served = plan_ledger.count_burned(self._get_moves())
        amount = self._get_earned(served - 1) - self._get_earned(served)
        self._add_move(BURN, visit_id=visit.id, amount=amount, taken_back=True)
        self._recognise_revenue()

    def _correct(self, visits, note):
        """Change what is left by hand, for a reason.

        :param visits: more, or fewer if negative
        """
        self._lock()
        self._add_move(CORRECT, visits, note=note)
        self.message_post(
            body=self.env._(
                "Visits left changed by %(visits)+d: %(reason)s",
                visits=visits,
                reason=note,
            )
        )

    def _get_moves(self):
        """Return the ledger as the pure rules read it; amounts are left out."""
        self.ensure_one()
        rows = self.sudo().move_ids  # whoever may see the plan may see its sums
        return [Move(row.kind, row.visits, 0, row.taken_back) for row in rows]

    def _get_earned(self, served):
        """Return what that many visits have earned, of the price as sold.

        Visits that were added by hand earn nothing: the price is spread over those
        that were sold.
        """
        self.ensure_one()
        served = min(max(served, 0), self.visits)
        cents = plan_ledger.earned(self._to_cents(self.price), self.visits, served)
        return self._from_cents(cents)

    def _to_cents(self, amount):
        """Return an amount in the smallest unit of the currency."""
        return round(amount / self.currency_id.rounding)

    def _from_cents(self, cents):
        return self.currency_id.round(cents * self.currency_id.rounding)
