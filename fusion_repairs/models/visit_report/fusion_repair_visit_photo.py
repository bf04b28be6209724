import hashlib

from odoo import fields, models
from odoo.exceptions import UserError


class PhotoNotWanted(UserError):
    """A photo that is refused for good: the phone need not keep it.

    Whatever else goes wrong, the phone has the only copy, and sends it again.
    """


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

    def _is_whole(self):
        """Tell whether the picture was kept as it came: a full disk keeps half of it.

        The checksum of a file was made of what was to be written.
        """
        self.ensure_one()
        self.env.flush_all()
        file = self.env["ir.attachment"].search(
            [
                ("res_model", "=", self._name),
                ("res_field", "=", "image"),
                ("res_id", "=", self.id),
            ]
        )
        file.invalidate_recordset(["raw", "datas"], flush=False)
        content = file.raw or b""
        return hashlib.sha1(content, usedforsecurity=False).hexdigest() == file.checksum

    def _check_whole(self):
        """Refuse a photo that was not kept whole.

        :raise UserError: it is to be sent again
        """
        if not self._is_whole():
            raise UserError(
                self.env._("The photo could not be kept. It is sent again later.")
            )
