"""Other rules of the clock, for the length of a block: those of tomorrow's pytz."""

import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import pytz

from ..scheduling import clock

ALWAYS_SUMMER = "America/Puerto_Rico"
"""What Toronto's clock would be without winter time."""
ALWAYS_WINTER = "America/Panama"
"""What it would be without summer time."""


@contextmanager
def zone_rules(**rules):
    """Let zones of America follow the rules of others, wherever pytz is asked.

    :param rules: the zone whose rules count, by city: ``Toronto=ALWAYS_WINTER``
    """
    with pytz.open_resource("UTC") as own, tempfile.TemporaryDirectory() as folder:
        files = Path(folder) / "zoneinfo"
        shutil.copytree(Path(own.name).parent, files)
        for city, zone in rules.items():
            shutil.copyfile(files / zone, files / "America" / city)
        with patch.dict("os.environ", PYTZ_TZDATADIR=str(files)):
            _forget_zones()
            try:
                yield
            finally:
                _forget_zones()


def _forget_zones():
    """Have all zones read anew: as a rule new ones come with a new process."""
    clock._read_zone.cache_clear()
    pytz._tzinfo_cache.clear()
