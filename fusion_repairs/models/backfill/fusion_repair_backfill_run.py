from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ...tools.savepoints import attempt
from .fusion_repair_backfill_plan import PlanUnit

FOREGROUND_UNITS = 500
PLAN_FIELDS = ("start_date", "weeks", "weekly_cap")
UNUSED_STATES = ("draft", "scanning", "scanned")

# What a manager chooses; the rest is what came of it.
SCOPE_FIELDS = frozenset(
    {
        "name",
        "category_ids",
        "company_ids",
        "date_from",
        "date_to",
        "sale_types",
        "start_date",
        "weekly_cap",
        "weeks",
    }
)
LONGEST_NOTE = 2000


class FusionRepairBackfillRun(models.Model):
    """Past sales brought in at one time: who, when, what was found, what came of it."""

    _name = "fusion.repair.backfill.run"
    _description = "Backfill Run"
    _inherit = [
        "fusion.system.fields.mixin",
        "fusion.form.access.mixin",
        "fusion.numbered.mixin",
        "fusion.repair.backfill.scope.mixin",
    ]
    _order = "id desc"
    _lines_action = "fusion_repairs.fusion_repair_backfill_line_action"

    name = fields.Char(
        string="Reference",
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: self.env._("New"),
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("scanning", "Being Scanned"),
            ("scanned", "Scanned"),
            ("running", "Running"),
            ("done", "Done"),
            ("undoing", "Being Undone"),
            ("undone", "Undone"),
        ],
        required=True,
        readonly=True,
        copy=False,
        default="draft",
        index=True,
    )
    user_id = fields.Many2one(
        "res.users",
        string="By",
        readonly=True,
        copy=False,
        default=lambda self: self.env.user,
    )
    scanned_at = fields.Datetime(string="Scanned On", readonly=True, copy=False)
    executed_at = fields.Datetime(string="Executed On", readonly=True, copy=False)
    done_at = fields.Datetime(string="Done On", readonly=True, copy=False)
    last_contract_id = fields.Integer(
        readonly=True,
        copy=False,
        help="The newest contract at the time of the scan.",
    )
    category_ids = fields.Many2many(
        "fusion.repair.product.category",
        string="Equipment Categories",
        help="With their subcategories. Empty: all, and whatever has no category.",
    )
    line_ids = fields.One2many(
        "fusion.repair.backfill.line", "run_id", string="Units", readonly=True
    )
    contract_ids = fields.One2many(
        "fusion.repair.maintenance.contract", "backfill_run_id", readonly=True
    )
    sale_total = fields.Integer(string="Sale Lines to Scan", readonly=True, copy=False)
    sale_done = fields.Integer(string="Scanned", readonly=True, copy=False)
    unit_total = fields.Integer(string="Units to Enrol", readonly=True, copy=False)
    unit_done = fields.Integer(string="Units Processed", readonly=True, copy=False)
    progress = fields.Float(compute="_compute_progress")
    contract_count = fields.Integer(compute="_compute_outcomes")
    changed_count = fields.Integer(
        string="Changed since the Scan", compute="_compute_outcomes"
    )
    failed_count = fields.Integer(string="Failed", compute="_compute_outcomes")
    report_file = fields.Binary(
        string="Spreadsheet", attachment=True, readonly=True, copy=False
    )
    report_name = fields.Char(compute="_compute_report_name")

    error_note = fields.Text(string="Error", readonly=True, copy=False)
    error_at = fields.Datetime(string="Failed On", readonly=True, copy=False)

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse to say by hand what a run found or did."""
        return super().create(self._guard_create(vals_list))

    def _is_set_by_user(self, name, new=False):
        is_used = any(run.state not in UNUSED_STATES for run in self)
        return name in SCOPE_FIELDS and (new or not is_used)

    @api.depends("state", "sale_total", "sale_done", "unit_total", "unit_done")
    def _compute_progress(self):
        for run in self:
            done, total = run.unit_done, run.unit_total
            if run.state == "scanning":
                done, total = run.sale_done, run.sale_total
            share = min(1.0, done / total) if total else 1.0
            run.progress = 100.0 * share if run.state != "draft" else 0.0

    @api.depends("name")
    def _compute_report_name(self):
        for run in self:
            run.report_name = run._get_report_name()

    def _get_report_name(self):
        return f"{self.name or ''}.xlsx".replace("/", "-")

    def _compute_outcomes(self):
        counts = {}
        for run, outcome, count in self.env["fusion.repair.backfill.line"]._read_group(
            [("run_id", "in", self.ids)], ["run_id", "outcome"], ["__count"]
        ):
            counts[run.id, outcome] = count
        for run in self:
            run.contract_count = counts.get((run.id, "created"), 0) + counts.get(
                (run.id, "kept"), 0
            )
            run.changed_count = counts.get((run.id, "changed"), 0)
            run.failed_count = counts.get((run.id, "failed"), 0)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_executed(self):
        if self.filtered(lambda run: run.state not in UNUSED_STATES):
            raise UserError(
                self.env._(
                    "A run that was executed says where contracts came from: it is "
                    "kept. It can be undone."
                )
            )

    # Opening -------------------------------------------------------------------

    def action_view_contracts(self):
        """Open the contracts that the run made."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "fusion_repairs.fusion_repair_maintenance_contract_action"
        )
        return action | {"domain": [("backfill_run_id", "=", self.id)], "context": {}}

    # Errors ------------------------------------------------------------------

    def action_try_again(self):
        """Go on where the run failed."""
        self._check_manager()
        self.ensure_one()
        if self.state not in ("scanning", "running", "undoing"):
            raise UserError(self.env._("There is nothing to try again."))
        self._forget_error()
        if self.state == "running":
            return self.action_execute()
        return self._leave_to_job()

    def _work_off(self, step):
        """Do the steps of a small set while the manager waits.

        :param step: method that returns how many units it processed
        """

        def work():
            while step():
                pass

        what = f"Backfill {self.name}: a batch"
        if attempt(self.env.cr, work, what, failed=self._note_error):
            self._forget_error()

    def _note_error(self, error):
        """Keep what went wrong, for the manager to read.

        :param error: exception; whatever it did to the database is rolled back
        """
        note = str(error)
        if not isinstance(error, UserError):
            note = f"{type(error).__name__}: {error}"
        self.sudo().write(
            {"error_note": note[:LONGEST_NOTE], "error_at": fields.Datetime.now()}
        )

    def _forget_error(self):
        """Nothing is wrong any more."""
        if self.error_note:
            self.sudo().write({"error_note": False, "error_at": False})

    # Plan --------------------------------------------------------------------

    def write(self, vals):
        """Plan the units of a scanned run anew when its weeks or maximum change.

        What a run found or did, nobody says by hand.
        """
        self._guard_write(vals)
        scanned = self.filtered(
            lambda run: (
                run.state == "scanned"
                and any(
                    name in vals and run[name] != vals[name] for name in PLAN_FIELDS
                )
            )
        )
        result = super().write(vals)
        for run in scanned.filtered(lambda run: run.state == "scanned"):
            run._check_manager()
            run._plan_anew()
        return result

    def _plan_anew(self):
        """Give the units that were found other weeks, without scanning again."""
        self.ensure_one()
        run = self.sudo()
        lines = run.env["fusion.repair.backfill.line"].search_fetch(
            [("run_id", "=", run.id), ("status", "=", "new")],
            ["company_id", "natural_due_date", "area", "safety_critical", "partner_id",
             "anchor_date"],
            order="id",
        )  # fmt: skip
        for company, members in lines.grouped("company_id").items():
            found = run.env["fusion.repair.backfill.plan"]._plan(
                company,
                run._get_scope(),
                (
                    PlanUnit(
                        line.id,
                        line.natural_due_date,
                        line.area or "",
                        line.safety_critical,
                        line.partner_id.id,
                        line.anchor_date,
                    )
                    for line in members
                ),
            )
            members._write_plan(found)
        run.planned_on = fields.Date.context_today(self)

    def _check_plan(self):
        """Refuse a run whose first reminders should have gone out already.

        Executed weeks late, it would have whole weeks of mails sent on one day.

        :raise UserError: with the day, and what to do about it
        """
        self.ensure_one()
        for company, first_due in self.env["fusion.repair.backfill.line"]._read_group(
            [("run_id", "=", self.id), ("outcome", "=", "pending")],
            ["company_id"],
            ["due_date:min"],
        ):
            lead = timedelta(days=max(company._get_reminder_bands()))
            day = first_due and first_due - lead
            if day and day < company._get_today():
                raise UserError(
                    self.env._(
                        "The first reminders of this run were planned for %(day)s, "
                        "which has passed. Please press Scan Again: it plans the "
                        "weeks anew, from today on.",
                        day=format_date(self.env, day, date_format="long"),
                    )
                )

    # Scan --------------------------------------------------------------------

    def action_scan(self):
        """Look through the past sales and keep what was found."""
        self._check_manager()
        for run in self:
            if run.state not in ("draft", "scanned"):
                raise UserError(self.env._("This run was executed already."))
        action = None
        for run in self:
            if run._is_large():
                action = run._leave_scan_to_job()
            else:
                run.sudo().write({"state": "scanned", **run._prepare_scan_vals()})
                run._scan_into_lines()
                run._count_units()
        return action

    def _leave_scan_to_job(self):
        """Have the job scan; the form shows how far it is."""
        count = self.env["fusion.repair.backfill.scan"]._count_sales
        self.sudo().write(
            {
                "state": "scanning",
                "scanned_at": False,
                "sale_total": count(self._get_scope()),
                "sale_done": 0,
            }
        )
        return self._leave_to_job()

    def _scan_all(self):
        """Scan in the job: what was read so far is committed, for all to see.

        Cut short, it begins anew: the lines are replaced as a whole. What changes
        between two chunks is found when the run is executed, like all that changes
        after the scan.

        :return: 0, there is nothing left to do
        """
        self.ensure_one()
        # The manager's decision was checked when it was made.
        run = self.sudo()
        run.sale_done = 0
        vals = run._prepare_scan_vals()

        def tell(number):
            run.sale_done += number
            run.env["ir.cron"]._commit_progress()

        run._scan_into_lines(tell)
        run._count_units()
        run.write({"state": "scanned", **vals})
        run.env.flush_all()
        return 0

    def _count_units(self):
        lines = self.env["fusion.repair.backfill.line"]
        self.env.cr.execute(
            "UPDATE fusion_repair_backfill_line SET outcome = 'pending'"
            " WHERE run_id = %s AND status = 'new'",
            [self.id],
        )
        lines.invalidate_model(["outcome"])
        total = self.env.cr.rowcount
        self.sudo().write({"unit_total": total, "unit_done": 0})
