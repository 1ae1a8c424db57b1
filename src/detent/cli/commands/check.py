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

from detent import TYPE_CHECKING, config
from detent.api import exclusions
from detent.api.check import check_change, list_base_trees
from detent.api.hook_files import has_commit_check
from detent.audit.rules import RULES
from detent.cli import finding_output
from detent.cli.context import (
    add_common_arguments,
    add_verbosity_arguments,
    describe_view,
    open_index,
    print_notes,
)
from detent.core.escape import clean_path, clean_text
from detent.core.results import EXCEEDED, NOT_MEASURED
from detent.index import views
from detent.index.project import Project
from detent.index.refresh import refresh_view
from detent.report import console, data, measures, text

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from detent.core.results import CheckResult, ViewSummary
    from detent.git import Repo
    from detent.index.refresh import RefreshResult

_UNMEASURED = 3


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_common_arguments(parser, at=views.STAGED)
    add_verbosity_arguments(parser)
    parser.add_argument(
        "--base",
        metavar="REV",
        help="compare with what REV and the view have in common (default: HEAD)",
    )
    parser.add_argument("--gate", choices=config.GATES, help="default: the setting, else new")


def run(namespace: Namespace) -> int:
    """Run the command."""
    start = time.perf_counter()
    repo, index = open_index(namespace)
    project = Project(repo, config.load_config(repo.top), index)
    mode = namespace.gate or project.config.gate

    def work() -> tuple[RefreshResult, CheckResult]:
        done = refresh_view(
            project.repo, project.index, namespace.at, progress=console.make_progress("indexing")
        )
        return done, check_change(project, namespace.at, namespace.base, mode=mode, whole=True)

    done, outcome = project.index.with_recovery(work)
    seconds = time.perf_counter() - start
    notes = [*project.config.notes, *outcome.unused_exemptions, *project.index.notes]
    print_notes(() if namespace.quiet else notes)
    if namespace.format == "json":
        console.write_line(render_document(namespace.at, done, outcome, seconds=seconds))
    elif namespace.quiet:
        for line in render_result(outcome, repo, namespace.at, quiet=True):
            console.write_line(line)
    else:
        told = (
            describe_basis(project, namespace.at, namespace.base, mode=mode)
            if namespace.verbose
            else []
        )
        told += _render_text(repo, namespace.at, done, outcome=outcome)
        told.append(_summarize_run(done, outcome, seconds=seconds))
        for line in told:
            console.write_line(line)
    project.index.close()
    return choose_exit_status(outcome)


def choose_exit_status(outcome: CheckResult) -> int:
    """Choose the exit status: findings come first, since they are known."""
    if not outcome.is_clean:
        return 1
    unmeasured = outcome.view_summary is not None and any(
        one.status == NOT_MEASURED for one in outcome.limit_results
    )
    return _UNMEASURED if outcome.failures or unmeasured else 0


def render_result(outcome: CheckResult, repo: Repo, view: str, *, quiet: bool = False) -> list[str]:
    """Write what stands against a change, and what to be warned of."""
    found = outcome.blocking if quiet else [*outcome.gated_findings, *outcome.notes]
    failing = (EXCEEDED, NOT_MEASURED)
    judgements = [one for one in outcome.limit_results if one.status in failing or not quiet]
    loosened = [] if quiet else outcome.loosened_limits
    return [
        *finding_output.render_findings(found, repo, view, blobs=outcome.blobs),
        *text.format_failures(outcome.failures),
        *measures.format_limit_results(judgements, console.make_painter()),
        *measures.format_loosened_limits(loosened, console.make_painter()),
    ]


def describe_basis(project: Project, view: str, base: str | None, *, mode: str) -> list[str]:
    """Say what a verdict rests on: the settings, what is compared, which files are left out."""
    repo, trees = project.repo, list_base_trees(project.repo, view, base)
    changes = [views.list_changes(repo, view, tree) for tree in trees]
    paths = set.intersection(*({one.path for one in each} for each in changes))
    gone = {one.path for one in changes[0] if one.new is None}
    why = exclusions.list_exclusions(project, view, paths - gone)
    why.update((path, "it is deleted") for path in paths & gone)
    source = clean_text(project.config.source) or "none, so the defaults"
    compared = " and ".join(tree[:10] for tree in trees)
    return [
        f"settings: {source}; gate: {mode}; compared with the tree {compared}",
        *(f"judged: {clean_path(path)}" for path in sorted(paths.difference(why))),
        *exclusions.render_exclusions(why, every=True),
        "all other files are as they were, so that they bring nothing new",
    ]


