"""Text of any language on the PDF documents of this addon.

The fonts are bundled, so nothing depends on those of the server: DejaVu Sans for Latin,
Greek, Cyrillic, Arabic and Hebrew, Droid Sans Fallback for Chinese, Japanese, Korean.
Those of India and South-East Asia are the server's: see ``pdf_scripts``.
Every run of characters gets the font that has it. Arabic letters are joined and
right-to-left text is put in reading order by two small libraries; on a server without
them a document is still made, with such text unshaped.
"""

import logging
import re
import unicodedata
from functools import cache, lru_cache
from html import escape
from pathlib import Path

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_CENTER, TA_LEFT, TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Paragraph

from .pdf_scripts import SCRIPTS, can_draw, draw_word, script_of, word_width

try:
    import arabic_reshaper
    from bidi.algorithm import get_display
except ImportError:  # documents are issued all the same
    arabic_reshaper = get_display = None

_logger = logging.getLogger(__name__)

FONTS = Path(__file__).parents[1] / "static" / "fonts"
REGULAR = "FusionSans"
BOLD = "FusionSans-Bold"
FALLBACK = "FusionFallback"
FILES = {
    REGULAR: "DejaVuSans.ttf",
    BOLD: "DejaVuSans-Bold.ttf",
    FALLBACK: "DroidSansFallback.ttf",
}
UNKNOWN = "\u25a1"  # in place of a character that no font has
INK = HexColor("#1f2933")
MUTED = HexColor("#52606d")
RIGHT_TO_LEFT = ("R", "AL")
BLANKS = re.compile(r"[^\S\n]+")


@cache
def _glyphs(font):
    """Register a font, once a process, and return the characters that it has."""
    registered = TTFont(font, FONTS / FILES[font])
    pdfmetrics.registerFont(registered)
    # reportlab cannot say beyond this what a glyph stands for: it could not be copied.
    return frozenset(code for code in registered.face.charToGlyph if code <= 0xFFFF)


@lru_cache(maxsize=1)
def register_fonts():
    """Make the bundled fonts known to reportlab; the large one waits for its use."""
    _glyphs(REGULAR)
    _glyphs(BOLD)
    pdfmetrics.registerFontFamily(
        REGULAR, normal=REGULAR, bold=BOLD, italic=REGULAR, boldItalic=BOLD
    )
    if get_display is None:
        _logger.warning(
            "arabic-reshaper and python-bidi are not installed: Arabic and Hebrew on "
            "PDF documents will not be in reading order"
        )


@cache
def style(size=9, *, bold=False, align="left", muted=False, after=0):
    """Return a paragraph style.

    :param size: of the letters, in points
    :param bold: whether all of it is bold
    :param align: left, center or right
    :param muted: whether in the colour of minor text
    :param after: points of space below
    """
    register_fonts()
    return ParagraphStyle(
        f"fusion-{size}-{bold}-{align}-{muted}-{after}",
        fontName=BOLD if bold else REGULAR,
        fontSize=size,
        leading=size * 1.32,
        textColor=MUTED if muted else INK,
        alignment={"left": TA_LEFT, "center": TA_CENTER, "right": TA_RIGHT}[align],
        spaceAfter=after,
        splitLongWords=True,
    )


def paragraph(text, paragraph_style=None, width=None):
    """Return a text as a flowable: escaped, in the right fonts, in reading order.

    Line breaks of the text are kept.

    :param text: plain text of any origin; None is empty
    :param paragraph_style: from :func:`style`
    :param width: points available; right-to-left text needs it to break its lines
        where they are read, other text wraps by itself
    """
    paragraph_style = paragraph_style or style()
    text = plain(text)
    if not _reads_from_right(text):
        written = markup(text, paragraph_style.fontName, paragraph_style.fontSize)
        return Paragraph(written, paragraph_style)
    lines = text.split("\n")
    if width:
        lines = [part for line in lines for part in _wrap(line, paragraph_style, width)]
    shaped = "\n".join(shape(line) for line in lines)
    block = len(lines) > 1 and _base_direction(text) == "R"
    if block and paragraph_style.alignment == TA_LEFT:
        paragraph_style = ParagraphStyle(
            f"{paragraph_style.name}-rtl", paragraph_style, alignment=TA_RIGHT
        )
    written = markup(shaped, paragraph_style.fontName, paragraph_style.fontSize)
    return Paragraph(written, paragraph_style)


