from datetime import timedelta

from odoo import SUPERUSER_ID, fields, models
from odoo.tools import consteq
from odoo.tools.misc import hmac

from odoo.addons.fusion_tasks.button_context import without_button
from odoo.addons.fusion_tasks.exceptions import SlotTakenError
from odoo.addons.fusion_tasks.scheduling import Slot, low_detour

from .visit_request import EPOCH, OfferedSlot, SignedSlot, VisitRequest

SCOPE = "fusion_repairs.slot"
PRICE_SCOPE = "fusion_repairs.price"
PRICE_MARK = 16


class PriceChangedError(SlotTakenError):
    """The time is one of ours, but the visit has another price by now."""


class FusionRepairMaintenanceContract(models.Model):
    """Which times are offered for a visit, and how an offer is told from a forgery."""

    _inherit = "fusion.repair.maintenance.contract"

    def _prepare_visit_request(self, companions=None, **details):
        """Return the request for a visit that this unit leads, no time chosen yet.

        What is booked already is to be moved, with all its units.

        :param companions: contracts of the other units; those of the booked visit
            unless told
        :param details: of the VisitRequest
        """
        self.ensure_one()
        # A form in memory asks about the contract that is stored.
        lead = (self._origin or self)._for_booking()
        visit = lead.current_visit_id
        if companions is None:
            companions = visit._get_other_contracts() if visit else lead.browse()
        return VisitRequest(
            lead,
            lead.browse(companions.ids) - lead,
            exclude_task=visit.technician_task_id or None,
            **details,
        )

    def _get_booking_slots(
        self, request=None, limit=12, per_day=3, date_from=None, with_earliest=False
    ):
        """Return the short list of times to offer now, as OfferedSlot in date order.

        :param request: for which units; this one's own unless told. The times are long
            enough for all its units, by a technician who may serve all
        :param date_from: the first local day to look at, as many days on as the
            horizon has; today unless told
        :param with_earliest: for the office: the first of all times is in the list
        """
        request = request or self._prepare_visit_request()
        lead = request.lead
        days = timedelta(days=lead.company_id.x_fc_booking_horizon_days + 1)
        today = fields.Datetime.now().date()
        latitude, longitude = lead._get_place()
        ranked, zones = lead.env["fusion.technician.task"]._find_short_list(
            request.units._get_serving_technicians(),
            date_from or today - timedelta(days=1),
            (date_from or today) + days,
            request.hours,
            latitude,
            longitude,
            exclude_task=request.exclude_task,
            limit=limit,
            per_day=per_day,
            past_horizon=request.past_horizon,
            with_earliest=with_earliest,
        )
        nearby = low_detour(ranked)
        terms = lead._get_terms(request)
        return [
            OfferedSlot(
                *slot,
                slot in nearby,
                lead._sign_slot(slot, request, terms),
                zones[slot.technician_id],
            )
            for slot in ranked
        ]

    def _get_offer(self, request):
        """Return in a list the time of a request as it is offered, none if not open."""
        try:
            slot = self._get_open_slot(request)
        except SlotTakenError:
            return []
        value = self._sign_slot(slot, request)
        tz = request.technician._fc_get_tz()
        return [OfferedSlot(*slot, low_detour=False, value=value, tz=tz)]

    def _find_slots(self, request, technicians, date_from, date_to):
        """Return all open slots of these technicians for a visit to these units."""
        latitude, longitude = self._get_place()
        return self.env["fusion.technician.task"]._find_open_slots(
            technicians,
            date_from,
            date_to,
            request.hours,
            latitude,
            longitude,
            exclude_task=request.exclude_task,
            past_horizon=request.past_horizon,
        )

    def _find_slots_at(self, request, technicians):
        """Return the open slots of these technicians at the start of a request."""
        day, around = request.start.date(), timedelta(days=1)
        found = self._find_slots(request, technicians, day - around, day + around)
        return [slot for slot in found if slot.start == request.start]

    def _for_booking(self):
        """Return the contract as the booking code sees it.

        The client has no rights of their own and the office may lack some on linked
        documents, hence sudo; a public visitor must never be the author or the
        responsible of a record, hence the system user; and everything belongs to the
        contract's company, whichever the page or the switcher says. Whatever the
        office is written to goes through the queue, for Odoo would otherwise talk to
        the mail server before the client is answered; of new orders it hears from its
        lists, not by one mail each.
        """
        contract = self
        if self.env.user._is_public() or not self.env.user.active:
            contract = self.with_user(SUPERUSER_ID)
        return (
            without_button(contract.sudo())
            .with_company(self.company_id)
            .with_context(
                mail_auto_subscribe_no_notify=True, mail_notify_force_send=False
            )
        )

    # Values --------------------------------------------------------------------

    def _sign_slot(self, slot, request=None, terms=None):
        """Return a slot's opaque value, good for these units in this cycle only.

        :param terms: as of ``_get_terms``, where many slots are signed
        """
        self.ensure_one()
        units, mark = terms or self._get_terms(request or self._prepare_visit_request())
        start = int((slot.start - EPOCH).total_seconds())
        seal = self._seal(slot.technician_id, start, units, mark)
        return f"{slot.technician_id}.{start}.{mark}{seal}"

    def _seal(self, technician_id, start, units, mark):
        message = f"{units}:{technician_id}:{start}:{mark}"
        return hmac(self.env(su=True), SCOPE, message)

    def _get_terms(self, request):
        """Return what a time is offered for: units and hours, and a mark of the price.

        The price is that of all units together with tax. The price of a visit that is
        booked was agreed then and moves with it.
        """
        units = (self, *request.companions.sorted("id"))
        cycles = ":".join(unit._get_cycle_key() for unit in units)
        hours = f"{cycles}:{round(request.asked_hours * 60)}"
        price = "agreed"
        if not self.current_visit_id:
            found = request.units._get_bundle_breakdown()
            currency = found["currency"]
            price = f"{found['total']:.{currency.decimal_places}f}:{currency.name}"
        mark = hmac(self.env(su=True), PRICE_SCOPE, f"{self.id}:{price}")[:PRICE_MARK]
        return hours, mark

    def _get_cycle_key(self):
        return f"{self.id}:{fields.Date.to_string(self.next_due_date)}"

    def _read_slot(self, value, request=None):
        """Return the request at the time of a value signed for exactly these units.

        This is the door: behind it a time is technician and start of a request.

        :raise PriceChangedError: if it was, at another price
        :raise SlotTakenError: for anything else, whatever was posted
        """
        request, is_price_current = self._unseal_slot(value, request)
        if not is_price_current:
            raise PriceChangedError(
                self.env._("The price has changed. Please look at it again.")
            )
        return request

    def _unseal_slot(self, value, request=None):
        """Return the request at the time of a value, and whether its price holds still.

        :raise SlotTakenError: for what was never signed for exactly these units
        """
        request = request or self._prepare_visit_request()
        signed = SignedSlot.parse(value)
        if signed:
            start = int((signed.start - EPOCH).total_seconds())
            units, mark = self._get_terms(request)
            seal = self._seal(signed.technician_id, start, units, signed.mark)
            if consteq(signed.seal, seal):
                users = request.lead.env["res.users"]
                technician = users.browse(signed.technician_id)
                request = request.replace(technician=technician, start=signed.start)
                return request, consteq(signed.mark, mark)
        raise SlotTakenError(
            self.env._("Please choose one of the times that are open now.")
        )

    # Is it open? -----------------------------------------------------------------

    def _get_open_slot(self, request):
        """Return the slot if it would be offered now, or if a dispatcher overrides.

        :raise SlotTakenError: if it would not be offered; the office hears why, a
            client is told in one sentence, so no reason is worked out
        """
        self.ensure_one()
        is_able = request.technician in request.units._get_serving_technicians()
        slots = is_able and self._find_slots_at(request, request.technician)
        if slots:
            return Slot(*slots[0])
        if request.override:
            return self._get_overridden_slot(request)
        sorry = self.env._("That time is no longer open. Please choose another one.")
        reason = (
            is_able and not request.is_from_client and self._explain_schedule(request)
        )
        raise SlotTakenError(f"{sorry} ({reason})" if reason else sorry)

    def _explain_schedule(self, request):
        """Return in words what the engine says against a time, False if nothing."""
        return self.env["fusion.technician.task"]._explain_slot(
            request.technician,
            request.start,
            request.hours,
            *self._get_place(),
            exclude_task=request.exclude_task,
            past_horizon=request.past_horizon,
        )

    def _explain_visit(self, request):
        """Return in words why a visit cannot start then, else False.

        The engine's verdict, and before it the skills, which the engine does not know.
        """
        if request.technician not in request.units._get_serving_technicians():
            board = self.env["fusion.dispatch.board"]
            return board._get_day_refusal(request.technician.sudo())
        return self._explain_schedule(request)
