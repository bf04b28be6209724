from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command, Domain

from ..button_context import without_button
from ..groups import DISPATCHER, MANAGER, TECHNICIAN, USER

ROLES = ("technician", "user", "dispatcher", "manager")
# What decides whether a technician can do the visits that are planned for them.
ABLE_FIELDS = frozenset(
    {"active", "x_fc_is_technician", "company_id", "company_ids",
     "x_fc_start_address_id", "x_fc_service_radius_km"}
)  # fmt: skip


class ResUsers(models.Model):
    """Technicians: users whose time is planned."""

    _inherit = "res.users"

    x_fc_is_technician = fields.Boolean(
        string="Technician",
        help="Tasks can be planned for this user, within the working hours below.",
    )
    x_fc_start_address_id = fields.Many2one(
        "res.partner",
        string="Start Place",
        help="Where the technician's day starts. Without one, the first drive of a "
        "day counts as 30 minutes and distances are not limited.",
    )
    x_fc_service_radius_km = fields.Float(
        string="Service Radius (km)",
        help="As the crow flies from the start place; 0 is no limit.",
    )
    x_fc_resource_id = fields.Many2one(
        "resource.resource",
        string="Planning Resource",
        compute="_compute_x_fc_resource_id",
        search="_search_x_fc_resource_id",
        compute_sudo=True,
        help="Holds the working hours and the time off.",
    )
    x_fc_working_hours_id = fields.Many2one(
        related="x_fc_resource_id.calendar_id",
        string="Working Hours of the Technician",
        readonly=False,
        domain="[('company_id', 'in', [company_id, False])]",
        help="In the technician's own time zone.",
    )
    x_fc_working_tz = fields.Selection(
        related="x_fc_resource_id.tz",
        string="Hours Are Read In",
        readonly=False,
        help="The time zone of the working hours. It stays when the user's own time "
        "zone changes, which Odoo does at the first login from another place.",
    )
    x_fc_setup_note = fields.Text(
        string="To Fix", compute="_compute_x_fc_setup_note", compute_sudo=True
    )

    x_fc_may_manage = fields.Boolean(compute="_compute_x_fc_may_manage")

    _fc_service_radius_positive = models.Constraint(
        "CHECK (x_fc_service_radius_km >= 0)",
        "A service radius is 0 (no limit) or more kilometres.",
    )

    @api.depends(lambda self: self._fc_get_resource_depends())
    @api.depends_context("company")
    def _compute_x_fc_resource_id(self):
        for user in self:
            user.x_fc_resource_id = user._fc_get_resources()[:1]

    def _search_x_fc_resource_id(self, operator, value):
        return Domain("resource_ids", operator, value)

    @api.depends(
        "x_fc_is_technician",
        "resource_ids.active",
        "x_fc_start_address_id.partner_latitude",
        "x_fc_start_address_id.partner_longitude",
        "x_fc_resource_id.calendar_id.attendance_ids",
        "x_fc_resource_id.calendar_id.flexible_hours",
        "x_fc_resource_id.calendar_id.duration_based",
        "x_fc_resource_id.tz",
        "company_id.partner_id.tz",
        "company_id.resource_calendar_id.tz",
        "tz",
        "active",
    )
    @api.depends_context("company", "lang")
    def _compute_x_fc_setup_note(self):
        for user in self:
            notes = user._fc_get_setup_problems() if user.x_fc_is_technician else []
            user.x_fc_setup_note = "\n".join(notes)

    @api.depends_context("uid")
    def _compute_x_fc_may_manage(self):
        administers = self.env["res.users"].has_access("write")
        for user in self:
            managed = user._fc_may_manage({"x_fc_is_technician"})
            user.x_fc_may_manage = administers or managed

    @api.constrains("x_fc_is_technician", "share")
    def _check_fc_technician_is_internal(self):
        for user in self.filtered("x_fc_is_technician"):
            if user.share:
                raise ValidationError(
                    self.env._(
                        "%(name)s is not an internal user and cannot be a technician.",
                        name=user.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Give technicians what they need to be planned."""
        users = super().create(vals_list)
        users.filtered("x_fc_is_technician")._fc_set_up_technician()
        return users

    def write(self, vals):
        """Let field service managers manage technicians, and only after that.

        Visits of technicians who leave, or change what they can do, are flagged.
        """
        users = self
        if self._fc_may_manage(vals.keys()):
            # Odoo lets only administrators write on users.
            users = self.sudo()
        result = super(ResUsers, users).write(vals)
        if vals.get("x_fc_is_technician") or "company_id" in vals:
            users.filtered("x_fc_is_technician")._fc_set_up_technician()
        if not ABLE_FIELDS.isdisjoint(vals):
            self.env["fusion.technician.task"]._recheck_later(self)
        return result

    def _fc_may_manage(self, names):
        """Tell whether the user is a field service manager, and these fields theirs.

        People of companies that the manager does not work for stay out of reach.
        """
        if self.env.su or not names or names - self._fc_get_managed_fields():
            return False
        if not self.env.user.has_group(MANAGER):
            return False
        companies = self.env.user.company_ids
        return all(user.company_ids & companies for user in self.sudo())

    @api.model
    def _fc_get_managed_fields(self):
        """Return the fields of users that field service managers may write."""
        return frozenset(
            {
                "x_fc_is_technician",
                "x_fc_start_address_id",
                "x_fc_service_radius_km",
                "x_fc_working_hours_id",
                "x_fc_working_tz",
            }
        )

    # Setting up ------------------------------------------------------------------

    def _fc_set_up_technician(self):
        """Give technicians a resource, and the technician's role if they have none."""
        self._fc_ensure_resource()
        technician = self.env.ref(TECHNICIAN)
        roles = technician.browse().union(
            *(self.env.ref(f"fusion_tasks.fusion_tasks_group_{role}") for role in ROLES)
        )
        for user in self.sudo():
            if not user.share and not user.all_group_ids & roles:
                user.write({"group_ids": [Command.link(technician.id)]})
            user._fc_land_on_my_day()

    def _fc_land_on_my_day(self):
        """Open the day after signing in, where the day is the user's only matter.

        What a user chose for themselves stays, and so does the office's own start.
        """
        day = self.env.ref("fusion_tasks.fusion_my_day_action")
        for user in self.filtered("x_fc_is_technician"):
            office = user.has_group(DISPATCHER) or user.has_group(MANAGER)
            if not (user.action_id or user.share or office):
                user.write({"action_id": day.id})

    def _fc_ensure_resource(self):
        """Create the resource that a user lacks in the main company.

        Odoo makes none for a user, and without one loses working hours silently.
        """
        # Resources are for administrators only.
        users = self.sudo().with_context(active_test=False)
        missing = users.filtered(
            lambda user: user.company_id not in user.resource_ids.company_id
        )
        without_button(self.env["resource.resource"].sudo()).create(
            [user._fc_prepare_resource_vals() for user in missing]
        )
        missing.invalidate_recordset(["resource_ids", "resource_calendar_id"])

    def _fc_prepare_resource_vals(self):
        self.ensure_one()
        calendar = self.company_id.resource_calendar_id
        return {
            "name": self.name,
            "user_id": self.id,
            "company_id": self.company_id.id,
            "calendar_id": calendar.id,
            "tz": self.tz or calendar.tz or "UTC",
        }

    # Who is one --------------------------------------------------------------------

    @api.model
    def _fc_get_technician_domain(self, companies):
        """Return the domain of the active technicians of companies."""
        return (
            Domain("x_fc_is_technician", "=", True)
            & Domain("share", "=", False)
            & Domain("company_ids", "in", companies.ids)
        )

    # For the office ----------------------------------------------------------

    def _fc_may_follow_up(self, company):
        """Tell whether a user can open what the office of a company works on.

        A salesperson without a role in field service would be given activities on
        records that they cannot even see.
        """
        user = self.sudo()
        return bool(
            user
            and user.active
            and not user.share
            and company in user.company_ids
            and user.has_group(USER)
        )
