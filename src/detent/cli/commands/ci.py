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
from detent.api.check import judged
from detent.api.suppressions import ignored
from detent.audit.rules import RULES
from detent.cli.commands import check
from detent.cli.context import add_common, add_volume, open_index, say
from detent.core.errors import OutputError, UsageError
from detent.core.escape import clean
from detent.core.files import write_whole
from detent.core.namedtuple import NamedTuple
from detent.git import ci_base, push_range
from detent.index.project import subject_of
from detent.index.refresh import refresh
from detent.report import console, github, gitlab, items, junit, markdown, sarif

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterable

    from detent.api.check import Outcome
    from detent.api.suppressions import Ignored
    from detent.git.ci_base import Candidate
    from detent.index.project import Subject
    from detent.index.refresh import Refreshed

FORMATS = ("sarif", "gitlab", "junit", "markdown", "json")
_HEAD = "HEAD"


class Run(NamedTuple):
    """A commit that was judged, with all that a report may say of it."""

    subject: Subject
    base: Candidate
    done: Refreshed
    outcome: Outcome
    mode: str
    seconds: float


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the command.

    Parameters
    ----------
    parser : ArgumentParser
        The parser of ``detent ci``.
    """
    add_common(parser, at=_HEAD)
    add_volume(parser)
    parser.add_argument("--base", metavar="REV", help="default: what the service compares with")
    parser.add_argument("--gate", choices=config.GATES, help="default: the setting, else new")
    parser.add_argument(
        "--report",
        metavar="FORMAT=FILE",
        action="append",
        default=[],
        type=_report,
        help=f"write a file as well, may be repeated: {', '.join(FORMATS)}",
    )


def run(namespace: Namespace) -> int:
    """Run the command.

    Parameters
    ----------
    namespace : Namespace
        What `add_arguments` asked for.

    Returns
    -------
    int
        The exit status: as `detent.cli.commands.check.status` chooses it.
    """
    start = time.perf_counter()
    repo, index = open_index(namespace)
    subject = subject_of(repo, config.load(repo.top), index)
    mode = namespace.gate or subject.config.gate
    base = _base(subject, namespace)

    def work() -> tuple[Refreshed, Outcome]:
        done = refresh(repo, index, namespace.at, progress=console.progress("indexing"))
        return done, judged(subject, namespace.at, base.revision, mode=mode, whole=True)

    done, outcome = index.healed(work)
    finished = Run(subject, base, done, outcome, mode, time.perf_counter() - start)
    say(() if namespace.quiet else [*outcome.idle, *index.notes])
    _show(finished, namespace)
    for form, path in namespace.report:
        _write(path, _rendered(form, finished, namespace.at))
    index.close()
    return check.status(outcome)


def _base(subject: Subject, namespace: Namespace) -> Candidate:
    """Choose what to compare with; a framework may also name what is judged."""
    asked = push_range.between(subject.repo)
    if namespace.base is None and asked:
        namespace.at, named = asked.head, ci_base.Candidate(asked.base, asked.source)
    elif namespace.base is not None:
        named = ci_base.Candidate(namespace.base, "--base")
    else:
        return ci_base.choose(subject.repo, os.environ, _event())
    git.tree_of(subject.repo, named.revision)
    return named


def _event() -> object:
    """Read what GitHub says of the run; what cannot be read says nothing."""
    try:
        return json.loads(Path(os.environ["GITHUB_EVENT_PATH"]).read_bytes())
    except (KeyError, OSError, ValueError, RecursionError):
        return {}


def _compared(base: Candidate) -> str:
    return f"{base.revision[:10]} ({base.source})"


def _show(run: Run, namespace: Namespace) -> None:
    if namespace.format == "json":
        document = check.document(namespace.at, run.done, run.outcome, seconds=run.seconds)
        console.write(document)
        return
    repo, quiet = run.subject.repo, namespace.quiet
    lines = [] if quiet else [clean(f"compared with {_compared(run.base)}")]
    if namespace.verbose:
        base = run.base.revision
        lines += check.basis(run.subject, namespace.at, base, mode=run.mode)
    lines += check.verdict_lines(run.outcome, repo, namespace.at, quiet=quiet)
    if _on_github():
        lines += github.workflow_commands(_items(run))
    if summary := os.environ.get("GITHUB_STEP_SUMMARY"):
        _write(summary, _rendered("markdown", run, namespace.at), append=True)
    lines += [] if quiet else [_verdict(run)]
    for line in lines:
        console.write(line)


def _verdict(run: Run) -> str:
    files = run.done.reused + run.done.analysed + len(run.done.failures)
    analysed = run.done.analysed
    return check.summary(run.outcome, analysed=analysed, files=files, seconds=run.seconds)


def _items(
    run: Run, *, everything: bool = False, ignored: Iterable[Ignored] = ()
) -> list[items.Item]:
    settings = run.subject.config.source.partition(" ")[0]
    return items.items(run.outcome, settings, everything=everything, ignored=ignored)


def _all_items(run: Run, view: str) -> list[items.Item]:
    """List everything, with what comments ignore: which GitHub would show as open alerts."""
    if _on_github():
        return _items(run, everything=True)
    found = ignored(run.subject, view, run.outcome.sides)
    return _items(run, everything=True, ignored=found)


def _on_github() -> bool:
    return os.environ.get("GITHUB_ACTIONS") == "true"


def _rendered(form: str, run: Run, view: str) -> str:
    if form == "json":
        return check.document(view, run.done, run.outcome, seconds=run.seconds)
    if form == "sarif":
        return sarif.log(_all_items(run, view), RULES, __version__)
    if form == "gitlab":
        found = _items(run, everything=True)
        return gitlab.code_quality(one for one in found if one.state != items.ABSENT)
    if form == "junit":
        return junit.suites(_items(run))
    return markdown.summary(_items(run, everything=True), _verdict(run), _compared(run.base))


def _report(text: str) -> tuple[str, str]:
    """Take ``FORMAT=FILE`` apart."""
    form, equals, path = text.partition("=")
    if form not in FORMATS or not equals or not path:
        raise UsageError(
            f"--report takes FORMAT=FILE, not {text!r}", f"formats: {', '.join(FORMATS)}"
        )
    return form, path


def _write(path: str, text: str, *, append: bool = False) -> None:
    try:
        if append:
            with Path(path).open("a", encoding="utf-8", newline="\n") as file:
                file.write(text)
        else:
            write_whole(Path(path), text.rstrip("\n") + "\n")
    except OSError as error:
        raise OutputError(
            f"the report {path!r} cannot be written: {error.strerror}", "name another file"
        ) from error
