from datetime import timedelta

from markupsafe import Markup

from odoo import fields, models
from odoo.tools.translate import LazyTranslate

from odoo.addons.fusion_tasks.button_context import without_button

from ...recurrence import due_day, is_urgent
from ..booking.fusion_repair_maintenance_contract_booking import QUIET

_lt = LazyTranslate(__name__)
# Within how many days the office arranges the repair of what was found.
DAYS_TO_ARRANGE = {"unsafe": 0, "urgent": 1, "quote": 3}


class FusionRepairMaintenanceVisit(models.Model):
    """What follows from failed checks: defects with a day, a repair, an activity."""

    _inherit = "fusion.repair.maintenance.visit"

    defect_ids = fields.One2many("fusion.repair.defect", "visit_id", string="Defects")

    def _settle_findings(self, day):
        """Do what follows from what was found, and from what was repaired, in order.

        :param day: the day of the visit
        """
        closed = self._settle_known()
        defects = self._record_defects(day)
        self.contract_id._judge_unit(self)
        self._create_repair(defects | self._get_urgent_left())
        self._schedule_danger_call()
        self._close_repairs(closed)

    def _settle_known(self):
        """Close what the report says is repaired, and note what stays open.

        :return: the defects that were closed
        """
        known, results = self._get_known(), self._get_results()
        closed = [one for one in known if one.is_closed(results)]
        rows = self._create_answers(known)
        for one in known:
            rows |= one.row
        (self.defect_answer_ids - rows).unlink()  # settled by somebody else since
        for one in closed:
            one.defect._resolve(one.row.note, self)
        return self.env["fusion.repair.defect"].union(*(one.defect for one in closed))

    def _record_defects(self, service_date):
        """Put each failed check on record.

        What an earlier report of this visit found stays one record: it takes over how
        urgent the failure is by now.

        :param service_date: the day of the visit, from which the classes count
        :return: the defects of this visit
        """
        self.ensure_one()
        failed = self.checklist_line_ids.filtered(lambda line: line.result == "fail")
        known = {defect.line_id: defect for defect in self.defect_ids}
        new = []
        for line in failed:
            vals = self._prepare_defect_vals(line, service_date)
            if line in known:
                known[line]._correct(vals)
            else:
                new.append(vals)
        defects = without_button(self.env["fusion.repair.defect"]).create(new)
        self._schedule_former_defects_activity()
        return self.defect_ids | defects

    def _prepare_defect_vals(self, line, service_date):
        defect_class = line._get_defect_class()
        return {
            "name": line.name,
            "note": ", ".join(filter(None, (line._format_reading(), line.note))),
            "visit_id": self.id,
            "line_id": line.id,
            "defect_class": defect_class,
            "date_found": service_date,
            "date_due": due_day(defect_class, service_date),
        }

    def _schedule_former_defects_activity(self):
        """Have the office ask about known defects that this visit says nothing of."""
        failed = self.checklist_line_ids.filtered(lambda line: line.result == "fail")
        unclear = self.defect_answer_ids.filtered(
            lambda row: (
                not row.answer
                and row.defect_id.visit_id != self
                and not (row.defect_id and row.defect_id._find_check(failed))
            )
        ).defect_id
        if unclear:
            self.contract_id._notify_office(
                _lt("Ask whether known defects were fixed"),
                self._get_defects_text(unclear),
                reason="known_defects",
            )

    def _get_urgent_left(self):
        """Return the urgent defects that stayed open without a repair under way."""
        return self._get_defects_left().filtered(
            lambda defect: (
                is_urgent([defect.defect_class]) and not defect._is_repair_ordered()
            )
        )

    def _close_repairs(self, closed):
        """End the repairs that were ordered for what this visit repaired.

        :param closed: defects that the report closed
        """
        for repair in closed.repair_order_id:
            if repair.state not in ("done", "cancel"):
                self._close_repair(repair, closed & repair.x_fc_defect_ids)

    def _close_repair(self, repair, closed):
        """End one repair; where that is not for a machine to decide, ask the office."""
        said = ", ".join(
            f"{defect._get_finding_text()} ({defect.resolution})" for defect in closed
        )
        note = self.env._(
            "Repaired on visit %(visit)s: %(defects)s", visit=self.name, defects=said
        )
        repair._message_log(body=note)
        if repair.x_fc_defect_ids.filtered(lambda defect: defect.state == "open"):
            return  # the rest of it is still to be done
        summary = _lt("End or cancel the repair %(name)s", name=repair.name)
        obstacles = repair._get_work_under_way_text()
        if obstacles:
            self.contract_id._notify_office(
                summary,
                "\n".join((note, *obstacles)),
                reason=repair._get_request_reason("close"),
            )
            return
        self._try_document(summary, repair._end_without_parts)

    def _create_repair(self, defects):
        """Order the repair of what failed: urgent, or recommended and to be quoted."""
        defects = defects.filtered(lambda defect: defect.state == "open")
        ordered = defects.filtered(lambda defect: defect._is_repair_ordered())
        for repair in ordered.repair_order_id:
            self._make_repair_urgent(repair, ordered)
        defects -= ordered
        if not defects:
            return
        notes = self._get_defects_text(defects)
        vals = self._prepare_defect_repair_vals(defects, notes)
        repairs = without_button(self.env["repair.order"])
        repairs = repairs.with_company(self.company_id)
        repair = repairs.with_context(**QUIET).create(vals)
        defects.repair_order_id = repair
        self._notify_office_repair(defects, repair)

    def _make_repair_urgent(self, repair, defects):
        """Make a repair urgent whose defects turned out to be worse than reported."""
        defects = defects.filtered(lambda defect: defect.repair_order_id == repair)
        if repair.priority == "1" or not is_urgent(defects.mapped("defect_class")):
            return
        repair.priority = "1"
        self._notify_office_repair(defects, repair)

    def _notify_office_repair(self, defects, repair):
        urgent = is_urgent(defects.mapped("defect_class"))
        how = "unsafe" if self.outcome == "unsafe" else "urgent" if urgent else "quote"
        # Not on the last day for the repair: that has to be agreed on before.
        today = self.contract_id._get_today()
        days = timedelta(days=DAYS_TO_ARRANGE[how])
        office = self._for_office()
        self.contract_id._notify_office(
            self._get_repair_wanted_text(defects, repair),
            office._get_defects_text(defects.with_env(office.env)),
            reason=repair._get_request_reason(how),
            deadline=today + days,
        )

    def _schedule_danger_call(self):
        """Have the office call today whoever lives with a unit that is not safe.

        The mail may lie unread; the repair is another matter.
        """
        if self.outcome == "unsafe":
            self.contract_id._notify_office(
                _lt(
                    "Call the client now: the %(unit)s must not be used",
                    unit=self._get_result_unit(),
                ),
                _lt("Found unsafe on visit %(visit)s.", visit=self.name),
                reason=f"danger_call:{self.id}",
            )

    def _for_office(self):
        """Return the visit in the language of whoever follows it up."""
        user = self.contract_id._get_office_user().sudo()
        return self.with_context(lang=user.lang or self.env.lang)

    def _prepare_defect_repair_vals(self, defects, notes):
        contract = self.contract_id
        vals = contract._prepare_repair_vals(self.technician_task_id, "office")
        urgent = is_urgent(defects.mapped("defect_class"))
        return vals | {
            "priority": "1" if urgent else "0",
            "internal_notes": notes,
            "schedule_date": fields.Datetime.now(),
            "x_fc_intake_source": "visit",
        }

    def _get_repair_wanted_text(self, defects, repair):
        """Return what the office is asked, as a lazy term."""
        if self.outcome == "unsafe":
            return _lt(
                "Unsafe unit: arrange the urgent repair %(name)s", name=repair.name
            )
        if is_urgent(defects.mapped("defect_class")):
            return _lt("Arrange the urgent repair %(name)s", name=repair.name)
        return _lt("Quote the recommended repair %(name)s", name=repair.name)

    def _get_defects_text(self, defects):
        """Return the defects as a list in HTML, what was typed escaped."""
        labels = dict(defects._fields["defect_class"]._description_selection(self.env))
        return Markup("<ul>%s</ul>") % Markup().join(
            Markup("<li>%s (%s)</li>")
            % (
                defect._get_finding_text(),
                labels[defect.defect_class],
            )
            for defect in defects
        )
