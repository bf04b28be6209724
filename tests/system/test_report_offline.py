"""The visit report on a phone whose connection comes and goes, in a real browser.

Nothing that was entered is lost, nothing is there twice, and the technician sees which
of it is saved.
"""

import io
import json
import re

import pytest
from devkit import instance, server
from devkit.common import STATE
from devkit.http import Client
from PIL import Image

VISIT = "fusion.repair.maintenance.visit"
LINE = "fusion.repair.maintenance.checklist.line"
REPORT = "fusion.repair.visit.report.wizard"
DATABASE = "fusion_report"
PICTURES = STATE / "pictures"
PREPARE = """
import json
from support import report_visits
visits = report_visits.make(env, 8)
env.cr.commit()
print("VISITS " + json.dumps(visits))
"""
PHONE = {"width": 390, "height": 844}
SAVED = ".o_fc_all_saved"
UNSENT = ".o_fc_unsent_count"
FRAME_MS = 300  # until the page shows what was just tapped


@pytest.fixture(scope="module")
def dealer(ready):
    """Yield a running system and visits to report, one for each test."""
    PICTURES.mkdir(exist_ok=True)
    instance.replace(ready, DATABASE)
    with server.running(ready, DATABASE, PREPARE, "report", first_port=8670) as (
        running,
        printed,
    ):
        visits = json.loads(printed.partition("VISITS ")[2].splitlines()[0])
        yield running, iter(visits)


class Phone:
    """A technician's phone, and what the office sees of the visit."""

    def __init__(self, chromium, running, visit):
        """Log the technician in."""
        self.url, self.visit = running.url, visit["visit"]
        self.context = chromium.new_context(
            viewport=PHONE, has_touch=True, timezone_id="America/Toronto"
        )
        self.context.set_default_timeout(60_000)
        self.office = Client(running.url)
        self.office.login(running.database, "admin", "admin")
        self.tablet = Client(running.url)
        self.tablet.login(running.database, visit["login"], visit["login"])
        self.login = visit["login"]
        self.log_in(self.login)

    def log_in(self, login):
        """Open a page as somebody."""
        self.page = self.context.new_page()
        self.page.goto(f"{self.url}/web/login")
        # As a form, because a known browser offers its users by name.
        self.page.evaluate(
            """(login) => {
                const form = document.querySelector("form.oe_login_form");
                form.login.value = form.password.value = login;
                form.submit();
            }""",
            login,
        )
        # The first page of a new database waits for its scripts to be put together.
        self.page.wait_for_selector(".o_web_client", timeout=180_000)

    def open(self):
        """Open the report from the day."""
        self.page.goto(f"{self.url}/odoo/fusion-my-day")
        self.page.wait_for_selector(".o_fc_my_day_card")
        if self.page.locator("[name=start]").count():
            self.page.click("[name=start]")
        self.page.click(".o_fc_my_day_card [name^=report_]")
        self.page.wait_for_selector(".o_fc_check")
        self.page.click(".o_fc_all")
        return self.page

    def offline(self, offline=True):
        """Cut the connection, or mend it."""
        self.context.set_offline(offline)

    def card(self, name):
        """Return the card of a check."""
        return self.page.locator(f".o_fc_check[data-check='{name}']")

    def tap(self, name, answer):
        """Answer a check."""
        self.card(name).locator(f"button[name={answer}]").click()

    def sign(self, field):
        """Draw a signature."""
        self.page.click(f".o_field_widget[name={field}] .o_signature")
        pad = self.page.locator(".modal canvas.o_fc_pad")
        box = pad.bounding_box()
        assert box["height"] >= 200, "room for a hand that trembles"
        mouse = self.page.mouse
        mouse.move(box["x"] + 30, box["y"] + 30)
        mouse.down()
        for step in range(1, 6):
            mouse.move(box["x"] + 30 + 35 * step, box["y"] + 20 + 25 * (step % 2))
        mouse.up()
        self.page.click(".modal .btn-primary:not([disabled])")
        self.page.wait_for_selector(".modal", state="detached")

    def photograph(self, name):
        """Take a photo of a check."""
        written = io.BytesIO()
        Image.new("RGB", (900, 600), "teal").save(written, "JPEG")
        self.card(name).locator("input[type=file]").set_input_files(
            {
                "name": "photo.jpg",
                "mimeType": "image/jpeg",
                "buffer": written.getvalue(),
            }
        )

    def wait_saved(self):
        """Wait until the page says that everything is saved."""
        self.page.wait_for_timeout(FRAME_MS)
        self.page.wait_for_selector(SAVED, timeout=40_000)

    def wait_unsent(self, number):
        """Wait until the page says how much is not sent."""
        text = re.compile(rf": {number}$")
        self.page.locator(UNSENT, has_text=text).wait_for(timeout=20_000)

    def lose_answer(self, method, times=1):
        """Have the server do what it is asked, but lose its answers for a while."""
        lost = []

        def handle(route):
            if len(lost) < times:
                lost.append(route.fetch().status)
                route.abort("connectionreset")
            else:
                route.continue_()

        self.page.route(f"**/{method}", handle)
        return lost

    def read(self, *names):
        """Return values of the visit as the office sees them."""
        (visit,) = self.office.call(VISIT, "read", [self.visit], list(names))
        return [visit[name] for name in names]

    def lines(self):
        """Return the checklist as the office sees it."""
        (ids,) = self.read("checklist_line_ids")
        names = ["name", "result", "note", "reading_text", "photo_ids"]
        return {
            line["name"]: line for line in self.office.call(LINE, "read", ids, names)
        }

    def is_pressed(self, name, answer):
        """Tell whether the page shows an answer."""
        button = self.card(name).locator(f"button[name={answer}]")
        return button.get_attribute("aria-pressed") == "true"

    def die(self):
        """End the page as an empty battery does; the next one has a connection.

        A page that is closed sends once more, and Chromium keeps it offline no longer.
        """
        self.page.evaluate("() => { XMLHttpRequest.prototype.send = () => {}; }")
        self.page.close()
        self.offline(False)

    def close(self):
        """Put the phone away."""
        self.context.close()


