"""The passages of a view: split where the text database does not have them yet, and ranked."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.core.model import BlobKey
from detent.core.namedtuple import NamedTuple
from detent.index.snapshot import take_snapshot
from detent.index.text.coverage import classify_text
from detent.index.text.files import list_files, read_files
from detent.languages import LANGUAGES
from detent.query.text.modes import detect_format, list_modes
from detent.query.text.passages import PASSAGES_VERSION, split_passages
from detent.store.text.ranking import PassageRanker
from detent.store.text.store import TEXT
from detent.store.text.words import SourceKey, add_passages, list_sources

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from detent.index.handle import Index
    from detent.index.snapshot import Snapshot
    from detent.index.views import View
    from detent.store.text.ranking import RankedPassage
    from detent.store.text.store import TextStore
    from detent.store.text.words import Passage

    Progress = Callable[[int, int], None]
    SplitSource = tuple[SourceKey, list[Passage]]

#: Bytes of one transaction.
_BATCH_BYTES = 4_000_000


class PassageSources(NamedTuple):
    """The files of a view in passages."""

    paths: dict[SourceKey, list[bytes]]
    changed: Collection[bytes]  # paths where the view differs from its tree
    snapshot: Snapshot


def find_sources(
    view: View, index: Index, modes: Collection[str], *, progress: Progress | None = None
) -> PassageSources:
    """Find the files of a view that have passages of some modes."""
    snapshot = take_snapshot(index, view, progress=progress)
    files, changed = list_files(view)
    paths: dict[SourceKey, list[bytes]] = {}
    for path, oid in files:
        known = snapshot.entries.get(path)
        form = known.language if known else detect_format(path)
        if not set(modes).isdisjoint(list_modes(form)):
            paths.setdefault(_make_key(oid, form), []).append(path)
    return PassageSources(paths, changed, snapshot)


def _make_key(oid: str, form: str) -> SourceKey:
    version = LANGUAGES[form].version if form in LANGUAGES else 0
    return SourceKey(oid, form, PASSAGES_VERSION * 1_000_000 + version)


def add_missing_passages(
    store: TextStore, sources: PassageSources, *, progress: Progress | None = None
) -> dict[int, SourceKey]:
    """Split the files that the database does not have; give the ids of all."""
    formats = {key.format for key in sources.paths}
    known = list_sources(store, formats)
    missing = [key for key in sources.paths if key not in known]
    for batch in _batch_sources(_split_sources(sources, missing, progress=progress)):
        add_passages(store, batch)
    known = list_sources(store, formats) if missing else known
    return {known[key]: key for key in sources.paths if key in known}


def _split_sources(
    sources: PassageSources, missing: Collection[SourceKey], *, progress: Progress | None
) -> Iterator[SplitSource]:
    snapshot = sources.snapshot
    code = {BlobKey(key.oid, key.format): key for key in missing if key.format in LANGUAGES}
    symbols = {code[key]: facts.symbols for key, facts in snapshot.source.load_facts(code)}
    by_path = {sources.paths[key][0]: key for key in missing}
    files = sorted((path, key.oid) for path, key in by_path.items())
    contents = read_files(snapshot.view, files, sources.changed)
    for number, (path, raw) in enumerate(contents, 1):
        if progress:
            progress(number, len(files))
        if raw is not None:
            key = by_path[path]
            is_text = classify_text(raw) == TEXT
            yield key, split_passages(raw, key.format, symbols.get(key, ())) if is_text else []


def _batch_sources(split: Iterable[SplitSource]) -> Iterator[list[SplitSource]]:
    batch: list[SplitSource] = []
    size = 0
    for source in split:
        batch.append(source)
        size += sum(len(passage.body) for passage in source[1])
        if size > _BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def rank_view(
    store: TextStore,
    sources: PassageSources,
    modes: Collection[str],
    *,
    words: str,
    progress: Progress | None = None,
) -> Iterator[tuple[bytes, RankedPassage]]:
    """Rank the passages of a view, the best first, each with all its paths."""
    ids = add_missing_passages(store, sources, progress=progress)
    labels = {
        id_: sources.paths[key][0].decode("utf-8", "replace").lower() for id_, key in ids.items()
    }
    for passage in PassageRanker(store, ids, labels, modes=modes).rank(words):
        yield from ((path, passage) for path in sources.paths[passage.source])
