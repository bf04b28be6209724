import re
from datetime import timedelta
from typing import NamedTuple

from odoo import SUPERUSER_ID, fields, models
from odoo.tools import consteq
from odoo.tools.misc import hmac

from odoo.addons.fusion_tasks.button_context import without_button
from odoo.addons.fusion_tasks.exceptions import SlotTakenError
from odoo.addons.fusion_tasks.scheduling import Slot, low_detour

# Technician and start, then the mark of the price and the seal in one.
SLOT_PATTERN = re.compile(
    r"(\d{1,9})\.(\d{1,11})\.([0-9a-f]{16})([0-9a-f]{64})", re.ASCII
)
SCOPE = "fusion_repairs.slot"
PRICE_SCOPE = "fusion_repairs.price"
PRICE_MARK = 16
EPOCH = fields.Datetime.from_string("1970-01-01 00:00:00")


class PriceChangedError(SlotTakenError):
    """The time is one of ours, but the visit has another price by now."""


class OfferedSlot(NamedTuple):
    """An open slot as it is offered: naive UTC times, minutes, an opaque value.

    ``tz`` names the zone of the technician's hours, in which it is told.
    """

    technician_id: int
    start: object
    end: object
    travel_before: int
    travel_after: int
    detour: int
    low_detour: bool
    value: str
    tz: str


