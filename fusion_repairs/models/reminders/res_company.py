from datetime import timedelta

from odoo import fields, models

from odoo.addons.fusion_tasks.button_context import without_button

TEMPLATE = "fusion_repairs.mail_template_maintenance_reminder"


class ResCompany(models.Model):
    """Whether a company may write reminders at all, and who hears if it may not."""

    _inherit = "res.company"

    x_fc_reminder_hour = fields.Float(
        string="Remind From",
        default=9.0,
        help="The time of day, where the company is, from which reminders go out. What "
        "was missed is caught up with later in the day.",
    )

    _x_fc_reminder_hour_of_day = models.Constraint(
        "CHECK (x_fc_reminder_hour >= 0 AND x_fc_reminder_hour < 24)",
        "Reminders go out at a time of day from 0:00 to 23:59.",
    )

    def _is_reminder_time(self):
        """Tell whether it is late enough in the company's day to write to people."""
        self.ensure_one()
        tz = self._get_maintenance_tz()
        here = self.with_context(tz=tz)
        now = fields.Datetime.context_timestamp(here, fields.Datetime.now())
        clock = timedelta(hours=now.hour, minutes=now.minute)
        return clock >= timedelta(hours=self.x_fc_reminder_hour)

    def _report_reminder_obstacles(self):
        """See that a manager hears of every company that can write no reminders.

        Those that look after no unit have nothing to write.
        """
        for company in self._in_maintenance():
            obstacle = company._get_reminder_obstacle()
            if obstacle:
                company._report_reminder_obstacle(obstacle)

    def _in_maintenance(self):
        """Return those of these companies that maintain any unit."""
        contracts = self.env["fusion.repair.maintenance.contract"].sudo()
        rows = contracts._read_group(
            [("company_id", "in", self.ids), ("state", "=", "active")], ["company_id"]
        )
        busy = {company.id for (company,) in rows}
        return self.filtered(lambda company: company.id in busy)

    def _get_reminder_obstacle(self):
        """Return in words why this company can write no reminders, or nothing.

        Canada's anti-spam law (CASL, s. 6(2)) wants the name, the mailing address,
        and a phone number or email address of the sender in every message.
        """
        self.ensure_one()
        if not (self.street and self.city):
            return self.env._(
                "The law wants the sender's mailing address in every reminder. Please "
                "fill in street and city of the company."
            )
        if not (self.phone or self.email):
            return self.env._(
                "The law wants a phone number or email address of the sender in every "
                "reminder. Please fill in one of them for the company."
            )
        if not self.env.ref(TEMPLATE, raise_if_not_found=False):
            return self.env._(
                "The email template of the reminders was deleted. Please upgrade "
                "Fusion Repairs, which brings it back."
            )
        return ""

    def _report_reminder_obstacle(self, words):
        """Give a manager one open activity on the company's contact."""
        contact = self.partner_id
        summary = self.env._("No reminders are sent: %(name)s", name=self.name)
        if contact.activity_search(
            ["mail.mail_activity_data_todo"],
            additional_domain=[("summary", "=", summary)],
            only_automated=False,
        ):
            return
        user = self._fc_get_responsible("escalation")
        contact = without_button(contact)
        contact.with_context(mail_activity_quick_update=True).activity_schedule(
            "mail.mail_activity_data_todo",
            summary=summary,
            note=words,
            date_deadline=fields.Date.context_today(self),
            user_id=user.id,
            x_fc_reason="reminders_stopped",
        )
