from collections import defaultdict

from odoo import api, models
from odoo.fields import Domain

from ...recurrence import UNDER_CONTRACT

# Records that a file may name in words, which several may have.
NAMED = ("partner_id", "address_id", "product_id", "lot_id", "user_id")


class FusionRepairMaintenanceContract(models.Model):
    """A file of units: nobody is mixed up, and no unit comes in twice unseen."""

    _inherit = "fusion.repair.maintenance.contract"

    @api.model
    def load(self, fields, data):
        """Refuse rows with a name that several have; tell of units that were there.

        Odoo would take the first of several clients of one name.
        """
        unclear = self._find_unclear_names(fields, data)
        if unclear:
            return {"ids": False, "messages": unclear, "nextrow": 0}
        last = self.search([], order="id desc", limit=1).id
        result = super().load(fields, data)
        new = self.browse(result["ids"] or []).filtered(lambda c: c.id > last)
        found = new._find_twins()
        result["messages"] += [
            new._prepare_row_message(
                "warning",
                result["ids"].index(contract.id),
                "product_id",
                contract._get_twin_text(twin),
            )
            for contract, twin in found.items()
        ]
        return result

    # Names ---------------------------------------------------------------------

    @api.model
    def _find_unclear_names(self, names, rows):
        """Return a message for every cell whose name several records have."""
        messages = []
        for column, name in enumerate(names):
            if name not in NAMED:
                continue  # not in the file, or told by a unique id
            unclear = self._find_shared_names(
                name, {row[column] for row in rows if row[column]}
            )
            messages += [
                self._prepare_row_message("error", number, name, unclear[row[column]])
                for number, row in enumerate(rows)
                if row[column] in unclear
            ]
        return sorted(messages, key=lambda message: message["record"])

    @api.model
    def _find_shared_names(self, name, values):
        """Return by value what is to be said of values that name several records."""
        said = {}
        related = self.env[self._fields[name].comodel_name]
        for value in values:
            # As Odoo's import looks for it.
            found = related.name_search(value, operator="=", limit=10)
            if len(found) > 1:
                said[value] = self._get_unclear_text(name, value, related, found)
        return said

    @api.model
    def _get_unclear_text(self, name, value, related, found):
        label = self._fields[name]._description_string(self.env)
        if related._name != "res.partner":
            return self.env._(
                "%(number)s records are called “%(value)s” (%(field)s). Name the one "
                "you mean by its External ID, in a column “%(column)s”.",
                number=len(found),
                value=value,
                field=label,
                column=f"{name}/id",
            )
        partners = related.browse([number for number, _name in found])
        return self.env._(
            "%(number)s contacts are called “%(value)s” (%(field)s): %(contacts)s. Put "
            "the reference or the email address of the one you mean in its place, or "
            "its External ID in a column “%(column)s”.",
            number=len(partners),
            value=value,
            field=label,
            contacts="; ".join(map(self._format_contact, partners)),
            column=f"{name}/id",
        )

    @api.model
    def _format_contact(self, partner):
        """Return what tells contacts of one name apart."""
        said = (partner.ref, partner.email, partner.street, partner.city)
        details = ", ".join(filter(None, said)) or str(partner.id)
        return f"{partner.display_name} ({details})"

    @api.model
    def _prepare_row_message(self, kind, number, name, text):
        return {
            "type": kind,
            "message": text,
            "record": number,
            "rows": {"from": number, "to": number},
            "field": name,
        }

    # Units that were there -------------------------------------------------------

    def _find_twins(self):
        """Return by contract another one of its client that may be of the same unit.

        Where neither has a serial, only somebody who knows the client can tell.
        """
        unnamed = self.filtered(lambda c: not c.x_fc_device_serial)
        if not unnamed:
            return {}
        others = self.search(
            Domain("partner_id", "in", unnamed.partner_id.ids)
            & Domain("product_id", "in", unnamed.product_id.ids)
            & Domain("x_fc_device_serial", "=", False)
            & Domain("state", "in", ("draft", *UNDER_CONTRACT))
            & Domain("id", "not in", self.ids)
        )
        known = defaultdict(self.browse)
        for other in others:
            known[other._get_unit_key()] |= other
        return {
            contract: known[contract._get_unit_key()][:1]
            for contract in unnamed
            if known[contract._get_unit_key()]
        }

    def _get_unit_key(self):
        return self.company_id, self.partner_id, self.product_id

    def _get_twin_text(self, twin):
        return self.env._(
            "%(client)s has contract %(contract)s for the same product, and neither "
            "has a serial number: is it the same unit? Nothing tells them apart; a "
            "column “id” lets a file be imported again without doubling its units.",
            client=self.partner_id.display_name,
            contract=twin.name,
        )
