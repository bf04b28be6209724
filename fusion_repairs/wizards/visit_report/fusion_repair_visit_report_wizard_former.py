from odoo import api, fields, models

MOST_PHOTOS = 12


class FusionRepairVisitReportWizard(models.TransientModel):
    """Former visits of the unit, for whoever stands before it."""

    _inherit = "fusion.repair.visit.report.wizard"

    former = fields.Json(compute="_compute_former")

    @api.depends("visit_id")
    @api.depends_context("lang")
    def _compute_former(self):
        for report in self:
            visits = report.visit_id._get_former_visits()
            report.former = [
                visit.with_env(report.env(su=True))._prepare_former()
                for visit in visits
            ]

    def load_former_photos(self, visit_id):
        """Return photos of a former visit of the unit, small, with their checks.

        Callable by the browser; only for who may report the visit.

        :param visit_id: id of one of the visits in ``former``
        :return: list of dicts of name and data, a JPEG in base64
        """
        self.ensure_one()
        self.visit_id._check_reportable()
        former = self.visit_id._get_former_visits().filtered(
            lambda visit: visit.id == visit_id
        )
        photos = former.with_context(bin_size=False, lang=self.env.lang).photo_ids
        return [
            {
                "name": photo.line_id._get_name_in(self.env.lang),
                "data": photo.image_256.decode(),
            }
            for photo in photos[:MOST_PHOTOS]
            if photo.image_256
        ]
