from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

# What a manager may write on technicians, who administers no users.
MANAGED_FIELDS = {"x_fc_repair_skills", "x_fc_qualification", "x_fc_van_location_id"}
# What takes people off the duties that hang on them.
LEAVING_FIELDS = frozenset(
    {"active", "company_ids", "group_ids", "share", "x_fc_is_technician"}
)


class ResUsers(models.Model):
    """Skills of technicians: the kinds of equipment they may serve."""

    _name = "res.users"
    _inherit = ["res.users", "fusion.repair.history.mixin"]

    x_fc_qualification = fields.Char(
        string="Qualification",
        help="Stands beside the technician's name on certificates, e.g. the number of "
        "a mechanic's licence.",
    )

    x_fc_signature = fields.Image(
        string="Signature for Reports",
        max_width=1024,
        max_height=1024,
        copy=False,
        groups=fields.NO_ACCESS,
        # In its own column: as a file, Odoo would let anybody ask who has one.
        attachment=False,
        help="Drawn once on a visit report, and proposed on the next ones.",
    )
    x_fc_van_location_id = fields.Many2one(
        "stock.location",
        string="Van Stock",
        domain="[('usage', '=', 'internal')]",
        help="Parts used on visits are taken from here; empty: from the warehouse.",
    )

    @api.model
    def _fc_get_managed_fields(self):
        return super()._fc_get_managed_fields() | MANAGED_FIELDS

    # History -----------------------------------------------------------------

    def _get_history_path(self):
        return "technician_id"

    # Leaving -----------------------------------------------------------------

    def write(self, vals):
        """Pass on what people had to do who leave, or may not see it any more."""
        result = super().write(vals)
        if not LEAVING_FIELDS.isdisjoint(vals):
            self._fc_pass_on_duties()
        return result

    def action_archive(self):
        """Archive people whose duties were passed on: Odoo deletes what is left."""
        self._fc_leave()
        return super().action_archive()

    def unlink(self):
        """Delete people whose duties were passed on: else these went with them."""
        self._fc_leave()
        return super().unlink()

    def _fc_leave(self):
        """Archive people at once, by which their duties get somebody else."""
        active = self.filtered("active")
        if active:
            active.write({"active": False})

    def _fc_pass_on_duties(self):
        """Give what hangs on people who left to whoever follows up now.

        From those who stay, only what they may not see any more.
        """
        # Who administers users need not know contracts.
        users = self.sudo()
        contracts = users.env["fusion.repair.maintenance.contract"]
        contracts.search([("user_id", "in", users.ids)]).with_context(
            mail_auto_subscribe_no_notify=True
        )._give_to_responsible()
        activities = users.env["mail.activity"]
        theirs = Domain("user_id", "in", users.ids)
        activities.search(theirs & activities._fc_get_duty_domain())._fc_pass_on()
        users._fc_ask_who_visits()

    def _fc_ask_who_visits(self):
        """Ask the office who goes instead of technicians who do no visits any more."""
        gone = self.filtered(lambda user: not (user.active and user.x_fc_is_technician))
        visits = self.env["fusion.repair.maintenance.visit"].search(
            [("technician_id", "in", gone.ids), ("state", "=", "scheduled")],
            order="visit_date",
        )
        for visit in visits:
            visit.contract_id._notify_office(
                _lt(
                    "%(technician)s is no longer available: who will do visit "
                    "%(visit)s?",
                    technician=visit.technician_id.name,
                    visit=visit.name,
                ),
                _lt("Give it to another technician, or agree on another time."),
                reason="technician_gone",
            )
