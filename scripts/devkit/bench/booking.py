"""How long a client waits for the booking page, and for "Your visit is booked".

Over real HTTP, from the first byte sent to the last one received, on a server of
several processes as in production, with the days of ``data/calendars.py``. Clients come
one after the other, each for the first time: no cookie, no session yet. ``--profile``
shows where the time goes inside the server.
"""

import json
import os
import statistics

DATABASE = "fusion_bench_booking"
PEOPLE = 20
WARM_UP = 12
PAGES = 60
BOOKINGS = 60
WORKERS = 2
MARK = "BENCH "
FILL = """
import json
from devkit import sample_data
from devkit.bench.data import calendars
calendars.fill(env, {people})
crew = env["res.users"].search([("login", "=like", "bench%")])
env.company.write({{"phone": "416-555-0100", "city": "Toronto"}})
env.company.partner_id.tz = "America/Toronto"
links = sample_data.make_links(env, {links}, crew)
env.cr.commit()
env.cr.execute("ANALYZE")
env.cr.commit()
print("BENCH " + json.dumps(links))
"""
PROFILE = """
from devkit.bench import booking_profile
booking_profile.main(links)
"""
# What every booking has to leave behind; the mail carries its calendar file.
RECORDS = """
SELECT count(*), count(t.id), count(e.id), count(r.id), count(l.id), count(m.id)
  FROM fusion_repair_maintenance_visit v
  JOIN res_partner p ON p.id = v.partner_id
  LEFT JOIN fusion_technician_task t ON t.id = v.technician_task_id
  LEFT JOIN calendar_event e ON e.id = t.calendar_event_id
  LEFT JOIN repair_order r ON r.id = v.repair_order_id
  LEFT JOIN sale_order_line l ON l.order_id = v.sale_order_id
  LEFT JOIN mail_mail_res_partner_rel a ON a.res_partner_id = p.id
  LEFT JOIN mail_mail m ON m.id = a.mail_mail_id AND m.mail_message_id IN (
       SELECT a.message_id FROM message_attachment_rel a
         JOIN ir_attachment f ON f.id = a.attachment_id
        WHERE f.name = 'visit.ics')
 WHERE v.state = 'scheduled'
"""


def main(ready, options):
    """Measure and print a table.

    :param ready: a set-up Odoo
    :param options: ``write`` (into the document), ``profile`` (where the time goes)
    """
    from .. import instance, server  # noqa: PLC0415 - not inside Odoo
    from ..common import say, step  # noqa: PLC0415
    from . import report  # noqa: PLC0415

    fill = FILL.format(people=PEOPLE, links=WARM_UP + BOOKINGS)
    instance.replace(ready, DATABASE)
    try:
        if options.profile:
            with step("measuring where the time goes"):
                printed = instance.shell(ready, DATABASE, fill + PROFILE)
            say(printed.split(MARK, 1)[1].partition("\n")[2])
            return
        serving = server.running(
            ready, DATABASE, fill, "bench-booking", 8240, workers=WORKERS
        )
        with step("filling the calendars, measuring"), serving as (running, printed):
            found = json.loads(printed.split(MARK, 1)[1].splitlines()[0])
            figures = measure(found, lambda: server.cpu_seconds(running.group))
        say("\n" + table(figures))
        _check_records(figures)
        if options.write:
            report.write("booking", section(figures))
            say(f"written to {report.PERFORMANCE}")
    finally:
        if not options.keep:
            instance.drop(DATABASE)


def measure(links, cpu):
    """Visit and book with every link.

    :param links: full addresses of booking pages; the first ones warm the server up
    :param cpu: function that returns the CPU seconds of the server so far
    :return: dict of lists of milliseconds, CPU milliseconds, bytes of the page
    """
    from ..visitor import Visitor, form_to  # noqa: PLC0415

    first, then, booked, confirm, sizes, refused = [], [], [], [], [], 0
    confirm_cpu = 0.0
    for link in links[:WARM_UP]:
        Visitor(link).get()
        _book(Visitor(link), form_to)
    waiting = links[WARM_UP:]
    began = cpu()
    for number in range(PAGES):
        visitor = Visitor(waiting[number % len(waiting)])
        reply = visitor.get()
        assert reply.status == 200 and len(form_to(reply.text, "confirm")[1]) >= 4
        first.append(reply.seconds * 1000)
        sizes.append(reply.size)
        then.append(visitor.get().seconds * 1000)
    page_cpu = (cpu() - began) * 1000 / (2 * PAGES)
    for link in waiting:
        visitor = Visitor(link)
        fields, slots = form_to(visitor.get().text, "confirm")
        began = cpu()
        reply = visitor.post("confirm", _fill(fields, slots))
        confirm_cpu += (cpu() - began) * 1000 / len(waiting)
        assert reply.status == 303, reply.status
        confirm.append(reply.seconds * 1000)
        page = visitor.get(reply.location)
        refused += "visit.ics" not in page.text
        booked.append(page.seconds * 1000)
    assert not refused, f"{refused} of {len(waiting)} were not booked"
    return {
        "first": first,
        "again": then,
        "confirm": confirm,
        "booked": booked,
        "bytes": max(sizes),
        "cpu": {"first": page_cpu, "again": page_cpu, "confirm": confirm_cpu},
    }


def _book(visitor, form_to):
    return visitor.post("confirm", _fill(*form_to(visitor.get().text, "confirm")))


def _fill(fields, slots):
    return {**fields, "slot": slots[0], "note": "Side door"}


def _check_records(figures):
    """Check that every booking counted is whole."""
    from .. import postgres  # noqa: PLC0415 - not there inside Odoo

    counts = [int(n) for n in postgres.sql(RECORDS, DATABASE).split("\t")]
    assert counts == [WARM_UP + len(figures["confirm"])] * 6, counts


_ROWS = (
    ("The page, first visit", "first", 60),
    ("The page again (has a session)", "again", 60),
    ("Confirmation, all records and the mail", "confirm", 200),
    ("The page of the booked visit", "booked", 60),
)


def table(figures):
    """Return the figures as a Markdown table."""
    lines = [
        "| Request | Requests | Median ms | Best | p90 | Goal | CPU ms |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for title, key, goal in _ROWS:
        runs = sorted(figures[key])
        lines.append(
            f"| {title} | {len(runs)} | {statistics.median(runs):.1f} | {runs[0]:.1f} "
            f"| {runs[int(len(runs) * 0.9)]:.1f} | {goal} | {_cpu(figures, key)} |"
        )
    size = figures["bytes"] / 1000
    lines += ["", f"The page has {size:.1f} kB (goal: 60), uncompressed."]
    return "\n".join(lines)


def _cpu(figures, key):
    """Return what Odoo's processes themselves worked on one request."""
    return f"{figures['cpu'][key]:.0f}" if key in figures["cpu"] else ""


def section(figures):
    """Return the section of the document: when, on what, and the table."""
    import platform  # noqa: PLC0415
    import time  # noqa: PLC0415

    return "\n".join(
        [
            f"Measured on {time.strftime('%Y-%m-%d')} with Python "
            f"{platform.python_version()}, {WORKERS} server processes, "
            f"{os.cpu_count()} cores, load average {os.getloadavg()[0]:.1f}: "
            f"{PEOPLE} technicians, about 3,000 tasks, 21 days.",
            "",
            table(figures),
        ]
    )
