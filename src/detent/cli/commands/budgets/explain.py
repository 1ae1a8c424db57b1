"""Show which symbols and files made a metric worse or better, and by how much.

Examples
--------
detent budget explain docstring.undocumented --base main
detent budget explain code.complexity.max
"""

from __future__ import annotations

from detent import TYPE_CHECKING, config
from detent.api.check import make_metric_source
from detent.api.diff import load_audited_diff
from detent.api.view import load_audited_files
from detent.audit.codes import CODES
from detent.budget import explain
from detent.budget.limits import AFTER, BASE, BEFORE, HEAD, NEW, REMOVED
from detent.budget.rules import require_metric
from detent.cli.context import open_index, print_notes
from detent.config import Limit
from detent.core.escape import clean_text
from detent.core.namedtuple import NamedTuple
from detent.index.project import Project
from detent.index.refresh import refresh_view
from detent.report import console, data

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from detent.budget.explain import ItemChange
    from detent.budget.metrics import Metric, MetricItem
    from detent.budget.source import MetricSource

#: So many symbols and files are shown; ``--format json`` has them all.
_MOST = 20


class _MetricExplanation(NamedTuple):
    """A metric on two sides, and what differs."""

    metric: Metric
    before: float | None
    after: float
    parts: list[ItemChange]


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the action."""
    parser.add_argument("metric", metavar="METRIC", help="one of `detent budget metrics`")


def run(namespace: Namespace) -> int:
    """Run the action."""
    repo, index = open_index(namespace)
    project = Project(repo, config.load_config(repo.top), index)
    metric, limit = choose_metric(project, namespace.metric)
    found = index.with_recovery(lambda: _explain_metric(project, namespace, metric, limit=limit))
    print_notes(index.notes)
    if namespace.format == "json":
        console.write_line(_render_json(found))
    else:
        for line in _render_text(found):
            console.write_line(line)
    index.close()
    return 0


def choose_metric(project: Project, name: str) -> tuple[Metric, Limit]:
    """Find the metric that a person named."""
    queries = {one.metric: one for one in project.config.limits if one.sql}
    return require_metric(name, CODES, queries), queries.get(name, Limit(name))


def _explain_metric(
    project: Project, namespace: Namespace, metric: Metric, *, limit: Limit
) -> _MetricExplanation:
    view = namespace.at
    refresh_view(project.repo, project.index, view, progress=console.make_progress("indexing"))
    two = load_audited_diff(project, view, namespace.base)
    files, _ = load_audited_files(project, view)
    source = make_metric_source(project, view, diff=two, files=files)
    if metric.scope == "index":
        return _MetricExplanation(
            metric, None, metric.fold(source.list_items(metric, limit, HEAD)), []
        )
    before, after = _select_items(source, metric, limit)
    renames = {
        new.decode("utf-8", "replace"): old.decode("utf-8", "replace")
        for new, old in two.renames.items()
    }
    found = explain.compare_items(before, after, renames)
    if metric.scope == "change":
        return _MetricExplanation(metric, None, metric.fold(after), found)
    base, head = (metric.fold(source.list_items(metric, limit, side)) for side in (BASE, HEAD))
    return _MetricExplanation(metric, base, head, found)


def _select_items(source: MetricSource, metric: Metric, limit: Limit) -> list[list[MetricItem]]:
    """Take the sides that tell the difference: findings are known again wherever they are."""
    if metric.scope == "change":
        return [[], list(source.list_items(metric, limit, NEW))]
    if metric.by_identity:
        sides = (REMOVED, NEW)
    else:
        sides = (BEFORE, AFTER) if metric.scope == "file" else (BASE, HEAD)
    return [list(source.list_items(metric, limit, side)) for side in sides]


def _render_text(found: _MetricExplanation) -> list[str]:
    metric = found.metric
    name = clean_text(metric.name)
    head = f"{name}: {found.after:.6g} {metric.unit}".rstrip()
    if found.before is not None:
        head += f", {found.before:.6g} in the base: {found.after - found.before:+.6g}"
    shown = [_render_part(one) for one in found.parts[:_MOST]]
    rest = len(found.parts) - len(shown)
    lines = [head, *shown, *([f"and {rest:,} more: --format json has them"] if rest else [])]
    files = explain.sum_by_file(found.parts)
    if len(files) > 1 and metric.scope in ("file", "change"):
        lines += ["", "by file:"]
        lines += [
            f"  {change:>+8.6g}  {clean_text(path)}" for path, change in [*files.items()][:_MOST]
        ]
    return lines


def _render_part(one: ItemChange) -> str:
    place = ":".join([one.path, *([str(one.line)] if one.line else [])]) if one.path else ""
    words = clean_text(" ".join(word for word in (place, one.code, one.name) if word))
    if one.before is None or one.after is None:
        return f"  {one.change:>+8.6g}  {words} ({'new' if one.before is None else 'gone'})"
    return f"  {one.change:>+8.6g}  {words} ({one.before:.6g} to {one.after:.6g})"


def _render_json(found: _MetricExplanation) -> str:
    return data.render_json(
        "explain/1",
        metric=found.metric.name,
        unit=found.metric.unit,
        before=found.before,
        after=found.after,
        parts=[{**one._asdict(), "change": one.change} for one in found.parts],
        files=explain.sum_by_file(found.parts),
    )
