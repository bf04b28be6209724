"""Real servers, real connections: what the whole-system tests stand on.

Everything here commits. Each database is made for one session and left behind for a
maintain a failure; the next session makes it anew.
"""

import json
from contextlib import contextmanager

import pytest
from devkit import browser, demo, instance, postgres, server
from playwright.sync_api import sync_playwright
from support import race

RACE_DATABASE = "fusion_race"
CLAIMS_DATABASE = "fusion_claims"
DEMO_DATABASE = "fusion_system"
PAGES_DATABASE = "fusion_pages"
PAGES = """
import json
from support import public_states
pages = public_states.make(env)
env.cr.commit()
print("PAGES " + json.dumps(pages))
"""


@pytest.fixture(scope="session")
def ready():
    """Yield a set-up Odoo with the database server up."""
    ready = instance.setup()
    with postgres.server():
        yield ready


@pytest.fixture(scope="session")
def registry(ready):
    """Yield Odoo's registry of an empty database, in this process, committing."""
    instance.replace(ready, RACE_DATABASE)
    with open_registry(RACE_DATABASE) as opened:
        yield opened


@pytest.fixture(scope="session")
def arena(registry):
    """Yield an arena for contenders on the race database."""
    return race.Arena(registry)


@pytest.fixture(scope="session")
def claims(ready):
    """Yield the registry of a database with the stand-in for funding claims."""
    instance.replace(ready, CLAIMS_DATABASE)
    instance.install(ready, CLAIMS_DATABASE, "-i", ["fusion_claims_standin"])
    with open_registry(CLAIMS_DATABASE) as opened:
        yield opened


@pytest.fixture(scope="session")
def open_database():
    """Return a context manager: Odoo's registry of a database of the test's own."""
    return open_registry


@contextmanager
def open_registry(database):
    """Yield Odoo's registry of a database, in this process."""
    from odoo.modules.registry import Registry  # noqa: PLC0415
    from odoo.sql_db import close_db  # noqa: PLC0415
    from odoo.tools import config  # noqa: PLC0415

    config.parse_config(["-d", database, "--max-cron-threads=0"])
    yield Registry(database)
    close_db(database)


@pytest.fixture(scope="session")
def system(ready):
    """Yield a running system on demo data: server, mail catcher, reminders sent."""
    demo.replace(ready, DEMO_DATABASE)
    with server.running(
        ready, DEMO_DATABASE, demo.PREPARE, "system", first_port=8200
    ) as (running, printed):
        yield running, demo.prepared(printed)


@pytest.fixture(scope="session")
def public_pages(ready):
    """Yield a running system, and the addresses of all states of the public pages."""
    instance.replace(ready, PAGES_DATABASE)
    with server.running(ready, PAGES_DATABASE, PAGES, "pages", first_port=8780) as (
        running,
        printed,
    ):
        yield running, json.loads(printed.partition("PAGES ")[2].splitlines()[0])


@pytest.fixture(scope="session")
def chromium():
    """Yield the machine's Chromium."""
    path = browser.find()
    if not path:
        pytest.fail(browser.MISSING)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu"]
        )
        yield chromium
        chromium.close()
