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
from detent.api.paths import find_named_paths, make_path_filter
from detent.api.view import load_audited_files
from detent.budget.coverage import check_docstrings
from detent.budget.metrics import DocstringCounts, compute_coverage
from detent.cli.context import add_common_arguments, open_index, print_notes
from detent.core.errors import OutputError, UsageError
from detent.core.escape import clean_path, clean_text
from detent.core.files import write_atomically
from detent.core.namedtuple import NamedTuple
from detent.index import views
from detent.index.project import Project
from detent.index.refresh import refresh_view
from detent.report import console, data, measures, text
from detent.report.badge import render_badge

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Mapping
    from typing import Any

    from detent.core.model import Symbol

_UNMEASURED = 3


class CoverageResult(NamedTuple):
    """What was measured."""

    groups: dict[str, DocstringCounts]  # by package, kind or file; the issues are not counted
    # path and symbol of what needs a docstring and has none, sorted by place
    undocumented: list[tuple[bytes, Symbol]]
    failures: dict[bytes, str]  # paths that could not be analysed, and why

    @property
    def percent(self) -> float:
        """Share of everything that was measured."""
        return compute_coverage(self.groups.values())


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_common_arguments(parser, at=views.WORKTREE)
    parser.add_argument(
        "--by",
        choices=("package", "kind", "file"),
        default="package",
        help="what the rows are; a package is a directory (default: package)",
    )
    parser.add_argument(
        "--fail-under", type=_parse_percentage, metavar="N", help="exit with 1 below N percent"
    )
    parser.add_argument("--badge", metavar="FILE.svg", help="write the percentage as an image")
    parser.add_argument("--missing", action="store_true", help="list what has no docstring")
    parser.add_argument("paths", nargs="*", metavar="PATH", help="only below these paths")


def run(namespace: Namespace) -> int:
    """Run the command."""
    if namespace.badge and not namespace.badge.endswith(".svg"):
        raise UsageError(f"{namespace.badge!r} is no name for an image", "end it with .svg")
    repo, index = open_index(namespace)
    project = Project(repo, config.load_config(repo.top), index)
    found = project.index.with_recovery(lambda: _measure_coverage(project, namespace))
    named = find_named_paths(
        repo, namespace.at, namespace.paths, directory=namespace.directory or "."
    )
    print_notes(
        [*project.index.notes, *exclusions.explain_unchecked_paths(project, namespace.at, named)]
    )
    if namespace.format == "json":
        console.write_line(_render_json(found, namespace))
    else:
        for line in _render_text(found, namespace):
            console.write_line(line)
    project.index.close()
    if namespace.badge:
        _write_badge(Path(namespace.directory or ".", namespace.badge), found.percent)
    if _is_below_threshold(found, namespace):
        return 1
    return _UNMEASURED if found.failures else 0


def _parse_percentage(given: str) -> float:
    try:
        value = float(given)
    except ValueError:
        value = -1.0
    if 0 <= value <= 100:
        return value
    raise argparse.ArgumentTypeError(f"{given!r} is no percentage: from 0 to 100")


def _is_below_threshold(found: CoverageResult, namespace: Namespace) -> bool:
    return namespace.fail_under is not None and found.percent < namespace.fail_under


def _measure_coverage(project: Project, namespace: Namespace) -> CoverageResult:
    repo, index, view = project.repo, project.index, namespace.at
    refresh_view(repo, index, view, progress=console.make_progress("indexing"))
    files, failures = load_audited_files(
        project,
        view,
        make_path_filter(
            repo,
            find_named_paths(
                repo, namespace.at, namespace.paths, directory=namespace.directory or "."
            ),
        ),
    )
    groups: defaultdict[str, list[bool]] = defaultdict(list)
    undocumented = []
    for path, facts in sorted(files, key=lambda one: one[0]):
        shown = path.decode("utf-8", "replace")
        for symbol, has in check_docstrings(shown, facts, project.selection):
            role = project.selection.resolve_role(symbol, shown)
            groups[_name_group(namespace.by, path, role)].append(has)
            if not has:
                undocumented.append((path, symbol))
    tallies = {name: DocstringCounts(len(all_), all_.count(False)) for name, all_ in groups.items()}
    return CoverageResult(tallies, undocumented, failures)


def _name_group(by: str, path: bytes, role: str) -> str:
    """Name the row that a symbol counts in."""
    if by == "kind":
        return role
    return data.encode_path(path if by == "file" else os.path.dirname(path) or b".")  # noqa: PTH120


def _render_text(found: CoverageResult, namespace: Namespace) -> list[str]:
    lines = []
    if namespace.missing:
        paint = console.make_painter()
        lines = [
            f"{paint('bold', f'{clean_path(path)}:{symbol.line}:{symbol.column}:')} "
            f"{symbol.kind} {clean_text(symbol.qualname)}".rstrip()
            for path, symbol in found.undocumented
        ]
        lines += [""] if lines else []
    lines += measures.format_coverage(found.groups, namespace.by)
    if _is_below_threshold(found, namespace):
        red = console.make_painter()("red", "too little")
        lines.append(f"{red}: --fail-under asks for {namespace.fail_under:g} %")
    return [*lines, *text.format_failures(found.failures)]


def _render_json(found: CoverageResult, namespace: Namespace) -> str:
    total = DocstringCounts(
        sum(one.needed for one in found.groups.values()),
        sum(one.missing for one in found.groups.values()),
    )
    members: dict[str, Any] = {"view": namespace.at, "by": namespace.by, **_encode_tally(total)}
    members["fails"] = _is_below_threshold(found, namespace)
    members["groups"] = [
        {"name": name, **_encode_tally(tally)} for name, tally in sorted(found.groups.items())
    ]
    if namespace.missing:
        symbols = [data.encode_symbol(path, symbol) for path, symbol in found.undocumented]
        members["undocumented"] = symbols
    return data.render_json("coverage/1", **members, failures=data.encode_failures(found.failures))


def _encode_tally(tally: DocstringCounts) -> Mapping[str, float]:
    percent = round(compute_coverage([tally]), 4)
    return {"coverage": percent, "needed": tally.needed, "missing": tally.missing}


def _write_badge(path: Path, percent: float) -> None:
    image = render_badge("docstrings", measures.format_percentage(percent), percent)
    try:
        write_atomically(path, image)
    except OSError as error:
        raise OutputError(
            f"{path} cannot be written: {error.strerror}", "see its directory and permissions"
        ) from error
