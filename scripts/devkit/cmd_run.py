"""scripts/run: set up, start the system on demo data, print the booking link."""

import argparse
import time
import urllib.request

from . import demo, instance, postgres, server, walkthrough
from .common import STATE, lock, main, say, step

WALK_DATABASE = "demo_walkthrough"
BUSY = "scripts/run is already running on this checkout; stop it with Ctrl-C first."


def _options():
    parser = argparse.ArgumentParser(
        prog="scripts/run",
        description="Set up whatever is missing, then start the system on demo data: "
        "Odoo, a mail catcher, the reminder job once. Ctrl-C stops all of it.",
    )
    parser.add_argument(
        "--walkthrough",
        action="store_true",
        help="drive one cycle over HTTP and the mail catcher, print each step, end",
    )
    parser.add_argument("--fresh", action="store_true", help="make a new demo database")
    parser.add_argument(
        "--port", type=int, default=8069, help="first port to try (default 8069)"
    )
    return parser.parse_args()


def _greet(system, facts):
    say()
    say(f"  The system is up:   {system.url}")
    say("  Logins (password = login name):   " + "   ".join(demo.LOGINS))
    say()
    say(f"  {facts['client']}: {facts['unit']}, due {facts['due']}. The booking link:")
    say(f"  {facts['link']}")
    say()
    say(f"  Caught mails:  {system.mails}")
    say(f"  Server log:    {STATE / 'log' / 'run.log'}")
    say("  Ctrl-C stops everything.")


def _warm(url):
    """Have the style sheets and scripts built before a person waits for them."""
    with urllib.request.urlopen(f"{url}/web/login", timeout=180) as answer:
        answer.read()


def _serve(ready, options):
    with server.running(ready, demo.DATABASE, demo.PREPARE, "run", options.port) as (
        system,
        printed,
    ):
        if not system.url.endswith(f":{options.port}"):
            say(f"  note: port {options.port} is taken; using {system.url} instead.")
        with step("building the style sheets for the first page"):
            _warm(system.url)
        _greet(system, demo.prepared(printed))
        while True:
            time.sleep(3600)


def _walk(ready):
    # A database of its own: the walk uses up the client who is due.
    demo.replace(ready, WALK_DATABASE)
    with server.running(ready, WALK_DATABASE, demo.PREPARE, "walkthrough", 8090) as (
        system,
        printed,
    ):
        walkthrough.main(system, demo.prepared(printed))


def _run():
    options = _options()
    ready = instance.setup()
    if options.walkthrough:
        with postgres.server():
            return _walk(ready)
    with lock("run", busy=BUSY), postgres.server():
        demo.ensure(ready, fresh=options.fresh)
        return _serve(ready, options)


if __name__ == "__main__":
    main(_run)
