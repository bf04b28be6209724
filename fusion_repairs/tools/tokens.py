"""The secrets in our links, and what mail programs put around them."""

import re
import unicodedata
from urllib.parse import unquote

# What secrets.token_urlsafe(32) makes.
TOKEN_PATTERN = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
# The addresses of our public pages, as somebody may have copied or typed them.
ADDRESS = re.compile(
    r"/+repairs/+(?P<page>maintenance/+book|maintenance/+opt-out|certificate)/+"
    r"(?P<rest>.+)",
    re.ASCII | re.IGNORECASE | re.DOTALL,
)
ACTION = re.compile(
    r"/(visit\.ics|document/[a-z0-9-]+|confirm|move|cancel|callback|details)"
    r"(?![\w-])",
    re.ASCII,
)
# The end of a tag around the link is no page below it.
FURTHER = re.compile(r"(?<!<)/(?:\w|\.\./)")
LONGEST_PATH = 2000
# Hyphens that look alike; word processors make one long dash of two.
HYPHENS = re.compile("[\u2010-\u2012\u2212\ufe63]")
DASHES = re.compile("[\u2013\u2014]")
INVISIBLE = ("Cc", "Cf", "Cs")
# A line of a mail that was broken: the mark of its encoding, then the line's end.
BREAKS = re.compile(r"=?\s+")
# What cannot be told apart when read off paper, and what a keyboard makes small.
LOOK_ALIKE, LOOKS = "oilszb_", "011528-"
FOLDED = "translate(lower({column}), '%s', '%s')" % (LOOK_ALIKE, LOOKS)


def read_token(text):
    """Return the secret in what was copied from a mail, "" if there is none.

    Dots, brackets, quotes and blanks around it do no harm, nor does a soft hyphen or
    the end of a line in its midst.

    >>> read_token("(" + "A1-_" * 10 + "A1\\u00adA).")
    'A1-_A1-_A1-_A1-_A1-_A1-_A1-_A1-_A1-_A1-_A1A'
    """
    text = _tidy(text)
    for dash in ("-", "--"):
        found = TOKEN_PATTERN.search(DASHES.sub(dash, text))
        if found:
            return found[0]
    return ""


def clean_path(path):
    """Return the path of a public page without what a mail program added to it.

    Any other path is returned as it is.
    """
    found = len(path) <= LONGEST_PATH and ADDRESS.match(path)
    token = found and read_token(found["rest"])
    if not token:
        return path
    page = re.sub("/+", "/", found["page"].lower())
    action = ACTION.search(found["rest"]) if page.endswith("/book") else None
    if not action and FURTHER.search(found["rest"]):
        return path
    return f"/repairs/{page}/{token}{action[0] if action else ''}"


def fold_token(token):
    """Return a secret with one character for all that look alike."""
    return token.lower().translate(str.maketrans(LOOK_ALIKE, LOOKS))


def _tidy(text):
    """Return a text decoded as often as it was encoded, without what is not seen."""
    for _time in range(2):
        text = unquote(text, errors="ignore")
    text = unicodedata.normalize("NFKC", text).replace("=3D", "=")
    text = BREAKS.sub("", text)
    text = "".join(c for c in text if unicodedata.category(c) not in INVISIBLE)
    return HYPHENS.sub("-", text)
