import hashlib
import json
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...tools.savepoints import run_in_batches

STATES = [
    ("draft", "Draft"),
    ("issued", "Issued"),
    ("superseded", "Superseded"),
    ("revoked", "Revoked"),
]
STATUSES = [
    ("draft", "Draft"),
    ("valid", "Valid"),
    ("expired", "Expired"),
    ("superseded", "Superseded"),
    ("revoked", "Revoked"),
]
# What the document says. Kept as it was said: later changes to the client, the unit
# or the company change no certificate. The digest covers these fields.
SNAPSHOT = (
    "name", "revision", "revision_reason", "lang", "dealer_name", "dealer_address",
    "dealer_phone", "dealer_licence", "client_name", "site_address", "device_class",
    "maker", "model", "serial", "installation_number", "installed_on", "rated_load",
    "examination_type", "examined_on", "next_due_on", "expires_on", "standard",
    "scope", "safe_to_operate", "findings", "parts_replaced", "lines", "defects",
    "technician_name", "technician_qualification", "technician_signature",
    "reported_at", "time_zone", "witness_name", "witness_signature", "not_signed",
)  # fmt: skip

BATCH = 200

# Only code of this file holds this object: no caller can pass it over the network.
TRANSITION = object()
# What may change on an issued certificate besides its chatter. Its file is another
# matter: nothing but ``_write_document`` sets that.
TECHNICAL = frozenset({"expiry_told_on"})


