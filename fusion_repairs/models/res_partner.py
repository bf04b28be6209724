from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.fusion_tasks.groups import STAFF

DUE_WITHIN = timedelta(days=45)
# Contacts of these types are places of another one.
ADDRESS_TYPES = ("invoice", "delivery", "other")


class ResPartner(models.Model):
    """The units of a client that we maintain."""

    _name = "res.partner"
    _inherit = ["res.partner", "fusion.repair.history.mixin"]

    x_fc_maintenance_contract_ids = fields.One2many(
        "fusion.repair.maintenance.contract",
        "partner_id",
        string="Maintained Units",
        groups=STAFF,
    )
    x_fc_maintenance_contract_count = fields.Integer(
        compute="_compute_x_fc_maintenance_contract_count",
        groups="fusion_tasks.fusion_tasks_group_user",
    )

    x_fc_sees_all_units = fields.Boolean(
        string="Sees All Units of the Company",
        copy=False,
        groups="fusion_tasks.fusion_tasks_group_dispatcher",
        help="This contact manages the home or company: with a portal login they see "
        "the units and certificates of all its contacts, residents for instance, not "
        "only their own.",
    )

    x_fc_next_due_date = fields.Date(
        string="Next Due",
        compute="_compute_x_fc_next_due_date",
        groups="fusion_tasks.fusion_tasks_group_user",
        help="When the next unit of this client is due for maintenance.",
    )

    def write(self, vals):
        """Keep in step what clients allow, where mail reaches them, and their units."""
        self._fc_check_consent_proof(vals)
        allowed = self._fc_get_consent_before(vals)
        emails = self._fc_get_emails_before(vals)
        archived = self._fc_find_archived_by(vals)
        restored = self._fc_find_restored_by(vals)
        result = super().write(self._fc_complete_consent_vals(vals))
        if allowed:
            self._fc_with_consent_note(vals)._fc_note_consent_changes(allowed)
            self._fc_share_stops(allowed)
        if emails:
            self._fc_trust_corrected_emails(emails)
            self._fc_take_over_stops(emails)
        if archived:
            archived._fc_schedule_archived_client_activities()
        if restored:
            restored._fc_settle_archived_requests()
        return result

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
        """Open the units that we maintain for this client."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "fusion_repairs.fusion_repair_maintenance_contract_action"
        )
        return action | {
            "domain": [("partner_id", "=", self.id)],
            "context": {"default_partner_id": self.id},
        }

    @api.model
    def _fc_get_places_to_locate_domain(self):
        """Add the places of the maintained units, long before a visit is booked."""
        contracts = self.env["fusion.repair.maintenance.contract"].sudo()
        contracts.flush_model(["address_id"])
        contracts = contracts._search([("state", "!=", "cancelled")])
        places = Domain("id", "in", contracts.subselect("address_id"))
        return super()._fc_get_places_to_locate_domain() | places

    # Whose a unit is -----------------------------------------------------------

    def _fc_get_owner(self):
        """Return the person or firm whose a unit in this contact's name is.

        An address below a person is nobody of its own; a resident of a home is,
        whatever type of contact the office chose.
        """
        self.ensure_one()
        person = self.parent_id
        is_address = person and not person.is_company and self.type in ADDRESS_TYPES
        return person._fc_get_owner() if is_address else self

    def _fc_get_owner_domain(self, name):
        """Return the domain of records whose owner is this contact.

        :param name: of the field that says in whose name a record is
        """
        owner = self._fc_get_owner()
        places = Domain(f"{name}.type", "in", ADDRESS_TYPES)
        own = Domain(name, "=", owner.id)
        if owner.is_company:
            return own
        return own | (Domain(f"{name}.parent_id", "=", owner.id) & places)

    def _fc_is_same_owner(self, other):
        """Tell whether a unit of one contact belongs to the other as well.

        A firm and a contact of it are the same client; two residents of one home are
        clients of their own.
        """
        if not self or not other:
            return False
        mine, others = self._fc_get_owner(), other._fc_get_owner()
        same = (others, others.commercial_partner_id)
        return mine in same or others == mine.commercial_partner_id

    # For the office ----------------------------------------------------------

    def _compute_x_fc_next_due_date(self):
        contracts = self.env["fusion.repair.maintenance.contract"]
        days = dict(
            contracts._read_group(
                [("partner_id", "in", self.ids), ("state", "=", "active")],
                ["partner_id"],
                ["next_due_date:min"],
            )
        )
        for partner in self:
            partner.x_fc_next_due_date = days.get(partner._origin, False)

    def action_book_maintenance(self):
        """Book visits for the units of these clients that are due.

        :raise UserError: if no unit of theirs is under contract
        """
        contracts = self._fc_get_units_to_book()
        contracts._check_office()
        if not contracts:
            raise UserError(
                self.env._("This client has no maintained unit. Enrol one first.")
            )
        return contracts.action_book_maintenance()

    def _fc_get_units_to_book(self):
        """Return the units due soon, else the one that is due next; and with them
        those that cannot be booked, so that the office hears why.

        Units of contacts below this one count: a home and its residents.
        """
        contracts = self.env["fusion.repair.maintenance.contract"]
        mine = Domain("partner_id", "child_of", self.ids) & Domain(
            "state", "in", ("active", "paused")
        )
        soon = fields.Date.context_today(self) + DUE_WITHIN
        due = contracts.search(mine & Domain("next_due_date", "<=", soon))
        free = due.filtered(lambda c: c.state == "active" and not c.is_booked)
        if free:
            return due
        open_ones = Domain("state", "=", "active") & Domain("is_booked", "=", False)
        return due | contracts.search(mine & open_ones, limit=1)

    # History -----------------------------------------------------------------

    def _get_history_path(self):
        return "partner_id"
