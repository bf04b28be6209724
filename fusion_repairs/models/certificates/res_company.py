from odoo import api, fields, models

from odoo.addons.fusion_tasks.button_context import without_button

SEQUENCE = "fusion.repair.inspection.certificate"


class ResCompany(models.Model):
    """What a company states on its certificates of inspection, and their numbers."""

    _inherit = "res.company"

    x_fc_licence_number = fields.Char(
        string="Licence or Registration No.",
        help="As shown on certificates, e.g. of a contractor for elevating devices.",
    )
    x_fc_certificate_scope = fields.Text(
        string="Scope of the Inspection",
        translate=True,
        help="What the inspection covered and what it did not, in your own words. "
        "Empty: the standard text.",
    )
    x_fc_certificate_expiry_enabled = fields.Boolean(
        string="Watch Expiring Certificates", default=True
    )
    x_fc_certificate_expiry_days = fields.Integer(
        string="Days Before Expiry",
        default=30,
        help="So many days before a certificate expires the office is told, if no "
        "visit is booked.",
    )

    _x_fc_certificate_expiry_days_not_negative = models.Constraint(
        "CHECK (x_fc_certificate_expiry_days >= 0)",
        "The days before the expiry of a certificate cannot be negative.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Give every new company certificate numbers of its own."""
        companies = super().create(vals_list)
        companies._create_certificate_sequences()
        return companies

    @api.model
    def _create_all_certificate_sequences(self):
        """Give the companies that exist their certificate numbers, once."""
        self.search([("active", "in", (True, False))])._create_certificate_sequences()

    def _create_certificate_sequences(self):
        """Make the gap-free numbers of certificates where a company has none."""
        # Numbers are not the user's.
        sequences = without_button(self.env["ir.sequence"].sudo())
        known = sequences.search(
            [("code", "=", SEQUENCE), ("company_id", "in", self.ids)]
        )
        sequences.create(
            [
                {
                    "name": "Certificate of inspection",
                    "code": SEQUENCE,
                    "implementation": "no_gap",
                    "prefix": "CI/",
                    "padding": 5,
                    "company_id": company.id,
                }
                for company in self - known.company_id
            ]
        )

    def _get_certificate_scope(self):
        """Return the statement of scope in the language of the context."""
        self.ensure_one()
        return self.x_fc_certificate_scope or self.env._(
            "Visual and functional inspection of the unit at the date above, without "
            "dismantling. It describes the condition found on that day, and is no "
            "guarantee of later condition."
        )
