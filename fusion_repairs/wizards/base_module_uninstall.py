from odoo import api, fields, models


class BaseModuleUninstall(models.TransientModel):
    """Says what is lost with our addons, before Odoo deletes it."""

    _inherit = "base.module.uninstall"

    x_fc_has_loss = fields.Boolean(
        string="Loses Our Records", compute="_compute_x_fc_has_loss"
    )
    x_fc_certificate_count = fields.Integer(
        string="Certificates Lost", compute="_compute_x_fc_has_loss"
    )
    x_fc_report_count = fields.Integer(
        string="Reports Lost", compute="_compute_x_fc_has_loss"
    )
    x_fc_consent_count = fields.Integer(
        string="Consent Entries Lost", compute="_compute_x_fc_has_loss"
    )
    x_fc_file_count = fields.Integer(
        string="Files Lost", compute="_compute_x_fc_has_loss"
    )
    x_fc_mail_count = fields.Integer(
        string="Emails Called Off", compute="_compute_x_fc_has_loss"
    )

    @api.depends("module_ids")
    def _compute_x_fc_has_loss(self):
        env = self.sudo().env
        archive = env["fusion.repair.archive"]
        files = archive._get_files_domain(archive._get_kept_models())
        counts = {
            "x_fc_certificate_count": (
                "fusion.repair.inspection.certificate",
                [("state", "!=", "draft")],
            ),
            "x_fc_report_count": (
                "fusion.repair.maintenance.visit",
                [("report_attachment_id", "!=", False)],
            ),
            "x_fc_consent_count": ("fusion.repair.consent.event", []),
            "x_fc_file_count": ("ir.attachment", files),
        }
        found = {
            name: env[model].with_context(active_test=False).search_count(domain)
            for name, (model, domain) in counts.items()
        }
        found["x_fc_mail_count"] = len(env["mail.mail"]._fc_find_queued())
        for wizard in self:
            names = wizard._get_modules().mapped("name")
            wizard.x_fc_has_loss = "fusion_repairs" in names
            wizard.update(found)

    def action_fc_download_archive(self):
        """Fetch all records and files of our addons, to be kept elsewhere."""
        return {
            "type": "ir.actions.act_url",
            "url": "/repairs/archive",
            "target": "download",
        }
