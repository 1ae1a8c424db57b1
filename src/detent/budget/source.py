"""The items of all metrics: from a change, from the whole view, and from the index."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.audit.matching import locate_findings
from detent.budget.coverage import list_undocumented_symbols
from detent.budget.file_metrics import list_metric_items
from detent.budget.limits import AFTER, BASE, BEFORE, HEAD, NEW, REMOVED
from detent.budget.metrics import BREAKING, ISSUES, MetricItem
from detent.core.errors import MeasurementError
from detent.core.globs import has_match
from detent.index.diff import open_outlines
from detent.index.snapshot import take_snapshot
from detent.query.relations.cycles import find_import_cycles

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from detent.audit.selection.select import Selection
    from detent.budget.metrics import Metric
    from detent.config import Limit
    from detent.core.model import BlobKey, FindingRow
    from detent.core.results import FindingDiff
    from detent.index.diff import Files, ViewDiff
    from detent.index.project import Project
    from detent.index.views import View

    #: Lists the findings of some files.
    FindingLocator = Callable[[Files], list[FindingRow]]

_ROWS = "index.rows."


class MetricSource:
    """Lists the items of metrics, each list computed once."""

    def __init__(
        self,
        project: Project,
        view: View,
        matched: Callable[[FindingLocator], FindingDiff],
        *,
        two: ViewDiff,
        whole: Files | None,
    ) -> None:
        self._project = project
        self._view = view
        self._match_findings = matched
        self._diff = two
        self._view_files = whole
        self._cache: dict[tuple[str, ...], list[MetricItem]] = {}

    def list_items(self, metric: Metric, limit: Limit, side: str) -> Sequence[MetricItem]:
        """List the items of a metric in the files of a limit."""
        if metric.scope == "sql":
            return self._list_query_rows(limit, side)
        items = self._list_all_items(metric, side)
        return (
            [item for item in items if has_match(limit.paths, item.path)] if limit.paths else items
        )

    def _list_all_items(self, metric: Metric, side: str) -> list[MetricItem]:
        key = (metric.name, side)
        if key not in self._cache:
            self._cache[key] = self._compute_items(metric, side)
        return self._cache[key]

    def _compute_items(self, metric: Metric, side: str) -> list[MetricItem]:
        if metric.scope == "index":
            return [MetricItem("", value=self._measure_index(metric.name))]
        if metric.scope == "view":
            return self._list_cycles(side)
        if metric.name == BREAKING:
            return self._list_broken_calls() if side == NEW else []
        if side in (NEW, REMOVED):
            return self._list_differing_findings(metric.name, side)
        if side == BASE:
            return self._list_base_items(metric)
        diff = self._diff
        base = diff.bases[0] if diff.bases else []
        files = {BEFORE: base, AFTER: diff.head, HEAD: self._view_files or []}[side]
        return list(list_metric_items(metric.name, files, self._project.selection))

    def _list_base_items(self, metric: Metric) -> list[MetricItem]:
        """Replace the items of the files that differ by those of the base."""
        differing = {path.decode("utf-8", "replace") for path, _ in self._diff.head}
        items = self._list_all_items(metric, HEAD)
        unchanged = [item for item in items if item.path not in differing]
        return unchanged + self._list_all_items(metric, BEFORE)

    def _list_differing_findings(self, name: str, side: str) -> list[MetricItem]:
        """List the findings that only the head has, or only the base."""
        selection = self._project.selection
        code = name.rpartition(".")[2] if name.startswith(f"{ISSUES}.") else ""
        locate = locate_findings if name.startswith(ISSUES) else list_undocumented_symbols
        diff = self._match_findings(lambda files: locate(files, selection))
        return [
            _make_finding_item(finding, selection)
            for finding in (diff.new if side == NEW else diff.fixed)
            if code in ("", "new", finding.code)
        ]

    def _list_broken_calls(self) -> list[MetricItem]:
        # Few settings have such a limit, and what it needs takes long to import.
        from detent.index.broken_calls import find_broken_calls
        from detent.index.diff import load_full_facts

        index, view = self._project.index, self._view
        calls = find_broken_calls(index, view, load_full_facts(index, view, self._diff))
        return [
            MetricItem(
                call.path.decode("utf-8", "replace"), f"{call.callee}: {call.reason}", call.line
            )
            for call in calls
        ]

    def _measure_index(self, name: str) -> float:
        index = self._project.index
        if name.startswith(_ROWS):
            return index.open_reader().inspect().counts[name.removeprefix(_ROWS)]
        if not index.exists:
            raise MeasurementError(
                "there is no index on disk", "run `detent index` without --store memory:"
            )
        return index.size

    def _list_cycles(self, side: str) -> list[MetricItem]:
        project = self._project
        tree = None if side == HEAD else self._diff.trees[0]
        files = open_outlines(project.index, self._view, tree=tree)
        is_audited = project.selection.is_audited
        paths = {path for path in files.paths if is_audited(path.decode("utf-8", "replace"))}
        cycles = [
            [path.decode("utf-8", "replace") for path in cycle]
            for cycle in find_import_cycles(files, paths)
        ]
        return [MetricItem(cycle[0], " and ".join(cycle)) for cycle in cycles]

    def _list_query_rows(self, limit: Limit, side: str) -> list[MetricItem]:
        key = (limit.sql, side, *limit.paths)
        if key not in self._cache:
            from detent.store.user_queries import load_files, run_user_query

            files = {
                path: blob
                for path, blob in self._list_files(side).items()
                if not limit.paths or has_match(limit.paths, path)
            }
            facts = load_files(self._project.index.open_reader(), files)
            rows = run_user_query(facts, limit.sql).rows
            self._cache[key] = [_parse_row(row, is_single=len(rows) == 1) for row in rows]
        return self._cache[key]

    def _list_files(self, side: str) -> dict[str, BlobKey]:
        """List all audited files."""
        project, diff = self._project, self._diff
        entries = dict(take_snapshot(project.index, self._view).entries)
        audited = {path for path, _ in self._view_files or ()}
        if side == BASE:
            entries = {path: key for path, key in entries.items() if path not in diff.blobs[-1]}
            entries.update(diff.blobs[0])
            audited.update(path for path, _ in diff.bases[0])
        shown = (
            (path.decode("utf-8", "replace"), entries[path]) for path in audited & set(entries)
        )
        return {path: key for path, key in shown if project.selection.is_audited(path)}


#: So that sums are finite too, and the cents of a value are exact.
_MOST = 1e15


def _make_finding_item(finding: FindingRow, selection: Selection) -> MetricItem:
    path = finding.path.decode("utf-8", "replace")
    role = selection.resolve_file(path).resolve_role(finding)
    return MetricItem(path, finding.qualname, finding.symbol_line, role, finding.code)


def _parse_row(row: tuple[object, ...], *, is_single: bool) -> MetricItem:
    """Read a row of a query: a number, or a name and a number."""
    hint = "the query must return one number, or rows of a name and a number"
    if len(row) > 2:
        raise MeasurementError(f"the query returns {len(row)} columns", hint)
    if len(row) == 1 and not is_single:
        raise MeasurementError("the query returns several rows without names", hint)
    value = 0.0 if row[-1] is None else row[-1]
    if not isinstance(value, (int, float)):
        raise MeasurementError(f"the query returns {str(value)[:40]!r}", hint)
    if not -_MOST < value < _MOST:
        raise MeasurementError(f"the query returns {value:g}, which is too large", hint)
    return MetricItem("", "" if len(row) == 1 else str(row[0]), value=float(value))
