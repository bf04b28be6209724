"""The project's Odoo: its configuration, its commands and its databases."""

import ast
import os
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

from . import browser, fonts, odoo_source, postgres, python_env
from .common import (
    ADDONS,
    ROOT,
    STATE,
    Problem,
    ensure_state,
    fingerprint,
    lock,
    run,
    step,
)

CONFIG = STATE / "odoo.conf"
DATA = STATE / "odoo-data"
BASE = "fusion_base"
FRESH = "fusion_fresh"
LANGUAGES = ("en_CA", "fr_CA")
CONFIG_TEXT = """[options]
# written by scripts/devkit/instance.py; the file for production is odoo.conf
addons_path = {addons_path}
data_dir = {data_dir}
http_interface = 127.0.0.1
admin_passwd = {admin_password}
max_cron_threads = 1
log_level = info
limit_time_real_cron = 600
"""
# Odoo's web client names a library that Debian's package does not ship; a page that
# asks for it reports an error, which fails every browser test.
_ASSETS = """
from odoo.tools.misc import file_path
path = "mail/static/lib/selfie_segmentation/selfie_segmentation.js"
try:
    file_path(path)
except FileNotFoundError:
    env["ir.asset"].create({
        "name": "missing library", "bundle": "web.assets_backend",
        "directive": "remove", "path": path,
    })
for bundle in ("web.assets_web", "web.assets_tests", "web.assets_frontend"):
    for kind in ("js", "css"):
        made = env["ir.qweb"]._get_asset_bundle(
            bundle, js=kind == "js", css=kind == "css"
        )
        getattr(made, kind)()
env.cr.commit()
"""


class Instance(NamedTuple):
    """A set-up Odoo: its source and the Python that runs it."""

    source: odoo_source.OdooSource
    python: Path


def setup(upgrade=False, with_browser=False):
    """Set up whatever is missing: packages, Odoo, PostgreSQL, configuration.

    :param upgrade: fetch Odoo anew, to take a later 19.x
    :param with_browser: also look for Chromium
    :return: Instance
    """
    ensure_state()
    with lock("setup"):
        python = python_env.ensure()
        source = odoo_source.find(upgrade)
        postgres.programs()
        fonts.ensure()
        if with_browser:
            browser.ensure()
        _write_config(source)
    return Instance(source, python)


def _write_config(source):
    folders = [*source.addons, ROOT]
    tests = ROOT / "tests" / "addons"
    if any(tests.glob("*/__manifest__.py")):
        folders.append(tests)
    CONFIG.write_text(
        CONFIG_TEXT.format(
            addons_path=",".join(map(str, folders)),
            data_dir=DATA,
            admin_password=postgres.password(),
        )
    )


def environment(instance):
    """Return the variables that make any child process use this Odoo and database."""
    path = f"{instance.source.path}:{ROOT / 'scripts'}:{ROOT / 'tests'}"
    return {
        **os.environ,
        **postgres.environment(),
        "PYTHONPATH": path,
        "PYTHONDONTWRITEBYTECODE": "",
        # The pinned tzdata, not the time zones of the machine.
        "PYTHONTZPATH": "",
        "ODOO_RC": str(CONFIG),
        "XDG_DATA_DIRS": fonts.data_dirs(),
        "PATH": f"{python_env.PYTHON.parent}:{os.environ.get('PATH', '')}",
    }


def command(instance, *args):
    """Return the command line of an Odoo run.

    By Odoo's own script: with workers, the process that serves websockets is started
    by the name of whatever the server itself was started by.
    """
    return [str(instance.python), str(instance.source.script), *map(str, args)]


def odoo(instance, args, what, log_name):
    """Run Odoo to its end; on failure show the end of its log.

    :param log_name: file name below the state folder's log/
    """
    folder = STATE / "log"
    folder.mkdir(exist_ok=True)
    run(
        command(instance, *args),
        what,
        log=folder / f"{log_name}.log",
        env=environment(instance),
        cwd=ROOT,
    )


def shell(instance, database, script, args=()):
    """Run a Python script in ``odoo shell`` of a database.

    :param script: source text; ``env`` is there, it must commit by itself
    :param args: more arguments for Odoo, e.g. the mail server
    :return: what it printed
    """
    options = ["-d", database, "--no-http", "--max-cron-threads=0", "--log-level=warn"]
    done = subprocess.run(
        command(instance, "shell", *options, *args),
        input=script,
        text=True,
        capture_output=True,
        check=False,
        env=environment(instance),
        cwd=ROOT,
    )
    if done.returncode or "Traceback" in done.stderr:
        tail = "\n".join((done.stdout + done.stderr).strip().splitlines()[-60:])
        raise Problem(f"a script in odoo shell of {database} failed:\n{tail}")
    return done.stdout


def _manifest(addon):
    path = ROOT / addon / "__manifest__.py"
    return ast.literal_eval(path.read_text())