class FusionRepairMaintenanceContract(models.Model):
    """Which times are offered for a visit, and how an offer is told from a forgery."""

    _inherit = "fusion.repair.maintenance.contract"

    def _get_booking_slots(
        self,
        limit=12,
        exclude_task=None,
        per_day=3,
        companions=None,
        date_from=None,
    ):
        """Return the short list of times to offer now, as OfferedSlot in date order.

        :param exclude_task: the task that is to be moved
        :param companions: contracts of other units to maintain on the same visit:
            the times are long enough for all, by a technician who may serve all
        :param date_from: the first local day to look at, as many days on as the
            horizon has; today unless told
        """
        self.ensure_one()
        contract = self._for_booking()
        days = timedelta(days=contract.company_id.x_fc_booking_horizon_days + 1)
        today = fields.Datetime.now().date()
        latitude, longitude = contract._get_place()
        ranked, zones = contract.env["fusion.technician.task"]._find_short_list(
            contract._get_serving_technicians(companions),
            date_from or today - timedelta(days=1),
            (date_from or today) + days,
            contract._get_visit_hours(companions, exclude_task),
            latitude,
            longitude,
            exclude_task=exclude_task,
            limit=limit,
            per_day=per_day,
        )
        nearby = low_detour(ranked)
        terms = contract._get_terms(companions)
        return [
            OfferedSlot(
                *slot,
                slot in nearby,
                contract._sign_slot(slot, companions, terms),
                zones[slot.technician_id],
            )
            for slot in ranked
        ]

    def _get_offer(self, technician, start, companions=None):
        """Return in a list the one time as it is offered, if it is open; else none.

        :param start: naive UTC
        """
        contract = self._for_booking()
        task = contract.current_visit_id.technician_task_id or None
        try:
            slot = contract._get_open_slot(technician, start, task, companions)
        except SlotTakenError:
            return []
        value, tz = contract._sign_slot(slot, companions), technician._fc_get_tz()
        return [OfferedSlot(*slot, low_detour=False, value=value, tz=tz)]

    def _find_slots(
        self, technicians, date_from, date_to, exclude_task=None, companions=None
    ):
        """Return all open slots of these technicians for a visit to these units."""
        latitude, longitude = self._get_place()
        return self.env["fusion.technician.task"]._find_open_slots(
            technicians,
            date_from,
            date_to,
            self._get_visit_hours(companions, exclude_task),
            latitude,
            longitude,
            exclude_task=exclude_task,
        )

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

    def _sign_slot(self, slot, companions=None, terms=None):
        """Return a slot's opaque value, good for these units in this cycle only.

        :param terms: as of ``_get_terms``, where many slots are signed
        """
        self.ensure_one()
        units, mark = terms or self._get_terms(companions)
        start = int((slot.start - EPOCH).total_seconds())
        seal = self._seal(slot.technician_id, start, units, mark)
        return f"{slot.technician_id}.{start}.{mark}{seal}"

    def _seal(self, technician_id, start, units, mark):
        message = f"{units}:{technician_id}:{start}:{mark}"
        return hmac(self.env(su=True), SCOPE, message)

    def _get_terms(self, companions=None):
        """Return what a time is offered for: units and hours, and a mark of the price.

        The price is that of all units together with tax. The price of a visit that is
        booked was agreed then and moves with it.
        """
        others = self.browse() if companions is None else companions
        units = (self, *others.sorted("id"))
        cycles = ":".join(unit._get_cycle_key() for unit in units)
        hours = f"{cycles}:{round(self._get_visit_hours(others) * 60)}"
        price = "agreed"
        if not self.current_visit_id:
            found = self._get_bundle_breakdown(others)
            currency = found["currency"]
            price = f"{found['total']:.{currency.decimal_places}f}:{currency.name}"
        mark = hmac(self.env(su=True), PRICE_SCOPE, f"{self.id}:{price}")[:PRICE_MARK]
        return hours, mark

    def _get_cycle_key(self):
        return f"{self.id}:{fields.Date.to_string(self.next_due_date)}"

    def _read_slot(self, value, companions=None):
        """Return technician and start of a value signed for exactly these units.

        :raise PriceChangedError: if it was, at another price
        :raise SlotTakenError: for anything else, whatever was posted
        """
        technician, start, is_price_current = self._unseal_slot(value, companions)
        if not is_price_current:
            raise PriceChangedError(
                self.env._("The price has changed. Please look at it again.")
            )
        return technician, start

    def _unseal_slot(self, value, companions=None):
        """Return technician, start, and whether the price is still that of the value.

        :raise SlotTakenError: for what was never signed for exactly these units
        """
        self.ensure_one()
        match = SLOT_PATTERN.fullmatch(value) if isinstance(value, str) else None
        if match:
            technician_id, start = int(match[1]), int(match[2])
            units, mark = self._get_terms(companions)
            if consteq(match[4], self._seal(technician_id, start, units, match[3])):
                technician = self.env["res.users"].browse(technician_id)
                start = EPOCH + timedelta(seconds=start)
                return technician, start, consteq(match[3], mark)
        raise SlotTakenError(
            self.env._("Please choose one of the times that are open now.")
        )

    def _get_slot_start(self, slot):
        """Return when a slot starts, False if its value is none of ours.

        Whether it was signed is not looked at.
        """
        if hasattr(slot, "start"):
            return slot.start
        match = SLOT_PATTERN.fullmatch(slot) if isinstance(slot, str) else None
        return bool(match) and EPOCH + timedelta(seconds=int(match[2]))

    def _get_open_slot(
        self, technician, start, exclude_task=None, companions=None, explain=True
    ):
        """Return the slot if it would be offered now, or if a dispatcher overrides.

        :param explain: work out the reason of a refusal
        :raise SlotTakenError: with the reason, if it would not be offered
        """
        self.ensure_one()
        slot = self._find_slot_at(technician, start, exclude_task, companions)
        if slot:
            return slot
        if self._get_override():
            return self._get_overridden_slot(
                technician, start, exclude_task, companions
            )
        sorry = self.env._("That time is no longer open. Please choose another one.")
        reason = explain and self._explain_slot_refused(
            technician, start, exclude_task, companions
        )
        raise SlotTakenError(f"{sorry} ({reason})" if reason else sorry)

    def _find_slot_at(self, technician, start, exclude_task=None, companions=None):
        """Return the slot of a technician that starts then, None if it is not open."""
        if technician in self._get_serving_technicians(companions):
            day = start.date()
            around = timedelta(days=1)
            for slot in self._find_slots(
                technician, day - around, day + around, exclude_task, companions
            ):
                if slot.start == start:
                    return Slot(*slot)
        return None

    def _explain_slot_refused(self, technician, start, exclude_task, companions):
        """Return the engine's reason in words; none for who may not serve the units."""
        if technician not in self._get_serving_technicians(companions):
            return False
        return self.env["fusion.technician.task"]._explain_slot(
            technician,
            start,
            self._get_visit_hours(companions, exclude_task),
            *self._get_place(),
            exclude_task=exclude_task,
        )
