import hashlib

from odoo import api, models
from odoo.exceptions import AccessError


class FusionRepairDocumentMixin(models.AbstractModel):
    """Records whose files our code makes, and hands to whoever holds a link.

    What points at such a file, and what is known of it, is written by that code alone,
    whatever role asks: else any file of the database could be put before the public.
    And a file that is not the record's own is neither given to anybody nor touched.
    """

    _name = "fusion.repair.document.mixin"
    _description = "Record with Files of Its Own"

    _document_fields = frozenset()
    """Names of the fields that nobody but our code writes."""
    _file_hashes = {}
    """Name of the field with the SHA-256 of a file, by the name of the file's."""

    @api.model_create_multi
    def create(self, vals_list):
        """Begin without a file, whatever defaults a user or a link sets."""
        begin = {}
        for name in self._document_fields:
            default = self._fields[name].default
            begin[name] = default(self) if default else False
        for vals in vals_list:
            self._check_no_document(vals)
        return super().create([{**begin, **vals} for vals in vals_list])

    def write(self, vals):
        """Refuse what our own code writes by ``_write_document``."""
        self._check_no_document(vals)
        return super().write(vals)

    @api.model
    def _check_no_document(self, vals):
        if not self._document_fields.isdisjoint(vals):
            raise AccessError(
                self.env._("Documents are made by the system: nobody else sets them.")
            )

    def _write_document(self, vals):
        """Write what is known of the files of these records.

        No caller over the network reaches this method.

        :param vals: values of ``_document_fields`` and no others
        """
        unknown = vals.keys() - self._document_fields
        if unknown:
            raise ValueError(f"no fields of a document: {sorted(unknown)}")
        # Past our own ``write``, which refuses just this.
        return super().write(vals)  # pylint: disable=super-method-mismatch

    def _get_own_file(self, name):
        """Return the file that a field points at, in sudo; none if it is another's.

        :param name: name of a many2one field to ``ir.attachment``
        """
        self.ensure_one()
        file = self.sudo()[name]
        is_own = (file.res_model, file.res_id) == (self._name, self.id)
        return file if is_own and not file.res_field else file.browse()

    def _is_file_altered(self, name):
        """Tell whether a file of this record is not the one that was made.

        :param name: name of a many2one field to ``ir.attachment``
        """
        file = self._get_own_file(name)
        if not file:
            return False
        made = self.sudo()[self._file_hashes[name]]
        return hashlib.sha256(file.raw or b"").hexdigest() != made
