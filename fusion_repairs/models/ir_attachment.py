import os

from odoo import api, models


class IrAttachment(models.Model):
    """A file that a full disk cut off is written again, instead of being in the way."""

    _inherit = "ir.attachment"

    @api.model
    def _get_path(self, bin_data, sha):
        """Put what was cut off aside: Odoo takes it for another file of that name.

        The name is the checksum of the whole, so nothing else can belong there. Who
        may be writing the very same file goes on with it.
        """
        self._drop_cut_file(self._full_path(f"{sha[:2]}/{sha}"), bin_data)
        return super()._get_path(bin_data, sha)

    @api.model
    def _drop_cut_file(self, path, content):
        """Delete a file that holds only the beginning of a content."""
        if not os.path.isfile(path) or os.path.getsize(path) >= len(content):
            return
        with open(path, "rb") as file:
            is_cut = content.startswith(file.read())
        if is_cut:
            os.unlink(path)
