"""Metrics over past commits: a running account, from which each commit takes and to which it adds.

Only contents are analysed, each once, and only of files that the settings of now audit. What a file
adds to a metric is known from its facts, but for missing docstrings that may be inherited: of files
with such methods the facts stay at hand, and they are settled anew where something changed that
their last settlement looked at.
"""

from __future__ import annotations

from detent import TYPE_CHECKING, git
from detent.budget.file_metrics import list_metric_items
from detent.budget.metrics import compute_mean, compute_share, find_greatest
from detent.core.errors import MeasurementError
from detent.core.namedtuple import NamedTuple
from detent.core.outline import derive_outline
from detent.git.commits import list_first_parents
from detent.index import views
from detent.index.executors.process_pool import AnalysisFailure
from detent.index.ingest import analyze_git_blobs
from detent.index.inherited import resolve_inherited
from detent.languages import detect_language
from detent.query.relations.outlines import ViewOutlines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from detent.budget.metrics import Metric, MetricItem
    from detent.core.model import FileFacts
    from detent.core.outline import Outline
    from detent.index.ingest import Progress
    from detent.index.project import Project

_PACKAGE = b"/__init__.py"


class HistoryPoint(NamedTuple):
    """Metrics at one commit."""

    commit: str  # its object id
    seconds: int  # when it was committed, since 1970
    values: tuple[float, ...]  # one for each metric


class _MetricSum(NamedTuple):
    """What the items of a metric come to, in a form that can be taken away again."""

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
    """Measure past commits."""
    repo = project.repo
    commits = list_first_parents(repo, since, until)
    if not commits:
        raise MeasurementError(f"no commit of {until!r} is later than {since!r}", "see `git log`")
    start = git.resolve_first_parent(repo, commits[0].oid)
    tree = git.resolve_tree(repo, start) if start else repo.empty_tree
    first = [
        one
        for one in git.list_tree_changes(repo, repo.empty_tree, tree)
        if detect_language(one.path)
    ]
    later = [[x for x in one.changes if detect_language(x.path)] for one in commits]
    account = _RunningTotals(project, metrics)
    account.load_contents([first, *later], until, progress)
    account.apply_changes(first)
    points = [HistoryPoint(start, commits[0].seconds, account.compute_values())] if start else []
    for commit, changes in zip(commits, later, strict=True):
        account.apply_changes(changes)
        points.append(HistoryPoint(commit.oid, commit.seconds, account.compute_values()))
    return points


