"""The documents name files and folders that are there.

A path is what stands between backticks, has a slash, and ends in a slash or a known
suffix or begins with a folder of ours; or where a link leads. It counts from the root,
from the document, from an addon, or from the ``models`` of one. Globs must find
something; ``<words>`` stand for names, and what is made on the machine is left out.
"""

import re

import pytest
from support.tree import ADDONS, ROOT, name

DOCUMENTS = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *ROOT.glob("fusion_*/README*")]
)
BASES = [ROOT, *(ROOT / addon for addon in ADDONS)]
BASES += [ROOT / addon / "models" for addon in ADDONS]
FOLDERS = {path.name for base in BASES for path in base.glob("[!.]*") if path.is_dir()}
SUFFIX = re.compile(
    r"\.(py|js|xml|csv|md|toml|txt|sh|po|pot|ya?ml|conf|s?css|json|png|svg|pdf)$"
)
# Made by a run, or another's.
ELSEWHERE = (".state/", "data_dir/", "mail/", "/", "http:", "https:")


def named_paths(text):
    """Yield the paths that a document names between backticks."""
    for word in re.findall(r"`([^`\s]+/[^`\s]*)`", text):
        known = word.endswith("/") or SUFFIX.search(word)
        if word.startswith(ELSEWHERE) or "<" in word:
            continue
        if known or word.split("/")[0] in FOLDERS:
            yield word


def links(text):
    """Yield the files that a document's links lead to."""
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        path = target.partition("#")[0]
        if path and ":" not in path:
            yield path


def missing(document, text):
    """Return the paths in a document's text that lead nowhere."""
    bases = [*BASES, document.parent]
    lost = [
        path
        for path in named_paths(text)
        if not any(next(base.glob(path.rstrip("/")), None) for base in bases)
    ]
    return lost + [p for p in links(text) if not (document.parent / p).exists()]


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_paths_in_documents_exist(document):
    assert not missing(document, document.read_text())


def test_a_lost_path_is_found():
    document = ROOT / "docs" / "roles.md"
    found = (
        "`recurrence/` `fusion_*/tests` `tests/repo` `<x>/y.py` `and/or` [a](roles.md)"
    )
    assert not missing(document, found)
    lost = "`models/nowhere/` `docs/none-*` `lost/file.py` [b](gone.md#a) [c](http://x)"
    assert missing(document, lost) == [
        "models/nowhere/",
        "docs/none-*",
        "lost/file.py",
        "gone.md",
    ]
