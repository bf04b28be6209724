import secrets

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.tokens import TOKEN_PATTERN
from .res_partner import EXPRESS, OPT_OUT_FIELDS

EVERY_KIND = tuple(OPT_OUT_FIELDS)


class ResPartner(models.Model):
    """How a client stops our messages: by a link without a login, for an address.

    The link's secret is the client's own and is never changed: neither a new cycle,
    nor the end of a contract, nor an archived or merged contact makes it useless. CASL
    wants it to work for 60 days after a message; this one works for ever.
    """

    _inherit = "res.partner"

    x_fc_opt_out_token = fields.Char(groups=fields.NO_ACCESS, copy=False)

    _x_fc_opt_out_token_unique = models.UniqueIndex(
        "(x_fc_opt_out_token) WHERE x_fc_opt_out_token IS NOT NULL"
    )

    @api.model
    def _fc_find_by_opt_out_token(self, token):
        """Return the client of an opt-out link with the system's rights, or none."""
        found = self.sudo().browse()
        if isinstance(token, str) and TOKEN_PATTERN.fullmatch(token):
            # Archived clients too: they may get a mail that was queued before.
            clients = found.with_context(active_test=False)
            found = clients.search([("x_fc_opt_out_token", "=", token)], limit=1)
            if not found:
                links = self.env["fusion.repair.opt.out.link"].sudo()
                found = links.search([("token", "=", token)], limit=1).partner_id
        return found.with_context(active_test=True)

    def _fc_make_opt_out_tokens(self):
        """Give every client without one the secret of the opt-out link, in one go.

        It outlives the cycles.
        """
        clients = self.sudo().filtered(lambda p: not p.x_fc_opt_out_token)
        if not clients:
            return
        clients.flush_recordset(["x_fc_opt_out_token"])
        # Not by write: that would go through all of a contact's upkeep for each.
        rows = SQL(", ").join(
            SQL("(%s, %s)", client.id, secrets.token_urlsafe(32)) for client in clients
        )
        self.env.cr.execute(
            SQL(
                "UPDATE res_partner SET x_fc_opt_out_token = made.token"
                "  FROM (VALUES %s) AS made (id, token)"
                " WHERE res_partner.id = made.id"
                "   AND res_partner.x_fc_opt_out_token IS NULL",
                rows,
            )
        )
        clients.invalidate_recordset(["x_fc_opt_out_token"])

    def _fc_get_opt_out_url(self, kind="reminder"):
        """Return the link by which the client stops messages.

        Masked in a preview, and unless code of ours asks.

        :param kind: the kind that a mail program's own button stops: that of the
            mail which carries the link
        """
        if not self.env.su or self.env.context.get("fusion_mail_preview"):
            return (
                f"{self.get_base_url().rstrip('/')}/repairs/maintenance/opt-out/preview"
            )
        return self._fc_get_opt_out_urls(kind)[self.id]

    def _fc_get_opt_out_urls(self, kind="reminder"):
        """Return the opt-out link of each client: {client id: address}."""
        self._fc_make_opt_out_tokens()
        base = self[:1].get_base_url().rstrip("/")
        query = "" if kind == "reminder" else f"?kind={kind}"
        return {
            client.id: f"{base}/repairs/maintenance/opt-out/"
            f"{client.x_fc_opt_out_token}{query}"
            for client in self.sudo()
        }

    # Stopping and going on -------------------------------------------------------

    def _fc_opt_out(self, source, kinds=("reminder",), note=None):
        """Stop messages to these clients at once, and note how they asked.

        :param source: one of the sources of the consent history
        :param kinds: any of ``reminder`` and ``appointment``
        """
        for partner in self._fc_with_consent(source, note):
            stopped = [k for k in kinds if not partner[OPT_OUT_FIELDS[k]]]
            if stopped:
                partner.write({OPT_OUT_FIELDS[kind]: True for kind in stopped})
                partner._fc_log_opt_out(stopped, source)

    def _fc_log_opt_out(self, kinds, source):
        how = self._fc_format_consent_source(source)
        if "reminder" in kinds:
            text = self.env._(
                "The client stopped the maintenance reminders (%(how)s).", how=how
            )
            self._message_log(body=text)
        if "appointment" in kinds:
            text = self.env._(
                "The client stopped the appointment notices (%(how)s).", how=how
            )
            self._message_log(body=text)

    def _fc_opt_in(self, source, kinds=EVERY_KIND, note=None):
        """Take back what these clients stopped: consent is again what it was before.

        Nothing new is consented to: express consent comes back only if the client
        had given it and it ended by what is taken back now.
        """
        for partner in self._fc_with_consent(source, note, undo=True):
            kept = [k for k in kinds if partner[OPT_OUT_FIELDS[k]]]
            if not kept:
                continue
            vals = dict.fromkeys([OPT_OUT_FIELDS[kind] for kind in kept], False)
            if "reminder" in kept:
                vals["x_fc_consent_express_date"] = partner._fc_get_ended_consent()
            partner.write(vals)
            text = self.env._(
                "The client allows the messages again that were stopped (%(how)s).",
                how=self._fc_format_consent_source(source),
            )
            partner._message_log(body=text)

    def _fc_get_ended_consent(self):
        """Return the day of the express consent that the last stop ended, if any."""
        events = self.env["fusion.repair.consent.event"].sudo()
        last = events.search(
            [("partner_id", "=", self.id), ("message_kind", "=", "reminder")], limit=1
        )
        return last.kind == "withdrawn" and last.express_date

    def _fc_recall_reminders(self):
        """Take back reminders that wait in the queue; the office calls instead."""
        rows = self.env["fusion.repair.maintenance.reminder"].sudo()
        waiting = rows.search(
            [
                ("contract_id.partner_id", "in", self.ids),
                ("mail_id.state", "in", ("outgoing", "exception")),
            ]
        )
        # Not those that were given up long ago, or that nobody waits for any more.
        waiting = waiting.filtered(
            lambda row: (
                not row.mail_id.x_fc_given_up
                and row.contract_id._is_reminder_current(row.cycle_due_date)
            )
        )
        waiting._withdraw()  # one mail may be about several of them
        for contract, mine in waiting.grouped("contract_id").items():
            contract._schedule_call_instead(mine)

    # The stop of whoever shares the address: it belongs to the electronic address, not
    # to the person. That is what Canada's anti-spam law counts (CASL, s. 6(2)(c) and
    # 11). A couple, or the residents of a home, may share one: what one of them stopped
    # is sent to none of them there, and those who still want reminders are called.

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
