"""The whole loop once, over real HTTP, with real mails: what the README promises."""

from devkit.common import STATE
from devkit.walkthrough import Walk


def test_one_cycle_from_the_mail_to_the_next_due_date(system):
    running, facts = system
    lines = []
    seen = Walk(running, facts["contract"], lines.append).run()
    assert seen["slots"] >= 4
    assert seen["after"]["next_due_date"] > seen["before"]["next_due_date"]
    assert seen["new_link"] != seen["link"]
    assert "BEGIN:VEVENT" in seen["calendar"]
    log = (STATE / "log" / "system.log").read_text()
    token = seen["link"].rpartition("/")[2]
    assert token not in log, "a live token stands in the server log"