def plain(text):
    """Return a text without what cannot or must not be printed.

    Control characters and marks that turn the direction around them go; blanks are
    collapsed, line breaks stay.

    >>> plain("Dog\\x00  here\\r\\nand \\u202egib")
    'Dog here\\nand gib'
    """
    text = str(text or "").replace("\r\n", "\n").replace("\r", "\n")
    kept = (
        char
        for char in unicodedata.normalize("NFC", text)
        if char in "\n\t"
        or (
            unicodedata.category(char) not in ("Cc", "Cf", "Cs")
            and not "\ufe00" <= char <= "\ufe0f"
        )
    )
    return BLANKS.sub(_blank, "".join(kept)).strip()


def _blank(match):
    """Keep the blanks that hold a number and its unit together."""
    return match[0] if match[0] in ("\xa0", "\u202f") else " "


def shape(line):
    """Return one line as it is drawn from left to right."""
    if get_display is None or not _reads_from_right(line):
        return line
    joined = arabic_reshaper.reshape(line)
    return get_display(joined, base_dir=_base_direction(line))


def markup(text, font=REGULAR, size=9):
    """Return a text as reportlab's markup: escaped, each run in a font that has it.

    Words of a script that reportlab cannot shape become pictures.

    >>> markup("<b> & co\\n2", "FusionSans")
    '&lt;b&gt; &amp; co<br/>2'
    """
    register_fonts()
    parts = []
    for name, written in _runs(text, font):
        if name is None:
            parts.append(_replace_unknown(written))
            continue
        if name in SCRIPTS:
            parts.append(draw_word(written, name, size, font == BOLD))
            continue
        written = escape(written, quote=False).replace("\n", "<br/>")
        parts.append(
            written if name == font else f'<font name="{name}">{written}</font>'
        )
    return "".join(parts)


def _replace_unknown(run):
    """Return one box for each character that no font has, none for mere modifiers."""
    return "".join(
        UNKNOWN for char in run if unicodedata.category(char) not in ("Mn", "Me", "Sk")
    )


def _font_of(char, font):
    script = script_of(char)
    if script and can_draw(script):
        return script
    if char == "\n" or ord(char) in _glyphs(font):
        return font
    if ord(char) in _glyphs(REGULAR):
        return REGULAR
    return FALLBACK if ord(char) in _glyphs(FALLBACK) else None


def _runs(text, font):
    """Return (font, characters) for each run of one font; font None: none has them."""
    runs = []
    for char in text:
        name = _font_of(char, font)
        if runs and runs[-1][0] == name:
            runs[-1][1].append(char)
        else:
            runs.append((name, [char]))
    return [(name, "".join(run)) for name, run in runs]


def _reads_from_right(text):
    return any(unicodedata.bidirectional(char) in RIGHT_TO_LEFT for char in text)


def _base_direction(text):
    """Return R or L: the direction of the first letter that has one."""
    for char in text:
        direction = unicodedata.bidirectional(char)
        if direction in RIGHT_TO_LEFT:
            return "R"
        if direction == "L":
            return "L"
    return "L"


def _wrap(line, paragraph_style, width):
    """Return a line of text broken to a width, in the order in which it is read."""
    lines, current = [], ""
    for word in line.split(" "):
        longer = f"{current} {word}" if current else word
        if current and text_width(longer, paragraph_style) > width:
            lines.append(current)
            longer = word
        current = longer
        while text_width(current, paragraph_style) > width and len(current) > 1:
            cut = _fitting(current, paragraph_style, width)
            lines.append(current[:cut])
            current = current[cut:]
    return [*lines, current]


def _fitting(word, paragraph_style, width):
    """Return how many characters of a word too long for a line fit on it."""
    cut = len(word) - 1
    while cut > 1 and text_width(word[:cut], paragraph_style) > width:
        cut -= 1
    return cut


def text_width(text, paragraph_style):
    """Return the width of a line of text in points."""
    register_fonts()
    shaped = shape(text)
    font, size = paragraph_style.fontName, paragraph_style.fontSize
    return sum(
        word_width(run, name, size, font == BOLD)
        if name in SCRIPTS
        else pdfmetrics.stringWidth(run, name or font, size)
        for name, run in _runs(shaped, font)
    )
