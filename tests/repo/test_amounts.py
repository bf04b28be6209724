"""Amounts of money are written by one function, in the reader's language."""

import re

import pytest
from support.tree import ADDONS, name, python_files

OTHERS = re.compile(
    r"\bformatLang\b|\bformat_currency\b|currency(_id)?\.format\("
    r"|odoo\.tools.*import.*\bformat_amount\b"
)


@pytest.mark.parametrize("path", python_files(*ADDONS), ids=name)
def test_amounts_go_through_one_function(path):
    assert not OTHERS.search(path.read_text()), "use tools/money.py"


@pytest.mark.parametrize(
    "line",
    [
        "from odoo.tools.misc import format_date, formatLang",
        "from odoo.tools import format_amount",
        "said = self.currency_id.format(fee)",
        "currency.format(policy.fee)",
        "from babel.numbers import format_currency",
    ],
)
def test_another_way_is_found(line):
    assert OTHERS.search(line)
