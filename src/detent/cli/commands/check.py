"""Check what is staged: new findings of its docstrings, and the limits of the settings.

Examples
--------
detent check                      # what is staged, against HEAD
detent check --base main          # this branch so far, with what is staged
detent check --at HEAD            # the last commit
detent check --gate all --quiet   # every finding of the whole view, and nothing else
detent check src --format sarif   # what fails below a directory, for an editor
detent check --verbose            # which files were checked, which were not, and why
"""

from __future__ import annotations

import time

from detent import TYPE_CHECKING
from detent.cli import check_output
from detent.cli.context import (
    Answer,
    add_check_arguments,
    add_common_arguments,
    add_verbosity_arguments,
    answering,
)
from detent.cli.finding_output import describe_pending_files
from detent.cli.item_output import FORMATS
from detent.report import text

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from detent.api import Repository
    from detent.core.results import CheckResult


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_common_arguments(parser, at="staged", formats=FORMATS)
    add_verbosity_arguments(parser)
    add_check_arguments(parser, base="HEAD, or the parents of a revision")
    parser.add_argument(
        "paths", nargs="*", metavar="PATH", help="only findings below these paths; all limits"
    )


@answering
def run(repository: Repository, namespace: Namespace) -> Answer:
    """Run the command."""
    start = time.perf_counter()
    result = repository.check(
        namespace.at, base=namespace.base, gate=namespace.gate, paths=namespace.paths
    )
    seconds = time.perf_counter() - start
    renderers = {
        "text": lambda: _render_text(result, repository, namespace, seconds=seconds),
        **check_output.make_renderers(result, repository, seconds=seconds),
    }
    return Answer(check_output.choose_exit_status(result), renderers, result.unused_exemptions)


def _render_text(
    result: CheckResult, repository: Repository, namespace: Namespace, *, seconds: float
) -> list[str]:
    if namespace.quiet:
        return check_output.render_result(result, repository, quiet=True)
    lines = [
        *check_output.render_result(result, repository),
        *text.format_failures(result.other_failures),
    ]
    if lines and lines[-1]:
        lines.append("")
    if result.summary is not None and not result.changed_files and not namespace.paths:
        lines += [
            *check_output.render_overview(result, result.summary),
            *_suggest_steps(result, repository),
        ]
    if namespace.verbose:
        lines = [*check_output.describe_basis(result, repository, namespace.base), *lines]
    pending = repository.list_pending_files(namespace.paths, at=namespace.at)
    lines += describe_pending_files(pending)
    git_command = "git commit" if namespace.at == "staged" else ""
    lines += check_output.suggest_remedies(result, git_command)
    return [*lines, check_output.summarize_result(result, seconds)]


def _suggest_steps(result: CheckResult, repository: Repository) -> list[str]:
    """Write what to do next, as far as it is not done yet."""
    steps = []
    if result.summary and (rules := result.summary.common_rules):
        codes = ", ".join(f"{code} ({do:,} of {could:,})" for code, (do, could) in rules.items())
        steps.append(f"  detent init      (propose settings: most docstrings break {codes})")
    if result.summary and result.summary.findings:
        steps.append("  detent audit     (list all findings)")
    if not repository.has_commit_check():
        steps.append("  detent install   (block new findings, from the next commit on)")
    return ["next:", *steps, ""] if steps else []
