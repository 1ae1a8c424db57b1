"""Where the values of all metrics come from: both sides of a change, the whole view, the index."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.audit.matching import locate_findings
from detent.budget.coverage import list_undocumented_symbols
from detent.budget.file_metrics import list_metric_items
from detent.budget.limits import AFTER, BASE, BEFORE, GONE, HEAD, NEW
from detent.budget.metrics import ISSUES, MetricItem
from detent.core.errors import MeasurementError
from detent.core.globs import has_match
from detent.index.diff import open_outlines
from detent.index.snapshot import take_snapshot
from detent.query.relations.cycles import find_import_cycles

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from detent.audit.selection.select import Selection
    from detent.budget.metrics import Metric
    from detent.config import Limit
    from detent.core.model import FindingRow
    from detent.core.results import FindingDiff
    from detent.index.diff import Files, ViewDiff
    from detent.index.project import Project

    #: Lists what is wrong in some files.
    FindingLocator = Callable[[Files], list[FindingRow]]

_ROWS = "index.rows."


class MetricSource:
    """Gives the items of metrics, each worked out once."""

    def __init__(
        self,
        project: Project,
        view: str,
        matched: Callable[[FindingLocator], FindingDiff],
        *,
        two: ViewDiff,
        whole: Files | None,
    ) -> None:
        self._project = project
        self._view = view
        self._diff = two
        self._view_files = whole
        self._cache: dict[tuple[str, ...], list[MetricItem]] = {}
        self._match_located = matched

    def items(self, metric: Metric, limit: Limit, side: str) -> Sequence[MetricItem]:
        """See `detent.budget.limits.ItemSource`."""
        if side in (BASE, HEAD) and self._view_files is None and metric.scope != "index":
            raise MeasurementError("the view is not indexed yet", "`detent index`")
        if metric.scope == "sql":
            return self._query_items(limit, side)
        key = (metric.name, side)
        if key not in self._cache:
            self._cache[key] = list(self._compute_items(metric, side))
        found = self._cache[key]
        return [one for one in found if has_match(limit.paths, one.path)] if limit.paths else found

    def _compute_items(self, metric: Metric, side: str) -> Iterable[MetricItem]:
        if metric.scope == "index":
            return [MetricItem("", value=self._measure_index(metric.name))]
        if metric.scope == "view":
            return self._list_cycles(side)
        if side in (NEW, GONE):
            return self._list_matched_items(metric.name, side)
        if side == BASE:
            return self._list_base_items(metric)
        two = self._diff
        files = {BEFORE: two.bases[0] if two.bases else [], AFTER: two.head, HEAD: self._view_files}
        return list_metric_items(metric.name, files[side] or (), self._project.selection)

    def _list_base_items(self, metric: Metric) -> list[MetricItem]:
        """Take the files that differ out of the head, and put those of the base in."""
        for side in (HEAD, BEFORE):
            if (metric.name, side) not in self._cache:
                self._cache[metric.name, side] = list(self._compute_items(metric, side))
        differing = {path.decode("utf-8", "replace") for path, _ in self._diff.head}
        kept = [one for one in self._cache[metric.name, HEAD] if one.path not in differing]
        return kept + self._cache[metric.name, BEFORE]

    def _list_matched_items(self, name: str, side: str) -> list[MetricItem]:
        """List the findings that are only in the head, or only in the base."""
        selection = self._project.selection
        code = name.rpartition(".")[2] if name.startswith(f"{ISSUES}.") else ""
        if name.startswith(ISSUES):
            verdict = self._match_located(lambda files: locate_findings(files, selection))
        else:
            verdict = self._match_located(lambda files: list_undocumented_symbols(files, selection))
        each = verdict.new if side == NEW else verdict.fixed
        return [
            _make_finding_item(finding, selection)
            for finding in each
            if code in ("", "new", finding.code)
        ]

    def _measure_index(self, name: str) -> float:
        index = self._project.index
        if name.startswith(_ROWS):
            return index.open_reader().count_rows()[name[len(_ROWS) :]]
        if not index.exists:
            raise MeasurementError(
                "there is no index on disk", "`detent index`, without --store memory:"
            )
        return index.size

    def _list_cycles(self, side: str) -> list[MetricItem]:
        project = self._project
        tree = self._view if side == HEAD else self._diff.trees[0]
        files = open_outlines(project.repo, project.index, tree)
        audits = project.selection.is_audited
        paths = {path for path in files.paths if audits(path.decode("utf-8", "replace"))}
        shown = [
            [path.decode("utf-8", "replace") for path in group]
            for group in find_import_cycles(files, paths)
        ]
        return [MetricItem(group[0], " and ".join(group)) for group in shown]

    def _query_items(self, limit: Limit, side: str) -> list[MetricItem]:
        key = (limit.sql, side, *limit.paths)
        if key not in self._cache:
            files = {
                path: oid
                for path, oid in self._list_object_ids(side).items()
                if not limit.paths or has_match(limit.paths, path)
            }
            rows = self._project.index.open_reader().run_query(limit.sql, files)
            self._cache[key] = [_parse_row(row, alone=len(rows) == 1) for row in rows]
        return self._cache[key]

    def _list_object_ids(self, side: str) -> dict[str, str]:
        """Give the object ids of all files that the settings audit, by path."""
        project, two = self._project, self._diff
        now = take_snapshot(project.repo, project.index, self._view)
        audited = {path for path, _ in self._view_files or ()}
        entries = {**now.entries}
        if side == BASE:
            entries = {path: oid for path, oid in entries.items() if path not in two.blobs[-1]}
            entries.update(two.blobs[0])
            audited.update(path for path, _ in two.bases[0])
        shown = (
            (path.decode("utf-8", "replace"), entries[path]) for path in audited & set(entries)
        )
        return {path: oid for path, oid in shown if project.selection.is_audited(path)}


def _make_finding_item(finding: FindingRow, selection: Selection) -> MetricItem:
    path = finding.path.decode("utf-8", "replace")
    kind = selection.resolve_file(path).resolve_role(finding)
    return MetricItem(path, finding.qualname, finding.symbol_line, kind, finding.code)


def _parse_row(row: tuple[object, ...], *, alone: bool) -> MetricItem:
    """Take a row of a query for a number, or for a name and a number."""
    if len(row) > 2 or (len(row) == 1 and not alone):
        shape = f"{len(row)} columns" if len(row) > 2 else "more than one number"
        raise MeasurementError(
            f"the query gives {shape}", "it is to give one number, or names with numbers"
        )
    value = 0.0 if row[-1] is None else row[-1]
    if not isinstance(value, (int, float)):
        raise MeasurementError(f"the query gives {str(value)[:40]!r}", "it is to give a number")
    return MetricItem("", "" if len(row) == 1 else str(row[0]), value=float(value))
