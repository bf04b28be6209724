"""The times that a page offers, each on the clock of the place where it would be."""

from datetime import timedelta

from odoo import models

from odoo.addons.fusion_tasks.exceptions import SlotTakenError

from ..public_text import FIELD_LENGTHS
from .fusion_repair_public_attendee import ATTENDEE

SLOTS, SLOTS_PER_DAY = 12, 3
# Whole days, afternoons included, for whom none of the short list suits.
MORE_SLOTS, MORE_SLOTS_PER_DAY = 48, 8
ALL_TIMES = ("more", "change")


class FusionRepairPublicPage(models.AbstractModel):
    """The part of the booking page with the times to choose from."""

    _inherit = "fusion.repair.public.page"

    def _prepare_choice(self, contract, query, companions):
        """Return the times to choose from, and the words around them."""
        view = query.get("view")
        typed = query.get("typed") or {}
        offers = self._get_offers(contract, view in ALL_TIMES, companions)
        chosen = self._get_typed_start(contract, query, companions)
        offers = self._keep_typed(contract, offers, chosen, companions)
        zone = self._get_zone(contract, offers)
        return {
            "lead": self._say_due(contract),
            "includes": self._say_included(contract, companions),
            "days": self._prepare_days(contract, offers, zone, chosen),
            "time_zone_text": self._say_zone(zone),
            "typed": {name: typed.get(name) or "" for name in FIELD_LENGTHS},
            "more": bool(offers) and view not in ALL_TIMES,
            "view": "more" if view == "more" else "",
            "attendee_open": any(typed.get(name) for name in ATTENDEE),
            "callback_open": query.get("m") == "phone",
        }

    def _prepare_days(self, contract, offers, zone, chosen):
        """Return the offers by day; a clock that is not the page's is named.

        :param zone: name of the page's zone
        :param chosen: technician and start that the visitor had chosen, or None
        """
        window = timedelta(minutes=contract.company_id.x_fc_arrival_window_minutes)
        days = {}
        for offer in offers:
            start = self._localize(offer.start, offer.tz)
            differs = start.utcoffset() != self._localize(offer.start, zone).utcoffset()
            day = days.setdefault(
                start.date(), {"title": self._say_day(start.date()), "slots": []}
            )
            day["slots"].append(
                {
                    "value": offer.value,
                    "part": self._say_part_of_day(start),
                    "window": self._say_window(start, start + window),
                    "zone": self._say_zone_name(offer.tz) if differs else "",
                    "nearby": offer.low_detour,
                    "checked": bool(chosen) and offer.start == chosen[1],
                }
            )
        return [day for _date, day in sorted(days.items(), key=lambda item: item[0])]

    def _get_offers(self, contract, more, companions):
        """Return the times to offer in date order, each time once.

        Two technicians free at one time are one choice, the shorter drive is meant;
        the time that is booked already is none.
        """
        visit = contract.current_visit_id
        offers = contract._get_booking_slots(
            limit=MORE_SLOTS if more else SLOTS,
            per_day=MORE_SLOTS_PER_DAY if more else SLOTS_PER_DAY,
            exclude_task=visit.technician_task_id or None,
            companions=companions,
        )
        by_time = {o.start: o for o in sorted(offers, key=lambda o: -o.detour)}
        by_time.pop(visit.visit_date, None)
        return [offer for _start, offer in sorted(by_time.items())]

    def _get_typed_start(self, contract, query, companions):
        """Return technician and start of the time chosen before, None if none is."""
        try:
            value = (query.get("typed") or {}).get("slot")
            return contract._unseal_slot(value, companions)[:2]
        except SlotTakenError:
            return None

    def _keep_typed(self, contract, offers, chosen, companions):
        """Return the offers together with the one chosen before, if it is still open.

        The list is a short one: what was on it a moment ago need not be on it now.
        """
        if not chosen or any(offer.start == chosen[1] for offer in offers):
            return offers
        kept = contract._get_offer(*chosen, companions)
        return sorted([*offers, *kept], key=lambda offer: offer.start)

    def _get_zone(self, contract, offers):
        """Return the zone of the page: of the booked visit, else of the first time."""
        visit = contract.current_visit_id
        if visit:
            return visit._get_tz()
        if offers:
            return offers[0].tz
        return contract.company_id._get_maintenance_tz()
