from odoo import api, models
from odoo.fields import Command


class FusionFormAccessMixin(models.AbstractModel):
    """A form shows nothing of a record that its user may not read.

    Odoo computes a form for whatever ids a browser names, partly with the rights of
    the system: before anything is saved, no rule is asked. So the records that a form,
    a line in it, or a default newly names are checked first.
    """

    _name = "fusion.form.access.mixin"
    _description = "Form That Checks Access"

    _target_rights = {}
    """What the user must be allowed besides reading: operation by name of a field."""

    @api.model
    def default_get(self, fields):
        """Refuse defaults, by a link's context for one, that may not be read."""
        values = super().default_get(fields)
        self._check_pointed(values)
        return values

    def onchange(self, values, field_names, fields_spec):
        """Refuse records that may not be read, before anything is computed of them."""
        self._check_pointed(values)
        return super().onchange(values, field_names, fields_spec)

    def _check_pointed(self, values):
        """Check the records that values of a form name anew, those of its lines too.

        :param values: dict by name of field, in any of the forms that Odoo takes
        :raise AccessError: if one of them may not be read, or worked with
        """
        if self.env.su:
            return  # no browser, but code of ours
        for name, value in values.items():
            field = self._fields.get(name)
            if not value or not field or not field.relational:
                continue
            comodel = self.env[field.comodel_name]
            ids = self._find_ids(value) - self._get_known_ids(name)
            self._check_target(name, comodel.browse(ids))
            if hasattr(comodel, "_check_pointed"):
                for line_id, line in self._find_lines(value):
                    comodel.browse(line_id)._check_pointed(line)

    @api.model
    def _check_target(self, name, records):
        """Check that the user may read records, and do with them what is to be done.

        :param name: name of the field that points at them
        :param records: stored ones
        """
        for operation in ("read", self._target_rights.get(name)):
            if operation and records:
                records.check_access(operation)

    def _get_known_ids(self, name):
        """Return the ids that the stored record points at already: they are shown."""
        return set(self.sudo()[name].ids)

    @api.model
    def _find_ids(self, value):
        """Return the set of ids of stored records in a value of a relational field."""
        if isinstance(value, models.BaseModel):
            return set(value._origin.ids)
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
        ids = map(self._to_stored_id, found)
        return {stored_id for stored_id in ids if stored_id}

    @api.model
    def _to_stored_id(self, found):
        """Return an id as a number: the database would take "7" and 7.0 for 7, too."""
        try:
            return int(getattr(found, "origin", found))  # of a record in memory
        except (TypeError, ValueError):
            return 0

    @api.model
    def _find_lines(self, value):
        """Return the lines in a value of a relational field: list of id and values."""
        if isinstance(value, dict):
            return [(self._to_stored_id(value.get("id")), value)]
        found = []
        for item in value if isinstance(value, list | tuple) else ():
            if isinstance(item, dict):
                found.append((0, item))
            elif isinstance(item, list | tuple):
                if item[0] == Command.CREATE:
                    found.append((0, item[2] or {}))
                elif item[0] == Command.UPDATE:
                    found.append((self._to_stored_id(item[1]), item[2] or {}))
        return found
