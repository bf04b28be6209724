"""What mail scanners do: every link of every mail is opened, and nothing changes."""

import re
import time
import urllib.request
from email import message_from_bytes, policy
from urllib.parse import urlsplit

import pytest
from devkit import instance, postgres
from devkit.http import Client

MAIL_SECONDS = 60
LINK = re.compile(r"https?://[^\s\"'<>\])]+")
# What the server writes by its own clock, whoever looks: the timetable of its jobs and
# its internal bus. Everything else must stay as it is, to the last column of a row.
BY_ITSELF = {
    "ir_cron",
    "ir_cron_progress",
    "ir_cron_trigger",
    "bus_bus",
    "bus_presence",
}

# Books, moves, cancels and asks for a call for four clients, over the same methods as
# the page and the office; the mails go out through the real queue to the catcher.
SEND = """
import time
env["res.company"].search([]).write({
    "x_fc_mail_settle_minutes": 0, "x_fc_mail_day_before_quiet_hours": 0,
    "x_fc_mail_on_the_way": True,
})
contracts = env["fusion.repair.maintenance.contract"].search([
    ("state", "=", "active"), ("is_booked", "=", False),
    ("partner_id.email", "!=", False),
    ("partner_id.x_fc_maintenance_opt_out", "=", False),
])
units = [c for c in contracts if c._get_booking_slots()][:4]
def waiting():
    env.cr.commit()
    return env["mail.mail"].search_count([("state", "=", "outgoing")])

def out():
    # The server's own queue sends them: two queues at once would lose races.
    until = time.monotonic() + 60
    while waiting() and time.monotonic() < until:
        time.sleep(0.5)

def other(visit):
    task = visit.technician_task_id
    slots = visit.contract_id._get_booking_slots(limit=48)
    return [slot for slot in slots if slot.start != visit.visit_date][-1]

attendee = {"attendee_name": "Ann Lee", "attendee_email": "ann@example.com"}
visits = []
for unit in units[:3]:
    offer = unit._get_booking_slots()[0]
    visit = unit._book_slot(offer.value, source="client_portal", attendee=attendee)
    visits.append(visit)

out()
visits[1].technician_task_id.write({"date_start": other(visits[1]).start})
visits[2].with_user(env.ref("base.user_admin")).action_cancel()
out()
visits[0]._get_lead()._queue_message("day_before", visits[0].ics_sequence)
visits[0].technician_task_id.action_start_travel()
_done = units[3]._request_callback("416-555-0142", "Tuesday")
out()
print("SENT", [unit.id for unit in units])
"""


@pytest.fixture(scope="module")
def mails(system, ready):
    """Yield the mails of one client's every event, as caught."""
    running, _facts = system
    smtp = ("--smtp", "127.0.0.1", "--smtp-port", running.smtp_port)
    printed = instance.shell(ready, running.database, SEND, smtp)
    assert "SENT" in printed, printed[-2000:]
    deadline = time.monotonic() + MAIL_SECONDS
    while time.monotonic() < deadline:
        caught = read_mails(running.mails)
        subjects = " / ".join(mail["subject"] for mail in caught)
        if all(re.search(wanted, subjects) for wanted in SUBJECTS):
            return caught
        time.sleep(0.5)
    return pytest.fail(f"not all mails came: {subjects}")


SUBJECTS = (
    "due by|due for maintenance|à faire",
    "is booked|est réservée",
    "has a new time|a été déplacée",
    "is cancelled|est annulée",
    "Tomorrow is|est demain",
    "on the way|en route",
    "We will call|vous appellerons",
)


def read_mails(folder):
    """Return the caught mails to clients; Odoo's own to the office are left out."""
    caught = [
        message_from_bytes(path.read_bytes(), policy=policy.default)
        for path in sorted(folder.glob("*.eml"))
    ]
    return [
        mail for mail in caught if "fc-page" in mail.get_body(("html",)).get_content()
    ]


def links_of(mails):
    """Return every http address in the HTML and in the text of mails."""
    found = set()
    for mail in mails:
        for kind in ("html", "plain"):
            found |= set(LINK.findall(mail.get_body((kind,)).get_content()))
        for value in (mail["List-Unsubscribe"] or "",):
            found |= set(LINK.findall(value))
    return sorted(found)


def hashes(database):
    """Return a hash of all rows of every table, the server's own clockwork left out."""
    tables = postgres.sql(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public'", database
    ).splitlines()
    wanted = [table for table in tables if table not in BY_ITSELF]
    union = " UNION ALL ".join(
        f"SELECT '{table}', md5(string_agg(md5(t::text), '' ORDER BY md5(t::text)))"
        f' FROM "{table}" t'
        for table in wanted
    )
    rows = postgres.sql(union, database).splitlines()
    return dict((row + "\t").split("\t")[:2] for row in rows)


def test_mails_have_a_text_and_a_calendar_file_that_say_what_they_are(mails):
    for mail in mails:
        text = mail.get_body(("plain",)).get_content()
        assert "{" not in text and "<" not in text, text
        assert "color-scheme" not in text
        for part in mail.iter_attachments():
            if part.get_content_type() == "application/pdf":
                continue  # the report, and the certificate
            assert part.get_content_type() == "text/calendar"
            content = part.get_payload(decode=True).decode()
            method = part.get_param("method")
            assert f"METHOD:{method}\r\n" in content
    methods = {
        part.get_param("method")
        for mail in mails
        for part in mail.iter_attachments()
        if part.get_content_type() == "text/calendar"
    }
    assert methods == {"PUBLISH", "CANCEL"}


def test_opening_every_link_changes_no_row(system, mails, chromium):
    running, _facts = system
    links = links_of(mails)
    assert any("/maintenance/book/" in link for link in links)
    assert any("/maintenance/opt-out/" in link for link in links)
    assert all(link.startswith(running.url) for link in links), links
    before = hashes(running.database)
    assert len(before) > 150
    statuses = {}
    for link in links:
        for method in ("GET", "HEAD", "GET"):
            statuses[link, method] = fetch(link, method)
    page = Client(running.url).request(next(u for u in links if "/book/" in u)).text
    inner = [
        running.url + path for path in re.findall(r'(?:href|src)="(/[^"]+)"', page)
    ]
    for link in inner:
        fetch(link.replace("&amp;", "&"), "GET")
    assert all(status == 200 for status in statuses.values()), statuses
    open_in_browser(chromium, links)
    changed = {
        table
        for table, value in hashes(running.database).items()
        if before[table] != value
    }
    assert not changed


def fetch(link, method):
    """Open a link as a program without cookies does; return the status."""
    request = urllib.request.Request(link, method=method)
    with urllib.request.urlopen(request, timeout=60) as answer:
        answer.read()
        return answer.status


def open_in_browser(chromium, links):
    """Open links in Chromium with JavaScript, each in a browser that is new."""
    for link in links:
        context = chromium.new_context()
        answer = context.new_page().goto(link, wait_until="networkidle")
        assert answer.status == 200, urlsplit(link).path
        context.close()


def test_a_changed_row_would_be_seen(system, mails):
    """The comparison itself: one posted form, and the hashes differ."""
    running, _facts = system
    before = hashes(running.database)
    postgres.sql(
        "UPDATE res_partner SET comment = 'seen' WHERE id ="
        " (SELECT max(id) FROM res_partner)",
        running.database,
    )
    after = hashes(running.database)
    assert [table for table in before if before[table] != after[table]] == [
        "res_partner"
    ]
