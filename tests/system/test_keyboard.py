"""A client books, moves and cancels a visit by the keyboard alone, without a script.

What has the focus is always to be seen, and it goes down the page, never back up.
"""

import pytest

LANGUAGES = ("en_CA", "fr_CA")
LEAST_OUTLINE_PIXELS = 2
PATIENCE = 60
# Where the focus is: what has it, its outline (or that of the box it stands in), its
# place on the page. A radio button wears the outline on its label.
FOCUS = """() => {
    const found = document.activeElement;
    if (!found || found === document.body) return null;
    const box = found.getBoundingClientRect();
    const wearers = [found, found.closest('label')].filter(Boolean);
    const widths = wearers.map(e => getComputedStyle(e)).filter(
        s => s.outlineStyle !== 'none').map(s => parseFloat(s.outlineWidth));
    return {
        tag: found.tagName, id: found.id, name: found.name || '',
        type: found.type || '', href: found.getAttribute('href') || '',
        text: found.innerText || '',
        outline: Math.max(0, ...widths),
        top: box.top + window.scrollY, left: box.left, height: box.height,
        seen: box.bottom > 0 && box.top < window.innerHeight && box.width > 0,
    };
}"""


class Keys:
    """Somebody at the keyboard, on one page after the other."""

    def __init__(self, page):
        """Sit down at a page."""
        self.page = page

    def focus(self):
        """Return what has the focus, None if nothing."""
        return self.page.evaluate(FOCUS)

    def tab_to(self, wanted):
        """Press Tab until something wanted has the focus; returns what it is.

        :param wanted: function that judges what has the focus
        """
        last = None
        for _press in range(PATIENCE):
            self.page.keyboard.press("Tab")
            found = self.focus()
            assert found, "the focus left the page"
            assert found["outline"] >= LEAST_OUTLINE_PIXELS, f"not seen: {found}"
            assert found["seen"], f"off the screen: {found}"
            if last:
                ahead = found["top"] + found["height"] > last["top"]
                assert ahead, f"the focus went back up: {last} -> {found}"
            if wanted(found):
                return found
            last = found
        raise AssertionError("not to be reached by the Tab key")

    def press(self, *keys):
        """Press keys one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def submit(self, wanted):
        """Go to a button or link, press Enter, and wait for the next page."""
        self.tab_to(wanted)
        with self.page.expect_navigation():
            self.press("Enter")


def is_slot(found):
    """Tell whether the focus is on a time to choose."""
    return found["name"] == "slot"


def is_button(found):
    """Tell whether the focus is on a button that sends a form."""
    return found["tag"] == "BUTTON"


@pytest.fixture(params=LANGUAGES)
def keys(public_pages, chromium, request):
    """Yield a keyboard at the page of a client who has to book, without scripts."""
    _running, pages = public_pages
    context = chromium.new_context(
        viewport={"width": 1280, "height": 800}, java_script_enabled=False
    )
    page = context.new_page()
    page.goto(f"{pages[f'tour_{request.param}']}?lang={request.param}")
    yield Keys(page)
    context.close()


def test_book_move_and_cancel_by_keyboard(keys):
    page = keys.page
    keys.tab_to(is_slot)
    keys.press("Space", "ArrowDown")
    assert page.locator("input[name=slot]").nth(1).is_checked()
    keys.tab_to(lambda found: found["name"] == "note")
    page.keyboard.type("The side door")
    keys.submit(is_button)
    assert page.locator("a[href*='visit.ics']").count() == 1, "not booked"
    first = page.locator(".fc-when").inner_text()

    keys.submit(lambda found: "view=change" in found["href"])
    keys.tab_to(is_slot)
    keys.press("Space")
    keys.submit(is_button)
    assert keys.focus()["id"] == "fc-message", "nobody is told that it was moved"
    assert page.locator(".fc-when").inner_text() != first

    keys.tab_to(lambda found: found["tag"] == "SUMMARY")
    keys.press("Enter")
    keys.tab_to(lambda found: found["name"] == "reason")
    page.keyboard.type("A wedding")
    keys.submit(is_button)
    assert keys.focus()["id"] == "fc-message", "nobody is told that it was cancelled"
    assert page.locator("input[name=slot]").count(), "no times to book again"


def test_the_first_key_leads_past_the_head_of_the_page(keys):
    keys.press("Tab")
    assert keys.focus()["href"] == "#main"
    keys.press("Enter")
    assert keys.focus()["id"] == "main"
    keys.press("Tab")
    assert keys.page.evaluate("Boolean(document.activeElement.closest('main'))")


def test_a_refused_form_is_read_out(keys):
    page = keys.page
    keys.tab_to(is_slot)
    # The browser itself asks for a choice; an old one may not.
    page.evaluate("document.querySelector('form').noValidate = true")
    keys.submit(is_button)
    assert keys.focus()["id"] == "fc-message"
    assert page.locator("#fc-message").get_attribute("role") == "alert"
    keys.tab_to(is_slot)


def test_a_call_can_be_asked_for_by_keyboard(public_pages, chromium):
    _running, pages = public_pages
    page = chromium.new_page(viewport={"width": 390, "height": 800})
    page.goto(pages["tour_no_slots"])
    keys = Keys(page)
    keys.tab_to(lambda found: found["name"] == "phone")
    page.keyboard.type("416 555 0188")
    keys.tab_to(lambda found: found["name"] == "days")
    page.keyboard.type("Mornings")
    keys.submit(is_button)
    assert not page.locator("form").count()
    page.close()
