"""Every page a client can get to, judged by axe-core in a real browser.

Each state in English and French, at the widths of a small phone, a tablet and a desk:
the rules of WCAG 2.2 A and AA and axe's best practices, without exception. Besides
what axe does not measure: the size of type and of what one touches, no sideways
scrolling at 320 px (the same as 400 % of zoom on a desk), forced colours, no script.

``FUSION_PICTURES=docs/images`` writes the pictures of the documentation.
"""

import json
import os
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from devkit.common import STATE
from devkit.visitor import Visitor, form_to

LANGUAGES = ("en_CA", "fr_CA")
WIDTHS = (320, 768, 1280)
TAGS = [
    *("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"),
    "best-practice",
]
# Of what is right, axe need not tell the elements: that is most of its work.
AXE_OPTIONS = {
    "runOnly": {"type": "tag", "values": TAGS},
    "resultTypes": ["violations"],
}
RUN_AXE = f"axe.run(document, {json.dumps(AXE_OPTIONS)}).then(r => r.violations)"
STATES = (
    "choose", "more", "taken", "nothing_chosen", "phone_missing", "email_wrong",
    "emails_many", "units", "units_not_told", "units_booked", "taken_off",
    "no_slots",
    "callback_asked", "booked", "moved", "noted_wrong", "move", "late", "on_the_way",
    "at_work", "past", "done", "unsafe", "unscheduled", "paused", "cancelled",
    "expired",
    "opt_out", "opted_out", "certificate", "certificate_conditions",
    "certificate_unknown",
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
BORDER = """e => {
    const style = getComputedStyle(e);
    return style.borderTopColor + style.borderTopStyle + style.borderTopWidth;
}"""
SPREAD_OUT = """* {
    line-height: 1.5 !important; letter-spacing: 0.12em !important;
    word-spacing: 0.16em !important;
} p { margin-bottom: 2em !important; }"""
BEYOND = """() => [...document.querySelectorAll('body *')].filter(
    e => e.checkVisibility() && e.getBoundingClientRect().right > window.innerWidth
).map(e => e.outerHTML.slice(0, 120))"""
PICTURES = STATE / "pictures"
DOCS = os.environ.get("FUSION_PICTURES", "")
DOCUMENTED = (
    ("choose", "choose", "en_CA"),
    ("choose-fr", "choose", "fr_CA"),
    ("units", "units", "en_CA"),
    ("taken", "taken", "en_CA"),
    ("booked", "booked", "en_CA"),
    ("booked-fr", "booked", "fr_CA"),
    ("move", "move", "en_CA"),
    ("no-slots", "no_slots", "en_CA"),
    ("done", "done", "en_CA"),
)
PHONE = {"width": 390, "height": 844}
MOST_PAGE_BYTES = 25_000
# Of a phone, down to the button that books or moves.
MOST_SCREENS = (
    ("choose", "confirm", 3.6),
    ("units", "confirm", 4.0),
    ("more", "confirm", 3.8),
    ("move", "move", 2.5),
)
MOST_BYTES, TALLEST = 150_000, 1500
FOLDED = "() => document.querySelectorAll('details').forEach(e => { e.open = true; })"


@pytest.fixture(scope="module", autouse=True)
def pictures():
    """Make the folder for what the browser shows."""
    PICTURES.mkdir(exist_ok=True)


@pytest.fixture(scope="module")
def context(chromium):
    """Yield a browser of nobody in particular."""
    context = with_axe(chromium, timezone_id="America/Toronto")
    yield context
    context.close()


def with_axe(chromium, **options):
    """Return a browser of nobody in particular, with axe in every page it opens."""
    context = chromium.new_context(bypass_csp=True, **options)
    context.add_init_script(Axe().axe_script)
    return context


def in_language(link, language):
    """Return an address that asks for a language."""
    parts = urlsplit(link)
    query = "&".join(filter(None, (parts.query, f"lang={language}")))
    return urlunsplit(parts._replace(query=query))


def complaints(page):
    """Return what axe finds wrong with a page as it is shown now."""
    return [
        f"{found['id']} ({found['impact']}): {node['html'][:200]}"
        for found in page.evaluate(RUN_AXE)
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
    assert {name for name in pages if not name.startswith("tour")} == set(STATES)


def test_the_checks_notice_what_is_wrong(public_pages, context):
    _running, pages = public_pages
    page = context.new_page()
    page.goto(pages["choose"])
    page.evaluate(
        "document.documentElement.removeAttribute('lang');"
        "document.querySelector('label[for=fc-note]').remove();"
        "document.querySelector('h1').style.color = '#bbb'"
    )
    found = {complaint.partition(" ")[0] for complaint in complaints(page)}
    assert found >= {"html-has-lang", "label", "color-contrast"}, found
    page.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_too_many_forms_and_forms_out_of_date(public_pages, context, language):
    """The pages that answer a form which cannot be taken."""
    running, pages = public_pages
    # A client for each: the limit is of the link.
    link = pages["choose" if language == "en_CA" else "units"]
    link = in_language(link, language)
    page = context.new_page()
    page.goto(link)
    page.locator("input[name=csrf_token]").first.evaluate("e => { e.value = 'old'; }")
    page.locator("input[name=slot]").first.check()
    page.locator("form[action$='/confirm'] button").click()
    assert page.locator("h1").count() == 1 and not page.locator("input").count()
    check(page, f"form out of date in {language}")
    visitor = Visitor(running.url + urlsplit(link).path)
    fields, _slots = form_to(visitor.get().text, "confirm")
    for _post in range(POSTS_ALLOWED):
        visitor.post("confirm", fields)
    page.goto(link)
    page.locator("input[name=slot]").first.check()
    with page.expect_response("**/confirm") as answer:
        page.locator("form[action$='/confirm'] button").click()
    assert answer.value.status == 429
    check(page, f"too many forms in {language}")
    page.close()


@pytest.mark.parametrize("state", ("choose", "booked", "units", "opt_out"))
def test_in_the_dark_and_with_text_spread_out(public_pages, chromium, state):
    """Dark colours keep their contrast; spaced text (1.4.12) still fits."""
    _running, pages = public_pages
    context = with_axe(
        chromium, color_scheme="dark", viewport={"width": 320, "height": 900}
    )
    page = context.new_page()
    page.goto(pages[state])
    page.evaluate(FOLDED)
    assert not complaints(page)
    page.add_style_tag(content=SPREAD_OUT)
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 320, page.evaluate(BEYOND)
    context.close()


@pytest.mark.parametrize("state", ("choose", "booked", "units", "no_slots"))
def test_in_forced_colours(public_pages, chromium, state):
    """Borders take over from colours: of what is chosen, and of the focus."""
    _running, pages = public_pages
    context = with_axe(
        chromium, forced_colors="active", viewport={"width": 768, "height": 900}
    )
    page = context.new_page()
    page.goto(pages[state])
    wrong = [one for one in complaints(page) if not one.startswith("color-contrast")]
    assert not wrong, wrong
    slots = page.locator("label.fc-slot")
    if slots.count():
        slots.first.click()
        chosen, other = (slots.nth(n).evaluate(BORDER) for n in (0, 1))
        assert chosen != other, "what is chosen looks like the rest"
    for button in page.locator(".fc-button").all():
        assert button.evaluate("e => getComputedStyle(e).borderStyle") == "solid"
    page.screenshot(path=PICTURES / f"forced-{state}.png", full_page=True)
    context.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_phone_has_little_to_scroll(public_pages, chromium, language):
    """A few screens to the button, the chosen time beside it, small pages."""
    _running, pages = public_pages
    page = chromium.new_page(viewport=PHONE)
    for state in STATES:
        answer = page.goto(in_language(pages[state], language))
        assert len(answer.body()) < MOST_PAGE_BYTES, state
    for state, action, screens in MOST_SCREENS:
        page.goto(in_language(pages[state], language))
        button = page.locator(f"form[action$='/{action}'] button[type=submit]")
        bottom = button.evaluate("e => e.getBoundingClientRect().bottom + scrollY")
        assert bottom / PHONE["height"] <= screens, state
        page.locator("label.fc-slot:visible").first.click()
        recap = page.locator(".fc-chosen")
        button.scroll_into_view_if_needed()
        assert recap.locator("[class^=fc-c]:visible").count() == 1
        assert recap.evaluate("e => e.getBoundingClientRect().top") > 0
    page.close()


@pytest.mark.skipif(not DOCS, reason="expected: only to renew the documentation")
@pytest.mark.parametrize(("name", "state", "language"), DOCUMENTED)
def test_pictures_for_the_documentation(public_pages, chromium, name, state, language):
    _running, pages = public_pages
    for width in WIDTHS:
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, timezone_id="America/Toronto"
        )
        page = context.new_page()
        page.goto(in_language(pages[state], language))
        path = Path(DOCS) / f"public-{name}-{width}.png"
        height = page.evaluate("document.documentElement.scrollHeight")
        clip = {"x": 0, "y": 0, "width": width, "height": min(height, TALLEST)}
        page.screenshot(path=path, full_page=True, clip=clip)
        shrink(path)
        assert path.stat().st_size < MOST_BYTES
        context.close()


def shrink(path):
    """Keep 64 colours of a picture: text and plain surfaces need no more."""
    from PIL import Image  # noqa: PLC0415

    with Image.open(path) as picture:
        small = picture.convert("RGB").quantize(64, dither=Image.Dither.NONE)
    small.save(path, optimize=True)
