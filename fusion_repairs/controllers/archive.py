import tempfile

from werkzeug.exceptions import NotFound

from odoo import fields
from odoo.http import Controller, request, route


class ArchiveController(Controller):
    """The archive that an administrator keeps before uninstalling."""

    @route("/repairs/archive", type="http", auth="user", methods=["GET"], readonly=True)
    def download(self):
        """Send all records and files of our models as a zip."""
        if not request.env.user._is_system():
            raise NotFound
        file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
        request.env["fusion.repair.archive"]._write(file)
        size = file.tell()
        file.seek(0)
        day = fields.Date.to_string(fields.Date.context_today(request.env.user))
        response = request.make_response(
            file,
            [
                ("Content-Type", "application/zip"),
                ("Content-Length", size),
                ("Content-Disposition", f'attachment; filename="fusion-{day}.zip"'),
                ("Cache-Control", "no-store"),
            ],
        )
        response.direct_passthrough = True
        return response
