import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...recurrence import due_day


class FusionRepairMaintenanceVisit(models.Model):
    """On which day a visit took place: not always the day on which it is closed.

    The day decides what the certificate says and when the unit is due next.
    """

    _inherit = "fusion.repair.maintenance.visit"

    visit_day = fields.Date(
        string="Day of the Visit",
        copy=False,
        help="What the technician said where it was not clear by itself.",
    )
    planned_day = fields.Date(compute="_compute_planned_day")

    @api.depends("visit_date", "technician_id", "company_id")
    def _compute_planned_day(self):
        for visit in self:
            start = visit.visit_date
            visit.planned_day = visit._to_local_day(start) if start else False

    @api.constrains("visit_day")
    def _check_visit_day(self):
        for visit in self.filtered("visit_day"):
            if visit.visit_day > visit._to_local_day(fields.Datetime.now()):
                raise ValidationError(
                    self.env._("The visit cannot have taken place in the future.")
                )

    def _to_local_day(self, moment):
        """Return the day of a moment where the visit takes place."""
        local = pytz.utc.localize(moment).astimezone(pytz.timezone(self._get_tz()))
        return local.date()

    def _is_day_unclear(self):
        """Tell whether only the technician knows on which day the visit took place."""
        self.ensure_one()
        if not self.is_live or not self.planned_day:
            return False
        today = self._to_local_day(fields.Datetime.now())
        return not self._get_begun_day() and self.planned_day < today

    # Corrections -----------------------------------------------------------------

    def _correct_day(self, day, reason):
        """Correct the day on which a done visit took place, and all that follows.

        :param day: local day
        :param reason: in words; it stays on record and stands on the revision
        :raise UserError: for a visit that is not done, and for a day that cannot be
        """
        self.ensure_one()
        self._check_office()
        reason = (reason or "").strip()
        visit, former = self.sudo(), self.service_date
        visit._check_day_correctable(day, reason)
        visit.contract_id._lock()
        visit.write({"visit_day": day, "service_date": day})
        visit._correct_cycle(former)
        for defect in visit.defect_ids:
            defect.write(
                {"date_found": day, "date_due": due_day(defect.defect_class, day)}
            )
        visit._message_log(
            body=self.env._(
                "Day of the visit corrected from %(former)s to %(day)s by %(user)s: "
                "%(reason)s",
                former=visit.contract_id._format_date(former),
                day=visit.contract_id._format_date(day),
                user=self.env.user.name,
                reason=reason,
            )
        )
        visit._revise_documents(reason)

    def _check_day_correctable(self, day, reason):
        if self.state != "done" or not self.service_date:
            raise UserError(
                self.env._("Only the day of a done visit can be corrected.")
            )
        if not reason:
            raise UserError(self.env._("Please give the reason."))
        if not day or day == self.service_date:
            raise UserError(self.env._("Please enter the correct day."))
        before = fields.Date.to_date((self.cycle_before or {}).get("last_service_date"))
        if before and day <= before:
            raise UserError(
                self.env._(
                    "The previous service was on %(date)s: this visit must be later.",
                    date=self.contract_id._format_date(before),
                )
            )

    def _correct_cycle(self, former):
        """Count the next cycle from the corrected day, unless it has gone on since."""
        contract = self.contract_id
        if contract.last_service_date != former:
            return  # a later service counts
        if not self.cycle_before or contract.next_due_date != self.rolled_to:
            contract.last_service_date = self.service_date
            return  # the office chose the date, or it was not this visit that rolled
        known = {name: contract[name] for name in ("last_reminder_band",)}
        contract.write(self.cycle_before)
        contract.write(contract._prepare_roll_vals(self.service_date))
        if contract.next_due_date == self.rolled_to:
            contract.write(known)  # whoever was reminded of that day still was
        self.rolled_to = contract.next_due_date

    def _revise_documents(self, reason):
        """Make report and certificate anew where they say the day."""
        if self.reported_at:
            self.env["fusion.repair.report.correction"]._keep(self, reason)
            self._begin_report_document()
        if self.inspection_certificate_id.state == "issued":
            self.env["fusion.repair.inspection.certificate"]._issue_for(self, reason)

    def action_correct_day(self):
        """Ask on which day the visit really took place."""
        self.ensure_one()
        self._check_office()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Correct the Day"),
            "res_model": "fusion.repair.visit.day.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {"default_visit_id": self.id},
        }
