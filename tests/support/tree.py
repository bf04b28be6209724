"""The checkout as the tests of the house rules read it."""

from itertools import chain
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ADDONS = ("fusion_tasks", "fusion_repairs")


def python_files(*folders):
    """Return the Python files below folders of the checkout."""
    return sorted(chain.from_iterable((ROOT / f).rglob("*.py") for f in folders))


def xml_files():
    """Return the XML files of both addons."""
    return sorted(chain.from_iterable((ROOT / a).rglob("*.xml") for a in ADDONS))


def name(path):
    """Return a path as messages show it."""
    return str(path.relative_to(ROOT))
