from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

LOCK_TIMEOUT = "3s"
SOURCES = ("client_portal", "office")


class FusionRepairMaintenanceContract(models.Model):
    """Booking the visit of a cycle: by the client's link and by the office alike."""

    _inherit = "fusion.repair.maintenance.contract"

    def action_book_maintenance(self):
        """Open the times that the clients would see, to book on their behalf.

        Units at one place are booked together, others one after the other.
        """
        return self.env["fusion.repair.booking.wizard"]._open_for(self)

    def _check_bookable(self):
        """Refuse a contract that is not active, in a sentence."""
        self.ensure_one()
        if self.state != "active":
            raise UserError(
                self.env._(
                    "This contract is not active, so no visit can be booked on it."
                )
            )

    def _book_slot(
        self, slot, source="office", note=None, companions=None, attendee=None
    ):
        """Book the visit of this cycle, all its records or none.

        :param slot: the value of an offered slot, or a slot itself
        :param source: client_portal or office
        :param note: what the technician should know, plain text
        :param companions: contracts of other units to look after on the same visit;
            the slot was offered for all of them together
        :param attendee: who will be there instead of the client: dict of
            attendee_name, attendee_phone, attendee_email
        :return: the visit; the one already booked if there is one
        :raise SlotTakenError: if the engine would not offer that slot now, or one of
            the companions cannot be booked any more
        """
        self.ensure_one()
        if source not in SOURCES:
            raise ValueError(f"Unknown source of a booking: {source!r}")
        # Rivals wait for what is locked here, so nothing here waits for a server.
        contract = self._for_booking().with_context(fusion_travel_offline=True)
        companions = contract.browse(companions and companions.ids) - contract
        contract._queue_for(slot)
        (contract | companions)._lock()
        if contract.current_visit_id:
            return contract.current_visit_id
        contract._check_bookable()
        contract._check_companions(companions)
        with contract.env.cr.savepoint():
            return contract._create_booking_records(
                slot, source, note, companions, attendee
            )

    def _begin_in_turn(self, value):
        """Begin the client's request anew once nobody else plans that day.

        See ``fusion.technician.schedule``: what the request wrote before, if anything,
        is kept, and it waits all the same.

        :param value: of an offered slot; anything else is refused later
        :raise SlotTakenError: if others do not finish in time
        """
        schedules = self.env["fusion.technician.schedule"].sudo()
        schedules._begin_in_turn(self._get_turn(value))

    def _queue_for(self, slot):
        """Wait for others who plan that day, before any contract is locked.

        Clients come by their day first, too: nobody waits for anybody crosswise.

        :param slot: the value of an offered slot, or a slot itself
        """
        self.env["fusion.technician.schedule"].sudo()._queue(self._get_turn(slot))

    def _get_turn(self, slot):
        """Return what a booking may have to do with, as spans of a schedule.

        The days of all who might come at the time a client chose, and of the visit
        that is moved.
        """
        start, technicians = self._get_slot_start(slot), self._get_serving_technicians()
        if hasattr(slot, "technician_id"):
            technicians = technicians.browse(slot.technician_id)
        spans = [(technician_id, start, start) for technician_id in technicians.ids]
        task = self.sudo().current_visit_id.technician_task_id
        if task:
            spans.append((task.technician_id.id, task.date_start, task.date_end))
        return [span for span in spans if all(span)]

    def _lock(self):
        """Make rival bookings of these contracts wait, then see this one.

        Always in the order of the ids: two bookings of the same units from different
        ends wait for each other in turn, never crosswise.
        The row is written later in the transaction, so a rival that read it before
        cannot go on with what it read: it fails to serialise and is run again.
        """
        self.flush_recordset()
        cr = self.env.cr
        cr.execute(SQL("SELECT set_config('lock_timeout', %s, TRUE)", LOCK_TIMEOUT))
        cr.execute(
            SQL(
                "SELECT id FROM %s WHERE id IN %s ORDER BY id FOR NO KEY UPDATE",
                SQL.identifier(self._table),
                tuple(self.ids) or (0,),
            )
        )
        self.invalidate_recordset()

    def _create_booking_records(self, slot, source, note, companions, attendee):
        """Create all that a visit is made of; then client and office hear of it."""
        refusal = self._explain_override(slot, companions)
        # The task first: a slot that somebody else just took is known at once.
        task = self._create_task(slot, source, note, companions, attendee)
        visit = self._create_visits(task, source, note, companions, attendee)[0]
        visit._send_confirmation()
        if refusal:
            visit._get_bundle()._note_override(refusal, self._get_override())
        (self | companions)._finish_requests_to_book(
            self.env._("A visit was booked: %(visit)s.", visit=visit.display_name)
        )
        return visit

    def _create_visits(self, task, source, note, companions, attendee):
        """Create order, repairs and visits of a task; return the visits, own first."""
        order = self.env["sale.order"].create(self._prepare_order_vals(companions))
        contracts = self | companions
        repairs = self.env["repair.order"].create(
            [
                contract._prepare_repair_vals(task, source, note)
                | {"sale_order_id": order.id}
                for contract in contracts
            ]
        )
        lines = order.order_line.sorted("id")
        visits = self.env["fusion.repair.maintenance.visit"].create(
            [
                contract._prepare_visit_vals(task, repair, order, note)
                | {"sale_line_id": line.id, **(attendee or {})}
                for contract, repair, line in zip(
                    contracts, repairs, lines, strict=False
                )
            ]
        )
        for contract, repair in zip(contracts, repairs, strict=True):
            contract.booking_repair_id = repair
        return visits

    def _create_task(self, slot, source, note, companions, attendee):
        """Plan the visit; the office chose a technician, a client only a time."""
        if hasattr(slot, "technician_id"):
            technician = self.env["res.users"].browse(slot.technician_id)
            start = slot.start
        else:
            technician, start = self._read_slot(slot, companions)

        def plan(free):
            vals = self._prepare_task_vals(free, note, companions, attendee)
            return self.env["fusion.technician.task"]._create_booking(vals)

        if source == "client_portal":
            return self._take_time(technician, start, plan, companions=companions)
        return plan(self._take_slot(technician, start, companions=companions))
