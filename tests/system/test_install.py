"""An installation of the two addons has nothing to warn about."""

import re

from devkit import instance
from devkit.common import STATE

TROUBLE = re.compile(r"^\S+ \S+ \d+ (WARNING|ERROR|CRITICAL) .*$", re.M)


def test_an_install_logs_no_warning(ready):
    instance.ensure_fresh(ready)
    log = (STATE / "log" / f"{instance.FRESH}-install.log").read_text()
    assert "Modules loaded." in log
    assert not [line.group() for line in TROUBLE.finditer(log)]