@pytest.fixture
def phone(chromium, dealer):
    """Yield the phone of a technician with a visit to report."""
    running, visits = dealer
    phone = Phone(chromium, running, next(visits))
    yield phone
    phone.close()


def pass_all(phone):
    """Answer everything with a pass, and sign."""
    phone.tap("Rail clean", "pass")
    phone.tap("Brake holds", "pass")
    phone.card("Battery voltage").locator("input[name=reading]").fill("25,1")
    phone.tap("Battery voltage", "pass")
    phone.sign("signature")
    phone.sign("technician_signature")


def answer_offline(phone):
    """Enter something of every kind; none of it can be sent."""
    phone.tap("Rail clean", "pass")
    phone.tap("Brake holds", "fail")
    phone.card("Brake holds").locator("input[name=note]").fill("Slips with load")
    phone.card("Battery voltage").locator("input[name=reading]").fill("25,1")
    phone.tap("Battery voltage", "pass")
    phone.photograph("Brake holds")
    phone.card("Brake holds").locator(".o_fc_photo_unsent").wait_for()
    # Typed, and the field not left.
    phone.page.locator("[name=findings] textarea").fill("Brake worn out")
    phone.sign("signature")
    phone.sign("technician_signature")


def test_everything_entered_offline_outlives_the_page(phone):
    page = phone.open()
    phone.wait_saved()
    phone.offline()
    answer_offline(phone)
    # Danger is said at once, though no rule of the server has been asked.
    page.wait_for_selector(".o_fc_status .alert-danger")
    # Five answers, a photo, the findings and two signatures.
    phone.wait_unsent(9)
    page.screenshot(path=PICTURES / "report-offline.png", full_page=True)
    assert phone.is_pressed("Brake holds", "fail")
    page.click(".o_fc_send")
    page.wait_for_selector(".o_notification:has-text('kept on this phone')")
    assert not any(line["result"] for line in phone.lines().values())
    phone.die()
    phone.page = phone.context.new_page()
    phone.open()
    phone.wait_saved()
    phone.page.screenshot(path=PICTURES / "report-restored.png", full_page=True)
    check_what_was_kept(phone)
    phone.page.click(".o_fc_send")
    phone.page.wait_for_selector(".o_fc_my_day_card .o_fc_my_day_status")
    assert phone.read("state", "outcome") == ["done", "unsafe"]


