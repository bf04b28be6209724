from odoo import api, fields, models
from odoo.fields import Command

from odoo.addons.fusion_tasks.button_context import without_button

from ...models.visit_report.fusion_repair_maintenance_visit_draft import (
    ON_VISIT,
    SIGNATURE_STATES,
)
from ...recurrence import Edit

TEXTS = (
    "findings",
    "parts_note",
    "labour_minutes",
    "signed_by",
    "signature_state",
    "signature_reason",
    "parts_agreed_by",
    "access_note",
)
SIGNATURES = ("signature", "technician_signature")


def keeps(name):
    """Return the inverse of one field: it keeps this field and touches no other.

    An inverse of several fields would write the others too, as nothing: Odoo protects
    what is computed by one method while it is written.

    :param name: name of the field
    """

    def inverse(reports):
        reports._keep(name)

    return inverse


# An hour is Odoo's default: less than the drive to the next client and lunch.
KEPT_HOURS = 72.0


class FusionRepairVisitReportWizard(models.TransientModel):
    """What the technician fills in on site, phone in hand.

    A window on the visit and nothing more: whatever is typed goes to the draft on the
    visit with the next save, so it outlives this dialog, the phone and the day.
    """

    _name = "fusion.repair.visit.report.wizard"
    _description = "Visit Report"
    _inherit = "fusion.wizard.access.mixin"
    _rec_name = "visit_id"

    visit_id = fields.Many2one(
        "fusion.repair.maintenance.visit", required=True, readonly=True
    )
    partner_id = fields.Many2one(related="visit_id.partner_id", related_sudo=False)
    product_id = fields.Many2one(related="visit_id.product_id", related_sudo=False)
    serial = fields.Char(related="visit_id.serial", related_sudo=False)
    client_note = fields.Text(related="visit_id.client_note", related_sudo=False)
    company_id = fields.Many2one(related="visit_id.company_id", related_sudo=False)
    line_ids = fields.One2many(
        "fusion.repair.visit.report.wizard.line", "wizard_id", string="Checklist"
    )
    part_ids = fields.One2many(
        "fusion.repair.visit.report.wizard.part", "wizard_id", string="Parts Used"
    )
    findings = fields.Text(compute="_compute_texts", inverse=keeps("findings"))
    parts_note = fields.Text(
        string="Other Parts, Used or Needed",
        compute="_compute_texts",
        inverse=keeps("parts_note"),
    )
    labour_minutes = fields.Integer(
        string="Labour (Minutes)",
        compute="_compute_texts",
        inverse=keeps("labour_minutes"),
    )
    timer_started_at = fields.Datetime(
        related="visit_id.timer_started_at", related_sudo=False
    )
    signature_state = fields.Selection(
        SIGNATURE_STATES,
        string="The Client Has",
        compute="_compute_texts",
        inverse=keeps("signature_state"),
    )
    signature_reason = fields.Char(
        string="Reason", compute="_compute_texts", inverse=keeps("signature_reason")
    )
    parts_agreed_by = fields.Char(
        string="Who Agreed to the Price of the Parts",
        compute="_compute_texts",
        inverse=keeps("parts_agreed_by"),
    )
    access_note = fields.Text(
        string="Access Notes of the Place",
        compute="_compute_texts",
        inverse=keeps("access_note"),
    )
    signature = fields.Image(
        string="Client's Signature",
        max_width=1024,
        max_height=1024,
        compute="_compute_signatures",
        inverse=keeps("signature"),
    )
    signed_by = fields.Char(compute="_compute_texts", inverse=keeps("signed_by"))
    technician_signature = fields.Image(
        string="Your Signature",
        max_width=1024,
        max_height=1024,
        compute="_compute_signatures",
        inverse=keeps("technician_signature"),
    )
    day_unclear = fields.Boolean(compute="_compute_visit_day")
    visit_day = fields.Date(
        string="Day of the Visit",
        compute="_compute_visit_day",
        inverse=keeps("visit_day"),
    )
    _transient_max_hours = KEPT_HOURS

    sent_at = fields.Datetime(
        readonly=True, help="This report was sent: sending it again changes nothing."
    )
    safety_critical = fields.Boolean(compute="_compute_safety_critical")

    @api.model
    def _create_for(self, visit):
        """Return a report that goes on with the draft of a visit."""
        if not visit.signed_by:
            visit._save_draft({"signed_by": visit.partner_id.name})
        return without_button(self).create(
            {
                "visit_id": visit.id,
                "seen_known": [one.key for one in visit._get_known()],
                "line_ids": [
                    Command.create({"checklist_line_id": line.id})
                    for line in visit.checklist_line_ids
                ],
                "part_ids": [
                    Command.create({"part_id": part.id}) for part in visit.part_ids
                ],
            }
        )

    @api.constrains("visit_id")
    def _check_visit(self):
        for report in self:
            report.visit_id._check_reportable()

    # The draft -------------------------------------------------------------------

    @api.depends(*(f"visit_id.{ON_VISIT.get(name, name)}" for name in TEXTS))
    def _compute_texts(self):
        for report in self:
            for name in TEXTS:
                report[name] = report.visit_id[ON_VISIT.get(name, name)]

    @api.depends(
        "signature_stale",
        "visit_id.technician_signed_by_id",
        *(f"visit_id.{name}" for name in SIGNATURES),
    )
    @api.depends_context("uid")
    def _compute_signatures(self):
        for report in self:
            visit = report.visit_id
            # A signature under something else than the report says is none.
            report.signature = not report.signature_stale and visit.signature
            # Nobody sends a report with the signature of somebody else.
            own = visit._is_signed_by_me() and visit.technician_signature
            report.technician_signature = own

    @api.depends("visit_id.visit_day", "visit_id.state")
    def _compute_visit_day(self):
        for report in self:
            visit = report.visit_id.sudo()  # a technician may read no plan but this
            report.day_unclear = visit._is_day_unclear()
            report.visit_day = visit._get_service_date() if visit else False

    def _keep(self, name):
        """Keep what was entered in one field on the visit, as it was entered."""
        edit = Edit(fields.Datetime.now())
        for report in self:
            report.visit_id._keep_entry(name, report[name], edit)
        if name in SIGNATURES:
            self.invalidate_recordset(["signature_stale"], flush=False)

    def _compute_safety_critical(self):
        for report in self:
            category = report.visit_id.sudo().contract_id.x_fc_policy_category_id
            report.safety_critical = category.safety_critical
