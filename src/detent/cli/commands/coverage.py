"""Show docstring coverage: how many of the symbols that need a docstring have one.

Examples
--------
detent coverage                   # by package
detent coverage --by file --missing src
detent coverage --fail-under 80 --badge docstrings.svg
"""

from __future__ import annotations

import argparse
from pathlib import Path

from detent import TYPE_CHECKING, config
from detent.api import exclusions
from detent.api.paths import find_named_paths, make_path_filter
from detent.api.view import load_audited_files
from detent.budget.coverage import GROUPINGS, count_coverage
from detent.cli.context import add_common_arguments, open_index, print_notes
from detent.cli.finding_output import render_exclusions
from detent.core.errors import OutputError
from detent.core.escape import clean_path, clean_text
from detent.core.files import write_atomically
from detent.index import views
from detent.index.project import Project
from detent.index.refresh import refresh_view
from detent.report import console, data, measures, text
from detent.report.plot import render_badge

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterator, Mapping
    from typing import Any

    from detent.budget.coverage import Coverage
    from detent.core.results import DocstringCounts

_UNMEASURED = 3


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_common_arguments(parser, at=views.WORKTREE)
    parser.add_argument(
        "--by",
        choices=GROUPINGS,
        default="package",
        help="what each row shows; a package is a directory (default: package)",
    )
    parser.add_argument(
        "--fail-under", type=_parse_percentage, metavar="N", help="exit with 1 below N percent"
    )
    parser.add_argument(
        "--badge", type=_parse_badge, metavar="FILE.svg", help="write the percentage as an image"
    )
    parser.add_argument(
        "--missing", action="store_true", help="list the symbols that have no docstring"
    )
    parser.add_argument("paths", nargs="*", metavar="PATH", help="only below these paths")


def run(namespace: Namespace) -> int:
    """Run the command."""
    repo, index = open_index(namespace)
    project = Project(repo, config.load_config(repo.top), index)
    directory = namespace.directory or "."
    named = find_named_paths(repo, namespace.at, namespace.paths, directory=directory)
    coverage, failures = index.with_recovery(lambda: _measure_coverage(project, namespace, named))
    unchecked = exclusions.explain_unchecked_paths(project, namespace.at, named)
    print_notes([*index.notes, *render_exclusions(unchecked, every=True)])
    percent = coverage.total.percent
    is_below = namespace.fail_under is not None and percent < namespace.fail_under
    if namespace.format == "json":
        console.write_line(_render_json(coverage, failures, namespace, is_below=is_below))
    else:
        for line in _render_text(coverage, namespace, is_below=is_below):
            console.write_line(line)
        for line in text.format_failures(failures):
            console.write_line(line)
    index.close()
    if namespace.badge:
        _write_badge(Path(namespace.directory or ".", namespace.badge), percent)
    if is_below:
        return 1
    return _UNMEASURED if failures else 0


def _parse_percentage(given: str) -> float:
    try:
        value = float(given)
    except ValueError:
        value = -1.0
    if 0 <= value <= 100:
        return value
    raise argparse.ArgumentTypeError(f"{given!r} is not a number from 0 to 100")


def _parse_badge(given: str) -> str:
    if given.endswith(".svg"):
        return given
    raise argparse.ArgumentTypeError(f"{given!r} does not end with .svg")


def _measure_coverage(
    project: Project, namespace: Namespace, named: list[bytes]
) -> tuple[Coverage, Mapping[bytes, str]]:
    repo, index, view = project.repo, project.index, namespace.at
    refresh_view(repo, index, view, progress=console.make_progress("indexing"))
    files, failures = load_audited_files(project, view, make_path_filter(repo, named))
    files.sort(key=lambda file: file[0])
    return count_coverage(files, project.selection, namespace.by), failures


def _render_text(coverage: Coverage, namespace: Namespace, *, is_below: bool) -> Iterator[str]:
    paint = console.make_painter()
    if namespace.missing:
        for path, symbol in coverage.undocumented:
            place = paint("bold", f"{clean_path(path)}:{symbol.line}:{symbol.column}:")
            yield f"{place} {symbol.kind} {clean_text(symbol.qualname)}".rstrip()
        yield from [""] if coverage.undocumented else []
    yield from measures.format_coverage(coverage.groups, namespace.by)
    if is_below:
        measured = f"coverage {measures.format_percentage(coverage.total.percent)}"
        yield f"{paint('red', measured)} is below --fail-under {namespace.fail_under:g}"


def _render_json(
    coverage: Coverage, failures: Mapping[bytes, str], namespace: Namespace, *, is_below: bool
) -> str:
    members: dict[str, Any] = {"view": namespace.at, "by": namespace.by}
    members |= _encode_counts(coverage.total)
    members["fails"] = is_below
    members["groups"] = [
        {"name": name, **_encode_counts(counts)} for name, counts in sorted(coverage.groups.items())
    ]
    if namespace.missing:
        symbols = [data.encode_symbol(path, symbol) for path, symbol in coverage.undocumented]
        members["undocumented"] = symbols
    return data.render_json("coverage/1", **members, failures=data.encode_failures(failures))


def _encode_counts(counts: DocstringCounts) -> dict[str, float]:
    percent = round(counts.percent, 4)
    return {"coverage": percent, "needed": counts.needed, "missing": counts.missing}


def _write_badge(path: Path, percent: float) -> None:
    image = render_badge("docstrings", measures.format_percentage(percent), percent)
    try:
        write_atomically(path, image)
    except OSError as error:
        raise OutputError(
            f"cannot write the badge {path}: {error.strerror}",
            "check that its directory exists and is writable",
        ) from error
