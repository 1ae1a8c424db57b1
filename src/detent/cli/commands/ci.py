"""Judge a commit in CI against the base that the service names, and report where it shows.

Examples
--------
detent ci --base main             # outside of a service, name the base
detent ci --base main --report sarif=detent.sarif --report junit=detent.xml
"""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

from detent import TYPE_CHECKING, __version__, config, git
from detent.api.check import check_change
from detent.api.suppressions import list_suppressions
from detent.audit.rules import RULES
from detent.cli.commands import check
from detent.cli.context import (
    add_common_arguments,
    add_verbosity_arguments,
    open_index,
    print_notes,
)
from detent.core.errors import OutputError, UsageError
from detent.core.escape import clean_text
from detent.core.files import write_atomically
from detent.core.namedtuple import NamedTuple
from detent.git import ci_base, push_range
from detent.index.project import Project
from detent.index.refresh import refresh_view
from detent.report import console, github, gitlab, items, junit, markdown, sarif

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterable

    from detent.core.results import CheckResult, Suppression
    from detent.git.ci_base import Candidate
    from detent.index.refresh import RefreshResult

FORMATS = ("sarif", "gitlab", "junit", "markdown", "json")
_HEAD = "HEAD"


class CiRun(NamedTuple):
    """A commit that was judged, with all that a report may say of it."""

    project: Project
    base: Candidate
    done: RefreshResult
    outcome: CheckResult
    mode: str
    seconds: float


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_common_arguments(parser, at=_HEAD)
    add_verbosity_arguments(parser)
    parser.add_argument("--base", metavar="REV", help="default: what the service compares with")
    parser.add_argument("--gate", choices=config.GATES, help="default: the setting, else new")
    parser.add_argument(
        "--report",
        metavar="FORMAT=FILE",
        action="append",
        default=[],
        type=_parse_report,
        help=f"write a file as well, may be repeated: {', '.join(FORMATS)}",
    )


def run(namespace: Namespace) -> int:
    """Run the command."""
    start = time.perf_counter()
    repo, index = open_index(namespace)
    project = Project(repo, config.load_config(repo.top), index)
    mode = namespace.gate or project.config.gate
    base = _choose_base(project, namespace)

    def work() -> tuple[RefreshResult, CheckResult]:
        done = refresh_view(repo, index, namespace.at, progress=console.make_progress("indexing"))
        return done, check_change(project, namespace.at, base.revision, mode=mode, whole=True)

    done, outcome = index.with_recovery(work)
    finished = CiRun(project, base, done, outcome, mode, time.perf_counter() - start)
    print_notes(() if namespace.quiet else [*outcome.unused_exemptions, *index.notes])
    _print_result(finished, namespace)
    for form, path in namespace.report:
        _write_report(path, _render_report(form, finished, namespace.at))
    index.close()
    return check.choose_exit_status(outcome)


def _choose_base(project: Project, namespace: Namespace) -> Candidate:
    """Choose what to compare with; a framework may also name what is judged."""
    asked = push_range.read_framework_range(project.repo)
    if namespace.base is None and asked:
        namespace.at, named = asked.head, ci_base.Candidate(asked.base, asked.source)
    elif namespace.base is not None:
        named = ci_base.Candidate(namespace.base, "--base")
    else:
        return ci_base.choose_base(project.repo, os.environ, _read_event())
    git.resolve_tree(project.repo, named.revision)
    return named


def _read_event() -> object:
    """Read what GitHub says of the run; what cannot be read says nothing."""
    try:
        return json.loads(Path(os.environ["GITHUB_EVENT_PATH"]).read_bytes())
    except (KeyError, OSError, ValueError, RecursionError):
        return {}


def _describe_base(base: Candidate) -> str:
    return f"{base.revision[:10]} ({base.source})"


def _print_result(run: CiRun, namespace: Namespace) -> None:
    if namespace.format == "json":
        document = check.render_document(namespace.at, run.done, run.outcome, seconds=run.seconds)
        console.write_line(document)
        return
    repo, quiet = run.project.repo, namespace.quiet
    lines = [] if quiet else [clean_text(f"compared with {_describe_base(run.base)}")]
    if namespace.verbose:
        base = run.base.revision
        lines += check.describe_basis(run.project, namespace.at, base, mode=run.mode)
    lines += check.render_result(run.outcome, repo, namespace.at, quiet=quiet)
    if _is_on_github():
        lines += github.render_workflow_commands(_list_items(run))
    if summary := os.environ.get("GITHUB_STEP_SUMMARY"):
        _write_report(summary, _render_report("markdown", run, namespace.at), append=True)
    lines += [] if quiet else [_summarize_run(run)]
    for line in lines:
        console.write_line(line)


def _summarize_run(run: CiRun) -> str:
    files = run.done.reused + run.done.analyzed + len(run.done.failures)
    analysed = run.done.analyzed
    return check.summarize_result(run.outcome, analysed=analysed, files=files, seconds=run.seconds)


def _list_items(
    run: CiRun, *, everything: bool = False, ignored: Iterable[Suppression] = ()
) -> list[items.ReportItem]:
    settings = run.project.config.source.partition(" ")[0]
    return items.list_report_items(run.outcome, settings, everything=everything, ignored=ignored)


def _list_all_items(run: CiRun, view: str) -> list[items.ReportItem]:
    """List everything, with what comments ignore: which GitHub would show as open alerts."""
    if _is_on_github():
        return _list_items(run, everything=True)
    found = list_suppressions(run.project, view, run.base.revision)
    return _list_items(run, everything=True, ignored=found)


def _is_on_github() -> bool:
    return os.environ.get("GITHUB_ACTIONS") == "true"


def _render_report(form: str, run: CiRun, view: str) -> str:
    if form == "json":
        return check.render_document(view, run.done, run.outcome, seconds=run.seconds)
    if form == "sarif":
        return sarif.render_log(_list_all_items(run, view), RULES, __version__)
    if form == "gitlab":
        found = _list_items(run, everything=True)
        return gitlab.render_code_quality(one for one in found if one.state != items.ABSENT)
    if form == "junit":
        return junit.render_suites(_list_items(run))
    return markdown.render_summary(
        _list_items(run, everything=True), _summarize_run(run), _describe_base(run.base)
    )


def _parse_report(text: str) -> tuple[str, str]:
    """Take ``FORMAT=FILE`` apart."""
    form, equals, path = text.partition("=")
    if form not in FORMATS or not equals or not path:
        raise UsageError(
            f"--report takes FORMAT=FILE, not {text!r}", f"formats: {', '.join(FORMATS)}"
        )
    return form, path


def _write_report(path: str, text: str, *, append: bool = False) -> None:
    try:
        if append:
            with Path(path).open("a", encoding="utf-8", newline="\n") as file:
                file.write(text)
        else:
            write_atomically(Path(path), text.rstrip("\n") + "\n")
    except OSError as error:
        raise OutputError(
            f"the report {path!r} cannot be written: {error.strerror}", "name another file"
        ) from error
