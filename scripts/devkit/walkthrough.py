"""One cycle over real HTTP and the mail catcher, each step with what it saw.

Mail, link, page, booking, confirmation, the office's records, the technician's report,
the next due date. ``scripts/run --walkthrough`` prints it; an end-to-end test asserts
it. Only what a browser and a mailbox can do is done here.
"""

import re
import time
from email import message_from_bytes, policy

from .common import Problem, say
from .http import Client, forms

MAIL_SECONDS = 90
LINK = re.compile(r"https?://[^\s\"'<>]+/repairs/maintenance/book/[\w-]{43}")
CONTRACT = "fusion.repair.maintenance.contract"
VISIT = "fusion.repair.maintenance.visit"
SOME_READING = 20
REPORT = "fusion.repair.visit.report.wizard"
CONTRACT_FIELDS = ["name", "next_due_date", "partner_id", "next_due_reason"]
VISIT_FIELDS = [
    "name",
    "state",
    "contract_id",
    "technician_id",
    "technician_task_id",
    "repair_order_id",
    "sale_order_id",
    "visit_date",
]
# A drawn signature: the smallest PNG there is.
SIGNATURE = (
    "iVBORw0KGgoAAAANSUhEUgAAABgAAAAIAQAAAADL2gLOAAAAKUlEQVR42mP8z8DAxPCCgYlhEwPjvwZG"
    "hp//5zM8//+c6QeDCON/BgYArT8LkRJVbCsAAAAASUVORK5CYII="
)


