"""Check the limits of the settings."""

from __future__ import annotations

from detent import TYPE_CHECKING, config
from detent.api.check import check_change
from detent.cli.context import open_index, print_notes
from detent.core.escape import clean_text
from detent.core.results import EXCEEDED, NOT_MEASURED
from detent.index.project import Project
from detent.index.refresh import refresh_view
from detent.report import console, data, measures

if TYPE_CHECKING:
    from argparse import Namespace

    from detent.core.results import CheckResult, LimitResult


def run(namespace: Namespace) -> int:
    """Run the action."""
    repo, index = open_index(namespace)
    project = Project(repo, config.load_config(repo.top), index)
    outcome = project.index.with_recovery(lambda: _check_limits(project, namespace))
    print_notes([*outcome.unused_exemptions, *project.index.notes])
    if namespace.format == "json":
        values = [data.encode_limit_result(one) for one in outcome.limit_results]
        console.write_line(
            data.render_json("budget/1", budget=values, loosened=outcome.loosened_limits)
        )
    else:
        for one in outcome.limit_results:
            console.write_line(_render_judgement(one))
        for line in measures.format_loosened_limits(
            outcome.loosened_limits, console.make_painter()
        ):
            console.write_line(line)
        if not outcome.limit_results:
            console.write_line(
                "no limits are set: see [[tool.detent.budget.limit]] in docs/settings.md"
            )
    project.index.close()
    statuses = {one.status for one in outcome.limit_results}
    if EXCEEDED in statuses:
        return 1
    return 3 if NOT_MEASURED in statuses else 0


def _check_limits(project: Project, namespace: Namespace) -> CheckResult:
    refresh_view(
        project.repo, project.index, namespace.at, progress=console.make_progress("indexing")
    )
    return check_change(project, namespace.at, namespace.base, gate="none", is_indexed=True)


def _render_judgement(one: LimitResult) -> str:
    return f"{one.status:<14} {measures.format_limit_name(one)}: {clean_text(one.reason)}"
