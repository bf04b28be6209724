import secrets

from odoo import api, fields, models
from odoo.tools import consteq

from odoo.addons.fusion_tasks.button_context import without_button

from ...tools.tokens import TOKEN_PATTERN

TOKEN_BYTES = 32
# What a page of the link shows, or what decides what it shows.
PAGE_FIELDS = {
    "fusion.repair.maintenance.contract": (
        "name",
        "state",
        "company_id",
        "partner_id",
        "address_id",
        "product_id",
        "x_fc_policy_category_id",
        "x_fc_maintenance_fee",
        "currency_id",
        "duration",
        "next_due_date",
        "booking_token",
    ),
    "res.company": (
        "name",
        "partner_id",
        "parent_id",
        "currency_id",
        "resource_calendar_id",
        "phone",
        "email",
        "uses_default_logo",
        "tax_calculation_rounding_method",
        "account_price_include",
        "x_fc_booking_horizon_days",
        "x_fc_booking_lead_hours",
        "x_fc_slot_grid_minutes",
        "x_fc_travel_on_own_time",
        "x_fc_arrival_window_minutes",
        "x_fc_change_cutoff_hours",
        "x_fc_bundle_days",
    ),
    "res.partner": (
        "name",
        "lang",
        "tz",
        "type",
        "is_company",
        "email",
        "street",
        "street2",
        "city",
        "zip",
        "state_id",
        "country_id",
        "vat",
        "commercial_partner_id",
        "partner_latitude",
        "partner_longitude",
        "property_account_position_id",
    ),
    "product.product": ("product_tmpl_id",),
}


class FusionRepairMaintenanceContract(models.Model):
    """The secret link by which the client books, one per contract and cycle."""

    _inherit = "fusion.repair.maintenance.contract"

    booking_token = fields.Char(groups=fields.NO_ACCESS, copy=False)

    _booking_token_unique = models.UniqueIndex(
        "(booking_token) WHERE booking_token IS NOT NULL"
    )

    def _renew_token(self):
        """Give every contract a new link; the old one leads nowhere from now on."""
        for contract in self.sudo():
            contract.booking_token = secrets.token_urlsafe(TOKEN_BYTES)

    @api.model
    def _find_by_token(self, token):
        """Return the contract of a link with the rights of the system, or none.

        Whoever holds the token may act on this one record: the caller reads and
        does only what the link allows.
        """
        found = self.sudo().browse()
        if isinstance(token, str) and TOKEN_PATTERN.fullmatch(token):
            domain = [("booking_token", "=", token)]
            found = found.search_fetch(domain, PAGE_FIELDS[self._name], limit=1)
            found._fetch_for_page()
        return found

    def _is_opened_by(self, token):
        """Tell whether a link still is the one of this contract."""
        self.ensure_one()
        contract = self.sudo()
        contract.invalidate_recordset(["booking_token"])
        return bool(token) and consteq(contract.booking_token or "", token)

    def _fetch_for_page(self):
        """Read at once what the pages show of the records around a contract.

        Whole rows, a hundred columns each, would take as long as half the search for
        open times. What is not read here still comes when somebody asks for it.
        """
        contract = self.with_company(self.company_id)
        company = contract.company_id
        company.fetch(PAGE_FIELDS["res.company"])
        people = contract.partner_id | contract.address_id | company.partner_id
        people.fetch(PAGE_FIELDS["res.partner"])
        contract.product_id.fetch(PAGE_FIELDS["product.product"])

    def _get_booking_url(self):
        """Return the client's link to book the visit of this cycle.

        A masked one in a preview of a mail, whoever wrote its template, and wherever
        no code of ours asks, such as a template that a user renders.
        """
        self.ensure_one()
        return f"{self._get_fusion_base_url()}{self._get_public_url()}"

    def _get_fusion_base_url(self):
        """Return the address of this server without a slash at the end."""
        return self.get_base_url().rstrip("/")

    def action_copy_booking_link(self):
        """Show the link to a dispatcher, who may send it on; the chatter says so."""
        self.ensure_one()
        self._check_office()
        wizards = without_button(self.env["fusion.repair.booking.link.wizard"])
        wizard = wizards.create({"contract_id": self.id})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Booking Link"),
            "res_model": wizard._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    def _get_public_url(self):
        """Return the path of the client's page, without the server's address."""
        self.ensure_one()
        masked = not self.env.su or self.env.context.get("fusion_mail_preview")
        token = "preview" if masked else self.booking_token
        return f"/repairs/maintenance/book/{token}"
