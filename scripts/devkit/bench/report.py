"""Figures of the bench as tables, on the terminal and in docs/performance.md."""

import math
import os
import platform
import re
import time

from ..common import ROOT, Problem

PERFORMANCE = ROOT / "docs" / "performance.md"
SEARCH = "search"

_HEADINGS = (
    ("Technicians", lambda row: row["people"]),
    ("Tasks", lambda row: f"{row['tasks']:,}"),
    ("Open slots", lambda row: f"{row['slots']:,}"),
    ("Warm ms", lambda row: _spread(row["warm"])),
    ("SQL ms", lambda row: f"{row['warm']['sql_ms']:.1f}"),
    ("CPU ms", lambda row: f"{row['warm']['cpu_ms']:.1f}"),
    ("Queries", lambda row: row["warm"]["queries"]),
    ("Cold ms", lambda row: f"{row['cold']['ms']:.1f}"),
    ("Queries cold", lambda row: row["cold"]["queries"]),
    ("Plain read ms", lambda row: _spread(row["read"])),
    ("Ratio", lambda row: f"{_ratio(row):.1f}"),
    ("Odoo's hours ms (queries)", lambda row: _hours(row["hours"])),
    ("Ranking ms", lambda row: f"{row['rank']['ms']:.1f}"),
    ("Peak memory", lambda row: f"{row['peak_kb'] / 1024:.1f} MB"),
    ("Left behind", lambda row: f"{row['left_kb']:.0f} kB"),
)


def _spread(figures):
    """Return the median and the best of many runs."""
    return f"{figures['ms']:.1f} (best {figures['best']:.1f})"


def _hours(figures):
    return f"{figures['ms']:.1f} ({figures['queries']})"


def _ratio(row):
    return row["warm"]["best"] / row["read"]["best"]


def _exponent(rows):
    """Return p, where the time grows as technicians ** p between the largest sizes."""
    if len(rows) < 2:
        return None
    one, other = rows[-2:]
    return math.log(other["warm"]["best"] / one["warm"]["best"]) / math.log(
        other["people"] / one["people"]
    )


def search_table(rows):
    """Return the figures as a Markdown table, with a line on growth below.

    :param rows: one dict per size, as search.py measures them
    """
    cells = [[str(cell(row)) for row in rows] for _heading, cell in _HEADINGS]
    columns = [
        [heading, *column]
        for (heading, _cell), column in zip(_HEADINGS, cells, strict=True)
    ]
    widths = [max(map(len, column)) for column in columns]
    lines = [
        "| " + " | ".join(c.rjust(w) for c, w in zip(line, widths, strict=True)) + " |"
        for line in zip(*columns, strict=True)
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 1) + ":" for width in widths) + "|")
    exponent = _exponent(rows)
    if exponent is not None:
        sizes = " to ".join(str(row["people"]) for row in rows[-2:])
        lines += [
            "",
            f"From {sizes} technicians the best time grows as n^{exponent:.2f} "
            "(1 is linear).",
        ]
    return "\n".join(lines)


def search_section(rows):
    """Return the section of the document: when, on what, and the table."""
    runs = ", ".join(str(row["warm"]["runs"]) for row in rows)
    load = os.getloadavg()[0]
    return "\n".join(
        [
            f"Measured on {time.strftime('%Y-%m-%d')} with Python "
            f"{platform.python_version()} on {os.cpu_count()} cores (load average "
            f"{load:.1f}: other work on the machine is in the medians, hardly in the "
            f"best). Median of {runs} runs.",
            "",
            search_table(rows),
        ]
    )


def machine():
    """Return when and on what the figures were taken, as a sentence."""
    return (
        f"Measured on {time.strftime('%Y-%m-%d')} with Python "
        f"{platform.python_version()} on {os.cpu_count()} cores (load average "
        f"{os.getloadavg()[0]:.1f})."
    )


def write(name, text):
    """Replace a section of docs/performance.md that is marked for that.

    :raises Problem: when the marks are not there
    """
    document = PERFORMANCE.read_text()
    begin, end = f"<!-- bench:{name} -->", f"<!-- /bench:{name} -->"
    pattern = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.S)
    if not pattern.search(document):
        raise Problem(f"{PERFORMANCE} has no section between {begin} and {end}")
    section = f"{begin}\n{text}\n{end}"
    PERFORMANCE.write_text(pattern.sub(lambda _match: section, document))
