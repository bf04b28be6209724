"""Dates, times and prices as words, in the language of the page."""

import re

import pytz
from babel.dates import format_date, format_time, get_timezone_name

from odoo import api, models
from odoo.tools.misc import babel_locale_parse

from odoo.addons.fusion_tasks.phone_links import call_link

from ...recurrence import find_first_name
from ...tools.money import format_amount

NOON, EVENING = 12, 17
# Within so many days nobody wonders about the year of a date.
CLEAR_DAYS = 180


class FusionRepairPublicWords(models.AbstractModel):
    """Say things the way a person reads them aloud: "Tuesday, December 8"."""

    _name = "fusion.repair.public.words"
    _description = "Words of the Public Pages"

    @api.model
    def _get_locale(self):
        """Return the babel locale of the page's language."""
        return babel_locale_parse(self.env.lang)

    @api.model
    def _localize(self, dt_utc, tz):
        """Return a naive UTC datetime as an aware one in the named zone."""
        return pytz.utc.localize(dt_utc).astimezone(pytz.timezone(tz))

    @api.model
    def _format_day(self, day, *, year=False):
        """Return a date in words: "Tuesday, December 8", "mardi 8 décembre"."""
        locale = self._get_locale()
        pattern = locale.date_formats["full"].pattern
        if not year:
            pattern = re.sub(r"[,\s]*y+", "", pattern)
        return self._say_first(format_date(day, pattern, locale=locale), day)

    @api.model
    def _say_first(self, words, day):
        """Return a date with its first day as French says it: "1er décembre"."""
        if self._get_locale().language == "fr" and day.day == 1:
            return re.sub(r"\b1\b", "1er", words, count=1)
        return words

    @api.model
    def _format_due_day(self, day, today):
        """Return a date without its weekday: "December 11", "11 décembre".

        With the year where it would not be clear which one is meant.
        """
        locale = self._get_locale()
        pattern = locale.date_formats["long"].pattern
        if abs((day - today).days) < CLEAR_DAYS:
            pattern = re.sub(r"[,\s]*y+", "", pattern)
        return self._say_first(format_date(day, pattern, locale=locale), day)

    @api.model
    def _format_month(self, day):
        """Return a month in words: "December 2026", "décembre 2026"."""
        return format_date(day, "LLLL y", locale=self._get_locale())

    @api.model
    def _format_time(self, local_dt):
        """Return a clock time: "9:30 a.m.", "noon", "9 h 30"."""
        locale = self._get_locale()
        if (local_dt.hour, local_dt.minute) == (NOON, 0):
            return self.env._("noon")
        pattern = "short"
        if locale.language == "fr":  # "9 h 30" and "9 h", as Canadians write
            pattern = "H 'h' mm" if local_dt.minute else "H 'h'"
        words = format_time(local_dt.time(), pattern, locale=locale)
        return re.sub(r"\s", "\N{NO-BREAK SPACE}", words)

    @api.model
    def _format_moment(self, dt_utc, tz):
        """Return day and time of a naive UTC datetime on the clock of a zone."""
        local = self._localize(dt_utc, tz)
        return f"{self._format_day(local.date())}, {self._format_time(local)}"

    @api.model
    def _format_window(self, local_start, local_end):
        """Return the arrival window as part of a sentence."""
        start, end = self._format_time(local_start), self._format_time(local_end)
        head, _space, half = start.rpartition("\N{NO-BREAK SPACE}")
        if self._get_locale().language == "en" and end.endswith(half):
            start = head  # "between 9:30 and 10:30 a.m."
        return self.env._(
            "arriving between %(start)s and %(end)s", start=start, end=end
        )

    @api.model
    def _format_short_window(self, local_start, local_end):
        """Return the arrival window alone: "9:30 to 10:30 a.m.", "de 9 h à 10 h"."""
        start, end = self._format_time(local_start), self._format_time(local_end)
        head, _space, half = start.rpartition("\N{NO-BREAK SPACE}")
        if self._get_locale().language == "en" and end.endswith(half):
            start = head
        return self.env._("%(start)s to %(end)s", start=start, end=end)

    @api.model
    def _format_part_of_day(self, local_dt):
        """Return morning, afternoon or evening."""
        if local_dt.hour < NOON:
            return self.env._("morning")
        if local_dt.hour < EVENING:
            return self.env._("afternoon")
        return self.env._("evening")

    @api.model
    def _format_zone(self, tz):
        """Return the sentence that names the zone of the times on the page."""
        zone = self._format_zone_name(tz)
        return self.env._("All times are local times (%(zone)s).", zone=zone)

    @api.model
    def _format_zone_name(self, tz):
        """Return the name of a zone: "Eastern Time", "heure de l’Est"."""
        if tz == "UTC":  # babel calls it an unknown region
            return tz
        return get_timezone_name(tz, width="long", locale=self._get_locale())

    @api.model
    def _format_duration(self, hours):
        """Return a length of time, rounded to five minutes."""
        minutes = max(5, 5 * round(hours * 60 / 5))
        whole, rest = divmod(minutes, 60)
        if not whole:
            return self.env._("about %(minutes)s minutes", minutes=rest)
        if not rest:
            if whole == 1:
                return self.env._("about 1 hour")
            return self.env._("about %(hours)s hours", hours=whole)
        if whole == 1:
            return self.env._("about 1 hour %(minutes)s minutes", minutes=rest)
        return self.env._(
            "about %(hours)s hours %(minutes)s minutes", hours=whole, minutes=rest
        )

    @api.model
    def _format_amount(self, amount, currency):
        """Return an amount of money with its symbol."""
        return format_amount(self.env, amount, currency)

    @api.model
    def _format_fee(self, amount, currency):
        """Return the fee of one of several units; none is said in words."""
        if currency.is_zero(amount):
            return self.env._("no charge")
        return self._format_amount(amount, currency)

    @api.model
    def _format_tax_name(self, name):
        """Return the name of a tax as the reader's language sets it: "13 % TVH"."""
        if self._get_locale().language != "fr":
            return name
        return re.sub(r"(?<=\d)\s*%", "\N{NO-BREAK SPACE}%", name)

    @api.model
    def _format_first_name(self, partner):
        """Return the first name of a person, nothing for a company."""
        if not partner or partner.is_company:
            return ""
        return self._get_first_name(partner.name)

    @api.model
    def _get_first_name(self, name):
        """Return the first name in a person's name, "" where there is any doubt."""
        return find_first_name(name)

    @api.model
    def _get_greeting_name(self, partner):
        """Return the name by which a client is greeted, "" where there is any doubt.

        A person by first name, a company by its name.
        """
        return (
            partner.name if partner.is_company else self._get_first_name(partner.name)
        )

    @api.model
    def _format_hello(self, name):
        """Return the words that greet a name; without one, nobody by name."""
        if not name:
            return self.env._("Hello,")
        return self.env._("Hello %(name)s,", name=name)

    @api.model
    def _get_phone_url(self, phone):
        """Return the link that calls a number, "" where there is none.

        >>> self._get_phone_url("1-800-555-0100 ext. 5")
        'tel:18005550100;ext=5'
        """
        return call_link(phone)
