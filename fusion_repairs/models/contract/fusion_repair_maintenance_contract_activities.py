from collections import Counter, defaultdict

from markupsafe import Markup

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import plaintext2html

from odoo.addons.fusion_tasks.button_context import without_button

from ...recurrence import UNDER_CONTRACT
from .mail_activity import CALLBACK

TODO = "mail.mail_activity_data_todo"
# Reasons that all ask for the same: that somebody agrees on a visit with the client.
BOOKING_REASONS = (
    "call_due",
    "unbooked",
    "overdue",
    "visit_cancelled",
    "no_show",
    "schedule_again",
    "certificate_expires",
)

# Why nobody writes to, or calls, the client of a unit at all.
GONE_CLIENT = ("archived", "deceased")

TO_BOOK = (
    *BOOKING_REASONS,
    CALLBACK,
    "pause_over",
    "reminder_failed",
    "reminder_mail_failed",
)
# What is to be told to the client whom no mail reached.
TO_TELL = (
    "mail_bounced",
    "mail_failed",
    "tell_client",
    "visit_changed",
    "visit_mail_failed",
)
# What the office need not do any more once something has happened.
SETTLED_BY = {
    "booked": TO_BOOK,
    "serviced": (*TO_BOOK, "technician_gone", "visit_lost"),
    "visit_closed": ("technician_gone", "visit_lost"),
    "paused": TO_BOOK,
    # A client who has yet to hear of a cancelled visit still has to.
    "ended": (
        *TO_BOOK,
        "client_archived",
        "end_after_visit",
        "mail_bounced",
        "serial_question",
        "still_there",
        "technician_gone",
        "unsafe_again",
        "visit_lost",
    ),
    "serial_answered": ("serial_question",),
    "new_owner": (*TO_BOOK, *TO_TELL, "client_archived"),
    "released": ("repair_release", "unsafe_again"),
    "client_archived": (*TO_BOOK, *TO_TELL),
    "client_back": ("client_archived",),
    "address_corrected": ("mail_bounced",),
    "mail_stopped": ("reminder_failed", "reminder_mail_failed"),
}


