from odoo import fields, models

from odoo.addons.fusion_tasks.groups import USER

VISIT = "fusion.repair.maintenance.visit"
CERTIFICATE = "fusion.repair.inspection.certificate"
DEFECT = "fusion.repair.defect"


class FusionRepairHistoryMixin(models.AbstractModel):
    """Past visits, certificates and open defects, seen from whatever they concern.

    A model that inherits this says by ``_get_history_path`` how these refer to it.
    """

    _name = "fusion.repair.history.mixin"
    _description = "History of Maintenance"

    x_fc_visit_count = fields.Integer(
        string="Visits", compute="_compute_x_fc_history", groups=USER
    )
    x_fc_certificate_count = fields.Integer(
        string="Certificates", compute="_compute_x_fc_history", groups=USER
    )
    x_fc_open_defect_count = fields.Integer(
        string="Open Defects", compute="_compute_x_fc_history", groups=USER
    )

    def _get_history_path(self):
        """Return the path from a visit, certificate or defect to this model."""
        raise NotImplementedError

    def _compute_x_fc_history(self):
        visits = self._count_history(VISIT, [])
        certificates = self._count_history(CERTIFICATE, [])
        defects = self._count_history(DEFECT, [("state", "=", "open")])
        for record in self:
            record.x_fc_visit_count = visits.get(record.id, 0)
            record.x_fc_certificate_count = certificates.get(record.id, 0)
            record.x_fc_open_defect_count = defects.get(record.id, 0)

    def _count_history(self, model, domain):
        """Return how many records of a model there are for each of these, by id."""
        path = self._get_history_path()
        first, _dot, rest = path.partition(".")
        domain = [(path, "in", self.ids), *domain]
        groups = self.env[model]._read_group(domain, [first], ["__count"])
        counts = {}
        for record, count in groups:
            owner = record[rest] if rest else record
            counts[owner.id] = counts.get(owner.id, 0) + count
        return counts

    def action_view_x_fc_visits(self):
        """Open the visits."""
        return self._open_history("fusion_repair_maintenance_visit_action")

    def action_view_x_fc_certificates(self):
        """Open the certificates."""
        return self._open_history("fusion_repair_inspection_certificate_action")

    def action_view_x_fc_defects(self):
        """Open the defects."""
        return self._open_history("fusion_repair_defect_action")

    def _open_history(self, name):
        action = self.env["ir.actions.act_window"]._for_xml_id(f"fusion_repairs.{name}")
        domain = [(self._get_history_path(), "in", self.ids)]
        return action | {"domain": domain, "context": {}}
