from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.web.controllers.utils import clean_action

from ..task.fusion_technician_task_status import STATUS_TRANSITIONS

NEXT_STEPS = {
    "scheduled": ("start_travel", "start", "no_show"),
    "en_route": ("start", "no_show"),
    "in_progress": ("complete", "no_show"),
}
"""The steps a technician takes from a status, the usual one first."""

UNDO_STEPS = {"en_route": "undo_travel", "in_progress": "undo_start"}
"""The step that takes back what was tapped too early, by status."""


class FusionMyDay(models.AbstractModel):
    """The big buttons of the technician's day."""

    _inherit = "fusion.my.day"

    @api.model
    def act(self, task_id, name, date=False):
        """Do what a button says, and return the day as it is then.

        A phone that never heard the answer asks again: a step that was taken
        already is no error.

        :param task_id: the visit
        :param name: of the button, as of :meth:`_get_task_actions`
        :param date: the day that the phone shows
        :return: dict of the day, or of the action that the button opens
        """
        days = self._with_own_companies()
        task = days._find_own_task(task_id)
        if not task:
            raise UserError(
                self.env._("This visit is no longer yours: the office changed it.")
            )
        offered = days._get_task_actions(task) + days._get_task_links(task)
        buttons = {button["name"]: button for button in offered}
        if name in buttons:
            opened = days._run(buttons[name])
            if opened:
                return {"action": opened}
        elif not days._is_taken(task, name):
            raise UserError(
                self.env._(
                    "That step is no longer possible: the visit is “%(status)s”.",
                    status=days._prepare_card(task)["status_label"],
                )
            )
        return {"day": days.load_day(date)}

    @api.model
    def _run(self, button):
        """Call the button's method, or take its action; return what is to be opened."""
        result = button.get("action")
        if not result:
            record = self.env[button["model"]].browse(button["res_id"])
            result = getattr(record, button["method"])()
        if not isinstance(result, dict):
            return False
        return clean_action(result, env=self.env)

    @api.model
    def _is_taken(self, task, name):
        """Tell whether a visit is already where a step leads."""
        step = STATUS_TRANSITIONS.get(name)
        return bool(step) and step.target == task.status

    @api.model
    def _prepare_buttons(self, task):
        """Return what the phone needs to know of the buttons of a visit."""
        return [
            {
                "name": button["name"],
                "label": button["label"],
                "primary": button.get("primary", False),
                "confirm": button.get("confirm", False),
            }
            for button in self._get_task_actions(task)
        ]

    @api.model
    def _get_task_actions(self, task):
        """Return the buttons of a visit, the main ones first; a hook for other addons.

        :return: list of dicts: name (unique on the visit), label, primary, confirm
            (a question, or False), and either model, res_id and method or action
        """
        return [
            self._prepare_step(task, name, primary=not index)
            for index, name in enumerate(NEXT_STEPS.get(task.status, ()))
        ]

    @api.model
    def _get_task_links(self, task):
        """Return what a card leads to beside its steps; a hook for other addons.

        :return: list of dicts as of ``_get_task_actions``
        """
        name = UNDO_STEPS.get(task.status)
        return [self._prepare_step(task, name, primary=False)] if name else []

    @api.model
    def _prepare_links(self, task):
        return [
            {
                "name": link["name"],
                "label": link["label"],
                "confirm": False,
                "is_step": link["name"] in STATUS_TRANSITIONS,
            }
            for link in self._get_task_links(task)
        ]

    @api.model
    def _prepare_step(self, task, name, primary):
        labels = {
            "start_travel": self.env._("On my way"),
            "start": self.env._("Start work"),
            "complete": self.env._("Done"),
            "no_show": self.env._("No-show"),
            "undo_travel": self.env._("Not on my way"),
            "undo_start": self.env._("Not started yet"),
        }
        return {
            "name": name,
            "label": labels[name],
            "model": task._name,
            "res_id": task.id,
            "method": f"action_{name}",
            "primary": primary,
            "confirm": self._get_question_before(task, name),
        }

    @api.model
    def _get_question_before(self, task, name):
        """Return the question before a step that is final or odd, or False."""
        client = task.partner_id.name or task.name
        day = self._get_local(task.date_start).date()
        if name == "complete":
            return self.env._(
                "Is the work at %(client)s done? Only the office can reopen the visit.",
                client=client,
            )
        if name == "no_show":
            return self.env._(
                "Mark %(client)s as a no-show? This closes the visit; only the "
                "office can reopen it.",
                client=client,
            )
        if name in ("undo_travel", "undo_start"):
            return False
        if day > self._get_today():
            return self.env._(
                "This visit is planned for %(day)s. Begin it now?",
                day=self._format_day(day),
            )
        return False
