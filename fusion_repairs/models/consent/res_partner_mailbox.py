from odoo import models
from odoo.fields import Domain

from ...recurrence import is_deceased
from .res_partner import EXPRESS, OPT_OUT_FIELDS


class ResPartner(models.Model):
    """A stop belongs to the electronic address, not to the person who asked for it.

    That is what Canada's anti-spam law counts (CASL, s. 6(2)(c) and 11). A couple, or
    the residents of a home, may share one: what one of them stopped is sent to none of
    them there, and those who still want to be reminded are called.
    """

    _inherit = "res.partner"

    def _fc_is_deceased(self):
        """Tell whether the name of a person says that they have died."""
        self.ensure_one()
        return not self.is_company and is_deceased(self.name)

    def _fc_find_sharing_mailbox(self):
        """Return the other contacts that mail reaches at the addresses of these.

        With the system's rights, archived ones too: a stop must not wait until
        somebody may read them.
        """
        addresses = {p.email_normalized for p in self if p.email_normalized}
        if not addresses:
            return self.sudo().browse()
        contacts = self.sudo().with_context(active_test=False)
        found = contacts.search([("email_normalized", "in", list(addresses))]) - self
        return found.with_context(active_test=True)

    def _fc_share_stops(self, before):
        """Let a stop, or its end, hold for whoever shares the address.

        :param before: what these allowed before, {contact id: {field: value}}
        """
        for partner in self:
            old = before[partner.id]
            changed = [
                name
                for name in OPT_OUT_FIELDS.values()
                if bool(old[name]) != bool(partner[name])
            ]
            if changed:
                vals = {name: partner[name] for name in changed}
                partner._fc_find_sharing_mailbox()._fc_apply_stops(vals, partner)

    def _fc_take_over_stops(self, before=None):
        """Stop for these contacts what was stopped at the address that they got.

        :param before: their former addresses, {contact: address}; none unless told
        """
        before = before or {}
        moved = self.filtered(
            lambda p: p.email_normalized and before.get(p) != p.email_normalized
        )
        if not moved:
            return
        stopped = Domain.OR(Domain(n, "=", True) for n in OPT_OUT_FIELDS.values())
        sharing = moved._fc_find_sharing_mailbox().filtered_domain(stopped)
        by_address = sharing.grouped("email_normalized")
        for partner in moved.sudo():
            for other in by_address.get(partner.email_normalized, ()):
                vals = {n: True for n in OPT_OUT_FIELDS.values() if other[n]}
                partner._fc_apply_stops(vals, other)

    def _fc_apply_stops(self, vals, asker):
        """Write to contacts what another one asked for at the same address.

        An express consent that ended by the stop comes back with its end.

        :param vals: values of the opt-out fields
        :param asker: who asked, or had asked
        """
        change = asker._fc_get_consent_change()
        note = self.env._(
            "Asked by %(name)s, who has the same email address.", name=asker.name
        )
        for partner in self._fc_with_consent(change.source, note, change.undo):
            differing = {n: vals[n] for n in vals if partner[n] != vals[n]}
            if not differing:
                continue
            if change.undo and OPT_OUT_FIELDS["reminder"] in differing:
                differing[EXPRESS] = partner._fc_get_ended_consent()
            partner.write(differing)
            partner._message_log(body=note)
