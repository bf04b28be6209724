from collections import defaultdict
from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models

YEARS_BACK = 4
DAYS_AROUND = 21
PAUSE = timedelta(minutes=30)


class FusionRepairDemo(models.AbstractModel):
    """The years behind: past visits with answered checklists, and fresh reports."""

    _inherit = "fusion.repair.demo"

    # Free time in the past -----------------------------------------------------

    @api.model
    def _get_past_windows(self):
        """Return {(technician id, day): [[start, end], ...]}, local times."""
        zone = pytz.timezone(self.env.context["tz"])
        today = self._today()
        start = zone.localize(
            datetime.combine(today - timedelta(days=365 * YEARS_BACK), time.min)
        )
        end = zone.localize(datetime.combine(today, time.min))
        domain = [("x_fc_is_technician", "=", True)]
        resources = self.env["res.users"].search(domain).resource_ids
        work, _calendars = resources._get_valid_work_intervals(start, end)
        windows = defaultdict(list)
        for resource in resources:
            for begin, stop, _reason in work[resource.id]:
                local = [begin.astimezone(zone), stop.astimezone(zone)]
                windows[resource.user_id.id, local[0].date()].append(local)
        domain = [
            ("technician_id", "!=", False),
            ("date_start", "<", fields.Datetime.now()),
        ]
        for row in self.env["fusion.technician.task"].search(domain):
            day = pytz.utc.localize(row.date_start).astimezone(zone).date()
            windows.pop((row.technician_id.id, day), None)
        return windows

    @api.model
    def _find_free_window(self, windows, technicians, day, hours):
        """Take the first free time near a day, never today or later.

        :return: technician and naive UTC start
        """
        days = [day + timedelta(days=offset) for offset in range(DAYS_AROUND)]
        days += [day - timedelta(days=offset) for offset in range(1, DAYS_AROUND)]
        length = timedelta(hours=hours)
        for candidate in days:
            for technician in technicians:
                for window in windows.get((technician.id, candidate), ()):
                    if window[0] + length <= window[1]:
                        start = window[0].astimezone(pytz.utc)
                        window[0] += length + PAUSE
                        return technician, start.replace(tzinfo=None)
        raise ValueError("The demo technicians have no free time left.")

    # Past cycles ---------------------------------------------------------------

    @api.model
    def _load_past_visits(self, row, contract, windows):
        """Let the contract live through its past cycles, one visit each."""
        contract.next_due_date = contract.first_due_date
        technicians = contract._get_bookable_technicians()
        count = int(row["visits"])
        for number in range(count):
            # Some days early or late, the same for everybody who loads this.
            spread = sum(map(ord, row["unit"])) * 7 + number * 3
            shift = timedelta(days=spread % 9 - 6)
            turn = number % len(technicians)
            technician, start = self._find_free_window(
                windows,
                technicians[turn:] + technicians[:turn],
                contract.next_due_date + shift,
                contract.duration,
            )
            outcome = row["past"] if number == count - 1 else ""
            self._load_past_visit(contract, technician, start, outcome)

    def _load_past_visit(self, contract, technician, start, outcome):
        end = start + timedelta(hours=contract.duration)
        task = self.env["fusion.technician.task"].create(
            self._prepare_past_task_vals(contract, technician, start)
            | {
                "status": "completed",
                "actual_start": start,
                "actual_end": end,
                "completed_at": end,
            }
        )
        before = contract._get_cycle()
        nothing = self.env["repair.order"], self.env["sale.order"]
        visit = self.env["fusion.repair.maintenance.visit"].create(
            contract._prepare_visit_vals(task, *nothing)
        )
        self._answer_report(visit, outcome, end)
        contract._roll(start.date())
        visit.write(
            {
                "state": "done",
                "service_date": start.date(),
                "cycle_before": before,
                "rolled_to": contract.next_due_date,
            }
        )
        contract.message_ids[:1].date = end

    @api.model
    def _load_reports(self):
        """Complete a few visits of the last days as technicians do, with documents."""
        windows = self._get_past_windows()
        for row, contract in self._get_units():
            name = f"report_{row['unit']}"
            if row["book"] not in ("pass", "findings", "unsafe") or self._get(name):
                continue
            technician, start = self._find_free_window(
                windows,
                contract._get_bookable_technicians(),
                self._today() - timedelta(days=1),
                contract.duration,
            )
            visit = self._load_report(contract, technician, start, row["book"])
            self._remember(name, visit)

    def _load_report(self, contract, technician, start, outcome):
        end = start + timedelta(hours=contract.duration)
        task = self.env["fusion.technician.task"]._create_booking(
            self._prepare_past_task_vals(contract, technician, start)
        )
        repair = self.env["repair.order"].create(
            contract._prepare_repair_vals(task, "office")
        )
        order = self.env["sale.order"].create(contract._prepare_order_vals())
        repair.sale_order_id = order
        visit = self.env["fusion.repair.maintenance.visit"].create(
            contract._prepare_visit_vals(task, repair, order)
        )
        contract.booking_repair_id = repair
        self._answer_report(visit, outcome, end)
        task.write({"status": "in_progress", "actual_start": start})
        task.write({"status": "completed", "actual_end": end, "completed_at": end})
        visit._after_report()
        return visit

    def _answer_report(self, visit, outcome, reported_at):
        lines = visit.checklist_line_ids
        answers = self._prepare_answers(lines, outcome)
        for line, vals in zip(lines, answers, strict=True):
            line.write(vals)
        visit.write(
            {
                "outcome": visit._get_verdict().outcome,
                "labour_minutes": round(visit.contract_id.duration * 60),
                "signed_by": visit.partner_id.name,
                "reported_at": reported_at,
            }
        )

    def _prepare_past_task_vals(self, contract, technician, start):
        return {
            "task_type": "maintenance",
            "company_id": contract.company_id.id,
            "technician_id": technician.id,
            "partner_id": contract.partner_id.id,
            "address_id": contract.address_id.id,
            "date_start": start,
            "duration": contract.duration,
            "description": contract._get_unit_text(),
        }

    @api.model
    def _prepare_answers(self, lines, outcome):
        """Return the values that answer a checklist, in the order of its lines.

        :param outcome: "" or "pass", "findings", "unsafe"
        """
        fails = lines.browse()
        if outcome == "findings":
            fails = lines.filtered(lambda line: not line.critical)[:1]
        elif outcome == "unsafe":
            fails = lines.filtered("critical")[:1]
        return [
            {
                "result": "fail" if line in fails else "pass",
                "note": self._prepare_note(line, line in fails),
                **self._prepare_reading(line),
            }
            for line in lines
        ]

    def _prepare_note(self, line, failed):
        if failed:
            return "Worn, to be replaced (demo)"
        return "None stored (demo)" if line.answer_type == "text" else False

    def _prepare_reading(self, line):
        """Return a believable value within the limits of a line."""
        if not (line.reading_unit or line.has_minimum or line.has_maximum):
            return {}
        low = line.reading_min if line.has_minimum else line.reading_max / 2
        high = line.reading_max if line.has_maximum else low * 1.1
        return {"has_reading": True, "reading": round((low + high) / 2, 1)}
