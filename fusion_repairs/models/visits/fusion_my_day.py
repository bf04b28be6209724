from odoo import api, models
from odoo.fields import Domain


class FusionMyDay(models.AbstractModel):
    """Maintenance visits on the technician's day: which unit, and the report on it."""

    _inherit = "fusion.my.day"

    @api.model
    def _get_task_actions(self, task):
        """Offer the reports where the work would be done: they close the task.

        A report that is missing can be filled in afterwards.
        """
        actions = super()._get_task_actions(task)
        missing = task.x_fc_maintenance_visit_ids.filtered("report_missing")
        if missing and not task._is_live():
            return actions + [
                self._prepare_report(visit, is_only=len(missing) == 1)
                for visit in missing.sorted("id")
            ]
        visits = self._get_open_visits(task)
        if not visits:
            return actions
        reports = [
            self._prepare_report(visit, is_only=len(visits) == 1) for visit in visits
        ]
        offered = []
        for action in actions:
            offered += reports if action["name"] == "complete" else [action]
        return offered

    @api.model
    def _get_open_domain(self):
        """Add the visits whose report is missing."""
        missing = Domain("x_fc_maintenance_visit_ids.report_missing", "=", True)
        return super()._get_open_domain() | missing

    @api.model
    def _prepare_cards(self, tasks):
        """Warn of what is known of the units before anybody drives there."""
        cards = super()._prepare_cards(tasks)
        # A technician reads the defects of own visits only.
        visits = tasks.sudo().x_fc_maintenance_visit_ids
        defects = visits.contract_id._get_open_defects()
        last = visits._get_last_visits()
        for card, task in zip(cards, tasks, strict=True):
            card["details"] += [
                text
                for visit in task.sudo().x_fc_maintenance_visit_ids.sorted("id")
                if (text := self._get_last_visit_text(visit, last))
            ]
            card["warnings"] += [
                warning
                for visit in task.sudo().x_fc_maintenance_visit_ids.sorted("id")
                if (warning := self._prepare_warning(visit, defects))
            ]
        return cards

    @api.model
    def _get_last_visit_text(self, visit, last):
        """Return when the unit was visited before, by whom and with which result."""
        former = last.get(visit.contract_id, visit.browse())
        if not former or former == visit:
            return ""
        return self.env._("Last visit: %(said)s", said=former._get_former_text())

    @api.model
    def _get_task_links(self, task):
        """Lead to the units, each with what is known of its visit."""
        visits = task.x_fc_maintenance_visit_ids.sorted("id")
        links = super()._get_task_links(task)
        if any(visit._is_report_begun() for visit in visits):
            # It was started indeed: somebody has written what they found.
            links = [link for link in links if link["name"] != "undo_start"]
        return links + [
            {
                "name": f"unit_{visit.id}",
                "label": self.env._("About the unit")
                if len(visits) == 1
                else self.env._("About: %(unit)s", unit=visit.product_id.name),
                "model": visit._name,
                "res_id": visit.id,
                "method": "get_formview_action",
            }
            for visit in visits
        ]

    @api.model
    def _prepare_warning(self, visit, defects):
        """Return what is known to be wrong with the unit of a visit, or False.

        :param visit: with the rights of the system
        :param defects: the open defects of all units of the day
        """
        contract = visit.contract_id
        own = contract._filter_own_defects(defects)
        if not own and not contract.unsafe:
            return False
        title = self.env._("Known defects of this unit")
        if contract.unsafe:
            title = self.env._("Unsafe: this unit must not be used")
        if len(visit.technician_task_id.x_fc_maintenance_visit_ids) > 1:
            title = f"{self._get_unit_text(visit)}: {title}"
        lines = [
            f"{defect._get_finding_text()} ({defect._get_class_label()}). "
            f"{defect._get_found_text()}"
            for defect in own.with_context(lang=self.env.lang).sorted(
                lambda defect: not defect._is_danger()
            )
        ]
        if contract.unsafe and not own.filtered(lambda d: d._is_danger()):
            lines = [*filter(None, [contract._get_marked_unsafe_text()]), *lines]
        return {"title": title, "lines": lines, "is_danger": contract.unsafe}

    @api.model
    def _prepare_card(self, task):
        """Name the units, and add what the client wrote when booking."""
        card = super()._prepare_card(task)
        visits = task.x_fc_maintenance_visit_ids.sorted("id")
        card["details"] += [self._get_unit_text(visit) for visit in visits]
        card["notes"] += [visit.client_note for visit in visits if visit.client_note]
        return card

    @api.model
    def _get_open_visits(self, task):
        return task.x_fc_maintenance_visit_ids.filtered("is_live").sorted("id")

    @api.model
    def _prepare_report(self, visit, is_only):
        label = self.env._("Fill in report")
        if not is_only:
            label = self.env._("Fill in report: %(unit)s", unit=visit.product_id.name)
        return {
            "name": f"report_{visit.id}",
            "label": label,
            "model": visit._name,
            "res_id": visit.id,
            "method": "action_fill_in_report",
            "primary": True,
        }

    @api.model
    def _get_unit_text(self, visit):
        names = [visit.product_id.name]
        if visit.serial:
            names.append(self.env._("serial %(serial)s", serial=visit.serial))
        return ", ".join(names)
