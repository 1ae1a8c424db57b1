"""The two sides of a change: the facts of what was there and of what comes in its place."""

from __future__ import annotations

from detent import TYPE_CHECKING, git
from detent.core.namedtuple import NamedTuple
from detent.core.outline import derive_outline
from detent.index import views
from detent.index.executors.base import AnalysisFailure
from detent.index.executors.serial import SerialExecutor
from detent.index.ingest import (
    analyze_edited_blobs,
    analyze_git_blobs,
    load_previous_facts,
    persist_outcomes,
)
from detent.index.refresh import plan_refresh
from detent.query.relations.outlines import ViewOutlines

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from detent.core.model import BlobKey, FileFacts
    from detent.core.outline import Outline
    from detent.git import FileChange, Repo
    from detent.index.handle import Index

Files = list[tuple[bytes, "FileFacts"]]


class ViewDiff(NamedTuple):
    """What a change takes away and what it brings."""

    bases: list[Files]  # the files on the old side; one list for each parent of a merge
    head: Files  # the files on the new side
    renames: dict[bytes, bytes]  # new path to old path
    paths: int  # number of paths that differ
    analyzed: int
    failures: dict[bytes, str]  # paths of the new side that could not be compared, and why
    blobs: list[dict[bytes, BlobKey]]  # blob by path: of each base, and last of the head
    trees: tuple[str, ...] = ()  # the trees of the bases

    def restrict_to(self, chosen: Callable[[bytes], bool]) -> ViewDiff:
        """Leave out the files that are not chosen; they still count as paths that differ."""
        return self._replace(
            bases=[[file for file in base if chosen(file[0])] for base in self.bases],
            head=[file for file in self.head if chosen(file[0])],
            failures={path: why for path, why in self.failures.items() if chosen(path)},
        )


def diff_view(repo: Repo, index: Index, view: str, *, parents: Sequence[str]) -> ViewDiff:
    """Collect the two sides of a change: only the blobs that differ are looked at."""
    changes = [views.list_differences(repo, view, tree) for tree in parents]
    common = set.intersection(*({change.path for change in one} for one in changes))
    renames: dict[bytes, bytes] = {}
    for tree, one in zip(parents, changes, strict=True):
        renames = {**_find_renames(repo, view, tree, changes=one, paths=common), **renames}
    # In a merge, a file that one side renamed and the other edited has its past under the old name.
    past = common.union(renames.values())
    head = _select_present((path, new) for path, _, new in changes[0] if path in common)
    bases = [
        _select_present((path, old) for path, old, _ in one if path in past) for one in changes
    ]
    two, lost = _load_diff_facts(repo, index, view, bases=bases, head=head)
    two = two._replace(renames=renames, paths=len(common), trees=tuple(parents))
    return _drop_incomparable(two, lost)


def _load_diff_facts(
    repo: Repo,
    index: Index,
    view: str,
    *,
    bases: list[dict[bytes, BlobKey]],
    head: dict[bytes, BlobKey],
) -> tuple[ViewDiff, dict[bytes, str]]:
    """Collect the facts of both sides; give also which of the old files have none, and why."""
    keys = set(head.values()).union(*(base.values() for base in bases))
    disk = {key: path for path, key in head.items()} if view == views.WORKTREE else {}
    pasts = _pair_blobs(bases[0], head)
    facts, failed, analysed = _load_or_analyze(repo, index, keys, disk=disk, pasts=pasts)
    two = ViewDiff(
        bases=[_pair_facts(base, facts) for base in bases],
        head=_pair_facts(head, facts),
        renames={},
        paths=len(head),
        analyzed=analysed,
        failures={path: failed[key] for path, key in head.items() if key in failed},
        blobs=[*bases, head],
    )
    return two, {path: failed[key] for base in bases for path, key in base.items() if key in failed}


def _pair_blobs(
    base: Mapping[bytes, BlobKey], head: Mapping[bytes, BlobKey]
) -> dict[BlobKey, BlobKey]:
    """Give the old content by the new one, of what is on both sides."""
    return {key: base[path] for path, key in head.items() if path in base}


def _drop_incomparable(two: ViewDiff, lost: Mapping[bytes, str]) -> ViewDiff:
    """Leave out what has a past that cannot be read: it would all be taken for new."""
    if not lost:
        return two
    pasts = [(path, old) for path, _ in two.head for old in (path, two.renames.get(path, path))]
    failures = {
        path: f"as it was before the change: {lost[old]}" for path, old in pasts if old in lost
    }
    head = [file for file in two.head if file[0] not in failures]
    return two._replace(head=head, failures={**two.failures, **failures})


def _select_present(entries: Iterable[tuple[bytes, str | None]]) -> dict[bytes, BlobKey]:
    keys = ((path, views.make_key(path, oid)) for path, oid in entries)
    return {path: key for path, key in keys if key is not None}


