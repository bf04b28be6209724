"""scripts/lint: ruff and pylint-odoo, as scripts/test runs them."""

import argparse
import subprocess

from . import instance
from .common import ADDONS, ROOT, Problem, main, say


def lint(ready, fix=False):
    """Run all linters over the tree.

    :param fix: let ruff format and mend what it can first
    :raises Problem: when one of them finds something
    """
    tools = ready.python.parent
    ruff = [str(tools / "ruff")]
    pylint = [str(tools / "pylint"), "--rcfile=.pylintrc", "--score=n", "-j2"]
    commands = [
        [*ruff, "format", *(() if fix else ("--check",)), "."],
        [*ruff, "check", *(("--fix",) if fix else ()), "."],
        [*pylint, *ADDONS],
    ]
    for command in commands:
        done = subprocess.run(
            command, cwd=ROOT, check=False, env=instance.environment(ready)
        )
        if done.returncode:
            raise Problem(
                f"{' '.join(command[1:3])} found something to mend (scripts/lint --fix "
                "does part of it)"
            )


def _lint():
    parser = argparse.ArgumentParser(prog="scripts/lint", description=__doc__)
    parser.add_argument("--fix", action="store_true", help="format and mend first")
    options = parser.parse_args()
    lint(instance.setup(), options.fix)
    say("lint: clean")


if __name__ == "__main__":
    main(_lint)
