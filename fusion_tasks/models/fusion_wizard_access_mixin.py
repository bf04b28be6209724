from contextlib import suppress

from odoo import api, models
from odoo.fields import Command

POINTERS = ("many2one", "many2many")


class FusionWizardAccessMixin(models.AbstractModel):
    """A dialog shows nothing of a record that its user may not read.

    Odoo lets anybody who may open a dialog point it at any id, and computes related
    fields with the rights of the system. So every record that a dialog, or a line of
    it, is pointed at is checked first: before it is stored, before anything is
    computed from it, in memory too, and again whenever the dialog is read, as rights
    may have gone meanwhile.
    """

    _name = "fusion.wizard.access.mixin"
    _description = "Dialog That Checks Access"

    _target_rights = {}
    """What the user must be allowed besides reading: operation by name of a field."""

    # Being pointed at something ----------------------------------------------------

    @api.model
    def default_get(self, fields):
        """Refuse defaults, by a link's context for one, that may not be read."""
        values = super().default_get(fields)
        self._check_pointed(values)
        return values

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse records that the user may not read or work with."""
        for vals in vals_list:
            self._check_pointed(vals)
        return super().create(vals_list)

    def write(self, vals):
        """Refuse records that the user may not read or work with."""
        self._check_pointed(vals)
        return super().write(vals)

    def onchange(self, values, field_names, fields_spec):
        """Refuse it in a form too, before a form that is to be changed is computed."""
        self._check_pointed(values)
        return super().onchange(values, field_names, fields_spec)

    def _update_cache(self, values, validate=True):
        """Refuse it in memory too, as the lines of a form come by here alone."""
        self._check_pointed(values)
        return super()._update_cache(values, validate)

    def _check_pointed(self, values):
        """Check the records that values of this dialog name.

        :param values: dict by name of field, in any of the forms that Odoo takes
        :raise AccessError: if one of them may not be read, or worked with
        """
        for name, value in values.items():
            field = self._fields.get(name)
            if value and field and field.relational:
                records = self.env[field.comodel_name].browse(self._find_ids(value))
                self._check_target(name, records)

    @api.model
    def _find_ids(self, value):
        """Return the ids of stored records in a value of a relational field.

        Values of lines are checked by the lines.
        """
        if isinstance(value, models.BaseModel):
            return value._origin.ids
        if isinstance(value, dict):  # a record with what a form says of it
            value = [value.get("id")]
        elif not isinstance(value, list | tuple):
            value = [value]
        found = []
        for item in value:
            if not isinstance(item, list | tuple):
                found.append(item)
            elif item[0] in (Command.UPDATE, Command.LINK):
                found.append(item[1])
            elif item[0] == Command.SET:
                found += item[2]
        return self._to_stored_ids(found)

    @api.model
    def _to_stored_ids(self, found):
        """Return ids as numbers: the database would take "7" and 7.0 for 7, too."""
        ids = []
        for found_id in found:
            origin = getattr(found_id, "origin", found_id)  # of a record in memory
            with suppress(TypeError, ValueError):
                ids.append(int(origin))
        return [stored_id for stored_id in ids if stored_id > 0]

    @api.model
    def _check_target(self, name, records):
        """Check that the user may read records, and do with them what is to be done.

        :param name: name of the field that points at them
        :param records: stored ones, whatever the rights of the caller
        """
        records = records.sudo(False)
        for operation in ("read", self._target_rights.get(name)):
            if operation and records:
                records.check_access(operation)

    # Showing something of it -------------------------------------------------------

    def _compute_field_value(self, field):
        # What is stored is shown by reading only; somebody else may have set it off.
        if not field.store:
            self._check_targets_readable()
        return super()._compute_field_value(field)

    def _read_format(self, fnames, load="_classic_read"):
        self._check_targets_readable()
        return super()._read_format(fnames, load)

    def _check_targets_readable(self):
        """Check that the user still may read all that these dialogs point at."""
        dialogs = self.sudo()
        for field in self._get_pointers():
            records = dialogs.mapped(field.name)._origin
            if records:
                records.sudo(False).check_access("read")

    @api.model
    def _get_pointers(self):
        """Return the fields that can be pointed at records."""
        return [
            field
            for name, field in self._fields.items()
            if field.type in POINTERS
            and field.store
            and name not in models.LOG_ACCESS_COLUMNS
        ]
