from contextlib import nullcontext
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ...live_statuses import LIVE_STATUSES

"""A task in one of these holds its technician's time."""

_LIVE_SQL = "('scheduled', 'en_route', 'in_progress')"
COORDINATES = (10, 7)
LONGEST_HOURS = 31 * 24
TECHNICIAN_FIELDS = frozenset({"status", "description"})
THREAD_PREFIXES = ("message_", "activity_", "my_activity_")


class FusionTechnicianTask(models.Model):
    """A piece of work of one technician, at a place and a time."""

    _name = "fusion.technician.task"
    _description = "Technician Task"
    _inherit = [
        "fusion.system.fields.mixin",
        "fusion.form.access.mixin",
        "fusion.numbered.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "date_start, id"
    _check_company_auto = True
    _rec_names_search = ["name", "partner_id"]
    _system_fields = frozenset(
        {
            "actual_end",
            "actual_start",
            "calendar_event_id",
            "completed_at",
            "conflict_reason",
            "told_offset",
            "told_tz",
        }
    )

    name = fields.Char(
        string="Reference", required=True, readonly=True, copy=False, default="/"
    )
    active = fields.Boolean(default=True)
    task_type = fields.Selection(
        [
            ("maintenance", "Maintenance"),
            ("repair", "Repair"),
            ("delivery", "Delivery"),
            ("pickup", "Pickup"),
            ("assessment", "Assessment"),
            ("installation", "Installation"),
            ("other", "Other"),
        ],
        string="Type",
        required=True,
        default="other",
        index=True,
    )
    status = fields.Selection(
        [
            ("pending", "Unscheduled"),
            ("scheduled", "Scheduled"),
            ("en_route", "On the way"),
            ("in_progress", "In progress"),
            ("completed", "Completed"),
            ("no_show", "No-show"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="pending",
        copy=False,
        index=True,
        tracking=True,
        group_expand=True,
    )
    technician_id = fields.Many2one(
        "res.users",
        domain="[('x_fc_is_technician', '=', True), ('share', '=', False),"
        " ('company_ids', 'in', company_id)]",
        check_company=True,
        copy=False,
        tracking=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        index=True,
    )
    partner_id = fields.Many2one(
        "res.partner", string="Client", check_company=True, index=True, tracking=True
    )
    address_id = fields.Many2one(
        "res.partner",
        string="Place",
        compute="_compute_address_id",
        store=True,
        precompute=True,
        readonly=False,
        check_company=True,
        index=True,
        help="Where the work is done; the client's delivery address unless changed.",
    )
    address_inline = fields.Char(string="Address", compute="_compute_address_inline")
    phone = fields.Char(string="Client's Phone", compute="_compute_phone")
    latitude = fields.Float(
        digits=COORDINATES,
        compute="_compute_coordinates",
        store=True,
        precompute=True,
        readonly=False,
        help="From the place, in degrees; it can be corrected here. "
        "Both zero means unknown.",
    )
    longitude = fields.Float(
        digits=COORDINATES,
        compute="_compute_coordinates",
        store=True,
        precompute=True,
        readonly=False,
    )
    is_place_known = fields.Boolean(
        string="Place on the Map",
        compute="_compute_is_place_known",
        search="_search_is_place_known",
    )
    date_start = fields.Datetime(string="Start", copy=False, tracking=True)
    duration = fields.Float(
        string="Hours", required=True, default=1.0, help="Planned working time."
    )
    date_end = fields.Datetime(
        string="End",
        compute="_compute_date_end",
        inverse="_inverse_date_end",
        store=True,
        precompute=True,
        readonly=False,
        copy=False,
    )
    travel_before = fields.Integer(
        string="Travel (minutes)",
        copy=False,
        help="The drive to this task, as planned when it was scheduled.",
    )
    allow_overlap = fields.Boolean(
        copy=False,
        tracking=True,
        help="Allow this task to overlap the technician's other tasks.",
    )
    allow_far = fields.Boolean(
        string="Allow Outside the Area",
        compute="_compute_allow_far",
        store=True,
        readonly=False,
        precompute=True,
        copy=False,
        tracking=True,
        help="The dispatcher sends this technician though the place is outside their "
        "area. Taken back when the place or the technician changes.",
    )
    description = fields.Text(
        string="Notes for the Technician", help="Codes, pets, parking, what to bring."
    )
    completed_at = fields.Datetime(readonly=True, copy=False)
    actual_start = fields.Datetime(readonly=True, copy=False)
    actual_end = fields.Datetime(readonly=True, copy=False)
    is_late = fields.Boolean(
        string="Late",
        compute="_compute_is_late",
        search="_search_is_late",
        help="The planned start is past and the work has not begun, or the planned "
        "end is past and it has not ended.",
    )
    color = fields.Integer(compute="_compute_color")
    _end_after_start = models.Constraint(
        "CHECK (date_end > date_start)",
        "A task must take some time: its end must be after its start.",
    )
    _live_is_planned = models.Constraint(
        f"CHECK (status NOT IN {_LIVE_SQL} OR (technician_id IS NOT NULL"
        " AND date_start IS NOT NULL AND date_end IS NOT NULL))",
        "A scheduled task needs a technician, a start and an end.",
    )
    _live_is_active = models.Constraint(
        f"CHECK (active IS TRUE OR status NOT IN {_LIVE_SQL})",
        "A scheduled task cannot be archived; cancel it first.",
    )
    _duration_positive = models.Constraint(
        "CHECK (duration > 0)", "A task must take some time: more than 0 hours."
    )
    _latitude_range = models.Constraint(
        "CHECK (latitude BETWEEN -90 AND 90)", "A latitude is between -90 and 90."
    )
    _longitude_range = models.Constraint(
        "CHECK (longitude BETWEEN -180 AND 180)",
        "A longitude is between -180 and 180.",
    )
    _travel_before_positive = models.Constraint(
        "CHECK (travel_before >= 0)", "Travel takes zero minutes or more."
    )
    _live_by_technician = models.Index(
        f"(technician_id, date_start) WHERE status IN {_LIVE_SQL}"
    )

    can_plan = fields.Boolean(compute="_compute_can_plan")

    # Computed fields -------------------------------------------------------------

    @api.depends("partner_id")
    def _compute_address_id(self):
        for task in self:
            partner = task.partner_id
            address_id = partner and partner.address_get(["delivery"])["delivery"]
            task.address_id = address_id

    @api.depends("address_id")
    def _compute_address_inline(self):
        for task in self:
            address = task.address_id._display_address(without_company=True)
            parts = [part.strip() for part in address.splitlines()]
            task.address_inline = ", ".join(filter(None, parts))

    @api.depends("partner_id.phone", "address_id.phone")
    def _compute_phone(self):
        for task in self:
            task.phone = task.address_id.phone or task.partner_id.phone

    @api.depends("address_id")
    def _compute_coordinates(self):
        for task in self:
            task.latitude = task.address_id.partner_latitude
            task.longitude = task.address_id.partner_longitude

    @api.depends("technician_id", "latitude", "longitude")
    def _compute_allow_far(self):
        self.allow_far = False

    @api.depends("latitude", "longitude")
    def _compute_is_place_known(self):
        for task in self:
            task.is_place_known = bool(task.latitude or task.longitude)

    def _search_is_place_known(self, operator, value):
        if operator != "in" or set(value) != {True}:
            return NotImplemented
        return Domain("latitude", "!=", 0) | Domain("longitude", "!=", 0)

    @api.depends("date_start", "duration")
    def _compute_date_end(self):
        for task in self:
            if not abs(task.duration) <= LONGEST_HOURS:
                raise UserError(
                    self.env._(
                        "A task takes %(hours)s hours at most.", hours=LONGEST_HOURS
                    )
                )
            minutes = timedelta(minutes=round(task.duration * 60))
            task.date_end = task.date_start and task.date_start + minutes

    def _inverse_date_end(self):
        for task in self.filtered(lambda task: task.date_start and task.date_end):
            task.duration = (task.date_end - task.date_start).total_seconds() / 3600

    @api.depends("status", "date_start", "date_end")
    def _compute_is_late(self):
        late = self.filtered_domain(self._get_late_domain())
        late.is_late = True
        (self - late).is_late = False

    def _search_is_late(self, operator, value):
        if operator != "in" or set(value) != {True}:
            return NotImplemented
        return self._get_late_domain()

    @api.model
    def _get_late_domain(self):
        now = fields.Datetime.now()
        not_begun = Domain("status", "in", ("scheduled", "en_route"))
        return (not_begun & Domain("date_start", "<", now)) | (
            Domain("status", "=", "in_progress") & Domain("date_end", "<", now)
        )

    @api.depends("technician_id")
    def _compute_color(self):
        for task in self:
            task.color = task.technician_id.id % 12 if task.technician_id else 0

    @api.depends("name", "partner_id")
    def _compute_display_name(self):
        for task in self:
            names = [task.name, task.partner_id.name]
            task.display_name = " – ".join(filter(None, names))

    # Create and write ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Create the tasks whole or not at all; calendars and conflicts follow."""
        vals_list = self._guard_create(vals_list)
        self._queue_for_new(vals_list)
        with self._slot_guard():
            tasks = super().create(vals_list)
        tasks._bump_schedules({})
        tasks._sync_calendar_events()
        tasks._recheck_around({})
        return tasks

    def write(self, vals):
        """Change the tasks, and do in this order what follows from it.

        What changes is compared with what was there before, so that is kept first.
        """
        self._guard_write(vals)
        plans = self._get_plans_before(vals)
        placements = self._get_placements_before(vals)
        statuses = self._check_status_change(vals)
        self._check_may_write(vals)
        holdings = self._queue_for_change(vals)
        with nullcontext() if holdings is None else self._slot_guard():
            result = super().write(vals)
        self._bump_schedules(holdings)
        self._follow_on_calendars(vals)
        self._follow_status_change(vals, statuses)
        self._recheck_around(placements)
        self._log_plan_changes(plans)
        return result

    # Helpers ---------------------------------------------------------------------

    def _is_live(self):
        """Tell whether the task holds its technician's time."""
        self.ensure_one()
        return self.status in LIVE_STATUSES

    def _get_coordinates(self):
        """Return latitude and longitude, both None where the place is unknown."""
        self.ensure_one()
        if not self.is_place_known:
            return None, None
        return self.latitude, self.longitude

    @api.ondelete(at_uninstall=False)
    def _unlink_except_work_done(self):
        if any(task.status in ("in_progress", "completed") for task in self):
            raise UserError(
                self.env._(
                    "Work that was begun or done is on record: archive the task "
                    "instead of deleting it."
                )
            )

    @api.depends_context("uid")
    def _compute_can_plan(self):
        self.can_plan = self._is_dispatcher()

    def _is_dispatcher(self):
        """Tell whether the user plans the work of others (or the system acts)."""
        return self.env.su or self.env.user.has_group(
            "fusion_tasks.fusion_tasks_group_dispatcher"
        )

    @api.model
    def _get_technician_fields(self):
        """Return the fields that technicians may write on their own tasks."""
        return TECHNICIAN_FIELDS

    def _check_may_write(self, vals):
        """Refuse planning by those who only do the work.

        :raise AccessError: with the labels of the fields in question
        """
        if self._is_dispatcher():
            return
        self.check_access("write")
        refused = [
            name
            for name in vals.keys() - self._get_technician_fields()
            if not name.startswith(THREAD_PREFIXES)
        ]
        if refused:
            labels = sorted(
                self._fields[name]._description_string(self.env)
                for name in refused
                if name in self._fields
            )
            raise AccessError(
                self.env._(
                    "Planning is up to the dispatchers: please ask one of them to "
                    "change %(fields)s.",
                    fields=", ".join(filter(None, labels)),
                )
            )
