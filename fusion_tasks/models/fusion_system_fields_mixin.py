from odoo import api, models
from odoo.exceptions import AccessError

X2MANY = ("one2many", "many2many")
CHATTER = ("activity_", "message_")


class FusionSystemFieldsMixin(models.AbstractModel):
    """Records with values that only code of ours writes, by the rights of the system.

    A field that no form lets anybody enter could still be written over the network, or
    by an import, by whoever may write the record. Dispatchers, managers and
    administrators go by the buttons instead, which check, log and carry through.

    The model's own ``create`` and ``write`` call the guards first of all.
    """

    _name = "fusion.system.fields.mixin"
    _description = "Record with Fields of the System"

    _system_fields = frozenset()
    """Names of the fields that no user sets, on a new record or later."""
    _settled_fields = frozenset()
    """Names of the fields that a user sets on a new record, but not later."""

    def _is_set_by_user(self, name, new=False):
        """Tell whether users set a field.

        :param new: on a new record
        """
        return name not in self._system_fields and (
            new or name not in self._settled_fields
        )

    @api.model
    def _guard_create(self, vals_list):
        """Return the values of new records, begun as the system begins them.

        Whatever defaults a user or a link sets.

        :raise AccessError: if they name what no user sets
        """
        if self.env.su:
            return vals_list
        begin = {
            name: self._get_own_default(field)
            for name, field in self._fields.items()
            if field.store
            and not field.compute
            and field.type not in X2MANY
            and not self._is_ever_set_by_user(name, new=True)
            and self._has_field_access(field, "write")
        }
        for vals in vals_list:
            self._refuse_fields(
                name
                for name in vals
                if not self._is_ever_set_by_user(name, new=True)
                and (vals[name] or False) != (begin.get(name) or False)
            )
        return [{**vals, **begin} for vals in vals_list]

    @api.model
    def _get_own_default(self, field):
        """Return the default that a field itself has, as a value to be written."""
        if not field.default:
            return False
        value = field.convert_to_cache(field.default(self), self, validate=False)
        return field.convert_to_write(field.convert_to_record(value, self), self)

    def _guard_write(self, vals):
        """Refuse to change what no user writes; what stands there may be said again.

        :raise AccessError: in that case
        """
        if not self.env.su:
            self._refuse_fields(
                name
                for name, value in vals.items()
                if not self._is_ever_set_by_user(name)
                and not self._is_unchanged(name, value)
            )

    @api.model
    def _is_ever_set_by_user(self, name, new=False):
        """Tell whether users set a field; what Odoo itself judges counts as such."""
        field = self._fields.get(name)
        if (
            not field
            or name in models.LOG_ACCESS_COLUMNS
            or name == "id"
            or name.startswith(CHATTER)
        ):
            return True
        is_result = field.compute and field.readonly and not field.inverse
        return not is_result and self._is_set_by_user(name, new)

    def _is_unchanged(self, name, value):
        """Tell whether a value to be written is the one that stands there."""
        field = self._fields[name]
        if field.type in X2MANY:
            return not value
        if field.type in ("binary", "image"):
            return False
        return all(
            field.convert_to_record(field.convert_to_cache(value, record), record)
            == record[name]
            for record in self.sudo()
        )

    @api.model
    def _refuse_fields(self, names):
        labels = sorted(
            {self._fields[name]._description_string(self.env) for name in names}
        )
        if labels:
            raise AccessError(
                self.env._(
                    "This cannot be changed by hand: %(fields)s. Please use the "
                    "buttons.",
                    fields=", ".join(labels),
                )
            )
