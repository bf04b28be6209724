from odoo import api, fields, models
from odoo.exceptions import UserError

FOREGROUND_UNITS = 500
UNUSED_STATES = ("draft", "scanning", "scanned")


class FusionRepairBackfillRun(models.Model):
    """Past sales brought in at one time: who, when, what was found, what came of it."""

    _name = "fusion.repair.backfill.run"
    _description = "Backfill Run"
    _inherit = [
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
    sale_total = fields.Integer(
        string="Sale Lines to Look At", readonly=True, copy=False
    )
    sale_done = fields.Integer(string="Looked At", readonly=True, copy=False)
    unit_total = fields.Integer(string="Units to Enrol", readonly=True, copy=False)
    unit_done = fields.Integer(string="Units Worked Off", readonly=True, copy=False)
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
