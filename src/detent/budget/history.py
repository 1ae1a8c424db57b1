"""Metrics at past commits, as running totals that each commit changes.

Each content is analysed once, and only for files that the current settings audit. Most of what a
file adds to a metric follows from its own facts. The exception is a missing docstring that may be
inherited: the facts of files with such methods are kept, and resolved again when a file changes
that the last resolution looked at.
"""

from __future__ import annotations

from detent import TYPE_CHECKING, git
from detent.budget.file_metrics import list_metric_items
from detent.budget.metrics import compute_mean, compute_share, find_greatest
from detent.core.errors import MeasurementError
from detent.core.namedtuple import NamedTuple
from detent.core.outline import derive_outline
from detent.git.commits import list_first_parents
from detent.index.facts import FactSource
from detent.index.inherited import resolve_inherited
from detent.index.views import View, select_blob_changes
from detent.query.relations.outlines import ViewOutlines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from detent.budget.metrics import Metric, MetricItem
    from detent.core.model import BlobKey, FileFacts
    from detent.core.outline import Outline
    from detent.index.ingest import Progress
    from detent.index.project import Project
    from detent.index.views import BlobChange

_PACKAGE = b"/__init__.py"


class HistoryPoint(NamedTuple):
    """The values of the metrics at one commit."""

    commit: str  # object id
    seconds: int  # commit time, since 1970
    values: tuple[float, ...]  # one for each metric
    subject: str = ""  # the first line of the commit's message


class _MetricSum(NamedTuple):
    """What one file adds to a metric, so that it can be subtracted again."""

    total: float = 0.0
    number: int = 0
    greatest: float = 0.0


_MetricSums = tuple[_MetricSum, ...]


def measure_history(
    project: Project,
    metrics: Sequence[Metric],
    since: str,
    *,
    until: str = "HEAD",
    progress: Progress | None = None,
) -> list[HistoryPoint]:
    """Measure metrics at each first-parent commit of a range, and at the one before."""
    repo = project.repo
    commits = list_first_parents(repo, since, until)
    if not commits:
        raise MeasurementError(f"no commits between {since!r} and {until!r}", "see `git log`")
    start = git.resolve_first_parent(repo, commits[0].oid)
    tree = git.resolve_tree(repo, start) if start else repo.empty_tree
    first = select_blob_changes(repo, git.list_tree_changes(repo, repo.empty_tree, tree))
    later = [select_blob_changes(repo, commit.changes) for commit in commits]
    totals = _RunningTotals(project, View(repo, until), metrics)
    totals.load_contents([first, *later], progress)
    totals.apply_changes(first)
    points = [HistoryPoint(start, commits[0].seconds, totals.compute_values())] if start else []
    for commit, changes in zip(commits, later, strict=True):
        totals.apply_changes(changes)
        values = totals.compute_values()
        points.append(HistoryPoint(commit.oid, commit.seconds, values, commit.subject))
    return points


