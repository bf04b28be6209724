from dataclasses import dataclass
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.fusion_tasks.button_context import without_button

from ...recurrence import MailFacts, consent_allows, why_no_mail

# Kinds of messages that a client may stop, and the field that says so. What confirms
# something that the client has just done is of no kind: it is always sent.
OPT_OUT_FIELDS = {
    "reminder": "x_fc_maintenance_opt_out",
    "appointment": "x_fc_appointment_opt_out",
}

EXPRESS = "x_fc_consent_express_date"


@dataclass(frozen=True)
class ConsentChange:
    """How we learned of a change; ``undo``: it takes back what was stopped.

    It stands in the context while contacts are written. Calls from outside bring a
    context of texts and numbers, never an object of this class: nobody can claim by
    RPC that the client clicked.
    """

    source: str
    note: str | None = None
    undo: bool = False


CONSENT_FIELDS = (*OPT_OUT_FIELDS.values(), EXPRESS)


class ResPartner(models.Model):
    """What a client allows us to send."""

    _inherit = "res.partner"

    x_fc_maintenance_opt_out = fields.Boolean(
        string="No Maintenance Reminders",
        tracking=True,
        help="The client asked not to be reminded by email. The office calls instead.",
    )
    x_fc_appointment_opt_out = fields.Boolean(
        string="No Appointment Notices",
        tracking=True,
        help="The client asked for no notices of a coming visit, such as the one of "
        "the day before. Confirmations of what the client just did are still sent.",
    )
    x_fc_maintenance_opt_out_date = fields.Datetime(
        string="Reminders Stopped On", readonly=True, copy=False
    )
    x_fc_consent_express_date = fields.Date(
        string="Express Consent On",
        copy=False,
        help="Day on which the client asked for reminders by email. Without it, a "
        "purchase or a visit allows them for some time.",
    )
    x_fc_consent_note = fields.Char(
        string="Proof of the Consent",
        store=False,
        help="What proves a new express consent, such as where the signed paper is "
        "kept. It goes into the history.",
    )
    x_fc_consent_basis = fields.Selection(
        [
            ("express", "Requested"),
            ("implied", "Purchase or Visit"),
            ("withdrawn", "Withdrawn"),
        ],
        string="Consent",
        compute="_compute_consent",
    )
    x_fc_consent_until = fields.Date(
        string="Consent Until",
        compute="_compute_consent",
        help="Last day on which the law lets us write; empty: no end, or no consent.",
    )

    x_fc_consent_event_ids = fields.One2many(
        "fusion.repair.consent.event",
        "partner_id",
        string="History of Consent",
        readonly=True,
        copy=False,
        groups="fusion_tasks.fusion_tasks_group_manager",
    )

    # Consent -------------------------------------------------------------------

    @api.depends("x_fc_maintenance_opt_out", "x_fc_consent_express_date")
    @api.depends_context("company")
    def _compute_consent(self):
        months = self.env.company.x_fc_consent_implied_months
        last_contacts = self._fc_get_last_contacts(self.env.company)
        for partner in self:
            last = last_contacts.get(partner.id)
            basis = partner._fc_get_consent_basis(last)
            partner.x_fc_consent_basis = basis or False
            partner.x_fc_consent_until = (
                last + relativedelta(months=months) if basis == "implied" else False
            )

    def _fc_get_consent_basis(self, last_contact):
        """Return express, implied, withdrawn or None, as the pure rules read it."""
        if self.x_fc_maintenance_opt_out:
            return "withdrawn"
        if self.x_fc_consent_express_date:
            return "express"
        return "implied" if last_contact else None

    def _fc_accepts_maintenance_mail(self, kind):
        """Tell whether a message of a kind may be mailed to this client now.

        :param kind: ``reminder`` asks for a booking and needs consent by law;
            ``appointment`` is about a visit that is booked, such as the day before
        """
        return self._fc_get_mail_obstacle(kind) is None

    def _fc_get_mail_obstacle(self, kind):
        """Return the code of what forbids a message of a kind, None if nothing does.

        The client's own word comes first, then the address, then the law (CASL).
        """
        self.ensure_one()
        # Looked up only where the law asks for it.
        consent = self._fc_get_reminder_consent() if kind == "reminder" else None
        return why_no_mail(
            MailFacts(
                archived=not self.active,
                deceased=self._fc_is_deceased(),
                opted_out=self[OPT_OUT_FIELDS[kind]],
                has_address=bool(self._fc_get_mail_address()),
                bounced=self._fc_is_mail_blocked(),
                consent=consent,
            )
        )

    def _fc_get_unwanted_reason(self, kind=None):
        """Return the code of why no message of a kind goes to this client at all.

        :param kind: None for what a client cannot stop
        """
        opted_out = bool(kind) and self[OPT_OUT_FIELDS[kind]]
        return why_no_mail(
            MailFacts(
                archived=not self.active,
                deceased=self._fc_is_deceased(),
                opted_out=opted_out,
            )
        )

    def _fc_get_law_obstacle(self):
        """Return the code of what the law says against a reminder by mail or text."""
        consent = self._fc_get_reminder_consent()
        return None if consent.allowed else consent.reason

    def _fc_get_reminder_consent(self):
        """Return what the law says of a reminder sent today, and why."""
        company = self.env.company
        last_contact = self._fc_get_last_contacts(company).get(self.id)
        return consent_allows(
            self._fc_get_consent_basis(last_contact),
            last_contact,
            fields.Date.context_today(self),
            company.x_fc_consent_implied_months,
        )

    def _fc_get_last_contacts(self, company):
        """Return for each partner the day of the last purchase or visit.

        Purchases are confirmed orders and units of ours that came into use; visits
        are those that we did. What somebody else sold or serviced is no business
        between us and the client.
        """
        days = {}
        for partner_id, day in (
            *self._fc_get_last_orders(company),
            *self._fc_get_last_services(company),
        ):
            if day and (partner_id not in days or day > days[partner_id]):
                days[partner_id] = day
        return days

    def _fc_get_last_orders(self, company):
        orders = self.env["sale.order"].sudo()  # only the day is used
        domain = Domain("partner_id", "in", self.ids) & Domain("state", "=", "sale")
        rows = orders._read_group(
            domain & Domain("company_id", "=", company.id),
            ["partner_id"],
            ["date_order:max"],
        )
        return [(partner.id, moment and moment.date()) for partner, moment in rows]

    def _fc_get_last_services(self, company):
        domain = Domain("partner_id", "in", self.ids) & Domain(
            "company_id", "=", company.id
        )
        contracts = self.env["fusion.repair.maintenance.contract"].sudo()
        # Not those entered by hand or imported: somebody else may have sold the unit.
        sold = Domain("x_fc_source", "!=", "manual") & Domain(
            "end_cause", "!=", "order"
        )
        rows = contracts._read_group(domain & sold, ["partner_id"], ["start_date:max"])
        visits = self.env["fusion.repair.maintenance.visit"].sudo()
        rows += visits._read_group(
            domain & Domain("state", "=", "done"), ["partner_id"], ["service_date:max"]
        )
        today = fields.Date.context_today(self) + timedelta(days=1)
        return [
            (partner.id, day)
            for partner, *found in rows
            for day in found
            if day and day <= today
        ]

    # History -----------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Note what new contacts allow, as when they are imported."""
        for vals in vals_list:
            self._fc_check_consent_proof(vals)
        notes = [vals.get("x_fc_consent_note") for vals in vals_list]
        partners = super().create(vals_list)
        noted = dict(zip(partners.ids, notes, strict=True))
        nothing = dict.fromkeys(CONSENT_FIELDS, False)
        told = partners.filtered(lambda p: any(p[name] for name in CONSENT_FIELDS))
        for note, group in told.grouped(lambda p: noted[p.id]).items():
            noting = group._fc_with_consent_note({"x_fc_consent_note": note})
            noting._fc_note_consent_changes(dict.fromkeys(group.ids, nothing))
        told._fc_share_stops(dict.fromkeys(told.ids, nothing))
        partners._fc_take_over_stops()
        return partners

    @api.model
    def _load_records_create(self, vals_list):
        partners = self._fc_with_consent("import")
        return super(ResPartner, partners)._load_records_create(vals_list)

    def _load_records_write(self, vals):
        partners = self._fc_with_consent("import")
        return super(ResPartner, partners)._load_records_write(vals)

    def _fc_check_consent_proof(self, vals):
        """Refuse an express consent that nobody says how to prove.

        :raise UserError: for one that is given by hand, without a note
        """
        day = fields.Date.to_date(vals.get(EXPRESS))
        note = (vals.get("x_fc_consent_note") or "").strip()
        if self.env.su or note or not day:
            return
        if not self or any(partner[EXPRESS] != day for partner in self):
            raise UserError(
                self.env._(
                    "Express consent has to be proven: please say by a note what "
                    "proves it, such as where the signed paper is kept."
                )
            )

    def _fc_with_consent_note(self, vals):
        """Return these contacts, what is written to them coming with its note."""
        note = (vals.get("x_fc_consent_note") or "").strip()
        if not note:
            return self
        change = self._fc_get_consent_change()
        return self._fc_with_consent(change.source, note, change.undo)

    def _fc_get_consent_before(self, vals):
        """Return what contacts allow before values are written that may change it.

        :return: {contact id: {field: value}}, empty if the values say nothing of it
        """
        if vals.keys().isdisjoint(CONSENT_FIELDS):
            return {}
        return {p.id: {name: p[name] for name in CONSENT_FIELDS} for p in self}

    def _fc_complete_consent_vals(self, vals):
        """Return values that agree: who stops reminders no longer asks for them."""
        stopped = OPT_OUT_FIELDS["reminder"]
        if not self.env.su:  # nobody dates a stop by hand
            date = "x_fc_maintenance_opt_out_date"
            vals = {name: value for name, value in vals.items() if name != date}
        if vals.get(stopped):
            vals = {**vals, EXPRESS: False}
            if not all(self.mapped(stopped)):
                vals["x_fc_maintenance_opt_out_date"] = fields.Datetime.now()
        elif stopped in vals:
            vals = {**vals, "x_fc_maintenance_opt_out_date": False}
        return vals

    def _fc_note_consent_changes(self, before):
        """Write the history: one event for each change.

        :param before: what each contact allowed before, {contact id: {field: value}}
        """
        events, stopped = [], self.browse()
        for partner in self:
            old = before[partner.id]
            changes = partner._fc_get_consent_changes(old)
            shared = partner._fc_prepare_consent_event_vals() if changes else {}
            events += [{**shared, **change} for change in changes]
            if ("withdrawn", "reminder") in [
                (change["kind"], change["message_kind"]) for change in changes
            ]:
                stopped |= partner
        # Nobody has the right to write history: the system does.
        history = without_button(self.env["fusion.repair.consent.event"].sudo())
        history.create(events)
        if stopped:
            stopped._fc_get_own_units()._settle_requests(
                "mail_stopped", self.env._("The client wants no reminders by email.")
            )
            stopped._fc_recall_reminders()

    def _fc_get_consent_changes(self, old):
        """Return what is different now, as values of events."""
        given, was_given = self[EXPRESS], old[EXPRESS]
        undone = self._fc_get_consent_change().undo
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

    def _fc_prepare_consent_event_vals(self):
        """Return who noted the change, where it came from, what it leaves."""
        user = self.env.user
        return {
            "partner_id": self.id,
            "basis": self.x_fc_consent_basis or "none",
            "source": self._fc_get_consent_source(),
            "user_id": not user._is_public() and user.id,
            "note": self._fc_get_consent_change().note or False,
        }

    def _fc_with_consent(self, source, note=None, undo=False):
        """Return these contacts, what is written to them coming from a source."""
        change = ConsentChange(source, note, undo)
        return self.with_context(fc_consent_change=change)

    def _fc_get_consent_change(self):
        """Return how we learn of what is written now: as told, else by the form."""
        change = self.env.context.get("fc_consent_change")
        return change if isinstance(change, ConsentChange) else ConsentChange("form")

    def _fc_get_consent_source(self):
        """Return the code of how we learned of a change."""
        source = self._fc_get_consent_change().source
        return source if source in self._fc_get_consent_sources() else "other"

    def _fc_get_consent_sources(self):
        """Return the names of the sources by code, in the language of the reader."""
        events = self.env["fusion.repair.consent.event"].sudo()
        return dict(events._fields["source"]._description_selection(self.env))

    def _fc_format_consent_source(self, source):
        """Return a source in words; what is no source of ours says it itself."""
        return self._fc_get_consent_sources().get(source, source)

    def _fc_give_consent(self, source, date=None, note=None):
        """Note that these clients asked for reminders by email.

        :param source: one of the sources of the consent history
        :param date: the day they asked, today unless told
        :param note: what proves it, such as where the signed paper is kept
        """
        partners = self._fc_with_consent(source, note)
        partners.write(
            {
                OPT_OUT_FIELDS["reminder"]: False,
                EXPRESS: date or fields.Date.context_today(self),
            }
        )
