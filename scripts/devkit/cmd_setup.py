"""scripts/setup: set up whatever is missing."""

import argparse

from . import browser, instance, postgres
from .common import main, say


def _setup():
    parser = argparse.ArgumentParser(
        prog="scripts/setup",
        description="Set up whatever is missing: Python packages, Odoo 19, PostgreSQL, "
        "Chromium. Idempotent; scripts/run and scripts/test do it by themselves.",
    )
    parser.add_argument(
        "--upgrade", action="store_true", help="fetch the newest Odoo 19.x"
    )
    options = parser.parse_args()
    ready = instance.setup(options.upgrade, with_browser=True)
    with postgres.server():
        instance.ensure_base(ready)
    say(f"Odoo {ready.source.version} from {ready.source.path}")
    say(f"PostgreSQL from {postgres.programs()}")
    say(f"Chromium: {browser.find() or browser.MISSING}")


if __name__ == "__main__":
    main(_setup)
