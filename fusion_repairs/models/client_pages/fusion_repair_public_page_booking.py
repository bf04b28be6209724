"""Which page a link shows now, and the sentences of that state."""

import re
from datetime import timedelta
from itertools import count
from urllib.parse import urlencode

from odoo import fields, models
from odoo.tools.i18n import format_list

from odoo.addons.fusion_tasks.exceptions import SlotTakenError

from .fusion_repair_maintenance_contract_page import ATTENDEE

SLOTS, SLOTS_PER_DAY = 8, 2
# Whole days, afternoons included, for whom none of the short list suits.
MORE_SLOTS, MORE_SLOTS_PER_DAY = 36, 6
ALL_TIMES = ("more", "change")


class FusionRepairPublicPage(models.AbstractModel):
    """The states that a booking can be in, as its client sees them."""

    _inherit = "fusion.repair.public.page"

    def _get_state(self, contract, visit, query):
        """Return which page the link shows now."""
        if visit:
            return self._get_visit_state(contract, visit, query)
        if contract.state != "active":
            return "closed"
        looking = query.get("view") in ("choose", "more")
        trying = query.get("m") in (
            "taken",
            "price",
            "choose",
            "phone",
            "email",
            "emails",
        )
        if not (looking or trying) and contract._get_promised_call():
            return "callback"
        return "choose"

    def _get_visit_state(self, contract, visit, query):
        if visit._is_unscheduled():
            return "unscheduled"
        if self._get_progress(visit):
            return "under_way"
        if query.get("view") == "change" and contract._is_change_allowed():
            return "move"
        return "booked"

    def _get_progress(self, visit):
        """Return at_work, on_the_way or past; nothing as long as the visit is ahead."""
        if visit.state == "in_progress":
            return "at_work"
        if visit.technician_task_id.status == "en_route":
            return "on_the_way"
        return "past" if visit.visit_end < fields.Datetime.now() else ""

    def _get_due_text(self, contract):
        due = contract.next_due_date
        if not due or due < contract._get_today():
            return self.env._(
                "Your equipment is due for its regular visit. Nothing is booked yet. "
                "Choose the time that suits you best."
            )
        return self.env._(
            "The regular visit is due by %(day)s. Nothing is booked yet. Choose the "
            "time that suits you best.",
            day=contract._format_due_date(),
        )

    def _get_included_text(self, request):
        """Return what a visit includes, from the units' own checklists."""
        checks = sum(
            len(unit.x_fc_policy_category_id._get_checklist_items())
            for unit in request.units
            if unit.x_fc_policy_category_id
        )
        included = []
        if checks:
            included.append(
                self.env._(
                    "A check of %(count)s points by a trained technician", count=checks
                )
            )
        return [
            *included,
            self.env._("Cleaning and small adjustments"),
            self.env._("A written report of what we found"),
            self.env._(
                "Time needed: %(duration)s",
                duration=self._format_duration(request.asked_hours),
            ),
        ]

    def _get_old_time_text(self, visit):
        """Return that the time which the client was told is off, if they were."""
        lead = visit._get_lead().with_context(lang=self.env.lang)
        told = lead._get_messages().filtered(lambda row: row.state != "replaced")[:1]
        return told.told_start and self.env._(
            "The old time no longer holds: %(when)s",
            when=lead._format_when(told.told_start),
        )

    def _get_callback_text(self, contract, typed):
        """Return when we call, and at which number.

        In full only to whoever typed it a moment ago: the link may be somebody else's.
        """
        day = self._format_day(contract._get_open_callback().date_deadline)
        phone = typed.get("phone")
        digits = re.sub(r"\D", "", contract.callback_phone or "")
        if phone:
            return self.env._(
                "We have your request. We will call you at %(phone)s by %(day)s. You "
                "do not need to do anything else.",
                phone=phone,
                day=day,
            )
        if digits:
            return self.env._(
                "We have your request. We will call you by %(day)s, at the number that "
                "ends in %(digits)s. You do not need to do anything else.",
                day=day,
                digits=digits[-4:],
            )
        return self.env._(
            "We have your request. We will call you by %(day)s. You do not need to do "
            "anything else.",
            day=day,
        )

    # Times -------------------------------------------------------------------

    def _prepare_choice(self, request, query, typed):
        """Return the times to choose from, and the words around them."""
        contract = request.lead
        view = query.get("view")
        offers = self._get_offers(request, view in ALL_TIMES)
        chosen = self._read_typed(request, typed)
        offers = self._keep_typed(offers, chosen)
        zone = self._get_zone(contract, offers)
        return {
            "lead": self._get_due_text(contract),
            "includes": self._get_included_text(request),
            "days": self._prepare_days(contract, offers, zone, chosen),
            "fold_days": view in ALL_TIMES,
            "time_zone_text": self._format_zone(zone),
            "more": bool(offers) and view not in ALL_TIMES,
            "view": "more" if view == "more" else "",
            "attendee_open": query.get("m") in ("email", "emails")
            or any(typed.get(name) for name in ATTENDEE),
            "callback_open": query.get("m") == "phone",
        }

    def _prepare_days(self, contract, offers, zone, chosen):
        """Return the offers by day; a clock that is not the page's is named.

        :param zone: name of the page's zone
        :param chosen: request with the time that the visitor had chosen, or None
        """
        window = timedelta(minutes=contract.company_id.x_fc_arrival_window_minutes)
        days = {}
        for offer in offers:
            start = self._localize(offer.start, offer.tz)
            differs = start.utcoffset() != self._localize(offer.start, zone).utcoffset()
            slots = days.setdefault(start.date(), [])
            slots.append(
                {
                    "value": offer.value,
                    "part": self._format_part_of_day(start),
                    "window": self._format_window(start, start + window),
                    "short": self._format_short_window(start, start + window),
                    "zone": self._format_zone_name(offer.tz) if differs else "",
                    "nearby": offer.low_detour,
                    "checked": bool(chosen) and offer.start == chosen.start,
                }
            )
        return self._number_days(sorted(days.items(), key=lambda item: item[0]))

    def _number_days(self, days):
        """Return the days in words, their times numbered, the chosen day open."""
        numbers = count(1)
        found = []
        for day, slots in days:
            for slot in slots:
                slot["number"] = next(numbers)
            parts = list(dict.fromkeys(slot["part"] for slot in slots))
            found.append(
                {
                    "title": self._format_day(day),
                    "parts": format_list(self.env, parts),
                    "slots": slots,
                    "open": any(slot["checked"] for slot in slots),
                }
            )
        if found and not any(day["open"] for day in found):
            found[0]["open"] = True
        return found

    def _get_offers(self, request, more):
        """Return the times to offer in date order, each time once.

        Two technicians free at one time are one choice, the shorter drive is meant;
        the time that is booked already is none.
        """
        offers = request.lead._get_booking_slots(
            request,
            limit=MORE_SLOTS if more else SLOTS,
            per_day=MORE_SLOTS_PER_DAY if more else SLOTS_PER_DAY,
        )
        by_time = {o.start: o for o in sorted(offers, key=lambda o: -o.detour)}
        by_time.pop(request.lead.current_visit_id.visit_date, None)
        return [offer for _start, offer in sorted(by_time.items())]

    def _read_typed(self, request, typed):
        """Return the request with the time chosen before, None if none was."""
        try:
            return request.lead._unseal_slot(typed.get("slot"), request)[0]
        except SlotTakenError:
            return None

    def _keep_typed(self, offers, chosen):
        """Return the offers together with the one chosen before, if it is still open.

        The list is a short one: what was on it a moment ago need not be on it now.
        """
        if not chosen or any(offer.start == chosen.start for offer in offers):
            return offers
        kept = chosen.lead._get_offer(chosen)
        return sorted([*offers, *kept], key=lambda offer: offer.start)

    def _get_zone(self, contract, offers):
        """Return the zone of the page: of the booked visit, else of the first time."""
        visit = contract.current_visit_id
        if visit:
            return visit._get_tz()
        if offers:
            return offers[0].tz
        return contract.company_id._get_maintenance_tz()

    # Units -------------------------------------------------------------------

    def _prepare_units(self, contract, offered, chosen, query):
        """Return the other units that can be serviced too, one by one."""
        # A plan may have fewer visits left than there are units: each as it would be
        # beside those that are chosen.
        fees = [
            (unit, unit._get_fee_breakdown(all_fees[unit.id]))
            for unit in offered
            for all_fees in [(contract | chosen | unit)._get_visit_fees()]
        ]
        names = dict(zip(offered, offered._get_unit_names(), strict=True))
        return {
            "units": [
                {
                    "name": names[unit],
                    "price": self._format_amount(fee["untaxed"], fee["currency"]),
                    "chosen": unit in chosen,
                    "url": self._get_units_url(
                        contract,
                        chosen - unit if unit in chosen else chosen | unit,
                        query,
                    ),
                }
                for unit, fee in fees
            ],
            "units_value": contract._get_units_text(chosen) if offered else "",
        }

    def _get_units_url(self, contract, units, query):
        """Return the address of the page with the times for these units together."""
        values = {
            "units": contract._get_units_text(units),
            "view": query.get("view"),
            "typed": query.get("typed"),
            "lang": self.env.lang if query.get("lang") == self.env.lang else None,
        }
        values = {name: value for name, value in values.items() if value}
        return f"{contract._get_public_url()}?{urlencode(values)}#fc-units"

    def _prepare_other_units(self, contract, others):
        """Return the names of the units, first the one that the link belongs to."""
        own, *names = (contract | others)._get_unit_names()
        return {
            "other_units": names,
            "all_units": format_list(self.env, [own, *names]),
        }

    def _prepare_changes(self, contract, others, query, typed):
        """Return what can be changed of a booked visit: units, note, who is there."""
        units = contract | others
        names = units._get_unit_names()
        return {
            "off": [
                {
                    "scope": contract._get_unit_ref(unit),
                    "name": name,
                    "left": format_list(self.env, [n for n in names if n is not name]),
                }
                for unit, name in zip(units, names, strict=True)
                if others
            ],
            "details_open": query.get("m") in ("email", "emails")
            or any(typed.get(name) for name in ("note", *ATTENDEE)),
            "has_note": bool(contract.current_visit_id.client_note),
        }

    def _choose_units(self, contract, query):
        """Return the units that could be serviced together, and those that shall.

        Unless the visitor chose: those that our last reminder named with this one, so
        that the price is the one that was told.
        """
        offered = contract._get_companions()
        value = query.get("units")
        if value is None:
            return offered, contract._get_told_companions(offered)
        return offered, contract._read_units(value, offered)
