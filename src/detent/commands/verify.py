"""Prove the index: the database is whole, and every view says what a fresh one would say."""

from __future__ import annotations

import json
from itertools import zip_longest
from typing import TYPE_CHECKING

from detent import views
from detent.commands.context import add_common, open_index
from detent.commands.export import export
from detent.index import Index
from detent.refresh import refresh
from detent.report import console, data, text
from detent.report.clean import clean
from detent.snapshot import snapshot
from detent.store import MEMORY

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterator

    from detent.git import Repo

_SHOWN = 10


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the command.

    Parameters
    ----------
    parser : ArgumentParser
        The parser of ``detent verify``.
    """
    add_common(parser, at=views.STAGED)


def run(namespace: Namespace) -> int:
    """Run the command.

    Parameters
    ----------
    namespace : Namespace
        What `add_arguments` asked for.

    Returns
    -------
    int
        The exit status: 3 where there are faults, else 0.
    """
    repo, index = open_index(namespace)
    faults = index.reader().problems()
    compared = 0
    if not faults:
        different, compared = _different(repo, index, namespace.at)
        faults += [f"{name}: the index and a fresh analysis differ" for name in different]
    if namespace.format == "json":
        console.write(data.document("verify/1", faults=faults, files=compared))
    else:
        for fault in faults[:_SHOWN]:
            console.write(clean(fault))
        if len(faults) > _SHOWN:
            console.write(f"and {len(faults) - _SHOWN:,} more")
        good = f"whole, and equal to a fresh one in {text.plural(compared, 'file')}"
        bad = "the index is not as it should be: `detent index --full` builds it anew"
        console.write(bad if faults else good)
    index.close()
    return 3 if faults else 0


def _different(repo: Repo, index: Index, view: str) -> tuple[list[str], int]:
    """Compare file by file with an index that is built now, in memory."""
    refresh(repo, index, view)
    fresh = Index(MEMORY)
    refresh(repo, fresh, view, progress=console.progress("verifying"))
    old, new = (snapshot(repo, one, view) for one in (index, fresh))
    different = {
        path.decode("utf-8", "replace") for path in old.entries.keys() ^ new.entries.keys()
    }
    pairs: Iterator[tuple[list[str], ...]] = zip_longest(export(old), export(new), fillvalue=[])
    for pair in pairs:
        if pair[0] != pair[1]:
            different.update(json.loads(lines[0])["path"] for lines in pair if lines)
    fresh.close()
    return sorted(different), len(new.entries)
