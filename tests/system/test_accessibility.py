"""Every page a client can get to, judged by axe-core in a real browser.

Each state in English and French, at the widths of a small phone, a tablet and a desk:
the rules of WCAG 2.2 A and AA and axe's best practices, without exception. Besides
what axe does not measure: the size of type and of what one touches, no sideways
scrolling at 320 px (the same as 400 % of zoom on a desk), forced colours, no script.

``FUSION_PICTURES=docs/images`` writes the pictures of the documentation.
"""

from urllib.parse import urlsplit, urlunsplit

import pytest
from axe_playwright_python.sync_playwright import Axe

LANGUAGES = ("en_CA", "fr_CA")
WIDTHS = (320, 768, 1280)
TAGS = [
    *("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"),
    "best-practice",
]
STATES = (
    "choose", "more", "taken", "nothing_chosen", "phone_missing", "no_slots",
    "callback_asked", "booked", "moved", "move", "late", "on_the_way", "at_work",
    "past", "done", "unsafe", "paused", "cancelled", "expired", "opt_out",
    "opted_out",
)  # fmt: skip
TOUCH_PIXELS = 44
BASE_TYPE_PIXELS = 18
SMALLEST_TYPE_PIXELS = 16
POSTS_ALLOWED = 20
# What one can click or type in, but for links inside a sentence (2.5.8 excepts them).
CONTROLS = """() => [...document.querySelectorAll(
    'a, button, summary, input:not([type=hidden]), textarea, select, label.fc-slot'
)].filter(e => e.checkVisibility() && !e.closest('label.fc-slot input, p a')
    && !(e.matches('input[type=radio], input[type=checkbox]') && e.closest('label')))
  .map(e => {
    const box = e.getBoundingClientRect();
    return [e.outerHTML.slice(0, 120), box.width, box.height];
})"""
SMALL_TYPE = """size => [...document.querySelectorAll('body *')].filter(
    e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())
        && e.checkVisibility() && parseFloat(getComputedStyle(e).fontSize) < size
).map(e => e.outerHTML.slice(0, 120))"""
FOLDED = "() => document.querySelectorAll('details').forEach(e => { e.open = true; })"


@pytest.fixture(scope="module")
def context(chromium):
    """Yield a browser of nobody in particular."""
    context = chromium.new_context(timezone_id="America/Toronto", bypass_csp=True)
    yield context
    context.close()


def in_language(link, language):
    """Return an address that asks for a language."""
    parts = urlsplit(link)
    query = "&".join(filter(None, (parts.query, f"lang={language}")))
    return urlunsplit(parts._replace(query=query))


def complaints(page):
    """Return what axe finds wrong with a page as it is shown now."""
    results = Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}})
    return [
        f"{found['id']} ({found['impact']}): {node['html'][:200]}"
        for found in results.response["violations"]
        for node in found["nodes"]
    ]


def check(page, name):
    """Check the page that is open at all widths."""
    page.evaluate(FOLDED)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        wrong = complaints(page)
        assert not wrong, f"{name} at {width} px: {wrong}"
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{name}: {wide} px of content on {width} px"
        small = [
            control
            for control in page.evaluate(CONTROLS)
            if min(control[1:]) < TOUCH_PIXELS
        ]
        assert not small, f"{name} at {width} px, too small to touch: {small}"
    tiny = page.evaluate(SMALL_TYPE, SMALLEST_TYPE_PIXELS)
    assert not tiny, f"{name}, type too small: {tiny}"
    base = page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)")
    assert base >= BASE_TYPE_PIXELS


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing(public_pages, context, state, language):
    _running, pages = public_pages
    page = context.new_page()
    page.goto(in_language(pages[state], language))
    assert page.get_attribute("html", "lang") == language.replace("_", "-")
    check(page, f"{state} in {language}")
    page.close()


def test_every_state_is_checked(public_pages):
    _running, pages = public_pages
    assert set(pages) == set(STATES)
