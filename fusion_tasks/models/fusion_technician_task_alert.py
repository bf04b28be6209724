from odoo import models
from odoo.exceptions import UserError

from ..button_context import without_button

ACTIVITY_TYPE = "fusion_tasks.mail_activity_type_conflict"
DISPATCHER_GROUP = "fusion_tasks.fusion_tasks_group_dispatcher"
MANAGER_GROUP = "fusion_tasks.fusion_tasks_group_manager"


class FusionTechnicianTask(models.Model):
    """How the dispatcher hears of conflicts: a line, and one thing to do a task."""

    _inherit = "fusion.technician.task"

    def action_find_slots(self):
        """Show the open slots for several tasks, one after the other."""
        self.check_access("write")
        tasks = self._filter_plannable()
        if not tasks:
            raise UserError(
                self.env._(
                    "Choose tasks that are to be scheduled or moved: none of these is."
                )
            )
        return self.env["fusion.task.slot.wizard"]._open_for_each(tasks)

    def _filter_plannable(self):
        """Return the tasks that can be put on a day, or on another."""
        return self.exists().filtered(
            lambda task: task.status in ("pending", "scheduled")
        )

    def _tell_conflict(self, words):
        """Tell the dispatcher why the tasks do not fit any more.

        Nobody gets a mail: a holiday may hit a hundred tasks at once.

        :param words: dict of the reason by task id
        """
        if not self:
            return
        self._log_lines(
            {
                task.id: self.env._("Conflict: %(reason)s", reason=words[task.id])
                for task in self
            }
        )
        open_ones = self._get_conflict_activities().grouped("res_id")
        for task_id, activities in open_ones.items():
            activities.write({"note": words[task_id]})
        # Whoever has done with a visit that was missed then is not asked again.
        new = self.filtered(
            lambda task: task.id not in open_ones and task.conflict_reason != "missed"
        )
        activities = without_button(self.env["mail.activity"].sudo())
        activities.with_context(mail_activity_quick_update=True).create(
            new._prepare_conflict_activities(words)
        )

    def _tell_settled(self):
        """Take back what there was to do: the tasks fit, or are off the day."""
        if not self:
            return
        self._get_conflict_activities().unlink()
        live = self.filtered(lambda task: task._is_live())
        line = self.env._("The conflict is settled.")
        live._log_lines(dict.fromkeys(live.ids, line))

    def _log_lines(self, lines):
        """Put lines into the chatter, unless the caller wants no tracking.

        :param lines: dict of text by task id
        """
        if lines and not self.env.context.get("tracking_disable"):
            self.browse(lines)._message_log_batch(bodies=lines)

    def _get_conflict_activities(self):
        activity_type = self.env.ref(ACTIVITY_TYPE, raise_if_not_found=False)
        activities = self.env["mail.activity"].sudo()
        if not activity_type:
            return activities
        return activities.search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("activity_type_id", "=", activity_type.id),
            ]
        )

    def _prepare_conflict_activities(self, words):
        activity_type = self.env.ref(ACTIVITY_TYPE, raise_if_not_found=False)
        if not activity_type:
            return []
        model_id = self.env["ir.model"]._get_id(self._name)
        users = self._get_conflict_users()
        return [
            {
                "activity_type_id": activity_type.id,
                "res_model_id": model_id,
                "res_id": task.id,
                "automated": True,
                "summary": self.env._("Find another slot"),
                "note": words[task.id],
                "user_id": users[task].id,
            }
            for task in self
        ]

    def _get_conflict_users(self):
        """Return who is to find another slot, by task; a hook for other addons.

        Whoever planned the task if a dispatcher, else the company's first dispatcher.
        """
        group = self.env.ref(DISPATCHER_GROUP).sudo()
        dispatchers = group.all_user_ids.filtered(lambda user: user.active)
        dispatchers = dispatchers.sorted(
            lambda user: (user.has_group(MANAGER_GROUP), user.id)
        )
        users = {}
        for task in self:
            own = dispatchers.filtered(
                lambda user, task=task: task.company_id in user.company_ids
            )
            users[task] = (own & task.create_uid or own)[:1]
        return users
