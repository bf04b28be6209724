import base64
from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import SQL, plaintext2html

from odoo.addons.fusion_tasks.button_context import without_button

from ...recurrence import holds
from ...tools.photos import is_drawing

LONGEST_LABOUR = 24 * 60
LONGEST_TEXT = 2_000
LONGEST_TEXTS = {"findings": 20_000, "parts_note": 20_000}
DRAWN = ("signature", "technician_signature")
SIGNATURE_STATES = [
    ("signed", "Signed"),
    ("not_present", "Not Present"),
    ("refused", "Refused to Sign"),
]

# How a field of the report is called on the visit, where it is not called the same.
ON_VISIT = {"findings": "findings_text"}


class FusionRepairMaintenanceVisit(models.Model):
    """The report while it is written: kept on the visit, so no phone can lose it.

    Answers stand on the checklist lines, photos and parts in their own records, all
    the rest in the fields below. Whoever opens the report again, on whatever device,
    goes on with it; of two devices the last one to write a line wins that line only.
    """

    _inherit = "fusion.repair.maintenance.visit"

    findings_text = fields.Text(
        string="Findings as Typed", copy=False, help="What the technician typed."
    )
    timer_started_at = fields.Datetime(copy=False)
    signature_state = fields.Selection(
        SIGNATURE_STATES, string="Client's Signature", default="signed", copy=False
    )
    signature_reason = fields.Char(string="Reason Not Signed", copy=False)
    technician_signature = fields.Image(copy=False, max_width=1024, max_height=1024)
    technician_signed_by_id = fields.Many2one(
        "res.users",
        string="Signed for Us By",
        readonly=True,
        copy=False,
        help="Who drew the technician's signature: the technician, or somebody in the "
        "office who filled in the report.",
    )
    part_ids = fields.One2many(
        "fusion.repair.visit.part", "visit_id", string="Parts Used"
    )
    photo_ids = fields.One2many(
        "fusion.repair.visit.photo", "visit_id", string="Photos", readonly=True
    )

    draft_stamps = fields.Json(
        copy=False, help="When and where each entry of the report was made."
    )

    def _save_draft(self, vals, shown=None):
        """Keep what was typed so far, with the rights of who may report this visit.

        :param vals: values of the fields of the report, and no others
        :param shown: what stood above the client's signature; the report by default
        """
        self._check_reportable()
        if "signature" in vals:
            vals = vals | self._prepare_signed_vals(vals["signature"], shown)
        if "findings_text" in vals:
            text = vals["findings_text"]
            vals = {**vals, "findings": plaintext2html(text) if text else False}
        if "technician_signature" in vals:
            vals = {**vals, "technician_signed_by_id": self.env.uid}
        self.sudo().write(vals)  # a technician has only this way to write visits

    def _begin_report(self):
        """Prepare the report when it is opened: parts planned, the clock running."""
        self._check_reportable()
        visit = self.sudo().with_context(bin_size=False)
        visit._claim()
        visit._refresh_checklist()
        visit._create_answers(visit._get_known())
        known = visit.part_ids.move_id
        planned = visit.repair_order_id.move_ids.filtered(
            lambda move: (
                move.repair_line_type == "add" and move.state not in ("done", "cancel")
            )
        )
        without_button(visit.part_ids).create(
            [
                {
                    "visit_id": visit.id,
                    "product_id": move.product_id.id,
                    "quantity": move.quantity,
                    "planned": move.product_uom_qty,
                    "move_id": move.id,
                }
                for move in planned - known
            ]
        )
        task = visit.technician_task_id
        if task.status == "in_progress" and not (
            visit.labour_minutes or visit.timer_started_at
        ):
            others = visit._stop_other_timers()
            visit.timer_started_at = (
                fields.Datetime.now() if others else visit._get_work_start()
            )
        if visit.technician_id == self.env.user and not visit._is_signed_by_me():
            visit.write(
                {
                    "technician_signature": visit.technician_id.x_fc_signature,
                    "technician_signed_by_id": visit.technician_id.id,
                }
            )

    def _claim(self):
        """Have a second device that opens the report at the same moment wait, then see.

        The row is written: a rival that began before cannot go on with what it read,
        and make everything twice. It fails to serialise, and Odoo runs it again.
        """
        self.flush_recordset()
        self.env.cr.execute(
            SQL(
                "UPDATE %(table)s SET id = id WHERE id = %(visit)s",
                table=SQL.identifier(self._table),
                visit=self.id,
            )
        )

    def _refresh_checklist(self):
        """Lay the checklist out by the present revision, where nothing was answered.

        Called whenever a checklist changes, and a last time when the work begins.
        """
        stale = self.filtered(lambda visit: visit._is_checklist_stale())
        stale.checklist_line_ids.unlink()
        lines = []
        for visit in stale:
            category = visit._get_checklist_category()
            items = category._get_checklist_items()
            lines += [
                {**vals, "visit_id": visit.id} for vals in items._prepare_line_vals()
            ]
            visit.checklist_revision_ids = [
                Command.set(category._get_checklist_revisions().ids)
            ]
        every = without_button(self.env["fusion.repair.maintenance.checklist.line"])
        every.create(lines)

    def _get_checklist_category(self):
        """Return the category whose checklist holds, in the technician's language."""
        self.ensure_one()
        translated = self.with_context(lang=self.technician_id.lang)
        return translated.contract_id.x_fc_policy_category_id

    def _is_checklist_stale(self):
        self.ensure_one()
        if self.state != "scheduled" or self._has_answers():
            return False
        revisions = self._get_checklist_category()._get_checklist_revisions()
        return revisions != self.checklist_revision_ids

    def _is_signed_by_me(self):
        """Tell whether the current user drew the signature of the technician."""
        visit = self.sudo()
        return bool(
            visit.technician_signature
            and visit.technician_signed_by_id.id == self.env.uid
        )

    # Labour ----------------------------------------------------------------------

    def _get_work_start(self):
        """Return since when this unit is worked on, as far as the task tells.

        Units that share a task come one after the other: each begins where the former
        one was reported.
        """
        task = self.technician_task_id
        others = (task.x_fc_maintenance_visit_ids - self).filtered(
            lambda visit: (
                visit.timer_started_at or visit.labour_minutes or visit.reported_at
            )
        )
        if not others:
            return task.actual_start
        if all(others.mapped("reported_at")):
            return max(task.actual_start, *others.mapped("reported_at"))
        return fields.Datetime.now()

    def _start_timer(self):
        if not self.timer_started_at:
            self._check_reportable()
            self._stop_other_timers()
            self._save_draft({"timer_started_at": fields.Datetime.now()})

    def _stop_timer(self):
        """Add the time since the start to the labour of the visit, in whole minutes."""
        if self.timer_started_at:
            self._save_draft(
                {
                    "labour_minutes": self._get_labour_minutes(),
                    "timer_started_at": False,
                }
            )

    def _stop_other_timers(self):
        """Stop the technician's clocks on other units: one is worked on at a time.

        :return: the visits whose clocks were running
        """
        running = self.sudo().search(
            [
                ("technician_id", "=", self.technician_id.id),
                ("timer_started_at", "!=", False),
                ("id", "!=", self.id),
            ]
        )
        for visit in running:
            minutes = visit._get_labour_minutes()
            visit.write({"labour_minutes": minutes, "timer_started_at": False})
        return running

    def _get_labour_minutes(self):
        """Return the labour so far in minutes, the running clock included.

        A clock that was forgotten does not count more than a day.
        """
        started, minutes = self.timer_started_at, self.labour_minutes
        if started:
            running = fields.Datetime.now() - started
            minutes += round(running / timedelta(minutes=1))
        return max(0, min(minutes, LONGEST_LABOUR))

    # Photos and signatures ---------------------------------------------------------

    def _add_photo(self, line, data, key=None):
        """Add a photo to a check, or return the one that was sent before.

        :param line: the checklist line
        :param data: the file in base64
        :param key: what the device calls this photo
        :return: the photo
        :raise PhotoNotWanted: if it is refused for good
        """
        self._check_reportable()
        self._check_own_line(line)
        photos = without_button(self.env["fusion.repair.visit.photo"].sudo())
        return photos._take_in(line, data, key)

    def _check_own_line(self, line):
        if line.sudo().visit_id != self:
            raise UserError(
                self.env._("A line belongs to the report of another visit.")
            )

    def _get_picture(self, name):
        visit = self.with_context(bin_size=False)
        return base64.b64decode(visit[name] or b"")

    # What the phone sends ----------------------------------------------------

    def _keep_entry(self, name, value, edit, shown=None):
        """Keep one entry of the report, unless a newer one stands.

        :param name: name of the field on the report
        :param value: value of the field
        :param edit: ``Edit``: when and where it was made
        :param shown: what a phone showed above the client's signature
        :return: whether it holds
        """
        self.ensure_one()
        self._check_reportable()
        self._check_entry(name, value)
        target = ON_VISIT.get(name, name)
        stamps = self.sudo().draft_stamps or {}
        if not holds(edit, stamps.get(name)):
            kept = self.sudo().with_context(bin_size=False)[target]
            if isinstance(kept, bytes):
                kept = kept.decode()
            return (kept or False) == (value or False)
        stamps = {**stamps, name: edit.to_stamp()}
        self._save_draft({target: value, "draft_stamps": stamps}, shown)
        return True

    def _check_entry(self, name, value):
        """Refuse what no report can hold.

        :param name: name of the field on the report, or of a part of an answer
        :raise UserError: in words
        :raise TypeError: for what no person can have entered
        """
        if name == "labour_minutes":
            if isinstance(value, bool) or not isinstance(value, int):
                raise TypeError(name)
            if value < 0:
                raise UserError(self.env._("Labour time cannot be negative."))
            if value > LONGEST_LABOUR:
                raise UserError(
                    self.env._("Labour time of more than a day: please check it.")
                )
        elif name == "visit_day":
            fields.Date.to_date(value)  # or else what no person can have entered
        elif name in DRAWN:
            if value and not is_drawing(value):
                raise UserError(self.env._("Please sign on the pad."))
        elif value:
            self._check_text_entry(name, value)

    def _check_text_entry(self, name, value):
        longest = LONGEST_TEXTS.get(name, LONGEST_TEXT)
        if not isinstance(value, str) or "\x00" in value:
            raise TypeError(name)
        if len(value) > longest:
            raise UserError(
                self.env._(
                    "This text is too long: at most %(count)s characters.",
                    count=longest,
                )
            )
