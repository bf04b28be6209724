"""The booking page in a real browser, on a phone, without JavaScript."""

import re

import pytest
from devkit.common import STATE
from devkit.http import Client

CONTRACT = "fusion.repair.maintenance.contract"
PICTURES = STATE / "pictures"


@pytest.fixture(scope="module", autouse=True)
def pictures():
    """Make the folder for what the browser shows."""
    PICTURES.mkdir(exist_ok=True)


@pytest.fixture
def office(system):
    """Yield the dispatcher's session."""
    running, _facts = system
    client = Client(running.url)
    client.login(running.database, "dispatcher", "dispatcher")
    return client


def unbooked_link(office, position):
    """Return (contract id, link) of an active unit that is not booked."""
    domain = [["state", "=", "active"], ["is_booked", "=", False]]
    options = {"order": "next_due_date desc", "limit": position + 1}
    found = office.call(CONTRACT, "search", domain, **options)[position]
    action = office.call(CONTRACT, "action_copy_booking_link", [found])
    (shown,) = office.call(action["res_model"], "read", [action["res_id"]], ["url"])
    return found, shown["url"]


@pytest.mark.parametrize("language", ["en_CA", "fr_CA"])
def test_a_client_books_on_a_phone_without_javascript(
    system, chromium, office, language
):
    running, _facts = system
    contract_id, link = unbooked_link(office, 0 if language == "en_CA" else 1)
    page = chromium.new_page(
        viewport={"width": 390, "height": 844}, java_script_enabled=False
    )
    requests = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(f"{link}?lang={language}")
    assert page.get_attribute("html", "lang") == language.replace("_", "-")
    page.screenshot(path=PICTURES / f"booking-{language}.png", full_page=True)
    slots = page.locator("input[name=slot]")
    assert slots.count() >= 4
    slots.nth(1).check()
    with page.expect_navigation():
        page.locator("form[action$='/confirm'] button[type=submit]").first.click()
    assert page.url.startswith(link)
    assert page.locator("input[name=slot]").count() == 0
    assert page.locator("a[href*='visit.ics']").count() == 1
    page.screenshot(path=PICTURES / f"booked-{language}.png", full_page=True)
    foreign = [url for url in requests if not url.startswith(running.url)]
    assert not foreign, "the page fetches from elsewhere"
    (contract,) = office.call(CONTRACT, "read", [contract_id], ["is_booked"])
    assert contract["is_booked"]
    page.close()


def test_the_page_never_scrolls_sideways(system, chromium, office):
    _contract_id, link = unbooked_link(office, 2)
    for width in (320, 390, 768, 1280):
        page = chromium.new_page(viewport={"width": width, "height": 800})
        page.goto(link)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{wide} px of content on {width} px"
        page.close()


def test_the_technician_sees_the_task_in_the_calendar(system, chromium, office):
    running, _facts = system
    contract_id, link = unbooked_link(office, 3)
    client = Client(running.url)
    text = client.request(link).text
    value = re.search(r'name="slot"[^>]*value="([^"]+)"', text) or re.search(
        r'value="([^"]+)"[^>]*name="slot"', text
    )
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', text).group(1)
    client.post(f"{link}/confirm", {"csrf_token": token, "slot": value.group(1)})
    fields = ["technician_id", "visit_date", "technician_task_id"]
    domain = [["contract_id", "=", contract_id], ["state", "=", "scheduled"]]
    (visit,) = office.call(
        "fusion.repair.maintenance.visit", "search_read", domain, fields
    )
    (user,) = office.call("res.users", "read", [visit["technician_id"][0]], ["login"])
    context = chromium.new_context(
        viewport={"width": 1280, "height": 900}, timezone_id="America/Toronto"
    )
    page = context.new_page()
    page.goto(f"{running.url}/web/login")
    page.fill("input[name=login]", user["login"])
    page.fill("input[name=password]", user["login"])
    page.click("button[type=submit]")
    page.wait_for_url("**/odoo**", timeout=120_000)
    action = "fusion_tasks.fusion_technician_task_calendar_action"
    page.goto(f"{running.url}/odoo/action-{action}")
    page.wait_for_selector(".o_calendar_view", timeout=60_000)
    reference = visit["technician_task_id"][1].split(" ")[0]
    for _week in range(5):
        page.wait_for_timeout(1500)
        if page.locator(f".fc-event:has-text('{reference}')").count():
            break
        page.click(".o_calendar_button_next")
    assert page.locator(f".fc-event:has-text('{reference}')").count() == 1
    page.screenshot(path=PICTURES / "task-calendar.png")
    context.close()
