from odoo import api, fields, models
from odoo.exceptions import UserError

FOREGROUND_UNITS = 500


class FusionRepairBackfillRun(models.Model):
    """Past sales brought in at one time: who, when, what was found, what came of it."""

    _name = "fusion.repair.backfill.run"
    _description = "Backfill Run"
    _inherit = "fusion.repair.backfill.scope.mixin"
    _order = "id desc"

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

    @api.depends("unit_total", "unit_done")
    def _compute_progress(self):
        for run in self:
            done = run.unit_done / run.unit_total if run.unit_total else 1.0
            run.progress = 100.0 * done if run.state != "draft" else 0.0

    @api.depends("name")
    def _compute_report_name(self):
        for run in self:
            run.report_name = f"{run.name or ''}.xlsx".replace("/", "-")

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

    @api.model_create_multi
    def create(self, vals_list):
        """Number the runs."""
        new = self.env._("New")
        for vals in vals_list:
            if vals.get("name", new) == new:
                vals["name"] = (
                    self.env["ir.sequence"].sudo().next_by_code(self._name) or new
                )
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_executed(self):
        if self.filtered(lambda run: run.state not in ("draft", "scanned")):
            raise UserError(
                self.env._(
                    "A run that was executed says where contracts came from: it is "
                    "kept. It can be undone."
                )
            )

    # Scanning ------------------------------------------------------------------

    def action_scan(self):
        """Look through the past sales and keep what was found."""
        self._check_manager()
        for run in self:
            if run.state not in ("draft", "scanned"):
                raise UserError(self.env._("This run was executed already."))
            run._note_scan()
            run._scan_into_lines()
            run._count_units()

    def _note_scan(self):
        newest = self.env["fusion.repair.maintenance.contract"].sudo().search(
            [], order="id desc", limit=1
        )  # fmt: skip
        self.write(
            {
                "state": "scanned",
                "scanned_at": fields.Datetime.now(),
                "last_contract_id": newest.id,
            }
        )

    def _count_units(self):
        lines = self.env["fusion.repair.backfill.line"]
        self.env.cr.execute(
            "UPDATE fusion_repair_backfill_line SET outcome = 'pending'"
            " WHERE run_id = %s AND status = 'new'",
            [self.id],
        )
        lines.invalidate_model(["outcome"])
        self.write({"unit_total": self.env.cr.rowcount, "unit_done": 0})

    # Opening -------------------------------------------------------------------

    def action_view_contracts(self):
        """Open the contracts that the run made."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "fusion_repairs.fusion_repair_maintenance_contract_action"
        )
        return action | {"domain": [("backfill_run_id", "=", self.id)], "context": {}}

    def action_view_lines(self):
        """Open all units that the run looked at."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "fusion_repairs.fusion_repair_backfill_line_action"
        )
        return action | {"domain": [("run_id", "=", self.id)]}

    def action_download(self):
        """Make the spreadsheet anew and fetch it."""
        self._check_manager()
        self.ensure_one()
        self.report_file = self._make_workbook()
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/report_file"
            f"?download=true&filename={self.report_name}",
            "target": "download",
        }
