"""The proxy in docs/operations.md: which paths its log masks and which it refuses."""

import re
from pathlib import Path

import pytest

SECRET = "aB3-_" * 8 + "xyZ"
MAP = r"map \$request_uri \$%s \{(.*?)\n\}"


def read_map(name):
    """Return the regular expressions of a map and their values, in their order."""
    text = (Path(__file__).parents[2] / "docs" / "operations.md").read_text()
    body = re.search(MAP % name, text, re.DOTALL)[1]
    rules = re.findall(r'^ +"~(\*?)(.+?)" +"?([^";]+)"?;', body, re.MULTILINE)
    return [
        (re.compile(rule.replace("(?<", "(?P<"), re.IGNORECASE if star else 0), value)
        for star, rule, value in rules
    ]


def mask(uri):
    """Return what the log says of an address."""
    ((rule, value),) = read_map("masked_uri")
    found = rule.search(uri)
    return value.replace("$front", found["front"]) if found else uri


def is_odd(uri):
    """Tell whether an address is refused."""
    for rule, value in read_map("odd_path"):
        if rule.search(uri):
            return value == "1"
    return False


@pytest.mark.parametrize("page", ("maintenance/book", "maintenance/opt-out"))
@pytest.mark.parametrize(
    "before",
    ("/repairs/", "//repairs/", "/fr/repairs/", "/fr_CA/repairs/", "/Repairs/"),
)
def test_the_secret_of_a_link_is_not_logged(before, page):
    for behind in ("", "/visit.ics", ").", "%C2%AD?lang=fr_CA", "/"):
        masked = mask(f"{before}{page}/{SECRET}{behind}")
        assert SECRET not in masked
        assert masked == f"{before}{page}/***"
    assert SECRET not in mask(f"{before}certificate/{SECRET}")
    assert SECRET not in mask(f"{before}{page.replace('/', '//')}//{SECRET}")


def test_other_addresses_are_logged():
    for uri in ("/web/login", "/odoo/repairs/1", "/my/repairs/equipment/7"):
        assert mask(uri) == uri


@pytest.mark.parametrize(
    ("uri", "odd"),
    (
        ("/web%00", True),
        ("/fr_CA/a%0D%0AX:y", True),
        ("/fr_CA/%0a", True),
        ("/a%7Fb", True),
        ("/a%1fb", True),
        ("/web/login?redirect=%0A", False),
        ("/odoo/a%20b%C3%A9", False),
        (f"/repairs/maintenance/book/{SECRET}%0D%0A", False),
    ),
)
def test_control_characters_are_refused(uri, odd):
    assert is_odd(uri) is odd
