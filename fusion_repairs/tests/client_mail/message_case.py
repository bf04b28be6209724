"""A booked visit, the mails about it, and somebody who fetches them."""

from ...tools.mail_text import html_to_text
from ..common import RepairsCase


class MessageCase(RepairsCase):
    """What the client is told about one visit."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.x_fc_mail_settle_minutes = 5
        cls.contract = cls.make_contract()

    def messages(self, visit):
        """Return the ledger's rows of a visit as (kind, state), the oldest first."""
        self.env.flush_all()
        self.env.invalidate_all()
        rows = visit.client_message_ids.sorted("id")
        return [(row.kind, row.state) for row in rows]

    def say(self, visit, start=None):
        """Return the time of a visit as its client reads it."""
        visit = visit.with_context(lang=visit.partner_id.lang)
        return visit._format_when(start).replace("\xa0", " ")

    def latest(self, visit):
        """Return the newest row of the ledger about a visit."""
        self.env.flush_all()
        self.env.invalidate_all()
        return visit.client_message_ids.sorted("id")[-1:]

    def deliver(self):
        """Let the mail server take all that waits; return the mails as dicts."""
        rows = self.env["fusion.repair.visit.message"].search(
            [("state", "=", "queued"), ("mail_id", "!=", False)], order="id"
        )
        mails = [self.read_mail(row.mail_id) for row in rows]
        for mail in rows.mail_id:
            mail._postprocess_sent_message([], [])
        self.env.flush_all()
        self.env.invalidate_all()
        return mails

    def read_mail(self, mail):
        """Return what stands in a mail: to, subject, text, ics."""
        files = mail.attachment_ids.filtered(lambda a: a.name == "visit.ics")
        return {
            "to": mail.email_to or ", ".join(mail.recipient_ids.mapped("email")),
            "subject": mail.subject.replace("\xa0", " "),
            "html": mail.body_html,
            "text": html_to_text(mail.body_html),
            "ics": files.raw,
        }

    def free_start(self, visit, position=0):
        """Return a start that the client would be offered for this visit."""
        offers = visit.contract_id._get_booking_slots(limit=48)
        starts = [offer.start for offer in offers if offer.start != visit.visit_date]
        return starts[position]

    def move(self, visit, start=None, user=None):
        """Move a visit as the dispatcher does, on the form or the board."""
        task = visit.technician_task_id.with_user(user or self.dispatcher)
        task.write({"date_start": start or self.free_start(visit)})

    def book_and_deliver(self, **options):
        """Return a visit that its client knows of."""
        visit = self.book(self.contract, **options)
        self.deliver()
        return visit
