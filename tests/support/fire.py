"""Worker processes that run the scheduler of a database and get killed (for the tests).

A worker is a fork of this process with connections of its own: it starts at once, and
SIGKILL leaves no time for anything, as when a server loses its power.
"""

import contextlib
import os
import signal
import socket
import subprocess
import time

from devkit import instance

CRONS = (
    ("fusion_repairs", "ir_cron_send_maintenance_reminders"),
    ("fusion_repairs", "ir_cron_retry_maintenance_mails"),
    ("mail", "ir_cron_mail_scheduler_action"),
)
# Make these jobs ready, as their time comes round; those at work are left alone.
READY = """
UPDATE ir_cron SET nextcall = now() AT TIME ZONE 'UTC' - interval '1 second'
 WHERE id IN (SELECT c.id FROM ir_cron c JOIN ir_model_data d
                  ON d.model = 'ir.cron' AND d.res_id = c.id
               WHERE (d.module, d.name) IN %s FOR NO KEY UPDATE OF c SKIP LOCKED)
"""


@contextlib.contextmanager
def environment(registry):
    """Yield the system's environment on a connection of its own; commit in the end."""
    from odoo import SUPERUSER_ID, api  # noqa: PLC0415

    with registry.cursor() as cr:
        yield api.Environment(cr, SUPERUSER_ID, {})


def start_worker(database, work):
    """Fork a process that does some work on a database; returns its id.

    :param work: callable that gets the name of the database
    """
    from odoo import sql_db  # noqa: PLC0415

    sql_db.close_all()  # or parent and child would talk on one line
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        work(database)
        status = 0
    finally:
        os._exit(status)


def schedule(database):
    """Be the scheduler of a database for ever: our jobs are due all the time."""
    from odoo.modules.registry import Registry  # noqa: PLC0415

    from odoo.addons.base.models.ir_cron import IrCron  # noqa: PLC0415

    while True:
        with contextlib.suppress(Exception), Registry(database).cursor() as cr:
            cr.execute(READY, [CRONS])
        IrCron._process_jobs(database)
        time.sleep(0.02)


def remind_by_hand(database):
    """Run the reminder job once beside the scheduler, as a person may."""
    from odoo.modules.registry import Registry  # noqa: PLC0415

    with environment(Registry(database)) as env:
        env["fusion.repair.maintenance.contract"]._cron_send_reminders()


def kill(*pids):
    """Kill workers on the spot and wait until they are gone."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(pid, 0)


class Catcher:
    """The SMTP catcher on a port of its own, to be switched on and off."""

    def __init__(self, ready, port, folder):
        """Remember where to listen; nobody listens yet."""
        self.ready, self.port, self.folder = ready, port, folder
        self.process = None

    def start(self):
        """Listen, and wait until it does."""
        self.process = subprocess.Popen(
            [
                str(self.ready.python),
                "-m",
                "devkit.mail_catcher",
                str(self.port),
                str(self.folder),
            ],
            env=instance.environment(self.ready),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            time.sleep(0.05)
        raise TimeoutError("the catcher does not listen")

    def stop(self):
        """Break off whatever is on the line."""
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None
