"""Metrics over past commits: a running account, from which each commit takes and to which it adds.

Only contents are analysed, each once, and only of files that the settings of now audit. What a file
adds to a metric is known from its facts, but for missing docstrings that may be inherited: of files
with such methods the facts stay at hand, and they are settled anew where something changed that
their last settlement looked at.
"""

from __future__ import annotations

from detent import TYPE_CHECKING, git
from detent.budget.file_metrics import items_of
from detent.budget.metrics import greatest, mean, share
from detent.core.errors import NotMeasured
from detent.core.namedtuple import NamedTuple
from detent.core.outline import outline_of
from detent.git.log import first_parents
from detent.index import views
from detent.index.executors.process_pool import Failure
from detent.index.ingest import examined
from detent.index.inherited import settled
from detent.languages import language_of
from detent.query.relations.outlines import Outlines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from detent.budget.metrics import Item, Metric
    from detent.core.model import FileFacts
    from detent.core.outline import Outline
    from detent.index.ingest import Progress
    from detent.index.project import Subject

_PACKAGE = b"/__init__.py"


class Point(NamedTuple):
    """Metrics at one commit.

    Attributes
    ----------
    commit : str
        Its object id.
    seconds : int
        When it was committed, since 1970.
    values : tuple of float
        One for each metric.
    """

    commit: str
    seconds: int
    values: tuple[float, ...]


class _Sum(NamedTuple):
    """What the items of a metric come to, in a form that can be taken away again."""

    total: float = 0.0
    number: int = 0
    greatest: float = 0.0


_Sums = tuple[_Sum, ...]


def history(
    subject: Subject,
    metrics: Sequence[Metric],
    since: str,
    *,
    until: str = "HEAD",
    progress: Progress | None = None,
) -> list[Point]:
    """Measure past commits.

    Parameters
    ----------
    subject : Subject
        The repository, its index and the settings of now.
    metrics : sequence of Metric
        Those of single files.
    since : str
        A revision; where the way back from `until`, along first parents, leaves it, the history
        begins.
    until : str, default "HEAD"
        The last commit.
    progress : callable, optional
        Called with the number of contents looked at and of all.

    Returns
    -------
    list of Point
        The oldest first.

    Raises
    ------
    NotMeasured
        If a revision is not there, or a content cannot be read.
    """
    repo = subject.repo
    commits = first_parents(repo, since, until)
    if not commits:
        raise NotMeasured(f"no commit of {until!r} is later than {since!r}", "see `git log`")
    start = git.first_parent(repo, commits[0].oid)
    tree = git.tree_of(repo, start) if start else repo.empty_tree
    first = [one for one in git.committed(repo, repo.empty_tree, tree) if language_of(one.path)]
    later = [[x for x in one.changes if language_of(x.path)] for one in commits]
    account = _Account(subject, metrics)
    account.learn([first, *later], until, progress)
    account.apply(first)
    points = [Point(start, commits[0].seconds, account.values())] if start else []
    for commit, changes in zip(commits, later, strict=True):
        account.apply(changes)
        points.append(Point(commit.oid, commit.seconds, account.values()))
    return points


