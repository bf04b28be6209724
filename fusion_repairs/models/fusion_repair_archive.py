import csv
import io
import zipfile

from odoo import api, models
from odoo.fields import NO_ACCESS, Domain
from odoo.tools import split_every

BATCH = 1000
MODULES = ("fusion_tasks", "fusion_repairs")


class FusionRepairArchive(models.AbstractModel):
    """All records and files of our own models, to keep before they are deleted.

    Uninstalling deletes them: certificates, reports, photos, the proof of consent.
    """

    _name = "fusion.repair.archive"
    _description = "Archive of Records and Files"

    @api.model
    def _get_kept_models(self, modules=MODULES):
        """Return the models with a table that these modules, and no others, define."""
        data = self.env["ir.model.data"].sudo()
        rows = data.search_fetch([("model", "=", "ir.model")], ["module", "res_id"])
        owners = {}
        for row in rows:
            owners.setdefault(row.res_id, set()).add(row.module)
        found = self.env["ir.model"].sudo().browse(owners).exists()
        return [
            self.env[model.model].sudo().with_context(active_test=False)
            for model in found.sorted("model")
            if owners[model.id] <= set(modules)
            and model.model in self.env
            and not self.env[model.model]._abstract
            and not self.env[model.model]._transient
        ]

    @api.model
    def _get_files_domain(self, kept):
        """Return the domain of the files of these models, those of fields included."""
        return Domain("res_model", "in", [model._name for model in kept]) & (
            Domain("res_field", "=", False) | Domain("res_field", "!=", False)
        )

    @api.model
    def _write(self, file):
        """Write a zip: a table for each model, and every file as it is.

        :param file: a binary file to write to
        """
        kept = self._get_kept_models()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for model in kept:
                if model.search_count([], limit=1):
                    archive.writestr(f"{model._name}.csv", self._to_csv(model))
            files = self.env["ir.attachment"].sudo()
            ids = files.search(self._get_files_domain(kept), order="id").ids
            for some in split_every(BATCH, ids, files.browse):
                for each in some:
                    name = (each.name or "file").replace("/", "-")
                    path = f"files/{each.res_model}/{each.res_id}/{each.id}-{name}"
                    archive.writestr(path, each.raw or b"")
                self.env.invalidate_all()

    @api.model
    def _to_csv(self, model):
        """Return all records of a model as a table; never the secrets of links."""
        names = [
            name
            for name, field in model._fields.items()
            if field.store
            and field.column_type
            and field.type != "binary"
            and field.groups != NO_ACCESS
        ]
        output = io.StringIO()
        writer = csv.writer(output)
        writer.writerow(names)
        last = 0
        while some := model.search([("id", ">", last)], order="id", limit=BATCH):
            for values in some.read(names):
                writer.writerow([_to_cell(values[name]) for name in names])
            last = some[-1].id
            self.env.invalidate_all()
        return output.getvalue()


def _to_cell(value):
    """Return a value as text: of a linked record its id and its name."""
    if isinstance(value, tuple):
        return f"{value[0]} {value[1]}"
    return "" if value is False or value is None else value
