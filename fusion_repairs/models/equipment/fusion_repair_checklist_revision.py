from odoo import api, fields, models


class FusionRepairChecklistRevision(models.Model):
    """A checklist as it stood from a day on: what, since when, by whom.

    Nobody has the right to change or delete one: past visits were made from it.
    """

    _name = "fusion.repair.checklist.revision"
    _description = "Checklist Revision"
    _order = "category_id, number desc"
    _rec_name = "number"

    category_id = fields.Many2one(
        "fusion.repair.product.category",
        required=True,
        index=True,
        readonly=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="category_id.company_id", store=True)
    number = fields.Integer(string="Revision", required=True, readonly=True)
    date = fields.Datetime(
        string="Valid From", required=True, readonly=True, default=fields.Datetime.now
    )
    user_id = fields.Many2one(
        "res.users",
        string="Changed By",
        readonly=True,
        ondelete="set null",
        default=lambda self: self.env.user,
    )
    snapshot = fields.Json(readonly=True, help="The checks as they stood.")
    check_count = fields.Integer(
        string="Checks", compute="_compute_content", compute_sudo=True
    )
    content = fields.Text(compute="_compute_content", compute_sudo=True)

    _once = models.UniqueIndex(
        "(category_id, number)", "This checklist has such a revision already."
    )

    @api.depends("category_id.name", "number")
    def _compute_display_name(self):
        for revision in self:
            revision.display_name = self.env._(
                "%(category)s, revision %(number)s",
                category=revision.category_id.name,
                number=revision.number,
            )

    @api.depends("snapshot")
    @api.depends_context("lang")
    def _compute_content(self):
        for revision in self:
            checks = revision.snapshot or []
            revision.check_count = len(checks)
            revision.content = "\n".join(map(revision._get_check_text, checks))

    def _get_check_text(self, check):
        """Return one check of the snapshot as a line of text."""
        names = check["translations"].get("name", {})
        words = [names.get(self.env.lang) or check["name"]]
        if check["critical"]:
            words.append(self.env._("critical"))
        if check["reading_unit"]:
            limits = [
                f"≥ {check['reading_min']:g}" if check["has_minimum"] else "",
                f"≤ {check['reading_max']:g}" if check["has_maximum"] else "",
            ]
            words.append(" ".join([*filter(None, limits), check["reading_unit"]]))
        if check["photo_wanted"]:
            words.append(self.env._("photo"))
        return "– " + ", ".join(words)
