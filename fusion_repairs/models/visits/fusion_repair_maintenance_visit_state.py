from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools.translate import LazyTranslate

from odoo.addons.fusion_tasks.button_context import without_button
from odoo.addons.fusion_tasks.groups import DISPATCHER

from ...tools.savepoints import attempt

_lt = LazyTranslate(__name__)

LIVE_TASK_STATES = {
    "pending": "scheduled",
    "scheduled": "scheduled",
    "en_route": "scheduled",
    "in_progress": "in_progress",
}


class FusionRepairMaintenanceVisit(models.Model):
    """How a visit goes through its states, together with task, repair and order.

    What others have to do at such a step is named here, in its order: it stands in
    the file of its subject.
    """

    _inherit = "fusion.repair.maintenance.visit"

    # Following the task --------------------------------------------------------

    def _is_unscheduled(self):
        """Tell whether the visit is to take place, but has no time that holds."""
        return self.is_live and self.technician_task_id.sudo().status == "pending"

    def _follow_task(self):
        """Bring the visits in step with their tasks, whatever changed those."""
        for visit in self:
            visit._follow_task_status()
        self._notify_client()
        self._notify_on_the_way()

    def _follow_task_status(self):
        """Take the state that the task has now, and keep the office's requests so."""
        status = self.technician_task_id.status
        if status == "completed":
            self._complete()
        elif status in ("cancelled", "no_show"):
            self._release(status)
        elif status in LIVE_TASK_STATES:
            self._go_live(LIVE_TASK_STATES[status])
        if status == "pending":
            self.contract_id._notify_office(
                _lt("Schedule the visit %(visit)s again", visit=self.name),
                reason="schedule_again",
            )
        elif status == "scheduled":
            self.contract_id._finish_requests_to_book(
                self.env._("%(visit)s is to take place after all.", visit=self.name)
            )

    def _follow_plan(self):
        """Carry a new time or technician to all that was made for the old one."""
        for visit in self:
            visit.ics_sequence += 1
            visit.contract_id._settle_requests(
                "visit_closed", self.env._("%(visit)s was moved.", visit=visit.name)
            )
            visit._reschedule_repair()
        self._drop_override()
        self._notify_client()

    def _reschedule_repair(self):
        if self.repair_order_id.state in ("draft", "confirmed"):
            self.repair_order_id.schedule_date = self.visit_date

    def _go_live(self, state):
        if not self.is_live:
            self._reopen()
        if self.state != state:
            self._refresh_checklist()
            self.state = state
            if state == "scheduled" and not self.labour_minutes:
                self.timer_started_at = False  # the work was not begun after all

    # Done ----------------------------------------------------------------------

    def _complete(self):
        """Record that the visit took place: the contract rolls, documents follow."""
        for visit in self:
            contract = visit.contract_id
            contract._lock()
            visit.invalidate_recordset(["state"])
            if not visit.is_live:
                continue
            visit.write(
                {"state": "done", "service_date": visit._get_service_date()},
            )
            visit._roll_contract()
            visit._burn_plan()
            visit._finish_repair()
            visit._confirm_order()
            visit._schedule_report_activity()

    def _get_service_date(self):
        """Return the day on which the visit took place, as far as is known.

        What the technician said; else the day on which Start was pressed; else the
        planned day: a report is often sent, and a visit closed, on a later one.
        """
        self.ensure_one()
        return self.visit_day or self._get_begun_day() or self._get_likely_day()

    def _get_begun_day(self):
        """Return the day on which the technician pressed Start, or False.

        An office that closes a visit of another day presses Start as well.
        """
        task = self.technician_task_id
        if not task.actual_start:
            return False
        day = self._to_local_day(task.actual_start)
        user = self.env.user
        by_office = user != self.technician_id and user.has_group(DISPATCHER)
        closed = task.completed_at or fields.Datetime.now()
        if by_office and self.planned_day and self.planned_day < day:
            return False if day == self._to_local_day(closed) else day
        return day

    def _get_likely_day(self):
        """Return the planned day, unless the visit was closed before it."""
        closed = self.technician_task_id.completed_at or fields.Datetime.now()
        days = (self._to_local_day(closed), self.planned_day)
        return min(filter(None, days))

    def _roll_contract(self):
        """Close the cycle, once for each visit, and take over its link."""
        if self.cycle_before:
            return
        contract = self.contract_id
        link = contract.sudo().booking_token
        self.cycle_before = contract._get_cycle()
        contract._roll(self.service_date)
        self.rolled_to = contract.next_due_date
        self._open_done_page(link)

    def _finish_repair(self):
        """End the repair order where there is nothing left to decide about it."""
        repair = self.repair_order_id
        if not repair or repair.state in ("done", "cancel"):
            return
        summary = self.env._("Close the repair order %(name)s", name=repair.name)
        self._try_document(summary, lambda: self._end_repair(repair, summary))

    def _end_repair(self, repair, summary):
        # Asked first: what nobody used has no quantity any more afterwards.
        pending = self._get_undecided_moves(repair)
        if repair.state != "under_repair":
            repair.action_repair_start()
        self._consume_parts(repair)
        if pending:
            note = self.env._("Some of its parts have no quantity yet.")
            self.contract_id._notify_office(summary, note)
            return
        repair.action_repair_end()

    def _consume_parts(self, repair):
        """Put on the repair order what was used of its parts, and nothing else.

        A planned part that was not used keeps no quantity: Odoo takes from stock what
        was reserved for it otherwise. The demand becomes what was used too, for the
        client's order follows the demand.
        """
        for part in self.part_ids.filtered(lambda part: part.move_id.state != "done"):
            move = part.move_id.filtered(lambda move: move.state != "cancel")
            if not move and not part.quantity:
                continue
            move = move or without_button(self.env["stock.move"]).create(
                self._prepare_part_move_vals(part, repair)
            )
            part.move_id = move
            if move.product_uom.compare(move.product_uom_qty, part.quantity):
                move.product_uom_qty = part.quantity
            move.write({"quantity": part.quantity, "picked": bool(part.quantity)})
            part._bill_as_agreed()
        # Odoo leaves out what is not picked as soon as anything is.
        others = repair.move_ids.filtered(lambda move: move.repair_line_type != "add")
        others.filtered("quantity").picked = True

    def _get_undecided_moves(self, repair):
        """Return the moves of a repair of which nobody has said what was used.

        What stock reserved for a part is no word of anybody.
        """
        said = self.part_ids.filtered("quantity").move_id
        return (repair.move_ids - said).filtered(
            lambda move: (
                move.state not in ("done", "cancel")
                and (
                    move.product_uom.is_zero(move.quantity)
                    or (move.repair_line_type == "add" and not move.picked)
                )
            )
        )

    def _prepare_part_move_vals(self, part, repair):
        van = self.technician_id.x_fc_van_location_id
        if van.company_id and van.company_id != self.company_id:
            van = van.browse()
        return {
            "repair_id": repair.id,
            "repair_line_type": "add",
            "product_id": part.product_id.id,
            "product_uom": part.uom_id.id,
            "product_uom_qty": part.quantity,
            "company_id": self.company_id.id,
            "location_id": (van or repair.location_id).id,
            "location_dest_id": repair.location_dest_id.id,
            "picked": True,
        }

    def _confirm_order(self):
        order = self.sale_order_id
        if order.x_fc_maintenance_visit_ids.filtered("is_live"):
            return  # the last of the units on it decides
        self._settle_order(order)
        for visit in order.x_fc_maintenance_visit_ids:
            visit._ask_for_invoice()

    def _settle_order(self, order):
        """Confirm the draft order of visits that are done; nothing to pay, no order."""
        if order.state not in ("draft", "sent"):
            return
        if order.currency_id.is_zero(order.amount_total):
            summary = self.env._("Cancel the order %(name)s", name=order.name)
            self._try_document(summary, order._action_cancel)
            return
        summary = self.env._("Confirm the order %(name)s", name=order.name)
        self._try_document(summary, order.action_confirm)

    def _revive_order(self):
        """Take up a cancelled order again on which something is charged by now.

        An order of nothing is cancelled; the report may come later, with parts.
        """
        order = self.sale_order_id
        if order.state != "cancel" or order.currency_id.is_zero(order.amount_total):
            return
        summary = self.env._("Confirm the order %(name)s", name=order.name)
        self._try_document(summary, order.action_draft)
        self._settle_order(order)
        self._ask_for_invoice()

    def _ask_for_invoice(self):
        """Have the office charge for a visit that its order will not: nobody delivers.

        Timesheets or stock may be what counts for the service product.
        """
        line = self.sale_line_id
        is_charged = self.state == "done" and line.price_subtotal > 0
        if is_charged and line.state == "sale" and line.invoice_status == "no":
            self.contract_id._notify_office(
                _lt("Charge for the visit %(visit)s", visit=self.name),
                _lt(
                    "Order %(order)s does not count it as delivered.",
                    order=self.sale_order_id.name,
                ),
                reason=f"invoice:{self.id}",
            )

    def _try_document(self, summary, action):
        """Run what the visit does not depend on; the office hears of a failure."""

        def tell(error):
            note = str(error)
            if not isinstance(error, UserError):
                note = self.env._(
                    "It failed with a technical error; see the server log."
                )
            self.contract_id._notify_office(summary, note)

        what = f"Visit {self.name}: {summary}"
        attempt(self.env.cr, action, what, failed=tell, expected=(UserError,))

    # Not done ------------------------------------------------------------------

    def action_cancel(self):
        """Call a visit off; the unit can be booked again at once."""
        self._check_office()
        self.sudo()._cancel(self.env._("Cancelled by the office."))

    def _cancel(self, reason=None):
        """Call visits off together with their tasks, and tell the clients."""
        visits = self.filtered("is_live")
        visits._release("cancelled", reason)
        visits._end_tasks()
        self._notify_client()

    def _end_tasks(self):
        """Cancel the tasks of these visits, but not what others still need of them."""
        for task in self.technician_task_id:
            if task.status not in LIVE_TASK_STATES:
                continue
            others = task.x_fc_maintenance_visit_ids - self
            goes_on = bool(others.filtered("is_live"))
            was_done = task._is_live() and "done" in others.mapped("state")
            if not (goes_on or was_done):
                task.action_cancel()
                continue
            for visit in self & task.x_fc_maintenance_visit_ids:
                visit._leave_shared_task()
            if not goes_on:
                task.action_complete()

    def _release(self, state, reason=None):
        """End a visit that did not take place: its unit is open for booking again."""
        for visit in self.filtered("is_live"):
            contract = visit.contract_id
            if state == "no_show" and not reason:
                reason = self.env._("The client was not home.")
            visit.write({"state": state, "cancel_reason": reason})
            visit._give_back_plan()
            if contract.booking_repair_id == visit.repair_order_id:
                contract.booking_repair_id = False
            contract.reminder_checked_on = False
            contract._settle_requests(
                "visit_closed",
                self.env._("%(visit)s did not take place.", visit=visit.name),
            )
            visit._cancel_documents()
            visit._notify_office_release()

    def _cancel_documents(self):
        repair = self.repair_order_id
        if repair.state in ("draft", "confirmed", "under_repair"):
            summary = self.env._("Cancel the repair order %(name)s", name=repair.name)
            self._try_document(summary, repair.action_repair_cancel)
        order = self.sale_order_id
        if self._leave_shared_order():
            return
        if order.state in ("draft", "sent"):
            summary = self.env._("Cancel the order %(name)s", name=order.name)
            self._try_document(summary, order._action_cancel)

    # Again ---------------------------------------------------------------------

    def _reopen(self):
        """Take back that a visit is over, if nothing was built on it since.

        The client hears of it with the change of the task that leads here.

        :raise UserError: if the next cycle has begun, or another visit is booked
        """
        self.ensure_one()
        self._reopen_plan()
        reason = self.env._("The visit %(visit)s was reopened.", visit=self.name)
        link = self._close_done_page()
        self._reopen_cycle()
        self._reopen_orders()
        self._withdraw_report(reason)
        self._give_back_link(link)
        self._withdraw_report_document()
        self._withdraw_certificate(reason)

    def _reopen_cycle(self):
        contract = self.contract_id
        contract._lock()
        if self.cycle_before:
            contract._roll_back(self.cycle_before, self.rolled_to)
        elif contract.is_booked:
            raise UserError(
                self.env._(
                    "%(visit)s cannot be reopened: another visit to the unit is "
                    "booked already.",
                    visit=self.name,
                )
            )
        self.write(
            {
                "state": "scheduled",
                "cycle_before": False,
                "rolled_to": False,
                "service_date": False,
                "visit_day": False,
                "cancel_reason": False,
            }
        )
        contract.booking_repair_id = self.repair_order_id

    def _reopen_orders(self):
        if self.repair_order_id.state == "cancel":
            self.repair_order_id.action_repair_cancel_draft()
        if self.sale_order_id.state == "cancel":
            self.sale_order_id.action_draft()
        self._rejoin_order()
