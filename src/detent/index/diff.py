"""The two sides of a change: the facts of the old files and of the new files."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.core.namedtuple import NamedTuple
from detent.index.facts import FactSource
from detent.index.refresh import load_entries
from detent.query.relations.outlines import ViewOutlines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from detent.core.model import BlobKey, FileFacts
    from detent.index.handle import Index
    from detent.index.ingest import Progress
    from detent.index.views import BlobChange, View

Files = list[tuple[bytes, "FileFacts"]]


class ViewDiff(NamedTuple):
    """The two sides of a change."""

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


def diff_view(
    index: Index,
    view: View,
    *,
    parents: Sequence[str],
    full: bool = False,
    progress: Progress | None = None,
) -> ViewDiff:
    """Compare a view with trees; only files that differ are analyzed.

    With `full`, the facts have calls, imports and signatures too.
    """
    changes = [view.list_differences(tree) for tree in parents]
    common = set.intersection(*({change.path for change in side} for side in changes))
    renames = _collect_renames(view, dict(zip(parents, changes, strict=True)), common)
    # In a merge, a file that one side renamed and the other edited has its past under the old name.
    past = common.union(renames.values())
    head = _select_present((path, new) for path, _, new in changes[0] if path in common)
    bases = [
        _select_present((path, old) for path, old, _ in side if path in past) for side in changes
    ]
    keys = set(head.values()).union(*(base.values() for base in bases))
    source = FactSource(index, view, writes=True)
    source.analyze_unknown(keys, _pair_previous(bases[0], head), progress=progress)
    diff, lost = _load_diff_facts(source, view.facts, bases=bases, head=head, full=full)
    diff = diff._replace(renames=renames, paths=len(common), trees=tuple(parents))
    return _drop_incomparable(diff, lost)


def _collect_renames(
    view: View, changes: Mapping[str, list[BlobChange]], paths: set[bytes]
) -> dict[bytes, bytes]:
    """Find the old names of renamed files, by the changes since each parent."""
    renames: dict[bytes, bytes] = {}
    for tree, side in changes.items():
        renames = {**_find_renames(view, tree, changes=side, paths=paths), **renames}
    return renames


def _load_diff_facts(
    source: FactSource,
    known: Mapping[BlobKey, FileFacts],
    *,
    bases: list[dict[bytes, BlobKey]],
    head: dict[bytes, BlobKey],
    full: bool,
) -> tuple[ViewDiff, dict[bytes, str]]:
    """Load the facts of both sides; give also which of the old files have none, and why."""
    keys = set(head.values()).union(*(base.values() for base in bases))
    analyzed, failed = source.analyzed, source.failures
    facts = {key: known[key] for key in keys if key in known}
    facts.update(source.load_facts(keys.difference(facts), full=full))
    diff = ViewDiff(
        bases=[_pair_facts(base, facts) for base in bases],
        head=_pair_facts(head, facts),
        renames={},
        paths=len(head),
        analyzed=analyzed,
        failures={path: failed[key] for path, key in head.items() if key in failed},
        blobs=[*bases, head],
    )
    lost = {path: failed[key] for base in bases for path, key in base.items() if key in failed}
    return diff, lost


def _pair_previous(
    base: Mapping[bytes, BlobKey], head: Mapping[bytes, BlobKey]
) -> dict[BlobKey, BlobKey]:
    """Pair the new content of files that are on both sides with the old one."""
    return {key: base[path] for path, key in head.items() if path in base}


def _drop_incomparable(diff: ViewDiff, lost: Mapping[bytes, str]) -> ViewDiff:
    """Leave out files whose old version cannot be read: all of their findings would be new."""
    if not lost:
        return diff
    pasts = [(path, old) for path, _ in diff.head for old in (path, diff.renames.get(path, path))]
    failures = {
        path: f"as it was before the change: {lost[old]}" for path, old in pasts if old in lost
    }
    head = [file for file in diff.head if file[0] not in failures]
    return diff._replace(head=head, failures={**diff.failures, **failures})


def _select_present(entries: Iterable[tuple[bytes, BlobKey | None]]) -> dict[bytes, BlobKey]:
    return {path: key for path, key in entries if key is not None}


def load_full_facts(index: Index, view: View, diff: ViewDiff) -> ViewDiff:
    """Load calls, imports and signatures too."""
    source = FactSource(index, view)
    keys = {key for side in diff.blobs for key in side.values()}
    facts = dict(source.load_facts(keys, full=True))

    def load(files: Files, blobs: Mapping[bytes, BlobKey]) -> Files:
        return [(path, facts.get(blobs[path], old)) for path, old in files]

    *bases, head = diff.blobs
    loaded = [load(files, blobs) for files, blobs in zip(diff.bases, bases, strict=True)]
    return diff._replace(bases=loaded, head=load(diff.head, head))


def open_outlines(index: Index, view: View, *, tree: str | None = None) -> ViewOutlines:
    """Give access to all files of a view, or of a tree that it is compared with, on demand."""
    source = FactSource(index, view, writes=True)
    return ViewOutlines(
        lambda: _list_entries(index, view, tree),
        lambda keys: dict(source.load_outlines(keys)),
        lambda keys: dict(source.load_facts(keys, full=True)),
    )


def _list_entries(index: Index, view: View, tree: str | None) -> dict[bytes, BlobKey]:
    """List the files of a view, or of a tree that it is compared with."""
    entries = load_entries(index.open_reader(), view)
    if tree is None:
        return entries
    old = {change.path: change.old for change in view.list_differences(tree)}
    return _select_present({**entries, **old}.items())


def _pair_facts(entries: Mapping[bytes, BlobKey], facts: Mapping[BlobKey, FileFacts]) -> Files:
    return [(path, facts[key]) for path, key in entries.items() if key in facts]


def _find_renames(
    view: View, base: str, *, changes: list[BlobChange], paths: set[bytes]
) -> dict[bytes, bytes]:
    """Ask git for renames only where a file has gone and one of `paths` has come."""
    gone = {change.path for change in changes if change.new is None}
    come = paths.intersection(change.path for change in changes if change.old is None)
    if not (gone and come):
        return {}
    renames = view.find_renames(base).items()
    return {new: old for new, old in renames if new in come and old in gone}
