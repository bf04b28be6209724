from odoo import fields, models
from odoo.exceptions import UserError

from ..recurrence import Edit
from .fusion_repair_visit_report_wizard import SIGNATURES, TEXTS

ANSWERS = ("result", "reading", "note", "defect_class")
# An hour is Odoo's default: less than the drive to the next client and lunch.
KEPT_HOURS = 72.0


class FusionRepairVisitReportWizard(models.TransientModel):
    """Taking what a device entered, possibly a good while ago, any number of times.

    An answer of ours may be lost on the way, so the device sends again what it does
    not know to be here.
    """

    _inherit = "fusion.repair.visit.report.wizard"
    _transient_max_hours = KEPT_HOURS

    sent_at = fields.Datetime(
        readonly=True, help="This report was sent: sending it again changes nothing."
    )
    safety_critical = fields.Boolean(compute="_compute_safety_critical")

    def _compute_safety_critical(self):
        for report in self:
            category = report.visit_id.sudo().contract_id.x_fc_policy_category_id
            report.safety_critical = category.safety_critical

    def keep_entries(self, entries, device):
        """Keep entries of the report on the visit.

        Callable by the browser; only for who may report the visit.

        :param entries: list of dicts of ``key`` (the device's own), ``name`` of the
            field, ``value``, ``age`` in milliseconds since it was entered, ``clock``
            (the device's own time then, in milliseconds) and, for an answer,
            ``check``, the id of the checklist line, or
            for what was known of the unit ``known``, its key
        :param device: what the device calls itself
        :return: dict by key: True where the entry is kept, else in words why not
        """
        self.ensure_one()
        self.visit_id._check_reportable()
        now = fields.Datetime.now()
        return {entry["key"]: self._keep_one(entry, device, now) for entry in entries}

    def _keep_one(self, entry, device, now):
        """Return True, or in words why an entry is not kept; it stops no other."""
        try:
            edit = Edit.from_age(now, entry["age"], device, entry["clock"])
            with self.env.cr.savepoint():
                if self._keep_by_kind(entry, edit):
                    return True
        except UserError as error:
            return str(error)
        except (KeyError, TypeError, ValueError):
            return self.env._("This entry cannot be read.")
        return self.env._("A newer entry from another device stands.")

    def _keep_by_kind(self, entry, edit):
        name, value = entry["name"], entry["value"]
        if not isinstance(value, str | int | bool):
            raise TypeError(name)
        if entry.get("check"):
            return self._keep_answer(entry["check"], name, value, edit)
        if entry.get("known"):
            return self.visit_id._keep_known(entry["known"], name, value, edit)
        if name not in (*TEXTS, *SIGNATURES):
            raise KeyError(name)
        return self.visit_id._keep_entry(name, value, edit)

    def _keep_answer(self, check_id, name, value, edit):
        line = self.line_ids.checklist_line_id.filtered(
            lambda line: line.id == check_id
        )
        if not line:
            raise UserError(
                self.env._("The checklist has changed: please open the report again.")
            )
        if name not in ANSWERS:
            raise KeyError(name)
        return line._keep_answer(name, value, edit)
