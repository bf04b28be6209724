from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.fusion_tasks.groups import DISPATCHER

OFFICE_SOURCES = ("phone", "in_person", "paper", "email", "visit", "other")


class FusionRepairConsentWizard(models.TransientModel):
    """Note what a client said about our messages: when, how, and what proves it."""

    _name = "fusion.repair.consent.wizard"
    _description = "Record Client Preferences"
    _inherit = "fusion.wizard.access.mixin"

    partner_id = fields.Many2one("res.partner", string="Client", required=True)
    answer = fields.Selection(
        [
            ("express", "Asks for reminders by email"),
            ("stop_reminder", "Wants no maintenance reminders by email"),
            ("stop_appointment", "Wants no appointment notices by email"),
            ("stop_all", "Wants none of these messages"),
            ("keep", "Takes back what was stopped"),
        ],
        string="The Client",
        required=True,
        default="express",
    )
    date = fields.Date(
        string="Said On", required=True, default=fields.Date.context_today
    )
    source = fields.Selection(
        selection="_get_sources", string="How", required=True, default="phone"
    )
    note = fields.Char(help="What proves it, such as where the signed paper is kept.")

    def _get_sources(self):
        sources = self.env["res.partner"]._fc_get_consent_sources()
        return [(code, sources[code]) for code in OFFICE_SOURCES]

    def action_record(self):
        """Note it on the contact, with its history."""
        self.ensure_one()
        if not self.env.user.has_group(DISPATCHER):
            raise AccessError(self.env._("Only dispatchers may record consent."))
        self.partner_id.check_access("read")
        if self.date > fields.Date.context_today(self):
            raise UserError(self.env._("The client cannot have said it in the future."))
        if self.answer == "express" and not (self.note or "").strip():
            raise UserError(
                self.env._(
                    "Express consent has to be proven: please say by a note what "
                    "proves it, such as where the signed paper is kept."
                )
            )
        # Dispatchers note what clients want, though contacts are not theirs to edit.
        client, note = self.partner_id.sudo(), self._get_note_text()
        if self.answer == "express":
            client._fc_give_consent(self.source, self.date, note)
        elif self.answer == "keep":
            client._fc_opt_in(self.source, note=note)
        else:
            kinds = {
                "stop_reminder": ("reminder",),
                "stop_appointment": ("appointment",),
                "stop_all": ("reminder", "appointment"),
            }[self.answer]
            client._fc_opt_out(self.source, kinds, note)
        return {"type": "ir.actions.act_window_close"}

    def _get_note_text(self):
        """Return the note, with the day unless it is today."""
        if self.date == fields.Date.context_today(self):
            return self.note
        day = self.env._("said on %(date)s", date=self.date)
        return ", ".join(filter(None, (self.note, day)))
