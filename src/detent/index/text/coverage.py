"""Bring the text of a tree into the text database."""

from __future__ import annotations

from detent import TYPE_CHECKING, git
from detent.store.text.store import ABSENT, BINARY, TEXT, TOO_LARGE, TextContent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from detent.git import Repo
    from detent.git.listing import TreeListing
    from detent.index.text.database import TextDatabase
    from detent.store.text.store import TextStore

    Progress = Callable[[int, int], None]

#: Larger files are data: they are named, and not searched.
MAX_TEXT_BYTES = 8_000_000
#: git looks for a NUL in so many bytes to tell whether a file is text.
_HEAD_BYTES = 8_000
#: Bytes of one transaction.
_BATCH_BYTES = 16_000_000
#: Why a file is left out, by its state.
LEFT_OUT_REASONS = {
    BINARY: "binary",
    TOO_LARGE: f"larger than {MAX_TEXT_BYTES / 1e6:.0f} MB",
}


def classify_text(raw: bytes) -> int:
    """Tell whether a file is text that is searched, or why it is not."""
    if b"\0" in raw[:_HEAD_BYTES]:
        return BINARY
    return TOO_LARGE if len(raw) > MAX_TEXT_BYTES else TEXT


def cover_tree(
    database: TextDatabase,
    repo: Repo,
    tree: str,
    *,
    listing: TreeListing,
    progress: Progress | None,
) -> dict[bytes, int] | None:
    """Add what is missing of a tree; give the files that are left out, or None without an index."""
    skipped = database.ask(lambda store: store.load_skipped(tree))
    if skipped is not None or not listing.raw:
        return skipped
    return database.ask(
        lambda store: _write_tree(store, repo, tree, listing=listing, progress=progress), write=True
    )


def _write_tree(
    store: TextStore, repo: Repo, tree: str, *, listing: TreeListing, progress: Progress | None
) -> dict[bytes, int] | None:
    oids = dict.fromkeys(oid for _, oid in listing)
    missing = add_blobs(store, repo, oids, progress=progress)
    states = store.find_states(oids) | dict.fromkeys(missing, ABSENT)
    left_out = {oid for oid, state in states.items() if state != TEXT}
    skipped = {path: states[oid] for path, oid in listing.find_paths(left_out)}
    store.cover_tree(tree, dict(sorted(skipped.items())))
    return skipped


def add_blobs(
    store: TextStore, repo: Repo, oids: Iterable[str], *, progress: Progress | None = None
) -> set[str]:
    """Add those blobs that are not documents yet; give those that git does not have."""
    wanted = list(oids)
    known = store.find_states(wanted)
    unknown = [oid for oid in wanted if oid not in known]
    missing: set[str] = set()
    for batch in _split_batches(_read_contents(repo, unknown, missing, progress=progress)):
        store.add_contents(batch)
    store.join_parts()
    return missing


def _read_contents(
    repo: Repo, oids: list[str], missing: set[str], *, progress: Progress | None
) -> Iterator[TextContent]:
    for number, (oid, raw) in enumerate(git.read_blobs(repo, oids), 1):
        if progress:
            progress(number, len(oids))
        if raw is None:
            missing.add(oid)
            continue
        state = classify_text(raw)
        yield TextContent(oid, state, raw if state == TEXT else b"")


def _split_batches(contents: Iterable[TextContent]) -> Iterator[list[TextContent]]:
    batch: list[TextContent] = []
    size = 0
    for content in contents:
        batch.append(content)
        size += len(content.raw)
        if size > _BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
