from odoo import fields, models


class FusionRepairOptOutLink(models.Model):
    """A former opt-out link of a client: mails that carry it lie in mailboxes.

    When two contacts are merged, one link remains the client's own. The others go on
    working from here; nobody but the system reads them.
    """

    _name = "fusion.repair.opt.out.link"
    _description = "Former Opt-out Link"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner", string="Client", required=True, index=True, ondelete="cascade"
    )
    token = fields.Char(required=True, groups=fields.NO_ACCESS)

    _token_unique = models.UniqueIndex("(token)")
