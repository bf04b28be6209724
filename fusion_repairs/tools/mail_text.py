"""The plain text of our mails: for readers without HTML, and for those read aloud."""

import re

from lxml import html

SKIPPED = {"style", "script", "head", "title", "meta", "template"}
PARAGRAPHS = {"p", "table", "ul", "ol", "h1", "h2", "h3", "blockquote"}
LINES = {"div", "tr", "li", "br"}
HIDDEN = re.compile(r"display\s*:\s*none")
BLANKS = re.compile(r"[ \t\r\n\xa0]+")
# Marks of where a line or a paragraph ends; several in a row are one.
BREAK, GAP = "\x01", "\x02"
EDGES = re.compile(r"[ \x01\x02]*([\x01\x02])[ \x01\x02]*")


def html_to_text(body):
    """Return the text of a mail.

    A link is followed by its address unless it shows it, the cells of a row are told
    apart by a colon ("Total: $202.27"), and what the page hides stays hidden.

    :param body: HTML of the mail
    :return: plain text, paragraphs parted by an empty line
    """
    if not (body and body.strip()):
        return ""
    pieces = []
    _walk(html.fromstring(f"<div>{body}</div>"), pieces)
    text = re.sub(r" {2,}", " ", "".join(pieces))
    text = EDGES.sub(lambda edge: "\n\n" if GAP in edge[0] else "\n", text)
    return text.strip() + "\n"


def _walk(node, pieces):
    """Add the text of a node, of what is in it and of what follows it."""
    if isinstance(node.tag, str) and not _is_hidden(node):
        edge = GAP if node.tag in PARAGRAPHS else BREAK if node.tag in LINES else ""
        pieces.append(edge)
        if node.tag == "a":
            pieces.append(_format_link(node))
        else:
            pieces.append(_squeeze(node.text))
            for child in node:
                _walk(child, pieces)
        if node.tag == "td" and node.getnext() is not None:
            pieces.append(_get_colon(node))
        pieces.append(edge)
    pieces.append(_squeeze(node.tail))


def _is_hidden(node):
    return node.tag in SKIPPED or bool(HIDDEN.search(node.get("style") or ""))


def _squeeze(text):
    return BLANKS.sub(" ", text or "")


def _get_colon(node):
    """Return a colon as the language of the mail sets it."""
    (lang, *_outer) = node.xpath("ancestor-or-self::*[@lang][1]/@lang") or [""]
    return "\N{NO-BREAK SPACE}: " if lang.startswith("fr") else ": "


def _format_link(node):
    """Return a link as "words: address"; the address alone where the words are it."""
    words = _squeeze(node.text_content()).strip()
    address = node.get("href") or ""
    if not address.startswith(("http://", "https://")) or words == address:
        return words
    return f"{words}{_get_colon(node).rstrip()}{BREAK}{address}{BREAK}"
