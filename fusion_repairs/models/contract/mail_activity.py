from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import html2plaintext, plaintext2html

CALLBACK_TYPE = "fusion_repairs.mail_activity_type_callback"
CALLBACK = "callback"


class MailActivity(models.Model):
    """Why the office has an activity, in a form that no language changes."""

    _inherit = "mail.activity"

    x_fc_reason = fields.Char(
        string="Maintenance Reason",
        readonly=True,
        copy=False,
        help="The code of what the office is asked for. A contract has one open "
        "activity for each.",
    )

    def _is_callback(self):
        """Tell whether a client asked on their page to be called."""
        callback = self.env.ref(CALLBACK_TYPE, raise_if_not_found=False)
        return bool(callback) and self.activity_type_id == callback

    def _get_request(self):
        """Return the kind of what the office is asked for; "" of what it planned."""
        self.ensure_one()
        if self._is_callback():
            return CALLBACK
        # Some reasons name the visit as well: only one is open for each.
        return (self.x_fc_reason or "").partition(":")[0]

    # When people leave -----------------------------------------------------------

    @api.model
    def _fc_get_duty_domain(self):
        """Return which activities are ours to pass on: about maintenance."""
        ours = Domain("res_model", "=like", "fusion.%")
        return ours | Domain("x_fc_reason", "!=", False)

    @api.model
    def _fc_pass_on_orphans(self):
        """Pass on what hangs on people who are gone, however they went."""
        gone = Domain("user_id.active", "=", False) & Domain("user_id", "!=", False)
        self.sudo().search(gone & self._fc_get_duty_domain())._fc_pass_on()

    def _fc_pass_on(self):
        """Give activities to whoever follows up, where their own person is gone.

        Somebody who is still there keeps what they planned by themselves.
        """
        for activity in self:
            contract = activity._get_duty_contract()
            user, company = activity.user_id, contract.company_id
            is_lost = activity.x_fc_reason and not user._fc_may_follow_up(company)
            if user.active and not (is_lost and activity.res_model == contract._name):
                continue
            successor = contract._get_office_user()._origin
            if successor == user:
                continue
            text = self.env._("Taken over from %(name)s.", name=user.name)
            activity._add_to_note(text)
            activity.with_context(mail_activity_quick_update=True).user_id = successor

    def _get_duty_contract(self):
        """Return the contract that an activity is about; a blank one if about none."""
        self.ensure_one()
        contracts = self.env["fusion.repair.maintenance.contract"]
        record = self.env[self.res_model].browse(self.res_id)
        if record._name == contracts._name:
            return record
        for name in ("contract_id", "x_fc_maintenance_contract_id"):
            if name in record._fields and record[name]:
                return record[name]
        company = "company_id" in record._fields and record.company_id
        return contracts.new({"company_id": company or self.env.company})

    def _add_to_note(self, text):
        """Add words to what an activity says, unless it says them already."""
        self.ensure_one()
        added = text if isinstance(text, Markup) else plaintext2html(text or "")
        words = html2plaintext(added).strip()
        if words and words not in html2plaintext(self.note or ""):
            self.note = (self.note or Markup()) + added
