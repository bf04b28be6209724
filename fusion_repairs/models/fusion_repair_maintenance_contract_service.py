from markupsafe import Markup

from odoo import models
from odoo.exceptions import UserError


class FusionRepairMaintenanceContract(models.Model):
    """Services that somebody else did on a unit that we look after."""

    _inherit = "fusion.repair.maintenance.contract"

    def action_record_service(self):
        """Ask when, and by whom, the unit was serviced elsewhere."""
        self.ensure_one()
        self._check_service_recordable()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Record a Service Elsewhere"),
            "res_model": "fusion.repair.service.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {"default_contract_id": self.id},
        }

    def _check_service_recordable(self):
        """Refuse where a service elsewhere cannot close the cycle.

        :raise UserError: in words, with a visit booked or the contract ended
        """
        self.ensure_one()
        self._check_office()
        if self.state not in ("active", "paused"):
            raise UserError(
                self.env._("The care of this unit is not under way: activate it first.")
            )
        if self.is_booked:
            raise UserError(
                self.env._(
                    "A visit is booked for this unit: cancel it before you record a "
                    "service that somebody else did."
                )
            )

    def _record_service(self, service_date, serviced_by, note=None):
        """Close the cycle by a service that somebody else did, and keep who it was.

        :param service_date: local day of the service
        :param serviced_by: who did it
        :param note: what else was told, plain text
        :return: the next due date
        :raise UserError: for a day in the future, and for one that is not after the
            last service
        """
        self.ensure_one()
        self._check_service_recordable()
        self.lock_for_update()
        if service_date > self._get_today():
            raise UserError(self.env._("The service cannot lie in the future."))
        self._check_credible_day(service_date)
        if self.last_service_date and service_date <= self.last_service_date:
            raise UserError(
                self.env._(
                    "The last service on record is of %(date)s: this one is not later.",
                    date=self._say_date(self.last_service_date),
                )
            )
        due = self.roll_next_due_date(service_date)
        body = self.env._(
            "Serviced elsewhere on %(date)s by %(who)s.",
            date=self._say_date(service_date),
            who=serviced_by,
        )
        self._message_log(body=Markup("%s<br/>%s") % (body, note) if note else body)
        return due
