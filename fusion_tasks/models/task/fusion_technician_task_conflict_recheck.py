import logging
from datetime import timedelta
from functools import partial

from odoo import api, fields, models
from odoo.fields import Domain

from ...button_context import without_button
from .fusion_technician_task import LIVE_STATUSES
from .fusion_technician_task_conflict import Conflict

_logger = logging.getLogger(__name__)

# What a conflict can come from, or go away with.
CONFLICT_FIELDS = frozenset(
    {"technician_id", "date_start", "date_end", "duration", "status", "allow_overlap",
     "partner_id", "address_id", "latitude", "longitude", "company_id", "allow_far"}
)  # fmt: skip
PENDING_KEY = "fusion_tasks.recheck"
BATCH = 500
A_DAY = timedelta(days=1)


class FusionTechnicianTask(models.Model):
    """When conflicts are looked for: whatever changes, and every night.

    A change of a task asks at once about it and its neighbours. What changes around
    (people, hours, leaves, meetings) is written row by row, often many rows: the
    technicians are noted, and asked about once, just before the transaction commits.
    """

    _inherit = "fusion.technician.task"

    def _get_placements_before(self, vals):
        """Return the placements before a change; None if it can cause no conflict."""
        return None if CONFLICT_FIELDS.isdisjoint(vals) else self._get_placements()

    def _get_placements(self):
        """Return what each live task takes of whose day, by id."""
        placements = self._get_holdings()
        return {
            task.id: (
                *placements[task.id],
                task.allow_overlap,
                task.allow_far,
                task.company_id.id,
            )
            for task in self.sudo()
            if task.id in placements
        }

    def _recheck_around(self, before):
        """Flag tasks that no longer fit and the neighbours they squeeze; and unflag.

        :param before: as of :meth:`_get_placements`; None: nothing to look at
        """
        if before is None:
            return
        after = self._get_placements()
        changed = [
            placement
            for task_id in before.keys() | after.keys()
            if before.get(task_id) != after.get(task_id)
            for placement in (before.get(task_id), after.get(task_id))
            if placement
        ]
        if not changed:
            return
        neighbours = self.sudo().search(
            Domain("technician_id", "in", {placement[0] for placement in changed})
            & Domain("status", "in", LIVE_STATUSES)
            & Domain("date_start", "<", max(p[2] for p in changed) + A_DAY)
            & Domain("date_end", ">", min(p[1] for p in changed) - A_DAY)
        )
        (self.sudo() | neighbours)._recheck_conflicts()

    def _recheck_conflicts(self):
        """Flag the tasks that do not fit any more; take the flag from the others.

        What is said is for the office, in its language, whoever changes what.
        """
        tasks = without_button(self.sudo())
        for company, own in tasks.grouped("company_id").items():
            lang = company.partner_id.lang or self.env.lang
            own.with_context(lang=lang)._update_conflicts()

    def _update_conflicts(self):
        conflicts = self._get_conflicts() | self._get_missed()
        reasons = {
            task: task.id in conflicts and conflicts[task.id].reason for task in self
        }
        changed = self.filtered(lambda task: task.conflict_reason != reasons[task])
        for reason, flagged in changed.grouped(reasons.get).items():
            flagged.write({"conflict_reason": reason})
        raised = changed.filtered("conflict_reason")
        raised._notify_conflict({task.id: conflicts[task.id].words for task in raised})
        (changed - raised)._close_conflict_activities()

    def _get_missed(self):
        """Return the Conflict of flagged tasks whose time came, by id.

        Time settles nothing: until they are moved or closed they stay as they are, and
        who was not visited in the end still has to be.
        """
        now = fields.Datetime.now()
        labels = dict(self._fields["conflict_reason"]._description_selection(self.env))
        missed = {}
        for task in self.filtered("conflict_reason"):
            if not task._is_live() or task.date_start >= now:
                continue
            reason = task.conflict_reason
            if task.status == "scheduled" and task.date_end < now:
                reason = "missed"
            say = partial(task._get_missed_text, labels[task.conflict_reason])
            missed[task.id] = Conflict(reason, say)
        return missed

    def _get_missed_text(self, conflict):
        return self.env._(
            "The visit was missed. Reason: %(conflict)s.",
            conflict=conflict,
        )

    # What changes around the tasks --------------------------------------------------

    @api.model
    def _recheck_later(self, technicians, event=None):
        """Note technicians whose tasks are to be looked at before the commit.

        :param technicians: res.users
        :param event: the calendar event that is why; one that turns out to mirror a
            task is no reason
        """
        if not technicians:
            return
        precommit = self.env.cr.precommit
        if PENDING_KEY not in precommit.data:
            precommit.data[PENDING_KEY] = {}
            precommit.add(self._recheck_noted)
        event_id = event.id if event else False
        noted = precommit.data[PENDING_KEY].setdefault(event_id, set())
        noted.update(technicians.ids)

    def _recheck_noted(self):
        """Look at the tasks of the technicians that were noted."""
        noted = self.env.cr.precommit.data.pop(PENDING_KEY, {})
        tasks = self.env["fusion.technician.task"].sudo()
        event_ids = [event_id for event_id in noted if event_id]
        mirrors = event_ids and tasks.with_context(active_test=False).search(
            [("calendar_event_id", "in", event_ids)]
        )
        for event_id in mirrors.calendar_event_id.ids if mirrors else ():
            noted.pop(event_id, None)
        technician_ids = set().union(*noted.values())
        if technician_ids:
            mine = Domain("technician_id", "in", technician_ids)
            tasks.search(mine & self._get_recheck_domain())._recheck_conflicts()

    @api.model
    def _get_recheck_domain(self):
        """Return the domain of tasks that can be in conflict, or are flagged so."""
        ahead = Domain("date_start", ">=", fields.Datetime.now())
        live = Domain("status", "in", LIVE_STATUSES)
        return (live & ahead) | Domain("conflict_reason", "!=", False)

    @api.model
    def _cron_recheck_conflicts(self):
        """Look at all tasks ahead: a safety net for changes that nothing noticed."""
        tasks = self.search(self._get_recheck_domain(), order="date_start, id")
        progress = self.env["ir.cron"]._commit_progress
        progress(remaining=len(tasks))
        for first in range(0, len(tasks), BATCH):
            batch = tasks[first : first + BATCH].exists()
            try:
                with self.env.cr.savepoint():
                    batch._recheck_conflicts()
            except Exception:
                _logger.exception("Conflicts of tasks %s cannot be told", batch.ids)
            progress(min(BATCH, len(tasks) - first))