class FusionRepairInspectionCertificate(models.Model):
    """What one visit found of a lift, stated once and never edited."""

    _name = "fusion.repair.inspection.certificate"
    _description = "Certificate of Inspection"
    _inherit = ["fusion.repair.document.mixin", "mail.thread"]
    _order = "examined_on desc, name desc, revision desc, id desc"
    _check_company_auto = True
    _mail_post_access = "read"

    name = fields.Char(string="Number", readonly=True, index="trigram", copy=False)
    revision = fields.Integer(default=1, readonly=True, copy=False)
    state = fields.Selection(
        STATES, required=True, default="draft", readonly=True, copy=False, index=True
    )
    status = fields.Selection(
        STATUSES, compute="_compute_status", search="_search_status"
    )
    company_id = fields.Many2one("res.company", required=True, index=True)

    # Where it belongs
    visit_id = fields.Many2one(
        "fusion.repair.maintenance.visit",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    contract_id = fields.Many2one(
        "fusion.repair.maintenance.contract",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    partner_id = fields.Many2one(
        "res.partner", string="Client", required=True, index=True, ondelete="restrict"
    )
    product_id = fields.Many2one("product.product", string="Unit", ondelete="restrict")
    lot_id = fields.Many2one("stock.lot", index="btree_not_null", ondelete="restrict")
    technician_id = fields.Many2one("res.users", index=True, ondelete="restrict")
    previous_id = fields.Many2one(
        "fusion.repair.inspection.certificate", string="Revision Before", readonly=True
    )
    superseded_by_id = fields.Many2one(
        "fusion.repair.inspection.certificate", readonly=True
    )
    end_reason = fields.Char(readonly=True, tracking=True)
    ended_by_id = fields.Many2one("res.users", readonly=True)
    ended_at = fields.Datetime(string="Ended On", readonly=True)

    # What it says
    revision_reason = fields.Char(string="Reason of the Revision")
    lang = fields.Char(string="Language")
    dealer_name = fields.Char(string="Dealer")
    dealer_address = fields.Text()
    dealer_phone = fields.Char()
    dealer_licence = fields.Char(string="Licence or Registration No.")
    client_name = fields.Char()
    site_address = fields.Text(string="Place of the Unit")
    device_class = fields.Char(string="Unit Type")
    maker = fields.Char()
    model = fields.Char()
    serial = fields.Char(string="Serial Number")
    installation_number = fields.Char(string="Installation No.")
    installed_on = fields.Date(string="In Use Since")
    rated_load = fields.Char()
    examination_type = fields.Selection(
        [
            ("initial", "Initial"),
            ("periodic", "Periodic"),
            ("after_repair", "After Repair"),
            ("after_incident", "After an Incident"),
        ],
        string="Type of Examination",
    )
    examined_on = fields.Date(string="Date of Examination", index=True)
    next_due_on = fields.Date(string="Next Due No Later Than")
    expires_on = fields.Date(string="Valid Until", index=True)
    standard = fields.Text(string="Standard or Manual")
    scope = fields.Text(string="Scope of the Inspection")
    safe_to_operate = fields.Selection(
        [("yes", "Yes"), ("conditions", "Yes, With Conditions"), ("no", "No")]
    )
    findings = fields.Text()
    parts_replaced = fields.Text()
    lines = fields.Json(string="Items Tested")
    defects = fields.Json()
    technician_name = fields.Char()
    technician_qualification = fields.Char(string="Qualification")
    technician_signature = fields.Image(max_width=1024, max_height=1024)
    reported_at = fields.Datetime()
    time_zone = fields.Char()
    witness_name = fields.Char(string="Signed By")
    witness_signature = fields.Image(max_width=1024, max_height=1024)
    not_signed = fields.Char(string="Reason Not Signed")
    digest = fields.Char(
        readonly=True, copy=False, help="SHA-256 of what the certificate says."
    )

    _number_unique = models.UniqueIndex(
        "(company_id, name, revision) WHERE name IS NOT NULL",
        "This number and revision of a certificate exist already.",
    )
    _one_valid_per_visit = models.UniqueIndex(
        "(visit_id) WHERE state = 'issued'",
        "This visit has a valid certificate already.",
    )
    _issued_is_whole = models.Constraint(
        "CHECK (state = 'draft' OR (name IS NOT NULL AND examined_on IS NOT NULL"
        " AND expires_on IS NOT NULL AND digest IS NOT NULL))",
        "An issued certificate needs number, dates and digest.",
    )

    expiry_told_on = fields.Date(
        string="Office Notified On",
        readonly=True,
        copy=False,
        help="The day the office was told of the expiry.",
    )

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        """Keep clients with a login from writing into the history of a certificate.

        They read their certificate; what they have to say reaches somebody by phone or
        email, and nobody is told of a note there.
        """
        if message_operation == "create" and self.env.user.share:
            return dict.fromkeys(self, "write")
        return super()._mail_get_operation_for_mail_message_operation(message_operation)

    @api.depends("name", "revision", "serial")
    def _compute_display_name(self):
        for certificate in self:
            certificate.display_name = certificate._get_full_number()

    def _get_full_number(self):
        """Return the number as it is printed, with its revision from the second on."""
        number = self.name or self.env._("Draft")
        return f"{number}-R{self.revision}" if self.revision > 1 else number

    @api.depends("state", "expires_on")
    def _compute_status(self):
        for certificate in self:
            status = certificate.state
            if status == "issued":
                # A client has no rights on the contract, whose place tells the day.
                today = certificate.sudo().contract_id._get_today()
                late = certificate.expires_on and certificate.expires_on < today
                status = "expired" if late else "valid"
            certificate.status = status

    def _search_status(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        domains = {
            "valid": [("state", "=", "issued"), ("expires_on", ">=", today)],
            "expired": [("state", "=", "issued"), ("expires_on", "<", today)],
        }
        return fields.Domain.OR(
            domains.get(status, [("state", "=", status)]) for status in value
        )

    def _compute_digest(self):
        """Return the SHA-256 of what the certificate says, in a fixed form."""
        self.ensure_one()
        certificate = self.with_context(bin_size=False)
        said = {}
        for name in SNAPSHOT:
            value = certificate[name]
            if isinstance(value, bytes):
                value = hashlib.sha256(value).hexdigest()
            said[name] = value or None
        text = json.dumps(said, sort_keys=True, default=str, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    # Expiry ------------------------------------------------------------------

    @api.model
    def _cron_watch_expiry(self):
        """Tell the office, once a certificate, in batches that can be broken off."""
        companies = self.env["res.company"].search(
            [("x_fc_certificate_expiry_enabled", "=", True)]
        )
        domains = [self._get_expiry_domain(company) for company in companies]
        run_in_batches(
            self.search(Domain.OR(domains), order="id"),
            lambda certificate: certificate._notify_office_expiry(),
            "Telling of the expiry of a certificate",
            size=1,
            wanted=lambda certificate: certificate.filtered_domain(
                self._get_expiry_domain(certificate.company_id)
            ),
        )

    @api.model
    def _get_expiry_domain(self, company):
        """Return the certificates of a company that the office is to hear of."""
        last = company._get_today() + timedelta(
            days=company.x_fc_certificate_expiry_days
        )
        return (
            Domain("company_id", "=", company.id)
            & Domain("state", "=", "issued")
            & Domain("expires_on", "<=", last)
            & Domain("expiry_told_on", "=", False)
            & Domain("contract_id.state", "=", "active")
            & Domain("contract_id.is_booked", "=", False)
        )

    def _notify_office_expiry(self):
        contract = self.contract_id
        summary = self.env._("Book a visit: the certificate expires")
        note = self.env._(
            "%(number)s is valid until %(date)s, and no visit is booked.",
            number=self._get_full_number(),
            date=self._format_day(self.expires_on),
        )
        contract._notify_office(summary, note, reason="certificate_expires")
        self.expiry_told_on = self.company_id._get_today()

    def write(self, vals):
        """Refuse to edit an issued certificate, whoever asks."""
        said = {
            name
            for name in vals
            if name not in TECHNICAL and not name.startswith(("message_", "activity_"))
        }
        allowed = self.env.context.get("certificate_transition") is TRANSITION
        if said and not allowed and any(c.state != "draft" for c in self):
            raise UserError(
                self.env._(
                    "An issued certificate is never edited: revoke it, or issue a "
                    "revision of it."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_drafts(self):
        if any(certificate.state != "draft" for certificate in self):
            raise UserError(self.env._("An issued certificate cannot be deleted."))

    def _transition(self, vals):
        """Write what ends a certificate or makes it valid.

        Only the methods of this file call it, each with its own checks.
        """
        self.with_context(certificate_transition=TRANSITION).write(vals)
