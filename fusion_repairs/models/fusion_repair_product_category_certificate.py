from odoo import fields, models


class FusionRepairProductCategory(models.Model):
    """Which units of a category get a certificate, and by what they are inspected."""

    _inherit = "fusion.repair.product.category"

    certificate_standard = fields.Text(
        string="Standard or Manual",
        translate=True,
        help="What the inspection refers to, as it is to stand on the certificate, "
        "e.g. the maker's manual and its chapter. Empty: nothing is claimed. Holds "
        "for subcategories without their own.",
    )

    def _get_certificate_standard(self):
        """Return the standard or manual of the nearest category that names one."""
        for category in self._get_lineage():
            if category.certificate_standard:
                return category.certificate_standard
        return ""

    def _gets_certificates(self):
        """Tell whether units of this category are certified at all."""
        return (
            self.equipment_class == "lift_elevating"
            and self.certificate_validity_months > 0
        )
