"""The virtual environment in the state folder, with pinned packages."""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

from . import apt
from .common import ROOT, STATE, Problem, is_root, run, step

FOLDER = STATE / "venv"
PYTHON = FOLDER / "bin" / "python"
REQUIREMENTS = ("requirements.txt", "requirements-dev.txt")


def _stamp_value():
    digest = hashlib.sha256(sys.version.encode())
    for name in REQUIREMENTS:
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def _create():
    """Create an empty environment, installing python3-venv where Debian lacks it."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    command = [sys.executable, "-m", "venv", str(FOLDER)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if not done.returncode:
        return
    if apt.available() and is_root():
        version = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
        apt.install([version], "Python's venv module")
        run(command, "creating the virtual environment")
        return
    raise Problem(
        "Python cannot create a virtual environment here. As root: apt-get install "
        f"python3-venv\n{(done.stdout + done.stderr).strip()}"
    )


def ensure():
    """Create or refresh the environment; quick when nothing changed.

    :return: Path of its Python
    """
    stamp = FOLDER / "fusion.stamp"
    wanted = _stamp_value()
    if PYTHON.exists() and stamp.exists() and stamp.read_text() == wanted:
        return PYTHON
    with step("installing the pinned Python packages (about 120 MB)"):
        if not PYTHON.exists() or not stamp.exists():
            _create()
        install(["-r", str(ROOT / REQUIREMENTS[-1])])
        stamp.write_text(wanted)
    return PYTHON


def install(args):
    """Run pip in the environment with the given arguments."""
    run(
        [str(PYTHON), "-m", "pip", "install", "--prefer-binary", "--no-input", *args],
        "installing Python packages",
        log=STATE / "pip.log",
    )


def site_packages():
    """Return the folder the packages are installed in."""
    version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    return Path(FOLDER / "lib" / version / "site-packages")
