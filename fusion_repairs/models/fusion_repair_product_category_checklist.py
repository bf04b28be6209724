from odoo import fields, models

from odoo.addons.fusion_tasks.button_context import without_button


def is_same_check(old, new):
    """Tell whether a check asks what it asked; a language more is no change.

    :param old: the check in the last revision's snapshot
    :param new: the check as it stands
    """
    texts = ("translations",)
    if any(old.get(name) != new[name] for name in new if name not in texts):
        return False
    return all(
        new["translations"][field].get(lang) == text
        for field, said in old["translations"].items()
        for lang, text in said.items()
    )


class FusionRepairProductCategory(models.Model):
    """The checklist of a category: its revisions, and the visits laid out from it."""

    _inherit = "fusion.repair.product.category"

    checklist_revision = fields.Integer(readonly=True, copy=False)
    checklist_revision_ids = fields.One2many(
        "fusion.repair.checklist.revision",
        "category_id",
        string="Checklist History",
        readonly=True,
    )

    def _record_checklist_revision(self):
        """Keep a snapshot of every checklist that is not as its last revision says.

        Visits that are still to come are laid out anew; past ones never change.
        """
        if self.env.context.get("fusion_checklist_later"):
            return
        changed = self.browse()
        # Whoever may edit a checklist may not write its history by other ways.
        for category in without_button(self.sudo()).with_context(lang=None):
            snapshot = category.checklist_item_ids._prepare_snapshot()
            known = category.checklist_revision_ids[:1].snapshot or []
            if len(snapshot) == len(known) and all(map(is_same_check, known, snapshot)):
                continue
            category.checklist_revision += 1
            category.env["fusion.repair.checklist.revision"].create(
                {
                    "category_id": category.id,
                    "number": category.checklist_revision,
                    "snapshot": snapshot,
                }
            )
            category.invalidate_recordset(["checklist_revision_ids"])
            changed |= category
        changed._refresh_visits()

    def _get_checklist_revisions(self):
        """Return the revisions that the checklist of a unit is made of now."""
        revisions = self.env["fusion.repair.checklist.revision"]
        for category in reversed(self._get_lineage()):
            revisions |= category.checklist_revision_ids[:1]
        return revisions

    def _refresh_visits(self):
        """Lay the checklists of visits still to come out anew."""
        if not self:
            return
        visits = self.env["fusion.repair.maintenance.visit"].sudo()
        visits.search(
            [
                ("state", "=", "scheduled"),
                ("contract_id.x_fc_policy_category_id", "child_of", self.ids),
            ]
        )._refresh_checklist()