class Walk:
    """One walk round the loop; ``seen`` collects the facts a test can assert."""

    def __init__(self, system, contract_name, tell=say):
        """Prepare a walk.

        :param system: where the system runs (server.Running)
        :param contract_name: reference of the contract to walk with
        :param tell: receives each line for the person who watches
        """
        self.system = system
        self.tell = tell
        self.seen = {"contract": contract_name}
        self.client = Client(system.url)
        self.office = Client(system.url)
        self.number = 0

    def step(self, text):
        """Announce the next step."""
        self.number += 1
        self.tell(f"\n{self.number}. {text}")

    def fact(self, label, value):
        """Tell what was seen."""
        self.tell(f"   {label}: {value}")

    def run(self):
        """Walk the whole loop.

        :return: dict of what was seen
        :raises Problem: at the first step that does not go as designed
        """
        self.log_in()
        self.read_reminder()
        self.open_page()
        self.book()
        self.read_confirmation()
        self.look_up_records()
        self.report()
        self.see_next_cycle()
        return self.seen

    # ------------------------------------------------------------------ steps

    def log_in(self):
        """The dispatcher logs in; later steps look at the records through them."""
        self.office.login(self.system.database, "dispatcher", "dispatcher")
        domain = [["name", "=", self.seen["contract"]]]
        (contract,) = self.office.call(CONTRACT, "search_read", domain, CONTRACT_FIELDS)
        self.seen["before"] = contract

    def read_reminder(self):
        """The reminder lies in the catcher and carries the link."""
        self.step("The reminder mail")
        (partner_id, _name) = self.seen["before"]["partner_id"]
        (partner,) = self.office.call("res.partner", "read", [partner_id], ["email"])
        self.seen["address"] = partner["email"]
        mail = self.wait_mail(lambda mail: LINK.search(self.html_of(mail)))
        self.seen["link"] = LINK.search(self.html_of(mail)).group()
        self.fact("to", mail["to"])
        self.fact("subject", mail["subject"])
        self.fact("one-click opt-out", mail["List-Unsubscribe-Post"])
        self.fact("link", self.seen["link"])

    def open_page(self):
        """GET shows the slots and changes nothing."""
        self.step("The client opens the link")
        page = self.client.request(self.seen["link"])
        self.expect(page.status == 200, f"the page answered {page.status}")
        self.form = self.booking_form(page.text)
        slots = self.form["choices"]["slot"]
        self.expect(slots, "the page offers no slots")
        self.seen["slots"] = len(slots)
        self.fact("status", page.status)
        self.fact("slots offered", len(slots))
        self.fact("size of the page", f"{len(page.text.encode()) / 1000:.1f} kB")

    def book(self):
        """POST books the first slot; the answer is the page of the booked visit."""
        self.step("The client picks the first slot and confirms")
        fields = {**self.form["fields"], "slot": self.form["choices"]["slot"][0]}
        page = self.client.post(self.form["action"], fields)
        self.expect(page.status == 200, f"the answer was {page.status}")
        self.expect("/confirm" not in page.url, "no redirect after the post")
        again = self.client.post(self.form["action"], fields)
        self.expect(again.status == 200, "a second press was not answered kindly")
        self.fact("answer", f"{page.status} after a redirect to the same link")
        self.fact("pressed twice", "the same booking is shown")

    def read_confirmation(self):
        """The confirmation and its calendar file lie in the catcher."""
        self.step("The confirmation mail")
        mail = self.wait_mail(self.calendar_of)
        self.seen["calendar"] = self.calendar_of(mail)
        self.fact("subject", mail["subject"])
        start = re.search(r"DTSTART[^\r\n]*", self.seen["calendar"])
        self.fact("calendar file", start.group() if start else "no start")

    def look_up_records(self):
        """One visit, task, repair order, draft order and calendar entry, all linked."""
        self.step("What the office sees")
        domain = [
            ["contract_id", "=", self.seen["before"]["id"]],
            ["state", "=", "scheduled"],
        ]
        visits = self.office.call(VISIT, "search_read", domain, VISIT_FIELDS)
        self.expect(len(visits) == 1, f"{len(visits)} visits instead of one")
        visit = self.seen["visit"] = visits[0]
        links = ("technician_task_id", "repair_order_id", "sale_order_id")
        for name in (*links, "technician_id"):
            self.expect(visit[name], f"the visit has no {name}")
            self.fact(name.removesuffix("_id").replace("_", " "), visit[name][1])
        task_fields = ["status", "date_start", "calendar_event_id", "technician_id"]
        (task,) = self.office.call(
            "fusion.technician.task",
            "read",
            [visit["technician_task_id"][0]],
            task_fields,
        )
        self.expect(task["status"] == "scheduled", f"the task is {task['status']}")
        self.expect(task["calendar_event_id"], "the task has no calendar entry")
        self.fact("planned start (UTC)", task["date_start"])
        self.seen["task"] = task

    def report(self):
        """The technician fills in the checklist, the client signs."""
        self.step("The technician's report")
        (technician_id, _name) = self.seen["visit"]["technician_id"]
        (user,) = self.office.call("res.users", "read", [technician_id], ["login"])
        technician = Client(self.system.url)
        technician.login(self.system.database, user["login"], user["login"])
        visit_id = self.seen["visit"]["id"]
        task_id = self.seen["task"]["id"]
        technician.call("fusion.technician.task", "action_start", [task_id])
        action = technician.call(VISIT, "action_fill_in_report", [visit_id])
        self.answer_all(technician, action["res_id"])
        technician.call(REPORT, "action_submit", [action["res_id"]])
        (visit,) = technician.call(VISIT, "read", [visit_id], ["state", "outcome"])
        self.expect(visit["state"] == "done", f"the visit is {visit['state']}")
        self.fact("reported by", user["login"])
        self.fact("visit", f"{visit['state']}, {visit['outcome']}")

    def answer_all(self, technician, report_id):
        """Pass every line, measured where it asks for a reading."""
        (report,) = technician.call(REPORT, "read", [report_id], ["line_ids"])
        lines = technician.call(
            f"{REPORT}.line", "read", report["line_ids"], ["checklist_line_id"]
        )
        limits = technician.call(
            "fusion.repair.maintenance.checklist.line",
            "read",
            [line["checklist_line_id"][0] for line in lines],
            ["reading_min", "reading_max", "has_minimum", "has_maximum", "answer_type"],
        )
        commands = []
        for line, limit in zip(lines, limits, strict=True):
            values = {"result": "pass"}
            if limit["answer_type"] == "reading":
                values["reading"] = str(self.middle(limit))
            if limit["answer_type"] == "text":
                values["note"] = "None stored"
            commands.append([1, line["id"], values])
        values = {"line_ids": commands, "findings": "All in order."}
        values.update(signature=SIGNATURE, signed_by="Client", labour_minutes=45)
        values["technician_signature"] = SIGNATURE
        technician.call(REPORT, "write", [report_id], values)
        self.fact("checks answered", len(lines))

    @staticmethod
    def middle(limit):
        """Return a reading in the middle of the limits, some number without any."""
        if not (limit["has_minimum"] or limit["has_maximum"]):
            return SOME_READING
        low = limit["reading_min"] if limit["has_minimum"] else limit["reading_max"]
        high = limit["reading_max"] if limit["has_maximum"] else limit["reading_min"]
        return (low + high) / 2

    def see_next_cycle(self):
        """Due date and link are new; the old link thanks and books nothing."""
        self.step("The next cycle")
        contract_id = self.seen["before"]["id"]
        (after,) = self.office.call(CONTRACT, "read", [contract_id], CONTRACT_FIELDS)
        self.seen["after"] = after
        before = self.seen["before"]["next_due_date"]
        self.expect(after["next_due_date"] > before, "the due date did not move")
        self.fact("due date", f"{before} → {after['next_due_date']}")
        self.fact("because", after["next_due_reason"])
        action = self.office.call(CONTRACT, "action_copy_booking_link", [contract_id])
        (shown,) = self.office.call(
            action["res_model"], "read", [action["res_id"]], ["url"]
        )
        self.seen["new_link"] = shown["url"]
        self.expect(shown["url"] != self.seen["link"], "the link is the old one")
        old = Client(self.system.url).request(self.seen["link"])
        new = Client(self.system.url).request(self.seen["new_link"])
        self.expect(old.status == 200, f"the old link answered {old.status}")
        self.expect(not forms(old.text), "the old link still has a form")
        self.expect(new.status == 200, f"the new link answered {new.status}")
        self.fact("old link", f"{old.status}, the page that thanks for the visit")
        self.fact("new link", f"{new.status}")
        self.seen["old_page"] = old.text

    # ---------------------------------------------------------------- helpers

    def expect(self, condition, otherwise):
        """Stop the walk when something is not as designed."""
        if not condition:
            raise Problem(f"step {self.number}: {otherwise}")

    def booking_form(self, text):
        """Return the form with the slots."""
        found = [form for form in forms(text) if "slot" in form["choices"]]
        self.expect(found, "the page has no form with slots")
        return found[0]

    def wait_mail(self, wanted):
        """Return the newest mail to the client for which ``wanted`` holds."""
        deadline = time.monotonic() + MAIL_SECONDS
        while time.monotonic() < deadline:
            for path in sorted(self.system.mails.glob("*.eml"), reverse=True):
                mail = message_from_bytes(path.read_bytes(), policy=policy.default)
                if self.seen["address"] in (mail["to"] or "") and wanted(mail):
                    return mail
            time.sleep(0.5)
        raise Problem(f"step {self.number}: no such mail within {MAIL_SECONDS} s")

    @staticmethod
    def html_of(mail):
        """Return the page of a mail, '' if it has none."""
        body = mail.get_body(("html",))
        return body.get_content() if body else ""

    @staticmethod
    def calendar_of(mail):
        """Return the calendar file of a mail, '' if it has none."""
        for part in mail.walk():
            if part.get_filename("").endswith(".ics") or (
                part.get_content_type() == "text/calendar"
            ):
                return part.get_payload(decode=True).decode()
        return ""


def main(system, facts):
    """Walk once and tell each step.

    :param system: server.Running
    :param facts: what demo.PREPARE reported
    """
    say(f"One cycle of {facts['client']}: {facts['unit']}, due {facts['due']}")
    Walk(system, facts["contract"]).run()
    say("\nThe loop turned once; the next cycle is armed.")
