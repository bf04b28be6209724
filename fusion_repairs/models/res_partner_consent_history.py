from odoo import api, fields, models

from odoo.addons.fusion_tasks.button_context import without_button

from .res_partner_consent import OPT_OUT_FIELDS

EXPRESS = "x_fc_consent_express_date"
CONSENT_FIELDS = (*OPT_OUT_FIELDS.values(), EXPRESS)


class ResPartner(models.Model):
    """Every change of what a client allows, from wherever it comes, leaves a trace."""

    _inherit = "res.partner"

    x_fc_consent_event_ids = fields.One2many(
        "fusion.repair.consent.event",
        "partner_id",
        string="History of Consent",
        readonly=True,
        copy=False,
        groups="fusion_tasks.fusion_tasks_group_manager",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Note what new contacts allow, as when they are imported."""
        partners = super().create(vals_list)
        nothing = dict.fromkeys(CONSENT_FIELDS, False)
        told = partners.filtered(lambda p: any(p[name] for name in CONSENT_FIELDS))
        told._note_consent_changes(dict.fromkeys(told.ids, nothing))
        return partners

    def _fc_get_consent_before(self, vals):
        """Return what contacts allow before values are written that may change it.

        :return: {contact id: {field: value}}, empty if the values say nothing of it
        """
        if vals.keys().isdisjoint(CONSENT_FIELDS):
            return {}
        return {p.id: {name: p[name] for name in CONSENT_FIELDS} for p in self}

    def _complete_consent_vals(self, vals):
        """Return values that agree: who stops reminders no longer asks for them."""
        stopped = OPT_OUT_FIELDS["reminder"]
        if vals.get(stopped):
            vals = {**vals, EXPRESS: False}
            if not all(self.mapped(stopped)):
                vals["x_fc_maintenance_opt_out_date"] = fields.Datetime.now()
        elif stopped in vals:
            vals = {**vals, "x_fc_maintenance_opt_out_date": False}
        return vals

    def _note_consent_changes(self, before):
        """Write the history: one event for each change.

        :param before: what each contact allowed before, {contact id: {field: value}}
        """
        events, stopped = [], self.browse()
        for partner in self:
            old = before[partner.id]
            changes = partner._get_consent_changes(old)
            shared = partner._prepare_consent_event_vals() if changes else {}
            events += [{**shared, **change} for change in changes]
            if ("withdrawn", "reminder") in [
                (change["kind"], change["message_kind"]) for change in changes
            ]:
                stopped |= partner
        # Nobody has the right to write history: the system does.
        history = without_button(self.env["fusion.repair.consent.event"].sudo())
        history.create(events)
        if stopped:
            stopped._get_own_units()._settle_requests(
                "mail_stopped", self.env._("The client wants no reminders by mail.")
            )
            stopped._recall_reminders()

    def _get_consent_changes(self, old):
        """Return what is different now, as values of events."""
        given, was_given = self[EXPRESS], old[EXPRESS]
        undone = self.env.context.get("fc_consent_undo")
        changes = []
        for kind, name in OPT_OUT_FIELDS.items():
            if bool(old[name]) != self[name]:
                express = given if undone else was_given
                changes.append(
                    {
                        "kind": "withdrawn" if self[name] else "restored",
                        "message_kind": kind,
                        "express_date": kind == "reminder" and express,
                    }
                )
        stopped = bool(changes) and not given and self.x_fc_maintenance_opt_out
        # What a stop ends, and its undoing brings back, is part of that event.
        if given != was_given and not stopped and not undone:
            changes.append(
                {
                    "kind": "express" if given else "express_ended",
                    "message_kind": "reminder",
                    "express_date": given or was_given,
                }
            )
        return changes

    def _prepare_consent_event_vals(self):
        """Return who noted the change, where it came from, what it leaves."""
        context, user = self.env.context, self.env.user
        return {
            "partner_id": self.id,
            "basis": self.x_fc_consent_basis or "none",
            "source": self._get_consent_source(),
            "user_id": not user._is_public() and user.id,
            "note": context.get("fc_consent_note") or False,
        }

    def _get_consent_source(self):
        """Return how we learned of a change: as told, an import, else the form."""
        context = self.env.context
        sources = self._get_consent_sources()
        default = "import" if context.get("import_file") else "form"
        told = context.get("fc_consent_source") or default
        return told if told in sources else "other"

    def _get_consent_sources(self):
        """Return the names of the sources by code, in the language of the reader."""
        events = self.env["fusion.repair.consent.event"].sudo()
        return dict(events._fields["source"]._description_selection(self.env))

    def _say_consent_source(self, source):
        """Return a source in words; what is no source of ours says it itself."""
        return self._get_consent_sources().get(source, source)

    def _fc_give_consent(self, source, date=None, note=None):
        """Note that these clients asked for reminders by e-mail.

        :param source: one of the sources of the consent history
        :param date: the day they asked, today unless told
        :param note: what proves it, such as where the signed paper is kept
        """
        partners = self.with_context(fc_consent_source=source, fc_consent_note=note)
        partners.write(
            {
                OPT_OUT_FIELDS["reminder"]: False,
                EXPRESS: date or fields.Date.context_today(self),
            }
        )