class _RunningTotals:
    """The sums of a view that moves from commit to commit."""

    def __init__(self, project: Project, metrics: Sequence[Metric]) -> None:
        self._project = project
        self._metrics = metrics
        self._audited: set[bytes] = set()
        self._fixed: dict[tuple[bytes, str], _MetricSums] = {}
        self._open: dict[str, FileFacts] = {}
        self._outlines: dict[str, Outline] = {}
        self._entries: dict[bytes, str] = {}
        self._now: dict[bytes, _MetricSums] = {}
        self._looked: dict[bytes, _TrackedFiles] = {}
        self._totals = [[0.0, 0] for _ in metrics]

    def load_contents(
        self, steps: Iterable[Iterable[git.FileChange]], until: str, progress: Progress | None
    ) -> None:
        """Look at every content once, and keep what it adds to the metrics."""
        present = [(x.path, x.new) for changes in steps for x in changes if x.new is not None]
        audits = self._project.selection.is_audited
        here = {path for path, _ in present if audits(path.decode("utf-8", "replace"))}
        self._audited = here - views.generated_or_vendored(self._project.repo, until, here)
        paths: dict[str, set[bytes]] = {}
        for path, oid in present:
            if path in self._audited:
                paths.setdefault(oid, set()).add(path)
        for oid, facts in self._load_facts(paths, progress):
            self._keep_facts(oid, facts, paths[oid])

    def _keep_facts(self, oid: str, facts: FileFacts, paths: Iterable[bytes]) -> None:
        """Keep what a content adds, or all of it where that depends on other files."""
        self._outlines[oid] = derive_outline(facts)
        if any(one.pending_on for one in facts.findings):
            self._open[oid] = facts
        else:
            self._fixed.update(((path, oid), self._sum_metrics(path, facts)) for path in paths)

    def _load_facts(
        self, oids: Iterable[str], progress: Progress | None
    ) -> Iterator[tuple[str, FileFacts]]:
        """Take what the index knows, and analyse the rest in memory; what fails adds nothing."""
        store = self._project.index.open_reader()
        known = store.find_known_blobs(set(oids))
        yield from store.load_facts(known, full=True)
        rest = set(oids) - known
        for oid, outcome in analyze_git_blobs(self._project.repo, rest, progress=progress):
            if not isinstance(outcome, AnalysisFailure):
                yield oid, outcome
            elif "not in this clone" in outcome.reason:
                raise MeasurementError(f"the blob {oid[:10]} cannot be read", outcome.reason)

    def _sum_metrics(self, path: bytes, facts: FileFacts) -> _MetricSums:
        selection = self._project.selection
        return tuple(
            _sum_items(list_metric_items(metric.name, [(path, facts)], selection))
            for metric in self._metrics
        )

    def apply_changes(self, changes: Iterable[git.FileChange]) -> None:
        """Move on to the next commit."""
        again: set[bytes] = set()
        for change in changes:
            before, after = self._entries.pop(change.path, None), change.new
            if after is not None:
                self._entries[change.path] = after
            if change.path in self._audited:
                again.add(change.path)
            again |= self._list_affected(change.path, before, after)
        for path in again:
            self._replace_file(path)

    def _list_affected(self, path: bytes, before: str | None, after: str | None) -> set[bytes]:
        """List the files that may notice that one content has taken the place of another."""
        asked = {other for other, one in self._looked.items() if path in one.asked}
        if before is None or after is None:
            if path.endswith(_PACKAGE):
                asked.update(other for other, one in self._looked.items() if one.packages)
            return asked
        return asked if asked and self._load_outline(before) != self._load_outline(after) else set()

    def _replace_file(self, path: bytes) -> None:
        """Take out what a file has added so far, and add what it adds now."""
        oid = self._entries.get(path)
        old = self._now.pop(path, None)
        self._looked.pop(path, None)
        new = None
        if oid is not None:
            new = (
                self._settle_file(path, oid) if oid in self._open else self._fixed.get((path, oid))
            )
        if new is not None:
            self._now[path] = new
        for sign, sums in ((-1, old), (1, new)):
            for total, one in zip(self._totals, sums or (), strict=False):
                total[0] += sign * one.total
                total[1] += sign * one.number

    def _settle_file(self, path: bytes, oid: str) -> _MetricSums:
        """Settle what other files say about, and note what was looked at for that."""
        looked = self._looked[path] = _TrackedFiles(self._entries)
        files = ViewOutlines(lambda: looked, self._load_outlines, self._load_full_facts)
        ((_, facts),) = resolve_inherited([(path, self._open[oid])], files, self._project.selection)
        return self._sum_metrics(path, facts)

    def _load_outlines(self, oids: Iterable[str]) -> dict[str, Outline]:
        found = {oid: self._load_outline(oid) for oid in oids}
        return {oid: outline for oid, outline in found.items() if outline is not None}

    def _load_outline(self, oid: str) -> Outline | None:
        """Give the outline of a content; of what is not audited only when it is asked for."""
        if oid not in self._outlines:
            for one, facts in self._load_facts([oid], None):
                self._outlines[one] = derive_outline(facts)
        return self._outlines.get(oid)

    def _load_full_facts(self, oids: Iterable[str]) -> Mapping[str, FileFacts]:
        return dict(self._load_facts(oids, None))

    def compute_values(self) -> tuple[float, ...]:
        """Give the values of all metrics as they are now."""
        return tuple(self._compute_value(number, one) for number, one in enumerate(self._metrics))

    def _compute_value(self, number: int, metric: Metric) -> float:
        total, count = self._totals[number]
        if metric.fold is find_greatest:
            return max((one[number].greatest for one in self._now.values()), default=0.0)
        if metric.fold is compute_mean:
            return total / count if count else 0.0
        if metric.fold is compute_share:
            return 100.0 * total / count if count else 100.0
        return total


class _TrackedFiles(dict[bytes, str]):
    """The files of a view, which remembers which of them somebody looked for."""

    def __init__(self, entries: Mapping[bytes, str]) -> None:
        super().__init__()
        self._entries = entries
        self.asked: set[bytes] = set()
        self.packages = False

    def get(self, path: bytes, default: str | None = None) -> str | None:  # type: ignore[override]
        self.asked.add(path)
        return self._entries.get(path, default)

    def __contains__(self, path: object) -> bool:
        if isinstance(path, bytes):
            self.asked.add(path)
        return path in self._entries

    def __iter__(self) -> Iterator[bytes]:
        self.packages = True  # nobody goes through them for anything else
        return iter(self._entries)


def _sum_items(items: Iterable[MetricItem]) -> _MetricSum:
    values = [one.value for one in items]
    return _MetricSum(sum(values), len(values), max(values, default=0.0))


def has_history(metric: Metric) -> bool:
    """Tell whether a metric can be measured over past commits."""
    return metric.scope == "file"