def _load_or_analyze(
    repo: Repo,
    index: Index,
    keys: Collection[BlobKey],
    *,
    disk: Mapping[BlobKey, bytes],
    pasts: Mapping[BlobKey, BlobKey],
) -> tuple[dict[BlobKey, FileFacts], dict[BlobKey, str], int]:
    """Load facts, and examine what has none yet: give facts, what failed, and how many had none."""
    failed, count = _analyze_unknown(repo, index, keys, disk=disk, pasts=pasts)
    facts = {key: index.recent[key] for key in keys if key in index.recent}
    facts.update(index.open_reader().load_facts(set(keys).difference(facts)))
    again, lost = _analyze_forgotten(repo, set(keys).difference(facts, failed), disk=disk)
    return {**facts, **again}, {**failed, **lost}, count


def _analyze_forgotten(
    repo: Repo, keys: Collection[BlobKey], *, disk: Mapping[BlobKey, bytes]
) -> tuple[dict[BlobKey, FileFacts], dict[BlobKey, str]]:
    """Work out what a ``gc`` that runs beside has taken away; give facts, and what failed."""
    facts: dict[BlobKey, FileFacts] = {}
    failed: dict[BlobKey, str] = {}
    if not keys:
        return facts, failed
    for key, outcome in analyze_git_blobs(repo, keys, disk=disk, executor=SerialExecutor()):
        if isinstance(outcome, AnalysisFailure):
            failed[key] = outcome.reason
        else:
            facts[key] = outcome
    return facts, failed


def _analyze_unknown(
    repo: Repo,
    index: Index,
    keys: Collection[BlobKey],
    *,
    disk: Mapping[BlobKey, bytes],
    pasts: Mapping[BlobKey, BlobKey],
) -> tuple[dict[BlobKey, str], int]:
    """Examine what has no facts yet; give what failed, and how many did not."""
    unknown = set(keys) - index.open_reader().find_known(keys)
    failed: dict[BlobKey, str] = {}
    if unknown:
        known = load_previous_facts(index, unknown, pasts)
        outcomes = (
            analyze_edited_blobs(repo, unknown, pasts=known, disk=disk)
            if known
            else analyze_git_blobs(repo, unknown, disk=disk, executor=SerialExecutor())
        )
        with index.open_writer().open_session() as session:
            failed = persist_outcomes(session, outcomes)
    return failed, len(unknown) - len(failed)


def open_outlines(repo: Repo, index: Index, view: str) -> ViewOutlines:
    """Make the whole of a view available, of which only what is asked for is looked at."""

    def made_sure(
        keys: Collection[BlobKey],
    ) -> Callable[[Collection[BlobKey]], dict[BlobKey, FileFacts]]:
        """Have the facts in the store, and give what examines those that are gone again."""
        disk = {key: path for path, key in found.paths.items()} if view == views.WORKTREE else {}
        failed, _ = _analyze_unknown(repo, index, keys, disk=disk, pasts={})
        return lambda loaded: _analyze_forgotten(
            repo, set(keys).difference(loaded, failed), disk=disk
        )[0]

    def outlined(keys: Collection[BlobKey]) -> dict[BlobKey, Outline]:
        again = made_sure(keys)
        loaded = dict(index.open_reader().load_outlines(keys))
        return {**loaded, **{key: derive_outline(facts) for key, facts in again(loaded).items()}}

    def whole(keys: Collection[BlobKey]) -> dict[BlobKey, FileFacts]:
        again = made_sure(keys)
        loaded = dict(index.open_reader().load_facts(keys, full=True))
        return {**loaded, **again(loaded)}

    found = ViewOutlines(lambda: _list_view_files(repo, index, view), outlined, whole)
    return found


def _list_view_files(repo: Repo, index: Index, view: str) -> dict[bytes, BlobKey]:
    """List all files of a view, from the store where that has it, or one that differs little."""
    store = index.open_reader()
    near = view if view in views.WORKTREE_VIEWS else views.STAGED
    if store.load_view(views.make_stored_name(repo, near, "")) is None:
        return views.list_analyzed_files(repo, view)
    todo = plan_refresh(repo, store, near)
    if view not in (near, todo.sets.tree):
        return views.list_analyzed_files(repo, view)
    entries: dict[bytes, BlobKey | None] = {**todo.list_entries(store)}
    if view != near:
        entries.update(todo.sets.differences)
    return {path: key for path, key in sorted(entries.items()) if key}


def _pair_facts(entries: Mapping[bytes, BlobKey], facts: Mapping[BlobKey, FileFacts]) -> Files:
    return [(path, facts[key]) for path, key in entries.items() if key in facts]


def _find_renames(
    repo: Repo, view: str, base: str, *, changes: list[FileChange], paths: set[bytes]
) -> dict[bytes, bytes]:
    """Ask git where `paths` come from, only where something has gone and one of them has come."""
    gone = {change.path for change in changes if change.new is None}
    come = paths.intersection(change.path for change in changes if change.old is None)
    if not (gone and come):
        return {}
    found = git.find_renames(repo, base, _resolve_tree(repo, view)).items()
    return {new: old for new, old in found if new in come and old in gone}


def _resolve_tree(repo: Repo, view: str) -> str | None:
    """Resolve the tree of a revision; the index has none."""
    return None if view in (views.STAGED, views.WORKTREE) else git.resolve_tree(repo, view)
