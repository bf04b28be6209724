"""Chromium for the browser tests: the one on PATH, else the machine's package."""

import contextlib
import shutil

from . import apt
from .common import Problem, is_root, step

NAMES = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")
MISSING = (
    "no Chromium on PATH: the browser tests cannot run. "
    "As root: apt-get install chromium"
)


def find():
    """Return the path of a Chromium, '' if there is none."""
    return next((path for name in NAMES if (path := shutil.which(name))), "")


def ensure():
    """Return the path of a Chromium, installing the package when we are root."""
    if not find() and apt.available() and is_root():
        with (
            step("installing Chromium for the browser tests"),
            contextlib.suppress(Problem),
        ):
            apt.install(["chromium"], "Chromium")
    return find()
