"""The values of metrics: what changed one, at past commits, and limits that hold today."""

from __future__ import annotations

from datetime import UTC, datetime

from detent import TYPE_CHECKING
from detent.api.check import make_metric_source
from detent.api.diff import load_audited_diff
from detent.api.view import load_audited_files
from detent.audit.codes import CODES
from detent.budget import explain, metrics
from detent.budget.explain import ItemChange
from detent.budget.history import has_history
from detent.budget.history import measure_history as measure_commits
from detent.budget.limits import AFTER, BASE, BEFORE, HEAD, NEW, REMOVED
from detent.budget.rules import require_metric
from detent.config import NUMPYDOC, Limit
from detent.core.errors import UsageError
from detent.core.namedtuple import NamedTuple
from detent.git.commits import list_ancestors
from detent.index.refresh import refresh_view

if TYPE_CHECKING:
    from collections.abc import Sequence

    from detent.budget.metrics import Metric, MetricItem
    from detent.budget.source import MetricSource
    from detent.index.ingest import Progress
    from detent.index.project import Project
    from detent.index.views import View

__all__ = [
    "CommitValues",
    "ItemChange",
    "MetricDescription",
    "MetricExplanation",
    "describe_metric",
    "explain_metric",
    "list_metrics",
    "measure_history",
]

# A history without a start has so many commits.
_COMMITS = 100


class MetricDescription(NamedTuple):
    """A metric that a limit can be set on.

    Attributes
    ----------
    name : str
        Such as ``docstring.coverage``.
    unit : str
        Unit of its values; empty if it has none.
    meaning : str
        One line.
    by : tuple of str
        What it can be grouped by: ``package``, ``code``, ``kind``.
    scope : str
        Where its items come from: ``file``, ``change``, ``view``, ``index`` or ``sql``.
    """

    name: str
    unit: str
    meaning: str
    by: tuple[str, ...]
    scope: str


class MetricExplanation(NamedTuple):
    """Why the value of a metric differs from that of the base.

    Attributes
    ----------
    metric : MetricDescription
        The metric.
    before : float or None
        Its value in the base; None for a metric that has no base.
    after : float
        Its value in the view.
    parts : list of ItemChange
        The symbols, findings and files that add something else than in the base, the greatest
        increase first.
    by_file : dict of str to float
        The sum of the changes in each file, the greatest increase first.
    """

    metric: MetricDescription
    before: float | None
    after: float
    parts: list[ItemChange]
    by_file: dict[str, float]


class CommitValues(NamedTuple):
    """The values of metrics at one commit.

    Attributes
    ----------
    commit : str
        Object id of the commit.
    time : datetime
        When it was committed, in UTC.
    values : tuple of float
        One for each metric.
    subject : str
        The first line of its message; empty for the commit that the history starts from.
    """

    commit: str
    time: datetime
    values: tuple[float, ...]
    subject: str = ""


def list_metrics() -> list[MetricDescription]:
    """List the metrics that a limit can be set on.

    Returns
    -------
    list of MetricDescription
        Also the patterns of those of one rule code, and of a query in SQL.

    Examples
    --------
    >>> from detent.api.budget import list_metrics
    >>> list_metrics()[0].name
    'docstring.issues.new'
    """
    listed = [_describe_metric(metric) for metric in metrics.METRICS.values()]
    issues = _describe_metric(metrics.METRICS[metrics.ISSUES])
    return [
        *listed,
        issues._replace(name=f"{metrics.ISSUES}.CODE", meaning="findings of one rule code"),
        MetricDescription("sql.NAME", "", "the result of a query in the settings", (), "sql"),
    ]


def describe_metric(name: str) -> MetricDescription:
    """Describe a metric.

    Parameters
    ----------
    name : str
        Its full name; not that of a query in the settings.

    Returns
    -------
    MetricDescription
        Its unit and meaning.

    Raises
    ------
    UsageError
        If there is no such metric.
    """
    return _describe_metric(require_metric(name, CODES))


def _describe_metric(metric: Metric) -> MetricDescription:
    return MetricDescription(metric.name, metric.unit, metric.meaning, metric.by, metric.scope)


def explain_metric(
    project: Project, view: View, name: str, *, base: str | None, progress: Progress | None = None
) -> MetricExplanation:
    """Find the items that make the value of a metric differ from that of the base."""
    queries = {limit.metric: limit for limit in project.config.limits if limit.sql}
    metric = require_metric(name, CODES, queries)
    limit = queries.get(name, Limit(name))
    refresh_view(project.index, view, progress=progress)
    diff = load_audited_diff(project, view, base)
    files, _ = load_audited_files(project, view)
    source = make_metric_source(project, view, diff=diff, files=files)
    if metric.scope == "index":
        value = metric.fold(source.list_items(metric, limit, HEAD))
        return MetricExplanation(_describe_metric(metric), None, value, [], {})
    before, after = _select_items(source, metric, limit)
    renames = {
        new.decode("utf-8", "replace"): old.decode("utf-8", "replace")
        for new, old in diff.renames.items()
    }
    parts = explain.compare_items(before, after, renames)
    old, new = None, metric.fold(after)
    if metric.scope != "change":
        old, new = (metric.fold(source.list_items(metric, limit, side)) for side in (BASE, HEAD))
    by_file = explain.sum_by_file(parts)
    return MetricExplanation(_describe_metric(metric), old, new, parts, by_file)


def _select_items(
    source: MetricSource, metric: Metric, limit: Limit
) -> tuple[Sequence[MetricItem], Sequence[MetricItem]]:
    """Select the items to compare; of findings, those that moved are left out."""
    if metric.scope == "change":
        return [], source.list_items(metric, limit, NEW)
    if metric.by_identity:
        pair = (REMOVED, NEW)
    else:
        pair = (BEFORE, AFTER) if metric.scope == "file" else (BASE, HEAD)
    before, after = (source.list_items(metric, limit, side) for side in pair)
    return before, after


def measure_history(
    project: Project,
    names: Sequence[str],
    *,
    since: str | None,
    until: str,
    progress: Progress | None = None,
) -> list[CommitValues]:
    """Measure metrics at the commits between two revisions, along first parents."""
    measured = [_require_history(project, name) for name in names]
    if since is None:
        count = len(list_ancestors(project.repo, until, _COMMITS + 1)) - 1
        since = f"{until}~{count}"
    points = measure_commits(project, measured, since, until=until, progress=progress)
    return [
        CommitValues(
            point.commit,
            datetime.fromtimestamp(point.seconds, UTC),
            point.values,
            point.subject,
        )
        for point in points
    ]


def _require_history(project: Project, name: str) -> Metric:
    queries = [limit.metric for limit in project.config.limits if limit.sql]
    metric = require_metric(name, CODES, queries)
    if not has_history(metric):
        raise UsageError(
            f"{name} has no history: it is not the sum of what each file adds",
            "docstring.issues, docstring.undocumented, docstring.coverage and code.* have one",
        )
    if name.startswith("docstring.") and project.config.engine == NUMPYDOC:
        raise UsageError(
            f'{name} has no history with engine = "numpydoc"',
            "past commits are only checked by detent's own rules",
        )
    return metric
