from odoo import api, models

POINTERS = ("many2one", "many2many")


class FusionWizardAccessMixin(models.AbstractModel):
    """A dialog shows nothing of a record that its user may not read.

    Odoo lets anybody who may open a dialog point it at any id, and keeps no rule on
    what the dialog then shows. So every record that a dialog, or a line of it, is
    pointed at is checked: before it is stored, before anything is computed of it, and
    again whenever the dialog is read, as rights may have gone meanwhile.
    """

    _name = "fusion.wizard.access.mixin"
    _description = "Dialog That Checks Access"
    _inherit = "fusion.form.access.mixin"

    # Being pointed at something ----------------------------------------------------

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

    def _get_known_ids(self, name):
        return set()  # a dialog lives on while rights come and go

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
        """Check that the user still may read all that these dialogs point at.

        Whatever the rights of the caller: some fields are computed with the system's.
        """
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
