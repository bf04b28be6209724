from odoo import models
from odoo.tools.misc import format_date


class FusionRepairMaintenanceVisit(models.Model):
    """What a visit found, in words: one sentence for mail, page and paper alike."""

    _inherit = "fusion.repair.maintenance.visit"

    def _get_result(self):
        """Return unsafe, repair, advice or pass; "" without a report.

        Advice is no repair: nobody is promised a price for it.
        """
        self.ensure_one()
        if self.outcome != "pass_with_findings":
            return self.outcome or ""
        classes = self._get_all_defects().mapped("defect_class")
        return "repair" if set(classes) - {"advisory"} else "advice"

    def _get_result_text(self):
        """Return in one sentence what was found, "" without a report."""
        unit = self._get_result_unit()
        return {
            "unsafe": self.env._(
                "Please do not use your %(unit)s: it is not safe at the moment. We "
                "will call you about the repair.",
                unit=unit,
            ),
            "repair": self.env._(
                "You can go on using your %(unit)s. Something needs repair: we will "
                "send you a quote.",
                unit=unit,
            ),
            "advice": self.env._(
                "You can go on using your %(unit)s. We have some advice for you; see "
                "the report.",
                unit=unit,
            ),
            "pass": self.env._("Your %(unit)s is in good order.", unit=unit),
        }.get(self._get_result(), "")

    def _get_result_unit(self):
        return self.product_id.name or ""

    def _get_danger_text(self):
        """Return what stands above everything else where a unit is not safe."""
        return self.env._(
            "Please do not use your %(unit)s", unit=self._get_result_unit()
        )

    # The mail with the report ------------------------------------------------------

    def _get_report_subject(self):
        """Return the subject of the mail that brings the report."""
        if self._get_result() == "unsafe":
            return self._get_danger_text()
        return self.env._(
            "Report on our visit to your %(unit)s", unit=self._get_result_unit()
        )

    def _get_next_due_text(self):
        """Return when the unit is due next, as long as that is news of this visit."""
        contract = self.contract_id
        is_last = contract.last_service_date == self.service_date
        if not is_last or contract.state != "active" or not contract.next_due_date:
            return ""
        return self.env._(
            "Next maintenance due by: %(day)s",
            day=format_date(self.env, contract.next_due_date, date_format="long"),
        )
