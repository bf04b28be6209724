import base64

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL

from odoo.addons.fusion_tasks.groups import MANAGER

from .fusion_repair_backfill_proposal_mixin import STATUSES
from .scope import BackfillScope
from .workbook import write_workbook

FOREGROUND_SALES = 2000
"""Past sale lines that are looked at while the manager waits; more are for the job."""

WORKBOOK_FIELDS = (
    "order_id", "partner_id", "product_id", "category_id", "serial", "device_type",
    "unit_index", "quantity", "status", "reason", "detail", "anchor_date",
    "anchor_source", "natural_due_date", "due_date", "safety_critical",
    "mail_until", "area", "interval_months", "fee", "company_id", "contract_id",
)  # fmt: skip


class FusionRepairBackfillScopeMixin(models.AbstractModel):
    """Which past sales to look at, and the report of what was found there.

    Shared by the dialog, which only looks, and the run, which is kept: both have
    ``line_ids`` and ``category_ids``, each with a table of its own.
    """

    _name = "fusion.repair.backfill.scope.mixin"
    _description = "Scope of the Backfill"

    _lines_action = None
    """External id of the action that lists the lines."""

    company_ids = fields.Many2many(
        "res.company",
        string="Companies",
        required=True,
        default=lambda self: self.env.companies,
    )
    date_from = fields.Date(string="Ordered From")
    date_to = fields.Date(string="Ordered Until")
    sale_types = fields.Json(
        help="Only sales of these types. None: all.",
    )
    sale_type_options = fields.Json(compute="_compute_sale_type_options")
    has_sale_types = fields.Boolean(compute="_compute_sale_type_options")
    start_date = fields.Date(
        string="First Reminders From",
        required=True,
        default=fields.Date.context_today,
        help="Overdue units are spread over weeks from the first Monday on or after "
        "this day: no client is reminded before it.",
    )
    weeks = fields.Integer(
        string="Spread over Weeks",
        required=True,
        default=12,
        help="Over how many weeks the overdue units are spread. First come clients "
        "whose consent to be emailed ends, and safety-critical units.",
    )
    weekly_cap = fields.Integer(
        string="Weekly Maximum",
        default=25,
        help="How many units a week fall due at most. What does not fit goes to "
        "further weeks. Zero: no limit.",
    )
    count_new = fields.Integer(string="To Be Enrolled", compute="_compute_counts")
    count_enrolled = fields.Integer(
        string="Already Enrolled", compute="_compute_counts"
    )
    count_skipped = fields.Integer(string="Skipped", compute="_compute_counts")
    count_by_hand = fields.Integer(
        string="To Enrol Manually", compute="_compute_counts"
    )
    report_html = fields.Html(
        string="Report", compute="_compute_report_html", sanitize=False
    )

    @api.constrains("weeks", "weekly_cap", "date_from", "date_to")
    def _check_scope(self):
        for scope in self:
            if scope.weeks < 1 or scope.weekly_cap < 0:
                raise ValidationError(
                    self.env._(
                        "Overdue units need at least one week, and the weekly limit "
                        "cannot be negative."
                    )
                )
            if scope.date_from and scope.date_to and scope.date_from > scope.date_to:
                raise ValidationError(
                    self.env._("The order dates end before they begin.")
                )

    @api.model
    def _get_sale_types(self):
        """Return the types of sale that may be chosen: the claims know them."""
        if "fusion.repair.claims.bridge" not in self.env:
            return []
        return self.env["fusion.repair.claims.bridge"]._get_sale_types() or []

    def _compute_sale_type_options(self):
        options = [list(option) for option in self._get_sale_types()]
        self.sale_type_options = options
        self.has_sale_types = bool(options)

    @api.constrains("sale_types")
    def _check_sale_types(self):
        known = {value for value, _label in self._get_sale_types()}
        for scope in self.filtered("sale_types"):
            chosen = scope.sale_types
            if not isinstance(chosen, list) or not known.issuperset(map(str, chosen)):
                raise ValidationError(self.env._("There is no such type of sale."))

    def _get_scope(self):
        """Return the scope as a plain value."""
        self.ensure_one()
        return BackfillScope(
            company_ids=tuple(self.company_ids.ids),
            category_ids=tuple(self.category_ids.ids),
            date_from=self.date_from or None,
            date_to=self.date_to or None,
            sale_types=tuple(self.sale_types or ()),
            start=self.start_date,
            weeks=self.weeks,
            weekly_cap=self.weekly_cap,
        )

    def _prepare_scope_vals(self):
        """Return the scope as the values of another record that has one."""
        self.ensure_one()
        names = ("date_from", "date_to", "sale_types", "start_date", "weeks")
        return {
            **{name: self[name] for name in (*names, "weekly_cap")},
            "company_ids": [fields.Command.set(self.company_ids.ids)],
            "category_ids": [fields.Command.set(self.category_ids.ids)],
        }

    def _check_manager(self):
        """Refuse everybody but managers, and companies that they do not work in."""
        if not self.env.su and not self.env.user.has_group(MANAGER):
            raise AccessError(self.env._("Only managers may enrol past sales."))
        self.check_access("write")
        for scope in self:
            if not scope.company_ids:
                raise UserError(self.env._("Please choose a company."))
            if not self.env.su and scope.company_ids - self.env.user.company_ids:
                raise AccessError(
                    self.env._("You may only enrol sales of your own companies.")
                )

    def _is_large(self):
        """Tell whether a scan takes longer than anybody likes to wait."""
        count = self.env["fusion.repair.backfill.scan"]._count_sales
        return count(self._get_scope()) > FOREGROUND_SALES

    def _prepare_scan_vals(self):
        """Return what is to be known of a scan that begins now."""
        contracts = self.env["fusion.repair.maintenance.contract"].sudo()
        newest = contracts.search([], order="id desc", limit=1)
        return {
            "scanned_at": fields.Datetime.now(),
            "planned_on": fields.Date.context_today(self),
            "last_contract_id": newest.id,
        }

    def _scan_into_lines(self, tell=None):
        """Replace the lines by what the past sales say now.

        :param tell: called with the number of sale lines that were read, again and
            again
        """
        self.ensure_one()
        field = self._fields["line_ids"].inverse_name
        lines = self.env[self._fields["line_ids"].comodel_name]
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "DELETE FROM %s WHERE %s = %s",
                SQL.identifier(lines._table),
                SQL.identifier(field),
                self.id,
            )
        )
        scan = self.env["fusion.repair.backfill.scan"]
        proposals = scan._scan(self._get_scope(), tell)
        lines._insert_proposals((field, self.id), proposals)
        self.invalidate_recordset()

    # Opening -------------------------------------------------------------------

    def action_view_lines(self):
        """Open the units that were found, to filter and group them."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(self._lines_action)
        field = self._fields["line_ids"].inverse_name
        return action | {"domain": [(field, "=", self.id)]}

    def action_download(self):
        """Make the spreadsheet anew and fetch it."""
        self._check_manager()
        self.ensure_one()
        self.sudo().report_file = self._make_workbook()
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/report_file"
            f"?download=true&filename={self._get_report_name()}",
            "target": "download",
        }

    def _get_report_name(self):
        """Return the file name of the spreadsheet."""
        return "backfill.xlsx"

    # Report --------------------------------------------------------------------

    def _get_counts(self):
        """Return [(category, status, reason, number of units)] of the lines."""
        lines = self.env[self._fields["line_ids"].comodel_name]
        return lines._read_group(
            [(self._fields["line_ids"].inverse_name, "in", self._origin.ids)],
            ["category_id", "status", "reason"],
            ["__count"],
        )

    def _compute_counts(self):
        for scope in self:
            sums = dict.fromkeys((status for status, _label in STATUSES), 0)
            for _category, status, _reason, count in scope._get_counts():
                sums[status] += count
            for status, number in sums.items():
                scope[f"count_{status}"] = number

    def _get_summary(self):
        """Return the report's rows: category, status, reason in words, and number."""
        self.ensure_one()
        lines = self.env[self._fields["line_ids"].comodel_name]
        statuses = dict(lines._fields["status"]._description_selection(self.env))
        reasons = dict(lines._fields["reason"]._description_selection(self.env))
        order = [status for status, _label in STATUSES]
        none = self.env._("Without category")
        counts = sorted(
            self._get_counts(),
            key=lambda row: (row[0].display_name or "~", order.index(row[1]), -row[3]),
        )
        return [
            (category.display_name or none, statuses[status], reasons[reason], count)
            for category, status, reason, count in counts
        ]

    def _compute_report_html(self):
        heads = self._get_summary_heads()
        for scope in self:
            rows = Markup("").join(
                Markup("<tr><td>%s</td><td>%s</td><td>%s</td>")
                % (category, status, reason)
                + Markup('<td class="text-end">%s</td></tr>') % number
                for category, status, reason, number in scope._get_summary()
            )
            scope.report_html = (
                Markup(
                    '<table class="table table-sm"><thead><tr>%s</tr></thead>'
                    "<tbody>%s</tbody></table>"
                )
                % (
                    Markup("").join(Markup("<th>%s</th>") % head for head in heads),
                    rows,
                )
                if rows
                else False
            )

    def _get_summary_heads(self):
        return (
            self.env._("Equipment Category"),
            self.env._("Result"),
            self.env._("Reason"),
            self.env._("Units"),
        )

    def _make_workbook(self):
        """Return the report as a spreadsheet, base64 as fields keep it."""
        self.ensure_one()
        lines = self.env[self._fields["line_ids"].comodel_name]
        domain = [(self._fields["line_ids"].inverse_name, "=", self.id)]
        labels = [
            lines._fields[name].get_description(self.env, ["string"])["string"]
            for name in WORKBOOK_FIELDS
        ]
        content = write_workbook(
            (self.env._("Summary"), self._get_summary_heads(), self._get_summary()),
            (self.env._("Plan"), self._get_plan_heads(), self._get_plan_sheet_rows()),
            (self.env._("Units"), labels, lines._iterate_rows(domain, WORKBOOK_FIELDS)),
        )
        return base64.b64encode(content)