def base_modules():
    """Return Odoo's own modules our addons depend on, comma separated."""
    names = set()
    for addon in ADDONS:
        names.update(_manifest(addon)["depends"])
    return ",".join(sorted(names - set(ADDONS)))


def _stamp(database):
    return STATE / "stamps" / database


def stamp(database):
    """Return the stamp of a database ('' if it has none)."""
    path = _stamp(database)
    return path.read_text() if path.exists() else ""


def set_stamp(database, value):
    """Remember what state a database was prepared in."""
    path = _stamp(database)
    path.parent.mkdir(exist_ok=True)
    path.write_text(value)


def code_fingerprint():
    """Return a hash over the addons: a database made from them is still right."""
    return fingerprint([ROOT / addon for addon in ADDONS])


def _filestore(database):
    return DATA / "filestore" / database


def drop(database):
    """Delete a database, whoever is connected to it, and its files."""
    _stamp(database).unlink(missing_ok=True)
    postgres.sql(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
    shutil.rmtree(_filestore(database), ignore_errors=True)


def ensure_base(instance):
    """Make the template database once: Odoo's own modules, Canada, no demo data."""
    wanted = f"{instance.source.version} {base_modules()} {' '.join(LANGUAGES)}"
    with lock("base"):
        if stamp(BASE) == wanted and BASE in postgres.databases():
            return
        drop(BASE)
        with step("preparing a database with Odoo's own modules (once; 2-4 minutes)"):
            odoo(
                instance,
                ["db", "init", BASE, "--country", "CA", "--language", LANGUAGES[0]],
                "creating the template database",
                "base-init",
            )
            install(instance, BASE, "-i", base_modules().split(","))
            odoo(
                instance,
                ["i18n", "loadlang", "-d", BASE, "-l", *LANGUAGES],
                "loading the languages",
                "base-languages",
            )
        set_stamp(BASE, wanted)


_QUIET = ("--stop-after-init", "--no-http", "--max-cron-threads=0")


def create(instance, database, modules=ADDONS):
    """Create a database from the template and install modules in it.

    :raises Problem: when it exists, or when a module did not install
    """
    ensure_base(instance)
    copy(BASE, database)
    if modules:
        install(instance, database, "-i", modules)


# What Odoo makes anew in every copy, so that no two databases take each other's
# sessions and signed links for their own (ir.config_parameter, _default_parameters).
_NEW_IDENTITY = """
UPDATE ir_config_parameter SET value = CASE key
    WHEN 'database.create_date' THEN to_char(now() AT TIME ZONE 'UTC', '{date}')
    ELSE gen_random_uuid()::text END
WHERE key IN ('database.secret', 'database.uuid', 'database.create_date')
""".format(date="YYYY-MM-DD HH24:MI:SS")


def copy(source, target):
    """Copy a database with its files; whoever is connected to the source is cut off.

    The files are hard links: Odoo writes a file of its store once and never changes it.
    """
    with lock("copy"):
        postgres.sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            f"WHERE datname = '{source}'"
        )
        role = postgres.ROLE
        postgres.sql(f'CREATE DATABASE "{target}" TEMPLATE "{source}" OWNER {role}')
        postgres.sql(_NEW_IDENTITY, target, role)
        if _filestore(source).exists():
            shutil.copytree(
                _filestore(source), _filestore(target), copy_function=os.link
            )


def ensure_fresh(instance):
    """Keep a database with our addons just installed, to copy test databases from."""
    with lock("fresh"):
        ensure_base(instance)
        wanted = f"{code_fingerprint()} {stamp(BASE)}"
        if stamp(FRESH) == wanted and FRESH in postgres.databases():
            return
        drop(FRESH)
        with step("installing the two addons in a fresh database"):
            create(instance, FRESH)
        set_stamp(FRESH, wanted)


def ensure_assets(instance):
    """Have the fresh database hold the bundles that browsers ask for.

    Every browser test would make them anew and roll them back, at several seconds each.
    """
    ensure_fresh(instance)
    with lock("fresh"):
        made = postgres.sql(
            "SELECT count(*) FROM ir_attachment WHERE url LIKE '/web/assets/%'", FRESH
        )
        if made == "0":
            with step("making the bundles of the web client"):
                shell(instance, FRESH, _ASSETS)


def replace(instance, database):
    """Make a database anew, as a copy of the fresh one."""
    drop(database)
    ensure_fresh(instance)
    copy(FRESH, database)


def install(instance, database, flag, modules):
    """Install (``-i``) or upgrade (``-u``) modules and check that they are there."""
    odoo(
        instance,
        ["-d", database, flag, ",".join(modules), *_QUIET],
        f"installing {', '.join(modules)} in {database}",
        f"{database}-install",
    )
    names = ", ".join(f"'{name}'" for name in modules)
    rows = postgres.sql(
        f"SELECT name, state FROM ir_module_module WHERE name IN ({names})", database
    )
    wrong = [row for row in rows.splitlines() if not row.endswith("\tinstalled")]
    if wrong or len(rows.splitlines()) != len(modules):
        raise Problem(f"not installed in {database}: {rows or names}")
