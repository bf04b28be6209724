import re
import secrets
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain

TOKEN_PATTERN = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)


class ResPartner(models.Model):
    """What a client allows us to send, and the units that we look after."""

    _inherit = "res.partner"

    x_fc_maintenance_opt_out = fields.Boolean(
        string="No Maintenance Reminders",
        tracking=True,
        help="The client asked not to be reminded by e-mail. The office calls instead.",
    )
    x_fc_maintenance_opt_out_date = fields.Datetime(
        string="Reminders Stopped On", readonly=True, copy=False
    )
    x_fc_consent_express_date = fields.Date(
        string="Express Consent On",
        copy=False,
        help="Day on which the client asked for reminders by e-mail. Without it, a "
        "purchase or a visit allows them for some time.",
    )
    x_fc_consent_basis = fields.Selection(
        [
            ("express", "Asked For"),
            ("implied", "Purchase or Visit"),
            ("withdrawn", "Withdrawn"),
        ],
        string="Consent",
        compute="_compute_consent",
    )
    x_fc_consent_until = fields.Date(
        string="Consent Until",
        compute="_compute_consent",
        help="Last day on which the law lets us write; empty: no end, or no consent.",
    )
    x_fc_opt_out_token = fields.Char(groups=fields.NO_ACCESS, copy=False)
    x_fc_maintenance_contract_ids = fields.One2many(
        "fusion.repair.maintenance.contract", "partner_id", string="Units in Care"
    )
    x_fc_maintenance_contract_count = fields.Integer(
        compute="_compute_x_fc_maintenance_contract_count",
        groups="fusion_tasks.fusion_tasks_group_user",
    )

    _x_fc_opt_out_token_unique = models.UniqueIndex(
        "(x_fc_opt_out_token) WHERE x_fc_opt_out_token IS NOT NULL"
    )

    def _compute_x_fc_maintenance_contract_count(self):
        contracts = self.env["fusion.repair.maintenance.contract"]
        counts = dict(
            contracts._read_group(
                [("partner_id", "in", self.ids), ("state", "!=", "cancelled")],
                ["partner_id"],
                ["__count"],
            )
        )
        for partner in self:
            partner.x_fc_maintenance_contract_count = counts.get(partner, 0)

    def action_view_maintenance_contracts(self):
        """Open the units that we look after for this client."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "fusion_repairs.fusion_repair_maintenance_contract_action"
        )
        return action | {
            "domain": [("partner_id", "=", self.id)],
            "context": {"default_partner_id": self.id},
        }

    @api.model
    def _get_places_to_locate_domain(self):
        """Add the places of the units in care, long before a visit is booked."""
        contracts = self.env["fusion.repair.maintenance.contract"].sudo()
        contracts.flush_model(["address_id"])
        contracts = contracts._search([("state", "!=", "cancelled")])
        places = Domain("id", "in", contracts.subselect("address_id"))
        return super()._get_places_to_locate_domain() | places

    # Consent -------------------------------------------------------------------

    @api.depends("x_fc_maintenance_opt_out", "x_fc_consent_express_date")
    @api.depends_context("company")
    def _compute_consent(self):
        months = self.env.company.x_fc_consent_implied_months
        last_contacts = self._get_last_contacts(self.env.company)
        for partner in self:
            last = last_contacts.get(partner.id)
            basis = partner._get_consent_basis(last)
            partner.x_fc_consent_basis = basis or False
            partner.x_fc_consent_until = (
                last + relativedelta(months=months) if basis == "implied" else False
            )

    def _get_consent_basis(self, last_contact):
        """Return express, implied, withdrawn or None, as the pure rules read it."""
        if self.x_fc_maintenance_opt_out:
            return "withdrawn"
        if self.x_fc_consent_express_date:
            return "express"
        return "implied" if last_contact else None

    def _get_last_contacts(self, company):
        """Return for each partner the day of the last purchase or visit.

        Purchases are confirmed orders and units that came into use; visits are those
        done here and the last service noted on a contract.
        """
        days = {}
        for partner_id, day in (
            *self._get_last_orders(company),
            *self._get_last_services(company),
        ):
            if day and (partner_id not in days or day > days[partner_id]):
                days[partner_id] = day
        return days

    def _get_last_orders(self, company):
        orders = self.env["sale.order"].sudo()  # only the day is used
        domain = Domain("partner_id", "in", self.ids) & Domain("state", "=", "sale")
        rows = orders._read_group(
            domain & Domain("company_id", "=", company.id),
            ["partner_id"],
            ["date_order:max"],
        )
        return [(partner.id, moment and moment.date()) for partner, moment in rows]

    def _get_last_services(self, company):
        contracts = self.env["fusion.repair.maintenance.contract"].sudo()
        domain = [("partner_id", "in", self.ids), ("company_id", "=", company.id)]
        rows = contracts._read_group(
            domain, ["partner_id"], ["last_service_date:max", "start_date:max"]
        )
        today = fields.Date.context_today(self) + timedelta(days=1)
        return [
            (partner.id, day)
            for partner, *found in rows
            for day in found
            if day and day <= today
        ]

    # Opting out ----------------------------------------------------------------

    @api.model
    def _find_by_opt_out_token(self, token):
        """Return the client of an opt-out link with the system's rights, or none."""
        found = self.sudo().browse()
        if isinstance(token, str) and TOKEN_PATTERN.fullmatch(token):
            found = found.search([("x_fc_opt_out_token", "=", token)], limit=1)
        return found

    def _fc_get_opt_out_token(self):
        """Return the secret of the client's opt-out link; it outlives the cycles."""
        self.ensure_one()
        partner = self.sudo()
        if not partner.x_fc_opt_out_token:
            partner.x_fc_opt_out_token = secrets.token_urlsafe(32)
        return partner.x_fc_opt_out_token

    def _fc_get_opt_out_url(self):
        """Return the link by which the client stops the reminders."""
        base = self.get_base_url().rstrip("/")
        token = self._fc_get_opt_out_token()
        return f"{base}/repairs/maintenance/opt-out/{token}"

    def _fc_opt_out(self, source):
        """Stop the reminders of these clients at once, and note how they asked."""
        for partner in self.filtered(lambda p: not p.x_fc_maintenance_opt_out):
            partner.write(
                {
                    "x_fc_maintenance_opt_out": True,
                    "x_fc_maintenance_opt_out_date": fields.Datetime.now(),
                    "x_fc_consent_express_date": False,
                }
            )
            partner._message_log(
                body=self.env._(
                    "The client stopped the maintenance reminders (%(how)s).",
                    how=source,
                )
            )
