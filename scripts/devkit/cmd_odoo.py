"""scripts/odoo ARGS…: the project's Odoo with its configuration, database server up."""

import subprocess
import sys

from . import instance, postgres
from .common import ROOT, main, say

USAGE = """usage: scripts/odoo ARGS…

Run the project's Odoo 19 with its configuration; the private PostgreSQL is started and
stopped around it. All of Odoo's own arguments and commands work:

  scripts/odoo shell -d demo
  scripts/odoo -d x -i fusion_repairs --stop-after-init
  scripts/odoo db duplicate demo copy
  scripts/odoo --help-odoo              Odoo's own help

Three commands of our own:
  scripts/odoo create NAME [MODULE…]    new database, quickly, from a prepared template
  scripts/odoo psql [DATABASE]          a psql in the private cluster
  scripts/odoo exec COMMAND…            any command with the project's environment
"""


def _own_command(args, ready):
    """Run one of our own commands; None when it is not one."""
    if args[0] == "create" and len(args) > 1:
        instance.create(ready, args[1], args[2:])
        say(f"database {args[1]} is ready")
        return 0
    if args[0] == "psql":
        args = ["exec", "psql", args[1] if len(args) > 1 else "postgres"]
    if args[0] == "exec":
        environment = instance.environment(ready)
        return subprocess.call(args[1:], env=environment)
    return None


def _odoo():
    args = sys.argv[1:]
    if not args or args[0] in ("-h", "--help"):
        say(USAGE)
        return 0
    if args == ["--help-odoo"]:
        args = ["--help"]
    ready = instance.setup()
    with postgres.server():
        code = _own_command(args, ready)
        if code is not None:
            return code
        environment = instance.environment(ready)
        return subprocess.call(
            instance.command(ready, *args), env=environment, cwd=ROOT
        )


if __name__ == "__main__":
    main(_odoo)
