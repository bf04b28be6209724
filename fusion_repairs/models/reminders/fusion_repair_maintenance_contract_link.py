import re
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.fusion_tasks.button_context import without_button

from ..booking.fusion_repair_maintenance_contract_changes import ENOUGH_DIGITS

AGAIN_AFTER = timedelta(hours=1)


class FusionRepairMaintenanceContract(models.Model):
    """Giving the client the link once more: by mail, or by text message."""

    _inherit = "fusion.repair.maintenance.contract"

    link_sent_at = fields.Datetime(string="Link Sent On", readonly=True, copy=False)
    link_texted_at = fields.Datetime(string="Link Texted On", readonly=True, copy=False)
    can_text_link = fields.Boolean(compute="_compute_can_text_link")

    @api.depends("partner_id.phone", "state")
    def _compute_can_text_link(self):
        possible = "sms.sms" in self.env
        for contract in self:
            active = contract.state == "active"
            contract.can_text_link = possible and active and contract.partner_id.phone

    def action_send_link(self):
        """Queue the mail with the link, outside the reminder days.

        :raise UserError: in words, where the client may not be written to, has a
            visit booked, or got the link within the last hour
        """
        self.ensure_one()
        self._check_office()
        contract = self.sudo()  # the mail is rendered with the secret link
        contract._lock()
        contract._check_link_wanted()
        contract._check_not_again(contract.link_sent_at)
        company = contract.company_id
        obstacle = contract.partner_id.with_company(company)._fc_get_mail_obstacle(
            "reminder"
        )
        if obstacle:
            raise UserError(contract._get_link_obstacle_text(obstacle))
        again = contract._has_been_sent_link()
        contract._get_units_to_name()._queue_reminder_mails()
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()
        contract.link_sent_at = fields.Datetime.now()
        self._message_log(
            body=self.env._(
                "%(user)s had the booking link emailed again to %(email)s.",
                user=self.env.user.name,
                email=contract.partner_id.email,
            )
            if again
            else self.env._(
                "%(user)s had the booking link emailed to %(email)s.",
                user=self.env.user.name,
                email=contract.partner_id.email,
            )
        )
        return self._notify_sent(
            self.env._(
                "The link is on its way to %(email)s.", email=contract.partner_id.email
            )
        )

    def _has_been_sent_link(self):
        """Tell whether the client was emailed this cycle's link before."""
        return bool(self.link_sent_at or self.last_reminder_band)

    def _check_link_wanted(self):
        """Refuse to send a link that there is nothing to book with."""
        self._check_bookable()
        if self.is_booked:
            raise UserError(
                self.env._(
                    "A visit is booked already (%(when)s): the client has the link in "
                    "the confirmation.",
                    when=self.current_visit_id._format_when(),
                )
            )

    def _check_not_again(self, last):
        """Refuse a second message within the hour: one is easily sent twice."""
        if last and last > fields.Datetime.now() - AGAIN_AFTER:
            raise UserError(
                self.env._(
                    "The client got the link less than an hour ago. Please wait, or "
                    "copy the link."
                )
            )

    def _get_link_obstacle_text(self, obstacle):
        words = self._get_no_mail_reason(obstacle)
        advice = self.env._(
            "Please call the client, or note their consent on the contact if they "
            "ask for the email."
        )
        return f"{words} {advice}"

    def _notify_sent(self, message):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    # Text message --------------------------------------------------------------------

    def action_text_link(self):
        """Show the text message that would bring the client the link."""
        self.ensure_one()
        self._check_office()
        self._check_link_text()
        wizards = without_button(self.env["fusion.repair.booking.sms.wizard"])
        wizard = wizards.create(
            {
                "contract_id": self.id,
                "number": self.partner_id.phone,
                "body": self._get_link_text_text(),
            }
        )
        return wizard._get_action()

    def _check_link_text(self):
        """Refuse a text message that cannot be sent, or may not be."""
        if "sms.sms" not in self.env:
            raise UserError(
                self.env._("Text messages need Odoo's SMS app, which is not installed.")
            )
        self._check_link_wanted()
        self._check_not_again(self.link_texted_at)
        client = self.sudo().partner_id.with_company(self.company_id)
        obstacle = (
            client._fc_get_unwanted_reason("reminder") or client._fc_get_law_obstacle()
        )
        if obstacle:
            raise UserError(self._get_link_obstacle_text(obstacle))

    def _get_link_text_text(self):
        """Return the words before the link, in the client's language."""
        translated = self.with_context(lang=self.partner_id.lang or self.env.lang)
        # Who may serve them is nothing that the office's user has to be able to read.
        units = translated.sudo()._get_units_to_name()
        return translated.env._(
            "%(company)s: %(due)s Nothing is booked yet. Please choose a time:",
            company=self.company_id.name,
            due=units._get_units_due_sentence(),
        )

    def _queue_link_text(self, number, words):
        """Queue a text message with the link.

        Odoo's own dialog would keep the text, and the secret link in it, where every
        employee can read it (its records, the chatter). So the message is made here,
        in the queue that only administrators can see.

        :param number: as typed
        :param words: before the link
        """
        self._check_office()
        contract = without_button(self.sudo())
        contract._lock()
        contract._check_link_text()
        sanitized = contract._read_phone_number(number)
        url = contract._get_booking_url()
        contract.env["sms.sms"].create(
            {
                "number": sanitized,
                "body": f"{words.strip()} {url}",
                "partner_id": contract.partner_id.id,
            }
        )
        contract.link_texted_at = fields.Datetime.now()
        self._message_log(
            body=self.env._(
                "%(user)s had the booking link sent to %(number)s by text message.",
                user=self.env.user.name,
                number=sanitized,
            )
        )

    def _read_phone_number(self, number):
        """Return a typed number as text messages want it.

        :raise UserError: for what is no number, and for one that wants no texts
        """
        partner = self.partner_id
        sanitized = partner._phone_format(number=number, country=partner.country_id)
        if not sanitized or len(re.sub(r"\D", "", sanitized)) < ENOUGH_DIGITS:
            raise UserError(
                self.env._("“%(number)s” is no phone number.", number=number or "")
            )
        if self.env["phone.blacklist"].search_count([("number", "=", sanitized)]):
            raise UserError(self.env._("This number wants no text messages from us."))
        return sanitized
