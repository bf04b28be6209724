import logging
from math import isfinite

import psycopg2

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from ...recurrence import Edit
from .fusion_repair_visit_report_wizard import SIGNATURES, TEXTS

_logger = logging.getLogger(__name__)
ANSWERS = ("result", "reading", "note", "defect_class")
# A phone keeps nothing for longer; also what a clock that went wrong may say.
OLDEST_MS = 90 * 24 * 60 * 60 * 1000
LATEST_CLOCK = 10**15
LONGEST_KEY = 100
UNREADABLE = (
    ArithmeticError,
    AttributeError,
    KeyError,
    TypeError,
    ValueError,
    psycopg2.DataError,
    psycopg2.IntegrityError,
)


class FusionRepairVisitReportWizard(models.TransientModel):
    """What a phone sends: entry by entry, so that none holds up another."""

    _inherit = "fusion.repair.visit.report.wizard"

    def keep_entries(self, entries, device):
        """Keep entries of the report on the visit, in the order they were entered.

        Callable by the browser; only for who may report the visit.

        :param entries: list of dicts of ``key`` (the device's own), ``name`` of the
            field, ``value``, ``age`` in milliseconds since it was entered, ``clock``
            (the device's own time then, in milliseconds) and, for an answer,
            ``check``, the id of the checklist line, or
            for what was known of the unit ``known``, its key; with a signature
            ``shown``, what stood above the pad
        :param device: what the device calls itself
        :return: dict by key: True where the entry is kept, else in words why not
        """
        self.ensure_one()
        self.visit_id._check_reportable()
        now = fields.Datetime.now()
        device = str(device)[:LONGEST_KEY]
        named = [
            entry
            for entry in entries
            if isinstance(entry, dict) and isinstance(entry.get("key"), str)
        ]
        return {
            entry["key"]: self._keep_one(entry, device, now)
            for entry in sorted(named, key=self._get_clock)
        }

    def _get_clock(self, entry):
        """Return the device's own time of an entry; nonsense comes first."""
        clock = entry.get("clock")
        return clock if isinstance(clock, int) and abs(clock) < LATEST_CLOCK else 0

    def _keep_one(self, entry, device, now):
        """Return True, or in words why an entry is not kept; it stops no other."""
        try:
            # Whatever comes of the entry is found out inside.
            with self.env.cr.savepoint():
                edit = self._read_edit(entry, device, now)
                if self._keep_by_kind(entry, edit):
                    self.env.flush_all()
                    return True
        except (UserError, AccessError) as error:
            return str(error)
        except UNREADABLE as error:
            # Without its value, which may be anybody's words.
            _logger.info(
                "An entry of a report cannot be read: %s", type(error).__name__
            )
            return self.env._("This entry cannot be read.")
        return self.env._("A newer entry from another device was kept.")

    def _read_edit(self, entry, device, now):
        age, clock = entry["age"], entry["clock"]
        if not (isfinite(age) and isinstance(clock, int) and abs(clock) < LATEST_CLOCK):
            raise ValueError("age or clock")
        return Edit.from_age(now, min(age, OLDEST_MS), device, clock)

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
        shown = entry.get("shown") if name == "signature" else None
        return self.visit_id._keep_entry(name, value, edit, shown)

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
