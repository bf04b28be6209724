from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import plaintext2html

from odoo.addons.fusion_tasks.exceptions import SlotTakenError

from .visit_request import SignedSlot

QUIET = {
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_auto_subscribe_no_notify": True,
    "tracking_disable": True,
}

# Whom to ask besides the technician of the offer. Each attempt may have to wait for
# those who plan the same technician right now.
MOST_OTHERS = 5


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

    def _check_companions(self, others):
        """Refuse units that cannot be serviced together with this one.

        How far apart they are due is up to whoever books.

        :raise SlotTakenError: if one of them is booked, ended or moved meanwhile
        """
        domain = self._get_same_place_domain()
        if others.filtered_domain(domain) != others:
            raise SlotTakenError(
                self.env._(
                    "One of the units can no longer be serviced on this visit. "
                    "Please choose again."
                )
            )

    def _book_slot(self, value, companions=None, **details):
        """Book the visit of this cycle at an offered time.

        :param value: of the offered slot
        :param companions: contracts of other units to maintain on the same visit;
            the slot was offered for all of them together
        :param details: more of the VisitRequest, such as source, note and attendee
        :return: the visit; the one already booked if there is one
        :raise SlotTakenError: as ``_read_slot`` and ``_book_visit``
        """
        contract = self._for_booking()
        if contract.current_visit_id:
            return contract.current_visit_id
        request = self._prepare_visit_request(companions, **details)
        return contract._book_visit(contract._read_slot(value, request))

    def _book_visit(self, request):
        """Book the visit of this cycle, all its records or none.

        :param request: VisitRequest of this contract, with technician and start
        :return: the visit; the one already booked if there is one
        :raise SlotTakenError: if the engine would not offer that time now, or one of
            the other units cannot be booked any more
        """
        request = self._hold_request(request)
        lead, units = request.lead, request.units
        # 1. Lock: the day first, as everybody does, then the contracts.
        lead._queue_for(request)
        units._lock()
        if lead.current_visit_id:
            return lead.current_visit_id
        # 2. Check
        lead._check_bookable()
        lead._check_companions(request.companions)
        with lead.env.cr.savepoint():
            # 3. Choose technician and slot: the task is what decides.
            refusal = request.override and lead._explain_visit(request)
            task = lead._plan_task(request)
            # 4. Create all other records
            visit = lead._create_visits(request, task)[0]
            # 5. Tell the client and the office
            visit._send_confirmation()
            if refusal:
                visit._get_bundle()._note_override(refusal, request.override)
            units._finish_requests_to_book(
                self.env._("A visit was booked: %(visit)s.", visit=visit.display_name)
            )
        return visit

    def _hold_request(self, request):
        """Return a request as it is worked on while rows and days are locked.

        Two keys of the context have to pass Odoo's ``write`` of the task. Rivals wait
        for what is locked, so nothing waits for a server (``fusion_travel_offline``:
        drives are estimated, which harms nobody who sets it). ``fusion_telling`` is
        an instance of ``Telling``, which no call from outside can make.
        """
        self.ensure_one()
        return request.with_context(
            fusion_travel_offline=True, fusion_telling=request.telling
        )

    def _begin_in_turn(self, value):
        """Begin the client's request anew once nobody else plans that day.

        See ``fusion.technician.schedule``: what the request wrote before, if anything,
        is kept, and it waits all the same.

        :param value: of an offered slot; anything else is refused later
        :raise SlotTakenError: if others do not finish in time
        """
        signed = SignedSlot.parse(value)
        turn = self._get_turn(signed and signed.start, self._get_serving_technicians())
        self.env["fusion.technician.schedule"].sudo()._begin_in_turn(turn)

    def _queue_for(self, request):
        """Wait for others who plan that day, before any contract is locked.

        Clients come by their day first, too: nobody waits for anybody crosswise.
        """
        technicians = request.technician
        if request.is_from_client:
            technicians = self._get_serving_technicians()
        turn = self._get_turn(request.start, technicians)
        self.env["fusion.technician.schedule"].sudo()._queue(turn)

    def _get_turn(self, start, technicians):
        """Return what a booking may have to do with, as spans of a schedule.

        The days of all who might come at that time, and of the visit that is moved.
        """
        spans = [(technician_id, start, start) for technician_id in technicians.ids]
        task = self.sudo().current_visit_id.technician_task_id
        if task:
            spans.append((task.technician_id.id, task.date_start, task.date_end))
        return [span for span in spans if all(span)]

    # Technician and slot -----------------------------------------------------------

    def _plan_task(self, request):
        """Plan the task of a visit, a new one or the one that is moved.

        The office chose a technician. A client chose a time: if its technician has
        been taken meanwhile, another one who is free then comes, so as many clients
        win one time as technicians are free then. An attempt that fails is taken back
        whole, also its place in the queue for the technician: so nobody holds one
        technician while waiting for another.

        :return: the task
        :raise SlotTakenError: if nobody is free then
        """
        try:
            return self._plan_task_at(request, self._get_open_slot(request))
        except SlotTakenError as refused:
            if not request.is_from_client:
                raise
            for slot in self._find_other_technicians(request):
                try:
                    return self._plan_task_at(request, slot)
                except SlotTakenError:
                    continue
            raise refused from None

    def _plan_task_at(self, request, slot):
        """Create the task of a visit at a slot, or move it there, or change nothing.

        :raise SlotTakenError: if somebody else was quicker
        """
        with self.env.cr.savepoint():
            task = request.exclude_task
            prepare = self._prepare_move_vals if task else self._prepare_task_vals
            vals = prepare(request, slot)
            if request.override:
                vals |= self._prepare_overlap_vals(request, slot)
            if task:
                task.write(vals)
            else:
                task = self.env["fusion.technician.task"]._create_booking(vals)
            return task

    def _find_other_technicians(self, request):
        """Return the open slots of other technicians then, the shortest drive first."""
        others = request.units._get_serving_technicians() - request.technician
        slots = self._find_slots_at(request, others)
        slots.sort(key=lambda slot: (slot.detour, slot.technician_id))
        return slots[:MOST_OTHERS]

    # Records -----------------------------------------------------------------

    def _create_visits(self, request, task):
        """Create order, repairs and visits of a task; return the visits, own first."""
        units, note = request.units, request.note
        plans = units._get_plans()
        fees = units._get_visit_fees(plans)
        order = self.env["sale.order"].create(units._prepare_order_vals(fees))
        repairs = self.env["repair.order"].create(
            [
                unit._prepare_repair_vals(task, request.source, note)
                | {"sale_order_id": order.id}
                for unit in units
            ]
        )
        lines = order.order_line.sorted("id")
        visits = self.env["fusion.repair.maintenance.visit"].create(
            [
                unit._prepare_visit_vals(task, repair, order, note)
                | {"sale_line_id": line.id, "x_fc_fee": fees[unit.id]}
                | (request.attendee or {})
                for unit, repair, line in zip(units, repairs, lines, strict=False)
            ]
        )
        visits._use_plans(plans)
        for unit, repair in zip(units, repairs, strict=True):
            unit.booking_repair_id = repair
        return visits

    def _get_service_product(self):
        """Return the service that a visit is sold as."""
        return self.product_id.product_tmpl_id._get_maintenance_service()

    def _get_unit_name(self):
        """Return how the unit is called towards the client."""
        self.ensure_one()
        return self.product_id.name

    def _format_due_date(self):
        """Return the due date in words, in the language of the context.

        Without the day of the week: that would read as an appointment.
        """
        words = self.env["fusion.repair.public.words"]
        return words._format_due_day(self.next_due_date, self._get_today())

    def _prepare_task_vals(self, request, slot):
        """Return the values of the technician's task for a slot."""
        latitude, longitude = self._get_place()
        said = [unit._get_unit_text() for unit in request.units]
        said += [self._get_attendee_text(request.attendee), request.note]
        return {
            "task_type": "maintenance",
            "company_id": self.company_id.id,
            "technician_id": slot.technician_id,
            "partner_id": self.partner_id.id,
            "address_id": self.address_id.id,
            "latitude": latitude,
            "longitude": longitude,
            "date_start": slot.start,
            "duration": request.hours,
            "travel_before": slot.travel_before,
            "description": "\n".join(filter(None, said)),
        }

    def _get_attendee_text(self, attendee):
        """Return whom the technician will meet instead of the client, if told."""
        attendee = attendee or {}
        known = (attendee.get("attendee_name"), attendee.get("attendee_phone"))
        person = ", ".join(filter(None, known))
        return person and self.env._("Will be there: %(person)s", person=person)

    def _get_unit_text(self):
        """Return the unit as the technician looks for it."""
        serial = self.x_fc_device_serial
        if not serial:
            return self.product_id.display_name
        return self.env._(
            "%(unit)s, serial %(serial)s",
            unit=self.product_id.display_name,
            serial=serial,
        )

    def _prepare_repair_vals(self, task, source, note=None):
        """Return the values of the repair order of a booking.

        The unit stays with the client: it moves nowhere in our stock. A unit that is
        tracked cannot be named on a repair without its lot.
        """
        unit = self.product_id
        known = unit.type == "consu" and (unit.tracking == "none" or self.lot_id)
        customers = self.env.ref("stock.stock_location_customers").id
        return {
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "user_id": self.user_id.id,
            "picking_type_id": self._get_repair_picking_type().id,
            "product_id": unit.id if known else False,
            "lot_id": self.lot_id.id,
            "product_location_src_id": customers,
            "product_location_dest_id": customers,
            "schedule_date": task.date_start,
            "internal_notes": note and plaintext2html(note),
            "x_fc_intake_source": source,
            "x_fc_maintenance_contract_id": self.id,
        }

    def _get_repair_picking_type(self):
        domain = [
            ("code", "=", "repair_operation"),
            ("company_id", "=", self.company_id.id),
        ]
        picking_type = self.env["stock.picking.type"].search(domain, limit=1)
        if not picking_type:
            raise UserError(
                self.env._(
                    "%(company)s has no warehouse with a repair operation yet.",
                    company=self.company_id.name,
                )
            )
        return picking_type

    def _prepare_order_vals(self, fees=None):
        """Return the values of the draft order: a line a unit, the fees as agreed.

        Called on all units of a visit, the lead first.

        :param fees: of a visit to each unit, by contract id; as of now unless told
        """
        lead, fees = self[:1], fees or self._get_visit_fees()
        client = lead.partner_id
        pricelist = client.with_company(lead.company_id).property_product_pricelist
        same_currency = pricelist.currency_id == lead.currency_id
        return {
            "company_id": lead.company_id.id,
            "partner_id": client.id,
            "partner_shipping_id": lead.address_id.id,
            "user_id": lead.user_id.id,
            "pricelist_id": same_currency and pricelist.id,
            "origin": lead.name,
            "require_signature": False,
            "require_payment": False,
            "order_line": [
                Command.create(unit._prepare_order_line_vals(fees[unit.id]))
                for unit in self
            ],
        }

    def _prepare_order_line_vals(self, fee):
        """Return the values of the order line of this unit's visit at a fee."""
        return {
            "product_id": self._get_service_product().id,
            "name": self._get_service_text(),
            "product_uom_qty": 1.0,
            "price_unit": fee,
            # Odoo takes another price here as one typed by hand, which it keeps: also
            # on a copy of the order, which is no visit's, and for a fee of nothing.
            "technical_price_unit": -1.0,
            # The fee is agreed as it is: no rule of a pricelist takes a share off it.
            "discount": 0.0,
        }

    def _get_service_text(self):
        """Return the order line's text in the client's language."""
        translated = self.with_context(lang=self.partner_id.lang)
        return translated.env._(
            "Maintenance visit: %(unit)s", unit=translated.product_id.name
        )

    def _prepare_visit_vals(self, task, repair, order, note=None):
        """Return the values of the visit, its checklist laid out."""
        translated = self.with_context(lang=task.technician_id.lang)
        category = translated.x_fc_policy_category_id
        lines = category._get_checklist_items()._prepare_line_vals()
        return {
            "contract_id": self.id,
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "product_id": self.product_id.id,
            "lot_id": self.lot_id.id,
            "technician_task_id": task.id,
            "repair_order_id": repair.id,
            "sale_order_id": order.id,
            "cycle_due_date": self.next_due_date,
            "client_note": note,
            "x_fc_fee": self.x_fc_maintenance_fee,
            "checklist_line_ids": [Command.create(vals) for vals in lines],
            "checklist_revision_ids": [
                Command.set(category._get_checklist_revisions().ids)
            ],
        }
