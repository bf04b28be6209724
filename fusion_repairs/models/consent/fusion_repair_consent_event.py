from odoo import api, fields, models
from odoo.exceptions import UserError


class FusionRepairConsentEvent(models.Model):
    """One change of what a client allows us to send: the proof that the law asks for.

    Canada's anti-spam law (CASL, s. 13) leaves it to the sender to prove consent.
    Events are written by the system when a contact changes; nobody edits or deletes
    one. They go only with the contact itself.
    """

    _name = "fusion.repair.consent.event"
    _description = "Change of Consent"
    _order = "date desc, id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner",
        string="Client",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    date = fields.Datetime(
        string="Noted On", required=True, readonly=True, default=fields.Datetime.now
    )
    kind = fields.Selection(
        [
            ("express", "Express Consent Given"),
            ("express_ended", "Express Consent Ended"),
            ("withdrawn", "Stopped"),
            ("restored", "Allowed Again"),
        ],
        string="Change",
        required=True,
        readonly=True,
    )
    message_kind = fields.Selection(
        [("reminder", "Maintenance Reminders"), ("appointment", "Appointment Notices")],
        string="Messages",
        required=True,
        readonly=True,
    )
    express_date = fields.Date(
        string="Express Consent On",
        readonly=True,
        help="The day of the express consent that was given or that ended.",
    )
    basis = fields.Selection(
        [
            ("express", "Requested"),
            ("implied", "Purchase or Visit"),
            ("withdrawn", "Withdrawn"),
            ("none", "None"),
        ],
        string="Consent Afterwards",
        readonly=True,
        help="What reminders by email rested on after this change.",
    )
    source = fields.Selection(
        [
            ("form", "Contact Form"),
            ("page", "Page of the Link"),
            ("one_click", "Button of the Email Program"),
            ("visit", "During a Visit"),
            ("phone", "By Phone"),
            ("in_person", "In Person"),
            ("paper", "Signed Paper"),
            ("email", "By Email"),
            ("import", "Import"),
            ("merge", "Contacts Merged"),
            ("other", "Other"),
        ],
        required=True,
        readonly=True,
        help="How we learned of it.",
    )
    user_id = fields.Many2one(
        "res.users", string="Noted By", readonly=True, ondelete="set null"
    )
    note = fields.Char(readonly=True)

    def write(self, vals):
        """Refuse: what was noted stays as it was noted."""
        if self and vals:
            raise UserError(self.env._("The history of consent cannot be changed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_with_the_contact(self):
        raise UserError(self.env._("The history of consent cannot be deleted."))
