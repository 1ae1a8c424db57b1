"""When a text came into a repository, and when it went."""

from __future__ import annotations

import hashlib
from collections import Counter
from itertools import groupby
from operator import attrgetter

from detent import TYPE_CHECKING, git
from detent.api.search import RANKED, TextMatch, prepare_search
from detent.core.errors import UsageError
from detent.core.namedtuple import NamedTuple
from detent.git.blob_log import LoggedChange, identify_history, list_logged_changes
from detent.index.text.history import HistoryBlobs, find_blobs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from detent.api.search import SearchResult, TextSearch
    from detent.query.text.lines import LineMatch

    #: The lines with a text, by object id.
    FoundLines = Mapping[str, list[LineMatch]]

ADDED, REMOVED = "added", "removed"
#: What a change takes in memory, about.
_CHANGE_BYTES = 400


def search_history(search: TextSearch, text: str, revision: str) -> SearchResult:
    """Find the commits that brought lines with a text, or took them away, the newest first.

    A line that a commit takes from one place and puts in another is not listed.
    """
    if search.options.syntax == RANKED:
        raise UsageError("a history is not ranked", "search it for a text, a word or an expression")
    history = _load_history(search, revision)
    found = _find_lines(search, text, history)
    relevant = [x for x in history.changes if x.old in found or x.new in found]
    matches = (
        match
        for _, commit in groupby(relevant, attrgetter("commit"))
        for match in _compare_lines(list(commit), found)
    )
    return search.make_result(matches, ())


class SearchedHistory(NamedTuple):
    """The changes of the files that are searched."""

    changes: list[LoggedChange]
    blobs: HistoryBlobs


def _load_history(search: TextSearch, revision: str) -> SearchedHistory:
    repo, cache = search.view.repo, search.database.cache
    scope = (identify_history(repo, revision), search.named, *search.options[1:3])
    key = f"log:{scope!r}"
    history: SearchedHistory | None = cache.get(key)
    if history is not None:
        return history
    listed = list_logged_changes(repo, revision, search.named)
    changes = [change for change in listed if search.is_chosen(change.path)]
    paths: dict[str, bytes] = {}
    for change in changes:
        paths.update((oid, change.path) for oid in (change.old, change.new) if oid)
    digest = hashlib.sha256(" ".join(paths).encode("ascii")).hexdigest()
    history = SearchedHistory(changes, HistoryBlobs(f"history {digest}", paths))
    cache.set(key, history, _CHANGE_BYTES * len(changes))
    return history


def _find_lines(
    search: TextSearch, text: str, history: SearchedHistory
) -> dict[str, list[LineMatch]]:
    find_matches, need = prepare_search(text, search.options)
    repo, paths = search.view.repo, history.blobs.paths
    oids = find_blobs(repo, search.database, history.blobs, need=need, progress=search.progress)
    contents = ((oid.encode(), paths[oid], raw) for oid, raw in git.read_blobs(repo, oids))
    found = find_matches(search.select_texts(contents), len(oids))
    lines = (
        (key.decode(), [search.restore_line(key, line) for line in lines]) for key, lines in found
    )
    return {oid: lines for oid, lines in lines if lines}


def _compare_lines(changes: list[LoggedChange], found: FoundLines) -> Iterator[TextMatch]:
    """Compare the lines before and after a commit."""
    old = [(change, line) for change in changes for line in found.get(change.old, ())]
    new = [(change, line) for change in changes for line in found.get(change.new, ())]
    texts_before = Counter(line.text for _, line in old)
    texts_after = Counter(line.text for _, line in new)
    yield from _list_surplus(new, texts_after - texts_before, ADDED)
    yield from _list_surplus(old, texts_before - texts_after, REMOVED)


def _list_surplus(
    lines: Iterable[tuple[LoggedChange, LineMatch]], surplus: Counter[str], change_name: str
) -> Iterator[TextMatch]:
    for change, line in lines:
        if surplus[line.text] > 0:
            surplus[line.text] -= 1
            yield TextMatch(
                change.path,
                *line,
                commit=change.commit,
                seconds=change.seconds,
                change=change_name,
            )
