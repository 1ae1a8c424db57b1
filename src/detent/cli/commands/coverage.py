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

from detent import TYPE_CHECKING
from detent.api.coverage import GROUPINGS
from detent.cli.context import Answer, add_common_arguments, answering
from detent.cli.file_output import write_named_file
from detent.cli.finding_output import render_exclusions
from detent.cli.symbol_output import format_symbol
from detent.report import console, data, measures, text
from detent.report.plot import render_badge

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from typing import Any

    from detent.api import Repository
    from detent.api.coverage import CoverageResult
    from detent.core.results import DocstringCounts


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_common_arguments(parser, at="worktree")
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


@answering
def run(repository: Repository, namespace: Namespace) -> Answer:
    """Run the command."""
    coverage = repository.measure_coverage(namespace.paths, at=namespace.at, by=namespace.by)
    percent = coverage.total.percent
    is_below = namespace.fail_under is not None and percent < namespace.fail_under
    renderers = {
        "text": lambda: _render_text(coverage, namespace, is_below=is_below),
        "json": lambda: _render_json(coverage, namespace, is_below=is_below),
    }

    def write_badge() -> None:
        if namespace.badge:
            image = render_badge("docstrings", measures.format_percentage(percent), percent)
            path = Path(namespace.directory or ".", namespace.badge)
            write_named_file(path, image, "badge", work_tree=repository.work_tree)

    status = 1 if is_below else 3 if coverage.failures else 0
    return Answer(status, renderers, render_exclusions(coverage.unchecked, every=True), write_badge)


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


def _render_text(coverage: CoverageResult, namespace: Namespace, *, is_below: bool) -> list[str]:
    paint = console.make_painter()
    lines = []
    if namespace.missing and coverage.undocumented:
        found = coverage.undocumented
        lines = [*(format_symbol(path, symbol, paint) for path, symbol in found), ""]
    lines += measures.format_coverage(coverage.groups, namespace.by)
    if is_below:
        measured = f"coverage {measures.format_percentage(coverage.total.percent)}"
        lines.append(f"{paint('red', measured)} is below --fail-under {namespace.fail_under:g}")
    return [*lines, *text.format_failures(coverage.failures)]


def _render_json(coverage: CoverageResult, namespace: Namespace, *, is_below: bool) -> str:
    members: dict[str, Any] = {"view": namespace.at, "by": namespace.by}
    members |= _encode_counts(coverage.total)
    members["fails"] = is_below
    members["groups"] = [
        {"name": name, **_encode_counts(counts)} for name, counts in sorted(coverage.groups.items())
    ]
    if namespace.missing:
        symbols = [data.encode_symbol(path, symbol) for path, symbol in coverage.undocumented]
        members["undocumented"] = symbols
    failures = data.encode_failures(coverage.failures)
    return data.render_json("coverage/1", **members, failures=failures)


def _encode_counts(counts: DocstringCounts) -> dict[str, float]:
    percent = round(counts.percent, 4)
    return {"coverage": percent, "needed": counts.needed, "missing": counts.missing}
