"""Check an index against itself, git and a fresh analysis."""

from __future__ import annotations

from math import ceil
from random import SystemRandom

from detent import TYPE_CHECKING
from detent.core.errors import MeasurementError
from detent.core.model import FindingFilter, drop_docstring_sources
from detent.core.namedtuple import NamedTuple
from detent.core.results import make_finding_row
from detent.index.executors.base import AnalysisFailure
from detent.index.facts import FactSource
from detent.index.refresh import refresh_view
from detent.store import DamagedStore

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from detent.core.model import BlobKey, FileFacts
    from detent.index.handle import Index
    from detent.index.ingest import Progress
    from detent.index.views import View
    from detent.store.protocol import Store

#: So many files are analysed again, unless all of them are asked for.
SAMPLE_SIZE = 200
_MOST_SHOWN = 3
_NONE = frozenset[str]()
_NO_FILTER = FindingFilter(_NONE, _NONE, _NONE, _NONE, with_decorators=False)


class VerifyResult(NamedTuple):
    """What a check of the index found.

    Attributes
    ----------
    problems : list of str
        What is wrong, a line for each problem; empty if the index is intact.
    files : int
        Number of files whose content was analysed again and compared.
    """

    problems: list[str]
    files: int


def verify_index(
    index: Index, view: View, *, full: bool = False, progress: Progress | None = None
) -> VerifyResult:
    """Check the database, then the entries of a view, then the facts of its files."""
    problems = index.open_reader().inspect(deep=True).problems
    if problems:
        return VerifyResult(problems, 0)
    entries = _compare_entries(index, view, problems)
    sample = _choose_sample(entries, full=full)
    problems += _compare_facts(index, view, sample, progress=progress)
    # Files with the same content are one blob.
    return VerifyResult(problems, sum(key in sample for key in entries.values()))


def require_fresh_facts(
    index: Index,
    view: View,
    base: str | None,
    *,
    share: float,
    progress: Progress | None = None,
) -> None:
    """Compare the entries of a view, and the facts of a random share of all files of a change."""
    problems: list[str] = []
    paths = {key: path for path, key in _compare_entries(index, view, problems).items()}
    for tree in view.list_base_trees(base):
        olds = ((change.old, change.path) for change in view.list_differences(tree))
        paths.update((old, path) for old, path in olds if old is not None)
    known = sorted(index.open_reader().find_known(paths))
    # Who has changed the index must not know which facts are compared.
    chosen = SystemRandom().sample(known, ceil(share * len(known)))
    sample = {key: paths[key] for key in sorted(chosen)}
    problems += _compare_facts(index, view, sample, progress=progress)
    if problems:
        more = len(problems) - _MOST_SHOWN
        shown = [*problems[:_MOST_SHOWN], *([f"and {more:,} more"] if more > 0 else [])]
        raise MeasurementError(
            f"no verdict, the index {index.path} is wrong: {'; '.join(shown)}",
            f"`detent index --full --at {view.name}` builds the index again; "
            "docs/ci.md says how to keep others from writing to a cache",
        )


def _compare_facts(
    index: Index, view: View, sample: Mapping[BlobKey, bytes], *, progress: Progress | None
) -> Iterator[str]:
    """Analyse blobs again, and name the files whose stored facts differ."""
    for key, fresh in FactSource(index, view).analyze(sample, progress=progress):
        store, path = index.open_reader(), sample[key]
        if isinstance(fresh, AnalysisFailure) or not store.find_known([key]):
            yield f"{_decode_path(path)}: not analysed"
        elif not _is_stored(store, key, fresh):
            yield f"{_decode_path(path)}: the index and a fresh analysis differ"


def _compare_entries(index: Index, view: View, problems: list[str]) -> dict[bytes, BlobKey]:
    """List the view by git alone, and note where the stored one differs."""
    done = refresh_view(index, view)
    changes = view.list_differences(view.repo.empty_tree)
    listed = {change.path: change.new for change in changes if change.new is not None}
    found = index.open_reader().load_view(done.name, None)
    stored = found.entries if found else {}
    if found is None or found.size != len(stored):
        problems.append(
            f"the {view.name} view has {len(stored):,} entries, and says another number"
        )
    wrong = {path for path, _ in listed.items() ^ stored.items()}
    problems += [f"{_decode_path(path)}: the view and git differ" for path in sorted(wrong)]
    return listed


def _choose_sample(entries: Mapping[bytes, BlobKey], *, full: bool) -> dict[BlobKey, bytes]:
    """Choose blobs, each with one of its paths: all of them, or some that are spread evenly."""
    paths = {key: path for path, key in entries.items()}
    step = 1 if full else max(1, ceil(len(paths) / SAMPLE_SIZE))
    return dict(sorted(paths.items())[::step])


def _is_stored(store: Store, key: BlobKey, fresh: FileFacts) -> bool:
    """Tell whether a store has exactly these facts, and lists the same findings of them."""
    try:
        facts = dict(store.load_facts([key], full=True)).get(key)
    except DamagedStore:
        return False
    rows = [make_finding_row(b"", item, fresh.symbols[item.symbol]) for item in fresh.findings]
    bare = [
        row._replace(docstring_text=None, decorators=(), body="", symbol_line=0, docstring_line=0)
        for row in rows
    ]
    listed = [row for _, find in store.load_findings([key], _NO_FILTER) for row in find(b"")]
    return facts == drop_docstring_sources(fresh) and listed == bare


def _decode_path(path: bytes) -> str:
    return path.decode("utf-8", "surrogateescape")
