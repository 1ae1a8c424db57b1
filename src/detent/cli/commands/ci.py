"""Check a commit in CI against the base that the service names, and write its reports.

Examples
--------
detent ci --base main             # outside of a service, name the base
detent ci --base main --fresh 5%  # do not believe a cache that others can write
detent ci --base main --report sarif=detent.sarif --report junit=detent.xml
"""

from __future__ import annotations

import os
import time

from detent import TYPE_CHECKING
from detent.cli import check_output
from detent.cli.ci_output import FORMATS, CiRun, describe_base, render_report
from detent.cli.context import (
    Answer,
    add_check_arguments,
    add_common_arguments,
    add_verbosity_arguments,
    answering,
    parse_share,
)
from detent.cli.file_output import append_to_file, write_named_file
from detent.core.errors import UsageError
from detent.core.escape import clean_text
from detent.report import github

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from detent.api import Repository


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_common_arguments(parser, at="HEAD")
    add_verbosity_arguments(parser)
    add_check_arguments(parser, base="the base that the service names")
    parser.add_argument(
        "--settings",
        choices=("head", "base"),
        default="head",
        help="judge by the settings and attributes of the checked version (default), or of its "
        "base: for pull requests from strangers, who could loosen them",
    )
    parser.add_argument(
        "--fresh",
        metavar="SHARE",
        type=parse_share,
        help="first analyse a random share of the files again, such as 0.05, and end with status 3 "
        "where the index differs",
    )
    parser.add_argument(
        "--report",
        metavar="FORMAT=FILE",
        action="append",
        default=[],
        type=_parse_report,
        help=f"also write a report to a file; may be repeated: {', '.join(FORMATS)}",
    )


@answering
def run(repository: Repository, namespace: Namespace) -> Answer:
    """Run the command."""
    start = time.perf_counter()
    compared = repository.choose_ci_comparison(namespace.at, base=namespace.base)
    if namespace.settings == "base":
        repository.use_base_settings(compared.at, base=compared.base)
    if namespace.fresh:
        repository.require_fresh_facts(namespace.fresh, compared.at, base=compared.base)
    result = repository.check(compared.at, base=compared.base, gate=namespace.gate)
    ci_run = CiRun(repository, compared, result, time.perf_counter() - start)

    def write_reports() -> None:
        for form, path in namespace.report:
            text = render_report(form, ci_run)
            write_named_file(path, text, "report", work_tree=repository.work_tree)

    renderers = {
        "text": lambda: _render_text(ci_run, namespace),
        "json": lambda: render_report("json", ci_run),
    }
    status = check_output.choose_exit_status(result)
    return Answer(status, renderers, result.unused_exemptions, write_reports)


def _render_text(ci_run: CiRun, namespace: Namespace) -> list[str]:
    result, repository, quiet = ci_run.result, ci_run.repository, namespace.quiet
    lines = [] if quiet else [clean_text(f"compared with {describe_base(ci_run)}")]
    if namespace.settings == "base" and not quiet:
        lines.append("judged by the settings and attributes of the base")
    if namespace.verbose:
        lines += check_output.describe_basis(result, repository, ci_run.compared.base)
    lines += check_output.render_result(result, repository, quiet=quiet)
    if ci_run.is_on_github:
        lines += github.render_workflow_commands(ci_run.list_items())
    if summary := os.environ.get("GITHUB_STEP_SUMMARY"):
        append_to_file(summary, render_report("markdown", ci_run), "report")
    return lines if quiet else [*lines, check_output.summarize_result(result, ci_run.seconds)]


def _parse_report(text: str) -> tuple[str, str]:
    """Split ``FORMAT=FILE``."""
    form, equals, path = text.partition("=")
    if form not in FORMATS or not equals or not path:
        raise UsageError(
            f"--report takes FORMAT=FILE, not {text!r}", f"formats: {', '.join(FORMATS)}"
        )
    return form, path
