from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from odoo.addons.fusion_tasks.button_context import without_button

from ...models.backfill.scope import COLUMNS

SCOPE_FIELDS = (
    "company_ids",
    "category_ids",
    "date_from",
    "date_to",
    "sale_types",
    "start_date",
    "weeks",
    "weekly_cap",
)


class FusionRepairMaintenanceBackfillWizard(models.TransientModel):
    """Looks through past sales and shows what would be enrolled; writes nothing.

    What it found is kept in its own rows only, until it is saved as a run or executed.
    """

    _name = "fusion.repair.maintenance.backfill.wizard"
    _description = "Enrol Past Sales"
    _inherit = ["fusion.repair.backfill.scope.mixin", "fusion.wizard.access.mixin"]
    _transient_max_hours = 12.0
    _lines_action = (
        "fusion_repairs.fusion_repair_maintenance_backfill_wizard_line_action"
    )

    category_ids = fields.Many2many(
        "fusion.repair.product.category",
        relation="fusion_repair_backfill_wizard_category_rel",
        string="Equipment Categories",
        help="With their subcategories. Empty: all, and whatever has no category.",
    )
    line_ids = fields.One2many(
        "fusion.repair.maintenance.backfill.wizard.line", "wizard_id", readonly=True
    )
    scanned_at = fields.Datetime(string="Scanned On", readonly=True)
    last_contract_id = fields.Integer(readonly=True)
    report_file = fields.Binary(attachment=False, readonly=True)

    def _compute_display_name(self):
        self.display_name = self.env._("Enrol Past Sales")

    def action_scan(self):
        """Look through the past sales; nothing but this dialog changes.

        Of many sales the report is made in the background, as a run of its own.
        """
        self._check_manager()
        self.ensure_one()
        if self._is_large():
            runs = without_button(self.env["fusion.repair.backfill.run"])
            run = runs.create(self._prepare_scope_vals())
            run._leave_scan_to_job()
            return self._open_run(run)
        self.write({**self._prepare_scan_vals(), "report_file": False})
        self._scan_into_lines()
        return True

    def _plan_anew(self):
        """Scan once more: it is quick, or done in the background."""
        return self.action_scan()

    def action_save(self):
        """Keep what was found as a run, to be executed later."""
        return self._open_run(self._make_run())

    def action_execute(self):
        """Enrol exactly what is shown."""
        run = self._make_run()
        run.action_execute()
        return self._open_run(run)

    def _open_run(self, run):
        return {
            "type": "ir.actions.act_window",
            "res_model": run._name,
            "res_id": run.id,
            "view_mode": "form",
        }

    def _make_run(self):
        """Return a run with the very lines that are shown."""
        self._check_manager()
        self.ensure_one()
        if not self.scanned_at:
            raise UserError(self.env._("Please scan first, and look at the report."))
        run = without_button(self.env["fusion.repair.backfill.run"]).create(
            self._prepare_scope_vals()
        )
        run.sudo().write(
            {
                "state": "scanned",
                "scanned_at": self.scanned_at,
                "planned_on": self.planned_on,
                "last_contract_id": self.last_contract_id,
            }
        )
        columns = SQL(", ").join(
            SQL.identifier(name)
            for name in (
                *COLUMNS,
                "create_uid",
                "create_date",
                "write_uid",
                "write_date",
            )
        )
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "INSERT INTO %s (run_id, %s) SELECT %s, %s FROM %s"
                " WHERE wizard_id = %s ORDER BY id",
                SQL.identifier(run.line_ids._table),
                columns,
                run.id,
                columns,
                SQL.identifier(self.line_ids._table),
                self.id,
            )
        )
        run.line_ids.invalidate_model()
        run._count_units()
        return run

    # Scope -------------------------------------------------------------------

    @api.constrains("start_date")
    def _check_start_date(self):
        today = fields.Date.context_today(self)
        if self.filtered(lambda wizard: wizard.start_date < today):
            raise ValidationError(
                self.env._(
                    "The first reminders cannot go out on a day that has passed."
                )
            )

    def write(self, vals):
        """Forget what was found when something else is looked for."""
        before = {wizard: wizard._get_scope() for wizard in self}
        result = super().write(vals)
        changed = self.filtered(
            lambda w: (
                w.scanned_at
                and "scanned_at" not in vals
                and w._get_scope() != before[w]
            )
        )
        if changed:
            changed.write({"scanned_at": False})
        return result

    @api.onchange(*SCOPE_FIELDS)
    def _onchange_scope(self):
        if self._origin and self._get_scope() != self._origin._get_scope():
            self.scanned_at = False
