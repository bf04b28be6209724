"""The plain text of our mails: for readers without HTML, and for those read aloud."""

import re

from lxml import html

SKIPPED = {"style", "script", "head", "title", "meta", "template"}
PARAGRAPHS = {"p", "table", "ul", "ol", "h1", "h2", "h3", "blockquote"}
LINES = {"div", "tr", "li", "br"}
HIDDEN = re.compile(r"display\s*:\s*none")
BLANKS = re.compile(r"[ \t\r\n\xa0]+")
BREAK, GAP = "\n", "\n\n"


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
    text = "".join(pieces)
    text = re.sub(r" *\n *", BREAK, text)
    text = re.sub(r"\n{3,}", GAP, text)
    return re.sub(r" {2,}", " ", text).strip() + BREAK


def _walk(node, pieces):
    """Add the text of a node, of what is in it and of what follows it."""
    if isinstance(node.tag, str) and not _is_hidden(node):
        edge = GAP if node.tag in PARAGRAPHS else BREAK if node.tag in LINES else ""
        pieces.append(edge)
        if node.tag == "a":
            pieces.append(_say_link(node))
        else:
            pieces.append(_squeeze(node.text))
            for child in node:
                _walk(child, pieces)
        if node.tag == "td" and node.getnext() is not None:
            pieces.append(": ")
        pieces.append(edge if node.tag != "br" else "")
    pieces.append(_squeeze(node.tail))


def _is_hidden(node):
    return node.tag in SKIPPED or bool(HIDDEN.search(node.get("style") or ""))


def _squeeze(text):
    return BLANKS.sub(" ", text or "")


def _say_link(node):
    """Return a link as "words: address"; the address alone where the words are it."""
    words = _squeeze(node.text_content()).strip()
    address = node.get("href") or ""
    if not address.startswith(("http://", "https://")) or words == address:
        return words
    return f"{words}:{BREAK}{address}{BREAK}"
