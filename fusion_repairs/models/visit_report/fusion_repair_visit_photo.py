import base64
import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.photos import LARGEST_PIXELS, PictureError, decode, shrink_photo

# More would make a document that nobody can mail, and a request that never ends.
MOST_PHOTOS = 40


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

    @api.model
    def _take_in(self, line, data, key=None):
        """Add a photo to a check, or return the one that was sent before.

        :param line: the checklist line
        :param data: the file in base64
        :param key: what the device calls this photo
        :return: the photo
        :raise PhotoNotWanted: if it is refused for good
        """
        visit = line.sudo().visit_id
        known = [("visit_id", "=", visit.id), ("device_key", "=", key)]
        photo = self.search(known, limit=1) if key else self.browse()
        if photo and photo._is_whole():
            return photo
        if not photo and len(visit.photo_ids) >= MOST_PHOTOS:
            raise PhotoNotWanted(self._get_picture_error_text("too_many"))
        try:
            content = base64.b64encode(shrink_photo(decode(data)))
        except PictureError as error:
            raise PhotoNotWanted(self._get_picture_error_text(str(error))) from error
        if photo:
            photo.image = content
        else:
            vals = {"line_id": line.id, "image": content, "device_key": key}
            photo = self.create(vals)
        photo._check_whole()
        return photo

    def _get_picture_error_text(self, code):
        texts = {
            "too_large": self.env._(
                "This photo is too large: at most 20 MB. Please take it with a lower "
                "resolution."
            ),
            "too_many_pixels": self.env._(
                "This photo has too many pixels: at most %(count)s megapixels. Please "
                "take it with a lower resolution.",
                count=LARGEST_PIXELS // 10**6,
            ),
            "too_many": self.env._(
                "This report has %(count)s photos already, the most there can be. "
                "Please remove one that matters less.",
                count=MOST_PHOTOS,
            ),
        }
        return texts.get(code) or self.env._(
            "This file is not a photo that can be read here. JPEG, PNG and WebP can."
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
