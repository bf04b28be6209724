from odoo import api, models

# Stands in the cursor's cache while an import is only tried.
TRIAL = "fusion_tasks.import_trial"


class FusionNumberedMixin(models.AbstractModel):
    """Records that take their ``name`` from a sequence of their company.

    The sequence has the model's name as its code; the default of ``name`` stands for
    "no number yet".
    """

    _name = "fusion.numbered.mixin"
    _description = "Numbered by Company"

    @api.model_create_multi
    def create(self, vals_list):
        """Number the records that have no number yet; none of a test of an import."""
        if self.env.cr.cache.get(TRIAL):
            return super().create(vals_list)
        none_yet = self.default_get(["name"]).get("name")
        # Whoever may create the record need not know sequences.
        sequences = self.env["ir.sequence"].sudo()
        for vals in vals_list:
            if vals.get("name", none_yet) in {none_yet, False, ""}:
                company_id = vals.get("company_id") or self.env.company.id
                sequence = sequences.with_company(company_id)
                vals["name"] = sequence.next_by_code(self._name) or none_yet
        return super().create(vals_list)