class _RunningTotals:
    """The values of metrics in a view that moves from commit to commit."""

    def __init__(self, project: Project, view: View, metrics: Sequence[Metric]) -> None:
        self._project = project
        self._view = view
        self._source = FactSource(project.index, view)
        self._metrics = metrics
        self._audited: set[bytes] = set()
        #: By path and object id, of contents that depend on no other file; the facts of the rest.
        self._known_sums: dict[tuple[bytes, BlobKey], _MetricSums] = {}
        self._pending: dict[BlobKey, FileFacts] = {}
        self._outlines: dict[BlobKey, Outline] = {}
        #: The view of the current commit: object ids, sums, and what was looked up for them.
        self._entries: dict[bytes, BlobKey] = {}
        self._sums: dict[bytes, _MetricSums] = {}
        self._lookups: dict[bytes, _TrackedFiles] = {}
        self._totals = [_MetricSum() for _ in metrics]

    def load_contents(
        self, steps: Iterable[Iterable[BlobChange]], progress: Progress | None
    ) -> None:
        """Analyse every content once, and keep what it adds to the metrics."""
        listed = (change for changes in steps for change in changes)
        present = [(path, new) for path, _, new in listed if new is not None]
        is_audited = self._project.selection.is_audited
        audited = {path for path, _ in present if is_audited(path.decode("utf-8", "replace"))}
        self._audited = audited - self._view.generated_or_vendored(audited)
        paths: dict[BlobKey, set[bytes]] = {}
        for path, key in present:
            if path in self._audited:
                paths.setdefault(key, set()).add(path)
        for key, facts in self._load_facts(paths, progress):
            self._keep_facts(key, facts, paths[key])

    def _keep_facts(self, key: BlobKey, facts: FileFacts, paths: Iterable[bytes]) -> None:
        """Keep the sums of a content, or its facts where the sums depend on other files."""
        self._outlines[key] = derive_outline(facts)
        if any(finding.pending_on for finding in facts.findings):
            self._pending[key] = facts
        else:
            self._known_sums.update(((path, key), self._sum_metrics(path, facts)) for path in paths)

    def _load_facts(
        self, keys: Iterable[BlobKey], progress: Progress | None
    ) -> Iterator[tuple[BlobKey, FileFacts]]:
        """Take what the index knows, and analyse the rest in memory; what fails adds nothing."""
        yield from self._source.load_facts(keys, full=True, progress=progress)
        for key, reason in self._source.failures.items():
            if "not in this clone" in reason:
                raise MeasurementError(f"the blob {key.oid[:10]} cannot be read", reason)

    def _sum_metrics(self, path: bytes, facts: FileFacts) -> _MetricSums:
        selection = self._project.selection
        return tuple(
            _sum_items(list_metric_items(metric.name, [(path, facts)], selection))
            for metric in self._metrics
        )

    def apply_changes(self, changes: Iterable[BlobChange]) -> None:
        """Move to the next commit."""
        outdated: set[bytes] = set()
        for change in changes:
            before, after = self._entries.pop(change.path, None), change.new
            if after is not None:
                self._entries[change.path] = after
            if change.path in self._audited:
                outdated.add(change.path)
            outdated |= self._list_dependents(change.path, before, after)
        for path in outdated:
            self._update_file(path)

    def _list_dependents(
        self, path: bytes, before: BlobKey | None, after: BlobKey | None
    ) -> set[bytes]:
        """List the files whose resolution may depend on a file that changes."""
        dependents = {other for other, files in self._lookups.items() if path in files.looked_up}
        if before is None or after is None:
            if path.endswith(_PACKAGE):
                dependents.update(
                    other for other, files in self._lookups.items() if files.is_listed
                )
            return dependents
        if dependents and self._load_outline(before) != self._load_outline(after):
            return dependents
        return set()

    def _update_file(self, path: bytes) -> None:
        """Subtract what a file added so far, and add what it adds now."""
        key = self._entries.get(path)
        old, new = self._sums.pop(path, None), None
        self._lookups.pop(path, None)
        if key in self._pending:
            new = self._resolve_file(path, self._pending[key])
        elif key is not None:
            new = self._known_sums.get((path, key))
        if new is not None:
            self._sums[path] = new
        for sign, sums in ((-1, old), (1, new)):
            if sums is not None:
                self._totals = [
                    _MetricSum(
                        before.total + sign * added.total, before.number + sign * added.number
                    )
                    for before, added in zip(self._totals, sums, strict=True)
                ]

    def _resolve_file(self, path: bytes, facts: FileFacts) -> _MetricSums:
        """Resolve inherited docstrings, and remember which files were looked up."""
        tracked = self._lookups[path] = _TrackedFiles(self._entries)
        files = ViewOutlines(lambda: tracked, self._load_outlines, self._load_full_facts)
        ((_, resolved),) = resolve_inherited([(path, facts)], files, self._project.selection)
        return self._sum_metrics(path, resolved)

    def _load_outlines(self, keys: Iterable[BlobKey]) -> dict[BlobKey, Outline]:
        found = {key: self._load_outline(key) for key in keys}
        return {key: outline for key, outline in found.items() if outline is not None}

    def _load_outline(self, key: BlobKey) -> Outline | None:
        """Load the outline of a content; of files that are not audited only on demand."""
        if key not in self._outlines:
            for _, facts in self._load_facts([key], None):
                self._outlines[key] = derive_outline(facts)
        return self._outlines.get(key)

    def _load_full_facts(self, keys: Iterable[BlobKey]) -> Mapping[BlobKey, FileFacts]:
        return dict(self._load_facts(keys, None))

    def compute_values(self) -> tuple[float, ...]:
        """Compute the current values of all metrics."""
        return tuple(
            self._compute_value(number, metric) for number, metric in enumerate(self._metrics)
        )

    def _compute_value(self, number: int, metric: Metric) -> float:
        total, count = self._totals[number].total, self._totals[number].number
        if metric.fold is find_greatest:
            return max((sums[number].greatest for sums in self._sums.values()), default=0.0)
        if metric.fold is compute_mean:
            return total / count if count else 0.0
        if metric.fold is compute_share:
            return 100.0 * total / count if count else 100.0
        return total


class _TrackedFiles(dict[bytes, "BlobKey"]):
    """The files of a view; remembers which of them were looked up."""

    def __init__(self, entries: Mapping[bytes, BlobKey]) -> None:
        super().__init__()
        self._entries = entries
        self.looked_up: set[bytes] = set()
        self.is_listed = False

    def get(self, path: bytes, default: BlobKey | None = None) -> BlobKey | None:  # type: ignore[override]
        self.looked_up.add(path)
        return self._entries.get(path, default)

    def __contains__(self, path: object) -> bool:
        if isinstance(path, bytes):
            self.looked_up.add(path)
        return path in self._entries

    def __iter__(self) -> Iterator[bytes]:
        self.is_listed = True  # only to find packages
        return iter(self._entries)


def _sum_items(items: Iterable[MetricItem]) -> _MetricSum:
    values = [item.value for item in items]
    return _MetricSum(sum(values), len(values), max(values, default=0.0))


def has_history(metric: Metric) -> bool:
    """Tell whether a metric can be measured at past commits."""
    return metric.scope == "file"
