from datetime import timedelta

from odoo import api, fields, models

from ..attempts import attempt

BATCH = 200


class FusionRepairInspectionCertificate(models.Model):
    """Certificates that run out without a visit in sight: the office hears of them."""

    _inherit = "fusion.repair.inspection.certificate"

    expiry_told_on = fields.Date(
        readonly=True, copy=False, help="The day the office was told of the expiry."
    )

    @api.model
    def _cron_watch_expiry(self):
        """Tell the office, once a certificate, in batches that can be broken off."""
        for company in self.env["res.company"].search(
            [("x_fc_certificate_expiry_enabled", "=", True)]
        ):
            self._watch_expiry_of(company)

    @api.model
    def _watch_expiry_of(self, company):
        today = fields.Date.context_today(
            self.with_context(tz=company._get_maintenance_tz())
        )
        last = today + timedelta(days=company.x_fc_certificate_expiry_days)
        domain = [
            ("company_id", "=", company.id),
            ("state", "=", "issued"),
            ("expires_on", "<=", last),
            ("expiry_told_on", "=", False),
            ("contract_id.state", "=", "active"),
            ("contract_id.is_booked", "=", False),
        ]
        cron = self.env["ir.cron"]
        remaining = self.search_count(domain)
        done_until = 0
        while expiring := self.search(
            [*domain, ("id", ">", done_until)], limit=BATCH, order="id"
        ):
            done_until = expiring[-1].id
            for certificate in expiring:
                certificate._try_tell_of_expiry(today)
                remaining -= 1
                if not cron._commit_progress(1, remaining=max(remaining, 0)):
                    return

    def _try_tell_of_expiry(self, today):
        """Tell of one; the others are told all the same, and this one tomorrow."""
        attempt(
            self.env.cr,
            lambda: self._tell_of_expiry(today),
            f"Telling of the expiry of the certificate {self.name}",
        )

    def _tell_of_expiry(self, today):
        contract = self.contract_id
        summary = self.env._("Book a visit: the certificate expires")
        note = self.env._(
            "%(number)s is valid until %(date)s, and no visit is booked.",
            number=self._get_full_number(),
            date=self._say_day(self.expires_on),
        )
        contract._notify_office(summary, note, reason="certificate_expires")
        self.expiry_told_on = today