def check_what_was_kept(phone):
    """Check that what ``answer_offline`` entered is on the server, and shown."""
    lines = phone.lines()
    brake, battery = lines["Brake holds"], lines["Battery voltage"]
    assert [line["result"] for line in lines.values()] == ["pass", "fail", "pass"]
    assert (brake["note"], battery["reading_text"]) == ("Slips with load", "25,1")
    assert len(brake["photo_ids"]) == 1
    names = ("findings_text", "signature", "technician_signature")
    findings, client, own = phone.read(*names)
    assert findings == "Brake worn out"
    assert client and own
    note = phone.card("Brake holds").locator("input[name=note]")
    assert note.input_value() == "Slips with load"
    assert phone.is_pressed("Battery voltage", "pass")


def test_the_page_sends_by_itself_when_the_connection_is_back(phone):
    page = phone.open()
    phone.offline()
    pass_all(phone)
    phone.wait_unsent(6)
    phone.offline(False)
    phone.wait_saved()
    assert page.locator(".o_fc_waiting").count() == 0
    assert [line["result"] for line in phone.lines().values()] == ["pass"] * 3
    page.locator(".o_field_widget[name=outcome_text]", has_text="All good").wait_for()


def test_what_is_sent_twice_is_there_once(phone):
    page = phone.open()
    lost = [
        phone.lose_answer("keep_entries", 2),
        phone.lose_answer("action_add_photo"),
        phone.lose_answer("web_save"),
    ]
    pass_all(phone)
    phone.photograph("Rail clean")
    phone.wait_saved()
    page.click(".o_field_widget[name=part_ids] .o-kanban-button-new")
    page.click(".modal .o_field_widget[name=product_id] input")
    page.click(".modal .o_kanban_record:has-text('Belt')")
    page.click(".modal .o_form_button_save")
    page.wait_for_selector(".modal", state="detached")
    phone.wait_unsent(1)
    page.click(".o_fc_try_now")
    phone.wait_saved()
    phone.sign("signature")  # the part costs something
    phone.wait_saved()
    submitted = phone.lose_answer("action_submit")
    page.click(".o_fc_send")
    page.wait_for_selector(".o_notification:has-text('never sent twice')")
    assert phone.read("state") == ["done"]
    page.click(".o_fc_send")
    page.wait_for_selector(".o_fc_my_day_card .o_fc_my_day_status")
    assert [len(times) for times in (*lost, submitted)] == [2, 1, 1, 1]
    photos, parts, documents = phone.read("photo_ids", "part_ids", "contract_id")
    assert (len(photos), len(parts)) == (1, 1)
    visits = phone.office.call(VISIT, "search", [["contract_id", "=", documents[0]]])
    assert len(visits) == 1


def test_a_signature_stands_for_what_was_shown_above_it(phone):
    page = phone.open()
    phone.wait_saved()
    phone.offline()
    pass_all(phone)
    phone.card("Rail clean").locator("input[name=note]").fill("Squeaks")
    stale = page.locator(".o_fc_stale_signature")
    stale.wait_for()
    phone.offline(False)
    phone.wait_saved()
    stale.wait_for()
    page.click(".o_fc_send")
    page.click(".modal:has-text('signature again') .btn-primary")
    page.click(".o_field_widget[name=signature] .o_signature")
    page.locator(".o_fc_statement", has_text="Total with tax").wait_for()
    page.screenshot(path=PICTURES / "report-signing.png")
    page.click(".modal .btn-link")
    phone.sign("signature")
    phone.wait_saved()
    stale.wait_for(state="detached")
    signed, facts = phone.read("signed_text", "signed_hash")
    assert "good order" in signed
    assert len(facts) == 64
    page.screenshot(path=PICTURES / "report-signed.png", full_page=True)
    page.locator(".o_content").evaluate("el => el.scrollTo(0, 900)")
    page.screenshot(path=PICTURES / "report-scrolled.png")
    page.click(".o_fc_send")
    page.wait_for_selector(".o_fc_my_day_card .o_fc_my_day_status")