def summarize_result(
    outcome: CheckResult, *, analysed: int, files: int | None, seconds: float
) -> str:
    """Say in one line what was checked, reused and mended, and how long it took."""
    new, fixed = len(outcome.finding_diff.new), len(outcome.finding_diff.fixed)
    changed = text.format_count(outcome.changed_files, "changed file")
    parts = [f"{text.format_count(new, 'new finding')} in {changed}"]
    if outcome.warnings:
        parts.append(text.format_count(len(outcome.warnings), "warning"))
    if fixed:
        parts.append(f"{fixed:,} fixed")
    if outcome.finding_diff.remaining:
        parts.append(f"{len(outcome.finding_diff.remaining):,} as before")
    if files is not None:
        reused = f"{analysed:,} analysed, {files - analysed:,} reused"
        parts.append(f"{text.format_count(files, 'file')}: {reused}")
    else:
        parts.append(f"{text.format_count(analysed, 'blob')} analysed")
    colour, word = "green", "clean"
    if not outcome.is_clean:
        colour, word = "red", "held back"
    elif outcome.failures:
        colour, word = "yellow", "cannot be judged"
    return f"{console.make_painter()(colour, word)}: {' · '.join(parts)} · {seconds:.2f} s"


def _render_text(repo: Repo, view: str, done: RefreshResult, *, outcome: CheckResult) -> list[str]:
    failures = {p: r for p, r in done.failures.items() if p not in outcome.failures}
    lines = [*render_result(outcome, repo, view), *text.format_failures(failures)]
    if lines and lines[-1]:
        lines.append("")
    if outcome.view_summary is not None and not outcome.changed_files:
        lines += [
            *_render_overview(view, done, outcome.view_summary),
            *_suggest_steps(repo, outcome.view_summary),
        ]
    return lines


def _summarize_run(done: RefreshResult, outcome: CheckResult, *, seconds: float) -> str:
    files = done.reused + done.analyzed + len(done.failures)
    return summarize_result(outcome, analysed=done.analyzed, files=files, seconds=seconds)


def _render_overview(view: str, done: RefreshResult, whole: ViewSummary) -> list[str]:
    """Say what there is, and what is wrong most often: for a first look."""
    paint = console.make_painter()
    needed, missing = whole.docstrings
    files = text.format_count(done.reused + done.analyzed, "Python file")
    audited = len(whole.files)
    some = f"{audited:,} of {files}" if audited < done.reused + done.analyzed else files
    lines, symbols = (
        text.format_count(whole.lines, "line"),
        text.format_count(whole.symbols, "symbol"),
    )
    size = f"{some} audited, {lines}, {symbols}"
    share = f"{measures.format_percentage(whole.docstrings.percent)} documented"
    of = f"{needed - missing:,} of {text.format_count(needed, 'symbol')} that need a docstring"
    head = [f"{describe_view(view, done.tree)}: {size}", f"{share}: {of}"]
    titles = {code: rule.title for code, rule in RULES.items()}
    ranking = text.format_ranking(whole.findings, titles, paint)
    ranking[:1] = [f"{text.format_total(whole.findings)}, {one}" for one in ranking[:1]]
    return [*head, *([""] if ranking else []), *ranking, ""]


def _suggest_steps(repo: Repo, whole: ViewSummary) -> list[str]:
    """Say what to do next, as far as it is not done yet."""
    steps = ["  detent audit     (list all findings)"] if whole.findings else []
    if not has_commit_check(repo):
        steps.append("  detent install   (hold back what makes it worse, from the next commit on)")
    return ["next:", *steps, ""] if steps else []


def render_document(view: str, done: RefreshResult, outcome: CheckResult, *, seconds: float) -> str:
    """Write a verdict as JSON."""
    whole = outcome.view_summary
    return data.render_json(
        "check/1",
        view=view,
        tree=done.tree,
        clean=outcome.is_clean,
        new=[data.encode_finding(one) for one in outcome.finding_diff.new],
        fixed=[data.encode_finding(one) for one in outcome.finding_diff.fixed],
        blocking=[data.encode_finding(one) for one in outcome.blocking],
        warnings=[data.encode_finding(one) for one in outcome.warnings],
        notes=[data.encode_finding(one) for one in outcome.notes],
        budget=[data.encode_limit_result(one) for one in outcome.limit_results],
        loosened=outcome.loosened_limits,
        coverage=round(whole.docstrings.percent if whole else 100.0, 4),
        changed_files=outcome.changed_files,
        files=done.reused + done.analyzed + len(done.failures),
        analysed=done.analyzed,
        failures=data.encode_failures({**done.failures, **outcome.diff_failures}),
        seconds=round(seconds, 3),
    )
