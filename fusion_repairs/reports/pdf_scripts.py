"""Scripts whose letters join and move: drawn by a library that shapes them.

reportlab puts one letter beside the other, which is no word in Devanagari or Tamil.
Pillow shapes text where it was built with Raqm, as Debian's is; the word becomes a
small picture in the line. The fonts are those of Debian's fonts-noto-core. Without
either, the document is made with boxes in place of the letters.
"""

import base64
import io
import logging
import os
from functools import cache, lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont, features

_logger = logging.getLogger(__name__)

# Unicode has a block for each, and Noto a font.
SCRIPTS = {
    "Devanagari": (0x0900, 0x097F),
    "Bengali": (0x0980, 0x09FF),
    "Gurmukhi": (0x0A00, 0x0A7F),
    "Gujarati": (0x0A80, 0x0AFF),
    "Oriya": (0x0B00, 0x0B7F),
    "Tamil": (0x0B80, 0x0BFF),
    "Telugu": (0x0C00, 0x0C7F),
    "Kannada": (0x0C80, 0x0CFF),
    "Malayalam": (0x0D00, 0x0D7F),
    "Sinhala": (0x0D80, 0x0DFF),
    "Thai": (0x0E00, 0x0E7F),
    "Myanmar": (0x1000, 0x109F),
    "Khmer": (0x1780, 0x17FF),
}
FOLDER = Path("fonts/truetype/noto")
DATA_DIRS = "/usr/local/share:/usr/share"
SCALE = 6  # pixels a point: more than a printer shows
INK = (0x1F, 0x29, 0x33, 0xFF)


def script_of(char):
    """Return the script of a character that has to be shaped, or None.

    >>> script_of("ਸ"), script_of("a")
    ('Gurmukhi', None)
    """
    code = ord(char)
    if not 0x0900 <= code <= 0x17FF:
        return None
    for script, (first, last) in SCRIPTS.items():
        if first <= code <= last:
            return script
    return None


def can_draw(script):
    """Tell whether words of a script can be drawn on this server."""
    return bool(features.check("raqm") and _find_font(script, bold=False))


@cache
def _find_font(script, bold):
    """Return the file of a script's font, the regular one where there is no bold."""
    folders = os.environ.get("XDG_DATA_DIRS") or DATA_DIRS
    names = [f"NotoSans{script}-Regular.ttf"]
    if bold:
        names.insert(0, f"NotoSans{script}-Bold.ttf")
    for name in names:
        for folder in folders.split(":"):
            path = Path(folder) / FOLDER / name
            if path.is_file():
                return str(path)
    _logger.warning(
        "The font %s is not installed (Debian: fonts-noto-core): names in that script "
        "print as boxes on PDF documents",
        names[-1],
    )
    return None


@lru_cache(maxsize=64)
def _load_font(path, pixels):
    return ImageFont.truetype(path, pixels, layout_engine=ImageFont.Layout.RAQM)


@lru_cache(maxsize=256)
def draw_word(word, script, size, bold=False):
    """Return a word as reportlab's markup of a picture in the line.

    :param word: in letters of one script
    :param script: from :func:`script_of`
    :param size: of the letters, in points
    """
    font = _load_font(_find_font(script, bold), round(size * SCALE))
    left, top, right, bottom = font.getbbox(word, anchor="ls")
    # Room for what shaping puts above and below a line of Latin letters.
    picture = Image.new("RGBA", (max(right - left, 1), max(bottom - top, 1)))
    ImageDraw.Draw(picture).text((-left, -top), word, INK, font=font, anchor="ls")
    written = io.BytesIO()
    picture.save(written, "PNG")
    data = base64.b64encode(written.getvalue()).decode()
    width, height = picture.width / SCALE, picture.height / SCALE
    return (
        f'<img src="data:image/png;base64,{data}" width="{width:.2f}" '
        f'height="{height:.2f}" valign="{-bottom / SCALE:.2f}"/>'
    )


def word_width(word, script, size, bold=False):
    """Return the width of a word in points."""
    font = _load_font(_find_font(script, bold), round(size * SCALE))
    return font.getlength(word) / SCALE