def test_the_day_opens_without_a_connection_and_says_that_a_report_waits(phone):
    page = phone.open()
    phone.wait_saved()
    phone.offline()
    phone.tap("Rail clean", "pass")
    phone.wait_unsent(1)
    page.locator(".oi-arrow-left").first.click()
    page.locator(".o_fc_my_day_card").first.wait_for()
    page.locator(".o_fc_report_waits").wait_for()
    assert "No connection" in page.locator(".o_fc_my_day .alert").first.inner_text()
    page.screenshot(path=PICTURES / "my-day-offline.png", full_page=True)


def test_a_newer_answer_from_another_device_stands(phone):
    page = phone.open()
    phone.tap("Rail clean", "pass")
    phone.wait_saved()
    phone.offline()
    phone.tap("Brake holds", "pass")
    phone.tap("Rail clean", "na")
    phone.wait_unsent(2)
    page.wait_for_timeout(1500)  # the tablet is later by the server's clock
    action = phone.tablet.call(VISIT, "action_fill_in_report", [phone.visit])
    (brake,) = phone.tablet.call(
        f"{REPORT}.line",
        "search",
        [
            ["wizard_id", "=", action["res_id"]],
            ["checklist_line_id.name", "=", "Brake holds"],
        ],
    )
    phone.tablet.call(f"{REPORT}.line", "write", [brake], {"result": "fail"})
    phone.offline(False)
    page.wait_for_selector(".o_notification:has-text('newer entry')")
    phone.wait_saved()
    lines = phone.lines()
    assert (lines["Brake holds"]["result"], lines["Rail clean"]["result"]) == (
        "fail",
        "na",
    )
    assert phone.is_pressed("Brake holds", "fail")


def test_a_report_that_was_cleared_away_is_opened_again(phone):
    page = phone.open()
    phone.wait_saved()
    mine = [["visit_id", "=", phone.visit]]
    cleared = phone.tablet.call(REPORT, "search", mine)
    assert cleared
    phone.tablet.call(REPORT, "unlink", cleared)
    phone.tap("Rail clean", "pass")
    phone.card("Brake holds").locator("input[name=note]").fill("Noisy")
    page.wait_for_function(
        "() => document.querySelector('.o_fc_all_saved')"
        ' && document.querySelector("button[name=pass][aria-pressed=true]")',
        timeout=30_000,
    )
    phone.wait_saved()
    (report,) = phone.tablet.call(REPORT, "search", mine)
    assert report not in cleared
    lines = phone.lines()
    assert lines["Rail clean"]["result"] == "pass"
    assert lines["Brake holds"]["note"] == "Noisy"


def test_another_user_of_the_phone_sends_nothing_of_it(phone):
    phone.open()
    phone.offline()
    phone.tap("Rail clean", "fail")
    phone.wait_unsent(1)
    phone.die()
    login = phone.login
    phone.context.clear_cookies()
    phone.log_in("admin")  # may report the visit, too
    phone.page.goto(f"{phone.url}/odoo/{VISIT}/{phone.visit}")
    phone.page.click("button[name=action_fill_in_report]")
    phone.page.click(".o_fc_all")
    phone.tap("Brake holds", "pass")
    phone.wait_saved()
    results = [line["result"] for line in phone.lines().values()]
    assert results == [False, "pass", False]
    phone.page.close()  # or it asks for a session of its own
    phone.context.clear_cookies()
    phone.log_in(login)
    phone.open()
    phone.wait_saved()
    results = [line["result"] for line in phone.lines().values()]
    assert results == ["fail", "pass", False]
