from odoo import fields, models


class FusionRepairVisitPhoto(models.Model):
    """A photo that a technician took of one check.

    Written by the report only, which has made it small and freed it of its place.
    """

    _name = "fusion.repair.visit.photo"
    _description = "Photo of a Visit"
    _order = "id"

    line_id = fields.Many2one(
        "fusion.repair.maintenance.checklist.line",
        string="Check",
        required=True,
        index=True,
        ondelete="cascade",
    )
    visit_id = fields.Many2one(related="line_id.visit_id", store=True, index=True)
    company_id = fields.Many2one(related="line_id.company_id", store=True)
    image = fields.Image(required=True, max_width=1600, max_height=1600)
    image_256 = fields.Image(
        related="image", max_width=256, max_height=256, store=True, string="Thumbnail"
    )
    device_key = fields.Char(
        readonly=True, copy=False, help="By which a device knows the photo it took."
    )

    _device_key_unique = models.UniqueIndex(
        "(visit_id, device_key) WHERE device_key IS NOT NULL"
    )
