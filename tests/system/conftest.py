"""Real servers, real connections: what the whole-system tests stand on.

Everything here commits. Each database is made for one session and left behind for a
look after a failure; the next session makes it anew.
"""

import pytest
from devkit import demo, instance, postgres, server

RACE_DATABASE = "fusion_race"
DEMO_DATABASE = "fusion_system"


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
    from odoo.modules.registry import Registry  # noqa: PLC0415
    from odoo.tools import config  # noqa: PLC0415

    config.parse_config(["-d", RACE_DATABASE, "--max-cron-threads=0"])
    yield Registry(RACE_DATABASE)
    from odoo.sql_db import close_all  # noqa: PLC0415

    close_all()


@pytest.fixture(scope="session")
def system(ready):
    """Yield a running system on demo data: server, mail catcher, reminders sent."""
    demo.replace(ready, DEMO_DATABASE)
    with server.running(
        ready, DEMO_DATABASE, demo.PREPARE, "system", first_port=8200
    ) as (running, printed):
        yield running, demo.prepared(printed)
