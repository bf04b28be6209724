"""The fonts of Indian and South-East Asian scripts, which the PDF documents use."""

import os
from pathlib import Path

from . import apt
from .common import STATE, Problem, say, step

PACKAGE = "fonts-noto-core"
SAMPLE = "fonts/truetype/noto/NotoSansGurmukhi-Regular.ttf"
FOLDER = STATE / "fonts"
DATA_DIRS = "/usr/local/share:/usr/share"


def data_dirs():
    """Return where to look for fonts: the machine's own folders, then the fetched."""
    folders = os.environ.get("XDG_DATA_DIRS") or DATA_DIRS
    return f"{folders}:{FOLDER / 'usr' / 'share'}"


def ensure():
    """Fetch the fonts where the machine has none; without them documents show boxes."""
    if any((Path(folder) / SAMPLE).is_file() for folder in data_dirs().split(":")):
        return
    sources = apt.machine_sources() if apt.available() else []
    if not sources:
        say(f"    note: {PACKAGE} is missing; some names on documents print as boxes")
        return
    ubuntu = sources[0][0].rstrip("/").endswith("/ubuntu")
    archive = apt.PrivateArchive(
        "fonts", sources, "main universe" if ubuntu else "main"
    )
    with step("fetching fonts for names in Indian and Thai letters (about 12 MB)"):
        try:
            archive.update()
            archive.download(PACKAGE, FOLDER)
        except Problem as problem:
            say(f"    note: no {PACKAGE}; some names on documents print as boxes")
            say(f"    ({problem})")
        archive.remove()
