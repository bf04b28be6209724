from datetime import timedelta

from odoo import fields, models
from odoo.tools.translate import LazyTranslate

from odoo.addons.fusion_tasks.button_context import without_button

from ...recurrence import (
    ENDED,
    MailFacts,
    VisitFacts,
    choose_message,
    is_up_to_date,
    why_no_mail,
)
from ..booking.visit_request import Telling
from ..contract.fusion_repair_maintenance_contract_activities import GONE_CLIENT
from .fusion_repair_maintenance_visit_mail_content import CHANGES
from .fusion_repair_visit_message import STATE_KINDS

# A visit that is long past is being tidied up: the client need not hear of it.
STALE_NO_SHOW = timedelta(days=3)

_lt = LazyTranslate(__name__)


class FusionRepairMaintenanceVisit(models.Model):
    """What the client knows about a visit, kept in step with what is true.

    Whoever changes a visit, by the page, a form, the board or the calendar, what the
    client was last told is compared with how things stand now, and the difference is
    told. So it does not matter how many steps lay between: a visit that is moved to
    and fro before a mail went out is told once, or not at all. Another technician at
    the same time is no difference: the page and the mail of the day before name who
    comes.
    """

    _inherit = "fusion.repair.maintenance.visit"

    client_message_ids = fields.One2many(
        "fusion.repair.visit.message",
        compute="_compute_client_message_ids",
        string="Messages to the Client",
        groups="fusion_tasks.fusion_tasks_group_user",
    )

    mail_lead_id = fields.Many2one(
        "fusion.repair.maintenance.visit",
        string="Notified With",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        copy=False,
        help="The visit under whose name the client was first written to.",
    )
    mail_visit_ids = fields.One2many("fusion.repair.maintenance.visit", "mail_lead_id")

    def _compute_client_message_ids(self):
        messages = self.env["fusion.repair.visit.message"]
        for visit in self:
            visit.client_message_ids = messages.search(
                [("visit_id", "=", visit._get_lead().id)]
            )

    # Visits made together --------------------------------------------------------

    def _get_lead(self):
        """Return the visit under whose name the client is written to.

        The first of those that were booked together. It stays so when it is called
        off by itself: the client's calendar knows the entry by it.
        """
        self.ensure_one()
        visits = self.sudo()
        return visits.mail_lead_id or visits._get_bundle()[:1]

    def _get_mail_group(self):
        """Return all visits that the client hears of together, the lead first."""
        lead = self._get_lead()
        shared = lead.technician_task_id.x_fc_maintenance_visit_ids
        own = shared.filtered(lambda visit: visit.mail_lead_id in (lead, self.browse()))
        return (lead | lead.mail_visit_ids | own).sorted("id")

    def _get_told_visits(self):
        """Return the visits that the client hears of: those still to come.

        Once nobody comes any more, those that were called off last: what was taken off
        before has left the task, and may be booked for another day.
        """
        visits = self._get_mail_group()
        live = visits.filtered("is_live")
        return live or visits.filtered("technician_task_id") or visits

    def _get_told_units(self):
        return ",".join(str(visit.id) for visit in self._get_told_visits())

    # Telling ---------------------------------------------------------------------

    def _get_telling(self):
        """Return the Telling under which visits are changed now.

        Unless somebody said otherwise, the office changes them and the client hears.
        """
        telling = self.env.context.get("fusion_telling")
        return telling if isinstance(telling, Telling) else Telling()

    def _send_confirmation(self):
        """Tell the client that the visit is booked, unless they know."""
        self._notify_client()

    def _notify_client(self):
        """Queue what the clients of these visits have to hear now, if anything."""
        for lead in self._get_leads():
            lead._notify_difference()

    def _get_leads(self):
        """Return the visits under whose names the clients of these are written to."""
        leads = self.browse()
        for visit in self.sudo():
            leads |= visit._get_lead()
        return leads

    # New rules of the clock --------------------------------------------------------

    def _shift_told(self, shift):
        """Note that the time told to the clients is another instant by new rules."""
        for lead in self._get_leads():
            start = lead._get_told_visits()[:1].visit_date
            for message in lead._get_messages():
                if message.told_start == start:
                    message.told_start += shift
                    message.told_end = message.told_end and message.told_end + shift

    def _confirm_again(self):
        """Queue a confirmation of the time that clients know, with its calendar file.

        The file they have says when in UTC, so that it shows another time by new rules.
        """
        for lead in self._get_leads():
            waiting = lead._get_waiting_messages()
            told = lead._get_told(waiting)
            waiting = waiting.filtered(lambda message: message.kind in STATE_KINDS)
            knows = told and told.kind not in (*ENDED, "unscheduled")
            kind = waiting[:1].kind or (knows and "confirmation")
            waiting._replace()
            if kind:
                lead._tell(kind, told)

    def _notify_difference(self):
        """Compare what the client knows with how things stand, and tell it."""
        messages = self._get_messages()
        waiting = messages._get_replaceable()
        told = self._get_told(waiting)
        facts = self._get_message_facts(told, told or messages[:1])
        kind = choose_message(facts)
        stale = waiting.filtered(lambda m: not is_up_to_date(m._to_said(), facts))
        notices = waiting.filtered(lambda message: message.kind not in STATE_KINDS)
        (notices & stale)._replace()
        waiting -= notices
        queued = waiting.filtered(lambda message: message.kind == kind)
        if queued and not queued & stale:
            return
        waiting._replace()
        if kind:
            self._tell(kind, told)

    def _get_message_facts(self, told, last):
        """Return how things stand, as the pure rules read it.

        :param told: the message by which the client knows of the visit, if any
        :param last: the message with the last time that the client may know, if any
        """
        speaker = self._get_told_visits()[:1]
        booked = speaker if speaker.is_live else self
        return VisitFacts(
            live=speaker.is_live,
            states=self._get_mail_group().mapped("state"),
            status=speaker.technician_task_id.status or "scheduled",
            start=speaker.visit_date,
            end=speaker.visit_end,
            units=self._get_told_units(),
            online=not told
            and booked.repair_order_id.x_fc_intake_source == "client_portal",
            told=told._to_said() if told else None,
            shown_end=last.told_end or None,
            now=fields.Datetime.now(),
        )

    def _get_messages(self):
        """Return the ledger's rows about this visit, the newest first."""
        return (
            self.env["fusion.repair.visit.message"]
            .sudo()
            .search([("visit_id", "=", self._get_lead().id)])
        )

    def _get_waiting_messages(self):
        """Return the messages that can still be taken back."""
        return self._get_messages()._get_replaceable()

    def _get_told(self, waiting=None):
        """Return the message that says what the client knows now, if any.

        :param waiting: messages that will not be sent after all
        """
        if waiting is None:
            waiting = self._get_waiting_messages()
        return (self._get_messages() - waiting).filtered(
            lambda message: (
                message.kind in STATE_KINDS
                and message.state not in ("replaced", "failed")
                and message.audience == "client"
            )
        )[:1]

    def _tell(self, kind, told):
        """Queue a message under a new version, or note why the client is not told."""
        group = self._get_mail_group()
        group.filtered(lambda visit: not visit.mail_lead_id).mail_lead_id = self
        last = max(self._get_messages().mapped("version"), default=-1)
        version = max(self.ics_sequence, last + 1)
        self.ics_sequence = version
        reason = self._get_reason_not_to_tell(kind)
        if not reason:
            self._queue_message(kind, version, self._get_due_at(kind))
            return
        without_button(self.env["fusion.repair.visit.message"].sudo()).create(
            self._prepare_message_vals(kind, version)
            | {"state": "not_told", "reason": reason}
        )

    def _get_reason_not_to_tell(self, kind):
        """Return in words why the client is not written to, "" if they are."""
        if not self._get_telling().tell_client:
            return self.env._("The office will tell the client.")
        now = fields.Datetime.now()
        visit = self._get_told_visits()[:1]
        over = {
            "cancelled": visit.visit_end,
            "no_show": visit.visit_date + STALE_NO_SHOW,
        }
        if over.get(kind, visit.visit_date) < now:
            return self.env._("The time of the visit had passed already.")
        return ""

    def _get_due_at(self, kind):
        """Return from when a message may go out, naive UTC.

        What the office changes waits a little, for it may change again. What the
        client does is answered at once, the next answers not more often than that.
        """
        now = fields.Datetime.now()
        settle = timedelta(minutes=self.company_id.x_fc_mail_settle_minutes)
        if kind in ("confirmation", "no_show"):
            return now
        if not self._get_telling().by_client:
            return now + settle
        last = max(
            self._get_messages()
            .filtered(lambda message: message.state in ("queued", "sent"))
            .mapped("due_at"),
            default=now - settle,
        )
        return max(now, last + settle)

    def _notify_on_the_way(self):
        """Tell the clients whose technician has just set out, where that is wished."""
        for visit in self.sudo():
            lead = visit._get_lead()
            if (
                lead._get_told_visits()[:1] == visit
                and visit.technician_task_id.status == "en_route"
                and visit.company_id.x_fc_mail_on_the_way
                and lead._get_told().kind not in (False, *ENDED)
                and visit.partner_id._fc_accepts_maintenance_mail("appointment")
                and not lead._was_noticed("on_the_way")
            ):
                version = lead._get_notice_version("on_the_way")
                lead._queue_message("on_the_way", version)

    def _was_noticed(self, kind):
        """Tell whether a notice of a kind was made for this time and these units."""
        start = self._get_told_visits()[:1].visit_date
        units = self._get_told_units()
        return bool(
            self._get_messages().filtered(
                lambda message: (
                    message.kind == kind
                    and message.state != "replaced"
                    and (message.told_start, message.told_units) == (start, units)
                )
            )
        )

    def _get_notice_version(self, kind):
        """Return a version for a notice that no earlier one of its kind has."""
        earlier = self._get_messages().filtered(lambda message: message.kind == kind)
        last = max(earlier.mapped("version"), default=-1)
        return max(self.ics_sequence, last + 1)

    # Clients without email --------------------------------------------------

    def _get_obstacle(self, kind, audience, address):
        """Return the code of what stands against a mail, None if nothing does.

        :param kind: one of the ledger's kinds that have a template
        :param audience: ``client`` or ``copy``
        :param address: of whom it would go to
        """
        self.ensure_one()
        client = self.partner_id
        if client != self.contract_id.partner_id:
            return "other_owner"  # the link that it carries is theirs now
        own = audience == "client"
        return why_no_mail(
            MailFacts(
                archived=own and not client.active,
                deceased=own and client._fc_is_deceased(),
                has_address=bool(address),
                bounced=own and kind in CHANGES and client._fc_is_mail_blocked(),
            )
        )

    def _do_not_mail(self, kind, obstacle):
        """Have the office call where it must; return what the ledger says of it."""
        contract = self.contract_id
        if obstacle == "other_owner":
            words = self.env._("The unit belongs to another client now.")
            return {"state": "not_told", "reason": words}
        if obstacle in GONE_CLIENT:
            contract._schedule_gone_client_activity()
            words = contract._get_no_mail_reason(obstacle)
            return {"state": "not_told", "reason": words}
        self._schedule_call_activity(kind, obstacle)
        return {"state": "no_email"}

    def _schedule_call_activity(self, kind, obstacle):
        """Have the office call a client whom no mail reaches, if the visit changed."""
        if kind in CHANGES and not self._get_telling().by_client:
            self.contract_id._notify_office(
                _lt("Call the client: their visit has changed"),
                _lt("There is no email address to write to.")
                if obstacle == "no_email"
                else _lt("Email to this client came back or is blocked."),
                reason="visit_changed",
            )
