"""A running system: Odoo over HTTP on a database, with the mail catcher beside it."""

import contextlib
import json
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import NamedTuple

from . import instance, postgres
from .common import ROOT, STATE, Problem, free_port

START_SECONDS = 120


class Running(NamedTuple):
    """Where a running system is found."""

    url: str
    mails: Path
    database: str
    smtp_port: int
    group: int
    """The process group of the server and its workers."""
    websocket_port: int | None = None
    """Where websockets are served; None without workers."""


def _spawn(args, log, ready):
    """Start a child in a process group of its own; Ctrl-C is ours to pass on."""
    with log.open("w") as handle:
        return subprocess.Popen(
            args,
            stdout=handle,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            env=instance.environment(ready),
            cwd=ROOT,
        )


def _end(process):
    """Stop a child and all it started: politely, then for good."""
    for number, patience in ((signal.SIGTERM, 12), (signal.SIGKILL, 5)):
        if process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(patience)


def _tail(log, lines=12):
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])


def _wait_http(url, process, log):
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise Problem(f"Odoo ended while starting; its log ends:\n{_tail(log)}")
        with contextlib.suppress(urllib.error.URLError, ConnectionError, TimeoutError):
            with urllib.request.urlopen(f"{url}/web/health", timeout=2) as answer:
                if json.load(answer).get("status") == "pass":
                    return
        time.sleep(0.2)
    raise Problem(f"Odoo did not answer within {START_SECONDS} s; see {log}")


def cpu_seconds(group):
    """Return the CPU time that a process group has used so far."""
    used = 0
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = path.read_text().rpartition(")")[2].split()
            if int(fields[2]) == group:
                used += int(fields[11]) + int(fields[12])
    return used / os.sysconf("SC_CLK_TCK")


def mail_folder(database):
    """Return where the mails of a database land."""
    return STATE / "mails" / database


@contextlib.contextmanager
def mail_catcher(ready, folder, log):
    """Run the SMTP catcher; yields its port."""
    port = free_port(2525)
    args = [ready.python, "-m", "devkit.mail_catcher", port, folder]
    process = _spawn([str(arg) for arg in args], log, ready)
    try:
        yield port
    finally:
        _end(process)


_BASE_URL = """
parameters = env["ir.config_parameter"].sudo()
parameters.set_param("web.base.url", {url!r})
parameters.set_param("web.base.url.freeze", "True")
env.cr.commit()
"""


def _worker_args(workers, websocket_port):
    """Return Odoo's arguments to serve by so many processes, none of them for crons."""
    if not workers:
        return ()
    return (
        *("--workers", workers, "--max-cron-threads", 0),
        *("--gevent-port", websocket_port),
    )


@contextlib.contextmanager
def running(ready, database, prepare="", name="server", first_port=8069, workers=0):
    """Run the system on a database; yields ``(Running, what prepare printed)``.

    :param prepare: script for ``odoo shell``, run before the server starts, when the
        catcher is up and the base URL is known; it commits by itself
    :param name: tells its logs from those of another run
    :param workers: processes that answer at the same time, as in production, and no
        scheduled jobs; 0: one process with threads and a thread for jobs
    """
    logs = STATE / "log"
    logs.mkdir(exist_ok=True)
    mails = mail_folder(database)
    mails.mkdir(parents=True, exist_ok=True)
    with (
        postgres.server(),
        mail_catcher(ready, mails, logs / f"{name}-mail.log") as smtp,
    ):
        port = free_port(first_port)
        url = f"http://localhost:{port}"
        smtp_args = ("--smtp", "127.0.0.1", "--smtp-port", smtp)
        printed = instance.shell(
            ready, database, _BASE_URL.format(url=url) + prepare, smtp_args
        )
        # No --db-filter: with one, Odoo looks for databases on a new connection, at
        # 10 to 20 ms, for every visitor that has no session yet.
        args = ("-d", database, "--no-database-list")
        websocket_port = free_port(port + 300) if workers else None
        args += _worker_args(workers, websocket_port)
        log = logs / f"{name}.log"
        process = _spawn(
            instance.command(ready, *args, *smtp_args, "--http-port", port), log, ready
        )
        try:
            _wait_http(url, process, log)
            group = process.pid
            yield (
                Running(url, mails, database, smtp, group, websocket_port),
                printed,
            )
        finally:
            _end(process)
