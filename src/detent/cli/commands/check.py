"""Index what is staged, audit what it changes, hold the budgets, and say so in the exit status.

Examples
--------
detent check                      # what is staged, against HEAD
detent check --base main          # this branch so far, with what is staged
detent check --at HEAD            # the last commit
detent check --gate all --quiet   # every finding of the whole view, and nothing else
detent check --verbose            # which files were judged, which were not, and why
"""

from __future__ import annotations

import time

from detent import TYPE_CHECKING, config, git
from detent.api import exclusions
from detent.api.check import judged, parents
from detent.api.hook_files import judges_commits
from detent.audit.rules import RULES
from detent.budget import EXCEEDED, NOT_MEASURED
from detent.budget.metrics import coverage
from detent.cli import finding_output
from detent.cli.context import add_common, add_volume, open_index, say, shown_view
from detent.core.escape import clean, clean_path
from detent.index import views
from detent.index.project import subject_of
from detent.index.refresh import refresh
from detent.report import console, data, measures, text

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from detent.api.check import Outcome
    from detent.api.view import Whole
    from detent.git import Repo
    from detent.index.project import Subject
    from detent.index.refresh import Refreshed

_UNMEASURED = 3


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the command.

    Parameters
    ----------
    parser : ArgumentParser
        The parser of ``detent check``.
    """
    add_common(parser, at=views.STAGED)
    add_volume(parser)
    parser.add_argument(
        "--base",
        metavar="REV",
        help="compare with what REV and the view have in common (default: HEAD)",
    )
    parser.add_argument("--gate", choices=config.GATES, help="default: the setting, else new")


@git.standing()
def run(namespace: Namespace) -> int:
    """Run the command.

    Parameters
    ----------
    namespace : Namespace
        What `add_arguments` asked for.

    Returns
    -------
    int
        The exit status: as `status` chooses it.
    """
    start = time.perf_counter()
    repo, index = open_index(namespace)
    subject = subject_of(repo, config.load(repo.top), index)
    mode = namespace.gate or subject.config.gate

    def work() -> tuple[Refreshed, Outcome]:
        done = refresh(
            subject.repo, subject.door, namespace.at, progress=console.progress("indexing")
        )
        return done, judged(subject, namespace.at, namespace.base, mode=mode, whole=True)

    done, outcome = subject.door.healed(work)
    seconds = time.perf_counter() - start
    notes = [*subject.config.notes, *outcome.idle, *subject.door.notes]
    say(() if namespace.quiet else notes)
    if namespace.format == "json":
        console.write(document(namespace.at, done, outcome, seconds=seconds))
    elif namespace.quiet:
        for line in verdict_lines(outcome, repo, namespace.at, quiet=True):
            console.write(line)
    else:
        told = basis(subject, namespace.at, namespace.base, mode=mode) if namespace.verbose else []
        told += _lines(repo, namespace.at, done, outcome=outcome)
        told.append(_ended(done, outcome, seconds=seconds))
        for line in told:
            console.write(line)
    subject.door.close()
    return status(outcome)


def status(outcome: Outcome) -> int:
    """Choose the exit status: findings come first, since they are known.

    Parameters
    ----------
    outcome : Outcome
        The verdict.

    Returns
    -------
    int
        1 where something stands against the change, else 3 where files could not be judged or a
        limit could not be measured although the whole view is known, else 0.
    """
    if not outcome.clean:
        return 1
    unmeasured = outcome.whole is not None and any(
        one.status == NOT_MEASURED for one in outcome.judgements
    )
    return _UNMEASURED if outcome.failures or unmeasured else 0


def verdict_lines(outcome: Outcome, repo: Repo, view: str, *, quiet: bool = False) -> list[str]:
    """Write what stands against a change, and what to be warned of.

    Parameters
    ----------
    outcome : Outcome
        The verdict.
    repo : Repo
        The repository.
    view : str
        What was judged.
    quiet : bool, default False
        Whether to leave out what fails nothing.

    Returns
    -------
    list of str
        Findings, what was left out, files that could not be judged and limits not kept; empty where
        all is well.
    """
    found = outcome.blocking if quiet else [*outcome.found, *outcome.notes]
    failing = (EXCEEDED, NOT_MEASURED)
    judgements = [one for one in outcome.judgements if one.status in failing or not quiet]
    loosened = [] if quiet else outcome.loosened
    return [
        *finding_output.finding_lines(found, repo, view, blobs=outcome.sides.blobs[-1]),
        *text.failure_lines(outcome.failures),
        *measures.budget_lines(judgements, console.painter()),
        *measures.policy_lines(loosened, console.painter()),
    ]


def basis(subject: Subject, view: str, base: str | None, *, mode: str) -> list[str]:
    """Say what a verdict rests on: the settings, what is compared, which files are left out.

    Parameters
    ----------
    subject : Subject
        The repository and its settings.
    view : str
        What is judged.
    base : str or None
        What it is compared with, as for `detent.api.check.judged`.
    mode : str
        The gate.

    Returns
    -------
    list of str
        A line for each changed file.
    """
    repo, trees = subject.repo, parents(subject.repo, view, base)
    changes = [views.changes(repo, view, tree) for tree in trees]
    paths = set.intersection(*({one.path for one in each} for each in changes))
    gone = {one.path for one in changes[0] if one.new is None}
    why = exclusions.reasons(subject, view, paths - gone)
    why.update((path, "it is deleted") for path in paths & gone)
    source = clean(subject.config.source) or "none, so the defaults"
    compared = " and ".join(tree[:10] for tree in trees)
    return [
        f"settings: {source}; gate: {mode}; compared with the tree {compared}",
        *(f"judged: {clean_path(path)}" for path in sorted(paths.difference(why))),
        *exclusions.lines(why, every=True),
        "all other files are as they were, so that they bring nothing new",
    ]


def summary(outcome: Outcome, *, analysed: int, files: int | None, seconds: float) -> str:
    """Say in one line what was checked, reused and mended, and how long it took.

    Parameters
    ----------
    outcome : Outcome
        The verdict.
    analysed : int
        Number of blobs that had to be analysed.
    files : int or None
        Number of files in the view; None where only the changed ones were looked at.
    seconds : float
        How long it took on the clock.

    Returns
    -------
    str
        With the colours of the terminal.
    """
    new, fixed = len(outcome.verdict.new), len(outcome.verdict.fixed)
    parts = [
        f"{text.plural(new, 'new finding')} in {text.plural(outcome.sides.paths, 'changed file')}"
    ]
    if outcome.warnings:
        parts.append(text.plural(len(outcome.warnings), "warning"))
    if fixed:
        parts.append(f"{fixed:,} fixed")
    if outcome.verdict.remaining:
        parts.append(f"{len(outcome.verdict.remaining):,} as before")
    if files is not None:
        parts.append(
            f"{text.plural(files, 'file')}: {analysed:,} analysed, {files - analysed:,} reused"
        )
    else:
        parts.append(f"{text.plural(analysed, 'blob')} analysed")
    colour, word = "green", "clean"
    if not outcome.clean:
        colour, word = "red", "held back"
    elif outcome.failures:
        colour, word = "yellow", "cannot be judged"
    return f"{console.painter()(colour, word)}: {' · '.join(parts)} · {seconds:.2f} s"


def _lines(repo: Repo, view: str, done: Refreshed, *, outcome: Outcome) -> list[str]:
    failures = {p: r for p, r in done.failures.items() if p not in outcome.failures}
    lines = [*verdict_lines(outcome, repo, view), *text.failure_lines(failures)]
    if lines and lines[-1]:
        lines.append("")
    if outcome.whole is not None and not outcome.sides.paths:
        lines += [*_overview(view, done, outcome.whole), *_next(repo, outcome.whole)]
    return lines


def _ended(done: Refreshed, outcome: Outcome, *, seconds: float) -> str:
    files = done.reused + done.analysed + len(done.failures)
    return summary(outcome, analysed=done.analysed, files=files, seconds=seconds)


def _overview(view: str, done: Refreshed, whole: Whole) -> list[str]:
    """Say what there is, and what is wrong most often: for a first look."""
    paint = console.painter()
    needed = sum(one.needed for one in whole.tallies.values())
    missing = sum(one.missing for one in whole.tallies.values())
    files = text.plural(done.reused + done.analysed, "Python file")
    audited = len(whole.tallies)
    some = f"{audited:,} of {files}" if audited < done.reused + done.analysed else files
    lines, symbols = text.plural(whole.lines, "line"), text.plural(whole.symbols, "symbol")
    size = f"{some} audited, {lines}, {symbols}"
    share = f"{measures.percentage(coverage(whole.tallies.values()))} documented"
    of = f"{needed - missing:,} of {text.plural(needed, 'symbol')} that need a docstring"
    head = [f"{shown_view(view, done.tree)}: {size}", f"{share}: {of}"]
    titles = {code: rule.title for code, rule in RULES.items()}
    ranking = text.ranking_lines(whole.findings, titles, paint)
    ranking[:1] = [f"{text.total_line(whole.findings)}, {one}" for one in ranking[:1]]
    return [*head, *([""] if ranking else []), *ranking, ""]


def _next(repo: Repo, whole: Whole) -> list[str]:
    """Say what to do next, as far as it is not done yet."""
    steps = ["  detent audit     (list all findings)"] if whole.findings else []
    if not judges_commits(repo):
        steps.append("  detent install   (hold back what makes it worse, from the next commit on)")
    return ["next:", *steps, ""] if steps else []


def document(view: str, done: Refreshed, outcome: Outcome, *, seconds: float) -> str:
    """Write a verdict as JSON.

    Parameters
    ----------
    view : str
        What was judged.
    done : Refreshed
        What it took to bring its index up to date.
    outcome : Outcome
        The verdict.
    seconds : float
        How long it took on the clock.

    Returns
    -------
    str
        A document of the schema ``detent.check/1``.
    """
    tallies = outcome.whole.tallies.values() if outcome.whole else ()
    return data.document(
        "check/1",
        view=view,
        tree=done.tree,
        clean=outcome.clean,
        new=[data.finding_value(one) for one in outcome.verdict.new],
        fixed=[data.finding_value(one) for one in outcome.verdict.fixed],
        blocking=[data.finding_value(one) for one in outcome.blocking],
        warnings=[data.finding_value(one) for one in outcome.warnings],
        notes=[data.finding_value(one) for one in outcome.notes],
        budget=[data.judgement_value(one) for one in outcome.judgements],
        loosened=outcome.loosened,
        coverage=round(coverage(tallies), 4),
        changed_files=outcome.sides.paths,
        files=done.reused + done.analysed + len(done.failures),
        analysed=done.analysed,
        failures=data.failures_value({**done.failures, **outcome.sides.failures}),
        seconds=round(seconds, 3),
    )
