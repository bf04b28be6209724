"""What the public pages show: plain words and values, no records, no decisions."""

import functools
import hashlib
from urllib.parse import urlencode

from odoo import api, models
from odoo.tools import file_open
from odoo.tools.i18n import format_list

from ...tools.form_text import FIELD_LENGTHS, clean
from ..booking.fusion_repair_maintenance_contract_price import PriceBook
from ..consent.res_partner import OPT_OUT_FIELDS
from .fusion_repair_maintenance_contract_form import TYPED_LENGTH

CONTRACT = "fusion.repair.maintenance.contract"
CSS = "fusion_repairs/static/src/public/booking.css"
# What the address of the page in another language, or with more times, carries on.
KEPT = {"m": 20, "view": 10, "units": 200, "typed": TYPED_LENGTH}


@functools.lru_cache(maxsize=1)
def _css_url():
    """Return the address of the style sheet, a new one whenever it changes."""
    with file_open(CSS, "rb") as sheet:
        digest = hashlib.sha256(sheet.read()).hexdigest()[:12]
    return f"/{CSS}?v={digest}"


# Pages that keep the id under which dealers may have changed them.
PAGE_IDS = {"unscheduled": "unplanned"}


class FusionRepairPublicPage(models.AbstractModel):
    """Prepare the pages that a client opens with a token instead of a login.

    Records come in proven by their token and in sudo; plain strings go out. The
    templates therefore cannot show anything that is not listed here: first name,
    unit, city and price of the client, never the address, phone or serial.
    """

    _name = "fusion.repair.public.page"
    _description = "Public Booking Page"
    _inherit = "fusion.repair.public.words"

    # The doors: one method a kind of page, each returns (template, page) ----------

    @api.model
    def _get_booking_page(self, contract, query):
        """Return the page of a contract's link, in the state the booking is in.

        :param contract: the contract of the token, in sudo
        :param query: ``m`` (code of a message), ``view``, ``lang``, ``units``, and
            ``typed``: what a form said that has to be filled in again, sealed
        """
        page_model = self._for_language(contract.partner_id, contract.company_id, query)
        # What a visit costs is in the seal of its times and on the page: found once.
        prices = PriceBook(by_zip=True)
        contract = contract.with_context(lang=page_model.env.lang, fc_prices=prices)
        contract.product_id.product_tmpl_id.fetch(("name", "x_fc_repair_category_id"))
        visit = contract.current_visit_id
        state = page_model._get_state(contract, visit, query)
        page = page_model._prepare_frame(
            contract.company_id, contract._get_public_url(), query
        )
        typed = contract._read_typed(query.get("typed"))
        page["typed"] = {name: typed.get(name) or "" for name in FIELD_LENGTHS}
        page["csrf_token"] = contract._get_form_key()
        page |= page_model._prepare_unit(contract)
        page["message"] = page_model._get_message(state, query.get("m"), contract)
        if visit:
            others = visit._get_other_contracts()
            page |= page_model._prepare_visit(contract, visit)
            page |= page_model._prepare_other_units(contract, others)
        if state == "choose":
            page |= page_model._prepare_booking(contract, query, typed)
        if state == "booked":
            page |= page_model._prepare_offer(contract, others)
            page |= page_model._prepare_changes(contract, others, query, typed)
        if state == "move":
            request = contract._prepare_visit_request(others, source="client_portal")
            page |= page_model._prepare_choice(request, query, typed)
        if state == "unscheduled":
            page["old_time_text"] = page_model._get_old_time_text(visit)
        if state == "callback":
            page["callback_text"] = page_model._get_callback_text(contract, typed)
        name = PAGE_IDS.get(state, state)
        return f"fusion_repairs.booking_{name}_page", page

    @api.model
    def _get_expired_page(self, query):
        """Return the one page of all links that open nothing."""
        company = self.env.company.sudo()
        page_model = self._for_language(self.env["res.partner"], company, query)
        return "fusion_repairs.booking_expired_page", page_model._prepare_frame(
            company, "", query
        )

    @api.model
    def _get_problem_page(self, contract, query, retry_url):
        """Return the page of a request that could not be answered.

        :param contract: of the link, in sudo, or none
        """
        page_model, company = self._for_visitor(contract, query)
        page = page_model._prepare_frame(company, retry_url, query)
        if retry_url and query.get("typed"):
            retry_url += "?" + urlencode({"view": "choose", "typed": query["typed"]})
        page["retry_url"] = retry_url
        return "fusion_repairs.booking_problem_page", page

    @api.model
    def _get_busy_page(self, contract, query, seconds, retry_url, typed):
        """Return the page of a visitor who sent too many forms, to send this one again.

        :param seconds: to wait
        :param typed: the fields of the form
        """
        page_model, company = self._for_visitor(contract, query)
        page = page_model._prepare_frame(company, "", query)
        time = page_model._format_duration(max(seconds, 60) / 3600)
        wait_text = page_model.env._(
            "Please wait %(time)s, then go back and try again.", time=time
        )
        if retry_url:
            wait_text = page_model.env._(
                "Please wait %(time)s, then press the button. What you entered is "
                "kept.",
                time=time,
            )
        page |= {
            "wait_text": wait_text,
            "languages": [],  # a link would lose what was entered
            "csrf_token": contract._get_form_key() if contract else "",
            "retry_url": retry_url,
            "typed": [(name, text) for name, text in typed.items() if name != "lang"],
        }
        return "fusion_repairs.booking_busy_page", page

    def _for_visitor(self, contract, query):
        """Return this model in the visitor's language, and the company to call."""
        company = (contract and contract.company_id) or self.env.company.sudo()
        partner = contract.partner_id if contract else self.env["res.partner"]
        return self._for_language(partner, company, query), company

    @api.model
    def _render(self, template, page):
        """Return a page as HTML in its own language."""
        qweb = self.env["ir.qweb"].with_context(lang=page["lang"])
        return qweb._render(template, {"page": page})

    # Language ------------------------------------------------------------------

    def _for_language(self, partner, company, query):
        """Return this model in the language of the page.

        The one asked for on the page, else the client's, else the company's.
        """
        installed = [code for code, _name in self.env["res.lang"].get_installed()]
        wanted = [query.get("lang"), partner.lang]
        if not partner:
            wanted.append(self.env.lang)
        wanted += [company.partner_id.lang, self.env.lang]
        lang = next((code for code in wanted if code in installed), installed[0])
        return self.with_context(lang=lang)

    def _get_languages(self, url, query):
        """Return the other languages of the page, one link each: to this same page."""
        found = {}
        kept = {n: clean(query.get(n) or "")[:length] for n, length in KEPT.items()}
        kept = {name: value for name, value in kept.items() if value}
        current = self.env.lang.partition("_")[0]
        for code, name in self.env["res.lang"].get_installed():
            iso = code.partition("_")[0]
            if iso != current and (iso not in found or code.endswith("_CA")):
                found[iso] = code, name
        return [
            {
                "url": f"{url}?{urlencode({'lang': code, **kept})}",
                "html_lang": code.replace("_", "-"),
                "label": name.rpartition("/")[2].partition("(")[0].strip(),
            }
            for code, name in found.values()
        ]

    # Values --------------------------------------------------------------------

    def _prepare_frame(self, company, url, query):
        """Return what every page has: language, dealer, addresses of its buttons."""
        lang = self.env.lang
        suffix = f"?{urlencode({'lang': lang})}" if query.get("lang") == lang else ""
        joint = "&" if suffix else "?"
        urls = {"page": url + suffix, "ics": f"{url}/visit.ics"}
        for view in ("change", "choose", "more"):
            urls[view] = f"{url}{suffix}{joint}view={view}"
        kept = {name: query[name] for name in ("units", "typed") if query.get(name)}
        if kept:
            urls["more"] += "&" + urlencode(kept)
        urls["more"] += "#times"
        for action in ("confirm", "move", "cancel", "callback", "details"):
            urls[action] = f"{url}/{action}"
        return {
            "lang": lang,
            "html_lang": lang.replace("_", "-"),
            "languages": self._get_languages(url, query),
            "css_url": _css_url(),
            "company": self._prepare_company(company),
            "urls": urls,
            "message": None,
            "csrf_token": "",
        }

    def _prepare_company(self, company):
        town = " ".join(filter(None, (company.state_id.code, company.zip)))
        town = " ".join(filter(None, (company.city, town)))
        phone = company.phone or ""
        logo = not company.uses_default_logo
        return {
            "name": company.name,
            "phone": phone,
            "phone_url": self._get_phone_url(phone),
            "email": company.email or "",
            "address_lines": [
                line for line in (company.street, company.street2, town) if line
            ],
            "logo_url": f"/web/binary/company_logo?company={company.id}" * logo,
        }

    def _prepare_unit(self, contract):
        """Return the little of the client and the unit that the page may show."""
        first_name = self._format_first_name(contract.partner_id)
        hello, thanks = self.env._("Hello,"), self.env._("Thank you.")
        if first_name:
            hello = self.env._("Hello %(name)s,", name=first_name)
            thanks = self.env._("Thank you, %(name)s.", name=first_name)
        return {
            "hello": hello,
            "thanks": thanks,
            "unit": {
                "name": contract._get_unit_names()[0],
                "city": (contract.address_id or contract.partner_id).city or "",
            },
            "other_units": [],
            "paused": contract.state in ("paused", "draft"),
            "mailed": bool(contract.partner_id._fc_get_mail_address()),
        }

    def _prepare_booking(self, contract, query, typed):
        """Return all there is to choose: units, times, and what that costs."""
        offered, chosen = self._choose_units(contract, query)
        request = contract._prepare_visit_request(chosen, source="client_portal")
        choice = self._prepare_choice(request, query, typed)
        too_long = bool(chosen) and not choice["days"]
        if too_long:  # no time is long enough for all: rather this unit alone
            chosen = chosen.browse()
            request = request.replace(companions=chosen)
            choice = self._prepare_choice(request, query, typed)
        return {
            **choice,
            **self._prepare_units(contract, offered, chosen, query),
            **self._prepare_other_units(contract, chosen),
            **self._prepare_offer(contract, chosen),
            "units_too_long": too_long,
        }

    def _prepare_offer(self, contract, others):
        """Return what a visit costs and on which terms: as agreed, once booked."""
        visit = contract.current_visit_id
        units = contract | others
        fee = units._get_bundle_breakdown(visit and visit._get_bundle())
        fee["unit_names"] = format_list(self.env, units._get_unit_names())
        return {
            "price": self._prepare_price(fee),
            "terms": self._prepare_terms(contract, fee),
            "total": self._format_amount(fee["total"], fee["currency"]),
        }

    def _prepare_price(self, fee):
        """Return the price as rows: the visit, every tax, the total."""
        rows = [*fee["units"], *fee["taxes"], (self.env._("Total"), fee["total"])]
        if len(fee["units"]) == 1:
            rows[0] = (self.env._("Maintenance visit"), fee["untaxed"])
        note = self.env._("This is the whole price, tax included. You pay nothing now.")
        if fee["tax_open"]:
            note = self.env._(
                "This is the price before tax. Sales tax may be added. You pay nothing "
                "now."
            )
        elif not fee["taxes"]:
            note = self.env._(
                "This is the whole price: no tax is added. You pay nothing now."
            )
        note = fee.get("no_charge") or note
        return {
            "lines": [
                {"label": label, "amount": self._format_amount(amount, fee["currency"])}
                for label, amount in rows
            ],
            "note": note,
        }

    def _prepare_terms(self, contract, fee):
        """Return what the client has to know before agreeing."""
        company = self._prepare_company(contract.company_id)
        supplier = (company["name"], *company["address_lines"])
        total = self._format_amount(fee["total"], fee["currency"])
        hours = contract.company_id.x_fc_change_cutoff_hours
        cancel = self.env._(
            "Free of charge until %(hours)s hours before the visit, on this page or "
            "by phone. After that, please call us.",
            hours=hours,
        )
        return {
            "what": self.env._(
                "One maintenance visit: %(unit)s", unit=fee["unit_names"]
            ),
            "price": fee.get("no_charge")
            or self.env._("%(total)s, to be paid after the visit", total=total),
            "supplier": ", ".join(filter(None, supplier)),
            "phone": company["phone"],
            "cancel": cancel,
        }

    def _prepare_visit(self, contract, visit):
        """Return the booked visit in words."""
        start, end = visit._get_arrival_window()
        return {
            "time_zone_text": self._format_zone(visit._get_tz()),
            "visit": {
                "day": self._format_day(start.date(), year=True),
                "window": self._format_window(start, end),
                "technician": self._get_first_name(visit.technician_id.name),
                "attendee": self._get_first_name(visit.attendee_name),
                "duration": self._format_duration(
                    contract._prepare_visit_request().asked_hours
                ),
                "can_change": contract._is_change_allowed(),
                "progress": self._get_progress(visit),
            },
        }

    # Opt-out page ------------------------------------------------------------

    @api.model
    def _get_opt_out_page(self, partner, url, query, done=None):
        """Return the page of a client's opt-out link.

        :param partner: the client of the link, in sudo
        :param done: what was just done: ``stop``, ``keep`` or nothing
        """
        company = self._get_client_company(partner)
        page_model = self._for_language(partner, company, query)
        page = page_model._prepare_frame(company, url, query)
        page["done"] = done
        page["stopped"] = {kind: partner[name] for kind, name in OPT_OUT_FIELDS.items()}
        return "fusion_repairs.opt_out_page", page

    def _get_client_company(self, partner):
        """Return the company that serves a client: of the latest contract."""
        contracts = partner.x_fc_maintenance_contract_ids.sorted("id")
        company = partner.company_id or contracts[-1:].company_id
        return (company or self.env.company).sudo()  # name, address, phone: public
