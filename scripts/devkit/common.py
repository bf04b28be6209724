"""Paths, messages, locks and child processes shared by all commands."""

import contextlib
import fcntl
import hashlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STATE = Path(os.environ.get("FUSION_STATE") or ROOT / ".state").absolute()
ADDONS = ("fusion_tasks", "fusion_repairs")
NEEDED_BYTES = 4 * 1024**3


class Problem(Exception):
    """Something the person at the keyboard can mend; its text says how."""


def say(text=""):
    """Print one line at once, also when the output is a pipe."""
    print(text, flush=True)


@contextlib.contextmanager
def step(text):
    """Announce a step that may take long and say how long it took."""
    say(f"  … {text}")
    begin = time.monotonic()
    yield
    say(f"  ✓ {text} ({time.monotonic() - begin:.0f} s)")


def _interrupt(_number, _frame):
    raise KeyboardInterrupt


def main(function):
    """Run a command: a Problem becomes one sentence and exit code 1.

    :param function: callable without arguments, may return an exit code
    """
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        sys.exit(function() or 0)
    except Problem as problem:
        print(f"\nerror: {problem}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        print("\nstopped.", file=sys.stderr)
        sys.exit(130)


def ensure_state():
    """Create the state folder; refuse when the disk is too full to be useful."""
    try:
        STATE.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Problem(
            f"cannot create {STATE} ({error.strerror}). Make the folder writable or "
            "name another one: FUSION_STATE=/some/folder"
        ) from error
    free = shutil.disk_usage(STATE).free
    if free < NEEDED_BYTES and not (STATE / "odoo").exists():
        raise Problem(
            f"only {free / 1024**3:.1f} GiB free below {STATE}; the set-up needs about "
            "4 GiB. Free some space or name another folder: FUSION_STATE=/some/folder"
        )
    return STATE


@contextlib.contextmanager
def lock(name, busy=""):
    """Hold a file lock in the state folder, so that two commands never collide.

    :param busy: what to say and give up with when another holds it ('' = wait)
    """
    ensure_state()
    with (STATE / f"{name}.lock").open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | (fcntl.LOCK_NB if busy else 0))
        except BlockingIOError:
            raise Problem(busy) from None
        yield


def run(args, what, log=None, **kwargs):
    """Run a child process to its end; on failure show the tail of what it said.

    :param args: the command line
    :param what: words for the error message
    :param log: file that receives the output (None: captured)
    :return: the output as text ('' when it went to a log)
    :raises Problem: when the command cannot start or exits non-zero
    """
    options = {"text": True, "stderr": subprocess.STDOUT, "stdin": subprocess.DEVNULL}
    options.update(kwargs)
    try:
        if log:
            with Path(log).open("w") as handle:
                done = subprocess.run(args, stdout=handle, check=False, **options)
            output = Path(log).read_text(errors="replace")
        else:
            done = subprocess.run(args, stdout=subprocess.PIPE, check=False, **options)
            output = done.stdout
    except FileNotFoundError as error:
        raise Problem(
            f"{what}: the program {args[0]} is not on this machine"
        ) from error
    if done.returncode:
        tail = "\n".join(output.strip().splitlines()[-15:])
        where = f"\nThe whole output: {log}" if log else ""
        raise Problem(f"{what} failed (exit {done.returncode}).\n{tail}{where}")
    return "" if log else output


def free_port(first, tries=200):
    """Return the first TCP port from ``first`` on that nobody listens to."""
    for port in range(first, first + tries):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                probe.bind(("127.0.0.1", port))
                return port
    raise Problem(f"no free port between {first} and {first + tries - 1}")


def fingerprint(paths):
    """Return a hash over files and folders: did anything in them change?"""
    digest = hashlib.sha256()
    for top in paths:
        files = [top] if top.is_file() else sorted(top.rglob("*"))
        for path in files:
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(str(path.relative_to(ROOT)).encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()


def is_root():
    """Tell whether we run as root."""
    return os.geteuid() == 0
