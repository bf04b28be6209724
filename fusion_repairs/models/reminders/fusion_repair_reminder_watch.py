from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import format_datetime

from odoo.addons.fusion_tasks.groups import DISPATCHER

CRON = "fusion_repairs.ir_cron_send_maintenance_reminders"
LATE_HOURS = 26


class FusionRepairReminderWatch(models.AbstractModel):
    """The watchdog of the reminder job: says loudly when nobody is reminded any more.

    Odoo switches off a job that fails for days, and skips one whose user is archived,
    without telling anybody. The office sees a banner on every page until it runs.
    """

    _name = "fusion.repair.reminder.watch"
    _description = "Watchdog of the Reminders"

    @api.model
    def get_alert(self):
        """Return what the banner says to this user: title, text, job; or False.

        ``job`` is the id of the scheduled action, for those who may open it.
        """
        if not self.env.user.has_group(DISPATCHER):
            return False
        found = self.sudo()._find_trouble(self.env.user.company_ids)
        if not found:
            return False
        title, advice = found
        may_mend = self.env["ir.cron"].has_access("write")
        job = self.env.ref(CRON, raise_if_not_found=False)
        if job and not may_mend:
            ask = self.env._("Please ask your administrator.")
            advice = f"{advice} {ask}"
        return {"title": title, "text": advice, "job": may_mend and job and job.id}

    @api.model
    def _find_trouble(self, companies):
        """Return what is wrong and what to do about it, both in words, or nothing.

        :param companies: those that the reader works for
        """
        companies = companies.filtered("x_fc_reminders_enabled")._in_maintenance()
        if not companies:
            return None
        trouble = self._find_job_trouble()
        if trouble:
            return trouble
        for company in companies:
            obstacle = company._get_reminder_obstacle()
            if obstacle:
                title = self.env._("No reminders are sent: %(name)s", name=company.name)
                return title, obstacle
        return self._find_zone_trouble(companies) or self._find_tax_trouble(companies)

    def _find_tax_trouble(self, companies):
        """Tell when nobody decided whether visits are taxed."""
        products = self.env["product.template"]
        for company in companies:
            for service in products._get_visit_services():
                words = service._get_tax_problem(company)
                if words and service.company_id in (company, company.browse()):
                    title = self.env._(
                        "No sales tax is charged on visits: %(name)s", name=company.name
                    )
                    return title, words
        return None

    def _find_zone_trouble(self, companies):
        """Tell when nobody said by which clock a company works."""
        for company in companies:
            if not company._get_chosen_tz():
                title = self.env._("No time zone is set: %(name)s", name=company.name)
                advice = self.env._(
                    "Reminders may go out at the wrong hour, or on the wrong day. "
                    "Choose the time zone in the settings of Repairs & Maintenance."
                )
                return title, advice
        return None

    def _find_job_trouble(self):
        job = self.env.ref(CRON, raise_if_not_found=False)
        if not job:
            return self.env._("Clients are not reminded of their maintenance."), (
                self.env._(
                    "The scheduled action that sends the reminders was deleted. "
                    "Upgrading Fusion Repairs brings it back."
                )
            )
        if not job.active:
            return self.env._("Clients are not reminded of their maintenance."), (
                self.env._(
                    "The scheduled action that sends the reminders is switched off. "
                    "Switch it on again, or switch the reminders off in the settings."
                )
            )
        user = job.user_id
        if not user.active and user != self.env.ref("base.user_root"):
            return self.env._("Clients are not reminded of their maintenance."), (
                self.env._(
                    "The scheduled action that sends the reminders runs as a user who "
                    "is archived. Give it another user."
                )
            )
        return self._find_lateness(job)

    def _find_lateness(self, job):
        """Tell when the last run is too long ago; a new job gets its first day."""
        last = self.env["fusion.repair.reminder.run"].search([], limit=1).finished_at
        since = last or job.create_date
        if since >= fields.Datetime.now() - timedelta(hours=LATE_HOURS):
            return None
        title = self.env._("Clients have not been reminded for more than a day.")
        advice = self.env._(
            "The reminders should go out once a day. Look at the scheduled action and "
            "run it by hand; if it fails, the log of the server says why."
        )
        if last:
            when = format_datetime(self.env, last, dt_format="medium")
            said = self.env._("They last went out on %(when)s.", when=when)
            advice = f"{said} {advice}"
        return title, advice