class FusionRepairMaintenanceContract(models.Model):
    """What the office is asked to do about a contract, once for each reason."""

    _inherit = "fusion.repair.maintenance.contract"

    def _notify_office(self, summary, note="", deadline=None, reason=None, user=None):
        """Give the office one open activity for a reason, not one more each time.

        What is new about a reason that is known already is added to its activity.

        :param summary: a line in words, or a lazy term, which is said in the language
            of whoever gets the activity
        :param note: more words, or a lazy term
        :param deadline: local day, today unless told
        :param reason: a code that no language changes; the summary unless told
        :param user: who gets it; who follows up the contract unless told
        """
        for contract in self:
            contract._notify_office_once(summary, note, deadline, reason, user)

    def _notify_office_once(self, summary, note, deadline, reason, user):
        user = user or self._get_office_user()
        # In their own language, and no mail about it: the office works from its list.
        # Asked whatever context the change came in: an import may want no activities.
        office = without_button(self).with_context(
            lang=user.sudo().lang or self.env.lang,
            mail_activity_quick_update=True,
            mail_activity_automation_skip=False,
        )
        summary, note = office._translate_term(summary), office._translate_term(note)
        reason = reason or summary
        deadline = deadline or self._get_today()
        open_one = office._find_open_activities(reason, summary)[:1]
        if open_one:
            open_one._add_to_note(note)
            open_one.date_deadline = min(open_one.date_deadline, deadline)
            return
        office.activity_schedule(
            TODO,
            summary=summary,
            note=self._to_note(note),
            date_deadline=deadline,
            user_id=user.id,
            x_fc_reason=reason,
        )

    def _translate_term(self, term):
        """Return a text as it is, a lazy term in the language of the context."""
        return term if isinstance(term, str) else self.env._(term)

    def _to_note(self, text):
        """Return words as HTML; what is HTML already stays so."""
        if not text or isinstance(text, Markup):
            return text
        return plaintext2html(text)

    def _find_open_activities(self, reason, summary=None):
        """Return the open activities of these contracts for a reason.

        :param summary: finds those of before reasons were kept, by their words
        """
        domain = Domain("x_fc_reason", "=", reason)
        if summary:
            domain |= Domain("x_fc_reason", "=", False) & Domain(
                "summary", "=", summary
            )
        found = self.activity_search(
            [TODO], additional_domain=domain, only_automated=False
        )
        return found.sudo()  # it may be somebody else's, and is only added to

    def _find_activities_of(self, reasons):
        """Return the open activities of these contracts for any of some reasons."""
        domain = Domain("x_fc_reason", "in", reasons)
        return self.activity_search(
            [TODO], additional_domain=domain, only_automated=False
        ).sudo()

    def _get_office_user(self):
        """Return who is asked to do something now: whoever follows up, if they can.

        Else the next responsible of the company: the stand-in, the people in its
        settings, the dispatchers. What was somebody's who left is given on by this too.
        """
        self.ensure_one()
        return self.company_id._fc_get_responsible(
            "office", turn=self._origin.id or 0, first=self.user_id
        )

    def _get_escalation_user(self):
        """Return who hears that the office did not get on with this contract."""
        self.ensure_one()
        return self.company_id._fc_get_responsible(
            "escalation", turn=self._origin.id or 0
        )

    # Who follows up -----------------------------------------------------------

    def _give_to_responsible(self):
        """Have somebody follow up each of these that nobody follows up, or can.

        To be called also for contracts of people who leave: they pass to the next
        responsible. Contracts that have ended stay as they are.
        """
        left = self.sudo().filtered(
            lambda c: (
                c.state != "cancelled" and not c.user_id._fc_may_follow_up(c.company_id)
            )
        )
        for company, contracts in left.grouped("company_id").items():
            chosen = self._choose_responsible(company, contracts.partner_id)
            for client, theirs in contracts.grouped("partner_id").items():
                theirs.with_context(
                    mail_auto_subscribe_no_notify=True
                ).user_id = chosen[client]

    @api.model
    def _complete_responsible(self, vals_list):
        """Put who follows up into the values of new contracts that name nobody."""
        by_company = defaultdict(list)
        for vals in vals_list:
            if not vals.get("user_id") and vals.get("partner_id"):
                company = vals.get("company_id") or self.env.company.id
                by_company[company].append(vals)
        for company, some in by_company.items():
            company = self.env["res.company"].browse(company)
            ids = {vals["partner_id"] for vals in some}
            clients = self.env["res.partner"].sudo().browse(ids).exists()
            chosen = self._choose_responsible(company, clients)
            for vals in some:
                client = clients.browse(vals["partner_id"])
                vals["user_id"] = chosen.get(client, False)

    @api.model
    def _choose_responsible(self, company, clients):
        """Return who is to follow up the units of clients: user ids by client.

        All units of one client have the same person; new clients go to whoever has the
        fewest units.
        """
        roster = company._fc_get_roster("office")
        followed = self.sudo()._read_group(
            [
                ("company_id", "=", company.id),
                ("state", "in", UNDER_CONTRACT),
                ("user_id", "in", roster.get_people()),
            ],
            ["user_id"],
            ["__count"],
        )
        loads = Counter({user.id: count for user, count in followed})
        keepers = self._get_followers(company, clients, roster)
        chosen = {}
        for client in clients.sorted("id"):
            key = client.commercial_partner_id
            if key not in keepers:
                keepers[key] = roster.share(loads) or self.env.uid
            loads[keepers[key]] += 1
            chosen[client] = keepers[key]
        return chosen

    @api.model
    def _get_followers(self, company, clients, roster):
        """Return who of a roster follows up other units of clients, by whole client."""
        others = self.sudo().search_fetch(
            [
                ("company_id", "=", company.id),
                ("state", "in", UNDER_CONTRACT),
                ("partner_id", "child_of", clients.commercial_partner_id.ids),
                ("user_id", "in", roster.get_people()),
            ],
            ["partner_id", "user_id"],
            order="id",
        )
        return {c.partner_id.commercial_partner_id: c.user_id.id for c in others}

    # Closing requests --------------------------------------------------------

    def _finish_requests_to_book(self, feedback):
        """Close what was only about getting these units booked.

        Else the page would go on promising a call, and the office would make it.

        :param feedback: what happened to it, in words
        """
        self._settle_requests("booked", feedback)

    def _settle_requests(self, event, feedback):
        """Close what the office was asked to do, and what happened has settled.

        :param event: a key of SETTLED_BY
        :param feedback: what happened, in words
        """
        settled = SETTLED_BY[event]
        activities = self.sudo().activity_ids.filtered(
            lambda activity: activity._get_request() in settled
        )
        if activities:
            activities = without_button(activities)
            activities.with_context(mail_notify_force_send=False).action_feedback(
                feedback=feedback
            )

    def _settle_by_state(self, state):
        """Close what nobody need do for units whose care was paused or has ended."""
        if state == "paused":
            self._settle_requests("paused", self.env._("The contract is paused."))
        elif state == "cancelled":
            self._settle_requests("ended", self.env._("The contract has ended."))
            self.filtered(
                lambda c: c._has_serial_question()
            )._withdraw_serial_question()
            self._answer_by_end()

    def _get_promised_call(self):
        """Return the callback activity that the client may still wait for, if any.

        Once the promised day is over the client is better served with free times.
        """
        self.ensure_one()
        request = self._get_open_callback()
        if request and request.date_deadline < self._get_today():
            return request.browse()
        return request

    def _get_open_callback(self):
        """Return the office's open activity to call this client back, if any."""
        self.ensure_one()
        return self.activity_ids.filtered(lambda each: each._is_callback())[:1]
