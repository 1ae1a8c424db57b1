"""Measure how much has a docstring, of what needs one by the settings.

Examples
--------
detent coverage                   # by package
detent coverage --by file --missing src
detent coverage --fail-under 80 --badge docstrings.svg
"""

from __future__ import annotations

import argparse
import os
from collections import defaultdict
from pathlib import Path

from detent import TYPE_CHECKING, config
from detent.api import exclusions
from detent.api.view import audited
from detent.budget.coverage import documented
from detent.budget.metrics import Tally, coverage
from detent.cli.context import add_common, open_index, say
from detent.cli.paths import named_paths, path_filter
from detent.core.errors import OutputError, UsageError
from detent.core.escape import clean, clean_path
from detent.core.files import write_whole
from detent.core.namedtuple import NamedTuple
from detent.index import views
from detent.index.project import subject_of
from detent.index.refresh import refresh
from detent.report import console, data, measures, text
from detent.report.badge import badge

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Mapping
    from typing import Any

    from detent.core.model import Symbol
    from detent.index.project import Subject

_UNMEASURED = 3


class Covered(NamedTuple):
    """What was measured.

    Attributes
    ----------
    groups : dict of str to Tally
        By package, kind or file; the issues are not counted.
    undocumented : list of (bytes, Symbol)
        Path and symbol of what needs a docstring and has none, sorted by place.
    failures : dict of bytes to str
        Paths that could not be analysed, and why.
    """

    groups: dict[str, Tally]
    undocumented: list[tuple[bytes, Symbol]]
    failures: dict[bytes, str]

    @property
    def percent(self) -> float:
        """Share of everything that was measured."""
        return coverage(self.groups.values())


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the command.

    Parameters
    ----------
    parser : ArgumentParser
        The parser of ``detent coverage``.
    """
    add_common(parser, at=views.WORKTREE)
    parser.add_argument(
        "--by",
        choices=("package", "kind", "file"),
        default="package",
        help="what the rows are; a package is a directory (default: package)",
    )
    parser.add_argument(
        "--fail-under", type=_percent, metavar="N", help="exit with 1 below N percent"
    )
    parser.add_argument("--badge", metavar="FILE.svg", help="write the percentage as an image")
    parser.add_argument("--missing", action="store_true", help="list what has no docstring")
    parser.add_argument("paths", nargs="*", metavar="PATH", help="only below these paths")


def run(namespace: Namespace) -> int:
    """Run the command.

    Parameters
    ----------
    namespace : Namespace
        What `add_arguments` asked for.

    Returns
    -------
    int
        The exit status: 1 below the threshold, else 3 where files could not be measured, else 0.

    Raises
    ------
    UsageError
        If the badge is to be no ``.svg``.
    """
    if namespace.badge and not namespace.badge.endswith(".svg"):
        raise UsageError(f"{namespace.badge!r} is no name for an image", "end it with .svg")
    repo, index = open_index(namespace)
    subject = subject_of(repo, config.load(repo.top), index)
    found = subject.door.healed(lambda: _measured(subject, namespace))
    named = named_paths(repo, namespace)
    say([*subject.door.notes, *exclusions.unheard(subject, namespace.at, named)])
    if namespace.format == "json":
        console.write(_json(found, namespace))
    else:
        for line in _lines(found, namespace):
            console.write(line)
    subject.door.close()
    if namespace.badge:
        _draw(Path(namespace.directory or ".", namespace.badge), found.percent)
    if _fails(found, namespace):
        return 1
    return _UNMEASURED if found.failures else 0


def _percent(given: str) -> float:
    try:
        value = float(given)
    except ValueError:
        value = -1.0
    if 0 <= value <= 100:
        return value
    raise argparse.ArgumentTypeError(f"{given!r} is no percentage: from 0 to 100")


def _fails(found: Covered, namespace: Namespace) -> bool:
    return namespace.fail_under is not None and found.percent < namespace.fail_under


def _measured(subject: Subject, namespace: Namespace) -> Covered:
    repo, index, view = subject.repo, subject.door, namespace.at
    refresh(repo, index, view, progress=console.progress("indexing"))
    files, failures = audited(subject, view, path_filter(repo, namespace))
    groups: defaultdict[str, list[bool]] = defaultdict(list)
    undocumented = []
    for path, facts in sorted(files, key=lambda one: one[0]):
        shown = path.decode("utf-8", "replace")
        for symbol, has in documented(shown, facts, subject.selection):
            role = subject.selection.role(symbol, shown)
            groups[_group(namespace.by, path, role)].append(has)
            if not has:
                undocumented.append((path, symbol))
    tallies = {name: Tally(len(all_), all_.count(False)) for name, all_ in groups.items()}
    return Covered(tallies, undocumented, failures)


def _group(by: str, path: bytes, role: str) -> str:
    """Name the row that a symbol counts in."""
    if by == "kind":
        return role
    return data.path_value(path if by == "file" else os.path.dirname(path) or b".")  # noqa: PTH120


def _lines(found: Covered, namespace: Namespace) -> list[str]:
    lines = []
    if namespace.missing:
        paint = console.painter()
        lines = [
            f"{paint('bold', f'{clean_path(path)}:{symbol.line}:{symbol.column}:')} "
            f"{symbol.kind} {clean(symbol.qualname)}".rstrip()
            for path, symbol in found.undocumented
        ]
        lines += [""] if lines else []
    lines += measures.coverage_lines(found.groups, namespace.by)
    if _fails(found, namespace):
        red = console.painter()("red", "too little")
        lines.append(f"{red}: --fail-under asks for {namespace.fail_under:g} %")
    return [*lines, *text.failure_lines(found.failures)]


def _json(found: Covered, namespace: Namespace) -> str:
    total = Tally(
        sum(one.needed for one in found.groups.values()),
        sum(one.missing for one in found.groups.values()),
    )
    members: dict[str, Any] = {"view": namespace.at, "by": namespace.by, **_value(total)}
    members["fails"] = _fails(found, namespace)
    members["groups"] = [
        {"name": name, **_value(tally)} for name, tally in sorted(found.groups.items())
    ]
    if namespace.missing:
        symbols = [data.symbol_value(path, symbol) for path, symbol in found.undocumented]
        members["undocumented"] = symbols
    return data.document("coverage/1", **members, failures=data.failures_value(found.failures))


def _value(tally: Tally) -> Mapping[str, float]:
    percent = round(coverage([tally]), 4)
    return {"coverage": percent, "needed": tally.needed, "missing": tally.missing}


def _draw(path: Path, percent: float) -> None:
    image = badge("docstrings", measures.percentage(percent), percent)
    try:
        write_whole(path, image)
    except OSError as error:
        raise OutputError(
            f"{path} cannot be written: {error.strerror}", "see its directory and permissions"
        ) from error