class _Account:
    """The sums of a view that moves from commit to commit."""

    def __init__(self, subject: Subject, metrics: Sequence[Metric]) -> None:
        self._subject = subject
        self._metrics = metrics
        self._audited: set[bytes] = set()
        self._fixed: dict[tuple[bytes, str], _Sums] = {}
        self._open: dict[str, FileFacts] = {}
        self._outlines: dict[str, Outline] = {}
        self._entries: dict[bytes, str] = {}
        self._now: dict[bytes, _Sums] = {}
        self._looked: dict[bytes, _Looked] = {}
        self._totals = [[0.0, 0] for _ in metrics]

    def learn(
        self, steps: Iterable[Iterable[git.Change]], until: str, progress: Progress | None
    ) -> None:
        """Look at every content once, and keep what it adds to the metrics."""
        present = [(x.path, x.new) for changes in steps for x in changes if x.new is not None]
        audits = self._subject.selection.audits
        here = {path for path, _ in present if audits(path.decode("utf-8", "replace"))}
        self._audited = here - views.foreign(self._subject.repo, until, here)
        paths: dict[str, set[bytes]] = {}
        for path, oid in present:
            if path in self._audited:
                paths.setdefault(oid, set()).add(path)
        for oid, facts in self._facts(paths, progress):
            self._keep(oid, facts, paths[oid])

    def _keep(self, oid: str, facts: FileFacts, paths: Iterable[bytes]) -> None:
        """Keep what a content adds, or all of it where that depends on other files."""
        self._outlines[oid] = outline_of(facts)
        if any(one.open for one in facts.findings):
            self._open[oid] = facts
        else:
            self._fixed.update(((path, oid), self._sums(path, facts)) for path in paths)

    def _facts(
        self, oids: Iterable[str], progress: Progress | None
    ) -> Iterator[tuple[str, FileFacts]]:
        """Take what the index knows, and analyse the rest in memory; what fails adds nothing."""
        store = self._subject.door.reader()
        known = store.known(set(oids))
        yield from store.load(known, full=True)
        rest = set(oids) - known
        for oid, outcome in examined(self._subject.repo, rest, progress=progress):
            if not isinstance(outcome, Failure):
                yield oid, outcome
            elif "not in this clone" in outcome.reason:
                raise NotMeasured(f"the blob {oid[:10]} cannot be read", outcome.reason)

    def _sums(self, path: bytes, facts: FileFacts) -> _Sums:
        selection = self._subject.selection
        return tuple(
            _sum(items_of(metric.name, [(path, facts)], selection)) for metric in self._metrics
        )

    def apply(self, changes: Iterable[git.Change]) -> None:
        """Move on to the next commit."""
        again: set[bytes] = set()
        for change in changes:
            before, after = self._entries.pop(change.path, None), change.new
            if after is not None:
                self._entries[change.path] = after
            if change.path in self._audited:
                again.add(change.path)
            again |= self._concerned(change.path, before, after)
        for path in again:
            self._replace(path)

    def _concerned(self, path: bytes, before: str | None, after: str | None) -> set[bytes]:
        """List the files that may notice that one content has taken the place of another."""
        asked = {other for other, one in self._looked.items() if path in one.asked}
        if before is None or after is None:
            if path.endswith(_PACKAGE):
                asked.update(other for other, one in self._looked.items() if one.packages)
            return asked
        return asked if asked and self._outline(before) != self._outline(after) else set()

    def _replace(self, path: bytes) -> None:
        """Take out what a file has added so far, and add what it adds now."""
        oid = self._entries.get(path)
        old = self._now.pop(path, None)
        self._looked.pop(path, None)
        new = None
        if oid is not None:
            new = self._settled(path, oid) if oid in self._open else self._fixed.get((path, oid))
        if new is not None:
            self._now[path] = new
        for sign, sums in ((-1, old), (1, new)):
            for total, one in zip(self._totals, sums or (), strict=False):
                total[0] += sign * one.total
                total[1] += sign * one.number

    def _settled(self, path: bytes, oid: str) -> _Sums:
        """Settle what other files say about, and note what was looked at for that."""
        looked = self._looked[path] = _Looked(self._entries)
        files = Outlines(lambda: looked, self._load, self._whole)
        ((_, facts),) = settled([(path, self._open[oid])], files, self._subject.selection)
        return self._sums(path, facts)

    def _load(self, oids: Iterable[str]) -> dict[str, Outline]:
        found = {oid: self._outline(oid) for oid in oids}
        return {oid: outline for oid, outline in found.items() if outline is not None}

    def _outline(self, oid: str) -> Outline | None:
        """Give the outline of a content; of what is not audited only when it is asked for."""
        if oid not in self._outlines:
            for one, facts in self._facts([oid], None):
                self._outlines[one] = outline_of(facts)
        return self._outlines.get(oid)

    def _whole(self, oids: Iterable[str]) -> Mapping[str, FileFacts]:
        return dict(self._facts(oids, None))

    def values(self) -> tuple[float, ...]:
        """Give the values of all metrics as they are now."""
        return tuple(self._value(number, one) for number, one in enumerate(self._metrics))

    def _value(self, number: int, metric: Metric) -> float:
        total, count = self._totals[number]
        if metric.fold is greatest:
            return max((one[number].greatest for one in self._now.values()), default=0.0)
        if metric.fold is mean:
            return total / count if count else 0.0
        if metric.fold is share:
            return 100.0 * total / count if count else 100.0
        return total


class _Looked(dict[bytes, str]):
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


def _sum(items: Iterable[Item]) -> _Sum:
    values = [one.value for one in items]
    return _Sum(sum(values), len(values), max(values, default=0.0))


def can_look_back(metric: Metric) -> bool:
    """Tell whether a metric can be measured over past commits.

    Parameters
    ----------
    metric : Metric
        Any.

    Returns
    -------
    bool
        True for what each file adds by itself.
    """
    return metric.scope == "file"
