"""scripts/clean: remove the state folder."""

import argparse
import shutil

from . import postgres, python_env
from .common import STATE, main, say


def _clean():
    parser = argparse.ArgumentParser(
        prog="scripts/clean",
        description=f"Remove all state of the project, {STATE} (Odoo, databases, "
        "mails, packages). The checkout is not touched; scripts/run sets up anew.",
    )
    parser.add_argument("--yes", action="store_true", help="do not ask")
    options = parser.parse_args()
    if not STATE.exists():
        say("nothing to remove.")
        return 0
    if not options.yes:
        answer = input(f"Remove {STATE} with all its databases? [y/N] ")
        if answer.strip().lower() not in ("y", "yes"):
            say("kept.")
            return 0
    if python_env.PYTHON.exists():
        postgres.stop()
    shutil.rmtree(STATE)
    say(f"removed {STATE}")
    return 0


if __name__ == "__main__":
    main(_clean)
