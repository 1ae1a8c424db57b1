"""A store of another package: one file of JSON lines, which only grows, and an index in memory.

Each line is one transaction: facts of a batch, references of a batch, or a view. A line that a kill
has cut off has no end, and is passed over. docs/stores.md explains what a store has to do.
"""

from __future__ import annotations

import base64
import json
import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detent.core.files import write_atomically
from detent.core.model import (
    FINDINGS,
    KINDS,
    REFERENCES,
    STRUCTURE,
    BlobKey,
    FileFacts,
    Finding,
    drop_docstring_sources,
)
from detent.store import rows
from detent.store.errors import ForeignStore
from detent.store.lock import try_lock
from detent.store.memory.store import MemoryStore
from detent.store.packing import pack_references, unpack_references
from detent.store.protocol import StoredView, StoreReport, ViewUpdate
from detent.store.store_kind import StoreKind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from detent.core.model import FindingFilter, Symbol
    from detent.core.outline import Outline
    from detent.core.references import FileReferences
    from detent.store.protocol import FactVersions, FindingLister, Session
    from detent.store.references import ReferenceTable

MARK = '{"detent-log": 1}\n'


class LogStore:
    """See `detent.store.protocol.Store`."""

    def __init__(self, path: str, *, write: bool, versions: FactVersions) -> None:
        self._path = path
        self._versions = versions
        self._position = 0
        self._memory = MemoryStore()
        if write and not Path(path).exists():
            self._append(MARK)
        self._read_on()
        self.references: ReferenceTable = LogReferences(self)

    def _append(self, line: str) -> None:
        file = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)
        try:
            os.write(file, line.encode())
        finally:
            os.close(file)

    def _read_on(self) -> MemoryStore:
        """Read what has been added since the last time, by whomever."""
        if Path(self._path).exists():
            if Path(self._path).stat().st_size < self._position:  # garbage was collected
                self._position = 0
            with Path(self._path).open("rb") as file:
                if self._position == 0 and file.readline() != MARK.encode():
                    raise ForeignStore(f"{self._path} is no index", "name another file")
                file.seek(max(self._position, len(MARK)))
                for line in file:
                    if line.endswith(b"\n"):
                        self._apply(json.loads(line))
                        self._position = file.tell()
        return self._memory

    def _apply(self, record: dict[str, Any]) -> None:
        with self._memory.open_session() as session:
            session.persist(
                (BlobKey(*blob["key"]), _decode(blob))
                for blob in record.get("facts", ())
                if blob["versions"] == self._get_versions(blob["key"][1])
            )
            if "view" in record:
                session.publish(_decode_update(record["view"]))
        self._memory.references.persist_references(
            (BlobKey(*key), unpack_references(base64.b64decode(packed)))
            for key, version, packed in record.get("references", ())
            if version == self._versions.get((key[1], REFERENCES))
        )

    def _get_versions(self, language: str) -> list[int | None]:
        return [self._versions.get((language, kind)) for kind in (STRUCTURE, FINDINGS)]

    def find_known(self, keys: Collection[BlobKey], kinds: Collection[str] = KINDS) -> set[BlobKey]:
        return self._read_on().find_known(keys, kinds)

    def load_facts(
        self, keys: Collection[BlobKey], *, full: bool = False
    ) -> Iterator[tuple[BlobKey, FileFacts]]:
        return self._read_on().load_facts(keys, full=full)

    def load_findings(
        self, keys: Collection[BlobKey], finding_filter: FindingFilter
    ) -> Iterator[tuple[BlobKey, FindingLister]]:
        return self._read_on().load_findings(keys, finding_filter)

    def load_outlines(self, keys: Collection[BlobKey]) -> Iterator[tuple[BlobKey, Outline]]:
        return self._read_on().load_outlines(keys)

    def find_symbols(self, pattern: str) -> Iterator[tuple[BlobKey, Symbol]]:
        return self._read_on().find_symbols(pattern)

    def load_view(
        self,
        name: str,
        paths: Collection[bytes] | None = (),
        *,
        keys: Collection[BlobKey] = (),
    ) -> StoredView | None:
        return self._read_on().load_view(name, paths, keys=keys)

    @contextmanager
    def open_session(self) -> Iterator[Session]:
        yield self

    def persist(self, facts: Iterable[tuple[BlobKey, FileFacts]]) -> None:
        """See `detent.store.protocol.Session.persist`."""
        batch = [_encode(key, f, self._get_versions(key.language)) for key, f in facts]
        self._append(json.dumps({"facts": batch}) + "\n")

    def publish(self, update: ViewUpdate) -> bool:
        """See `detent.store.protocol.Session.publish`."""
        with self._lock():
            with self._read_on().open_session() as session:
                is_published = session.publish(update)
            if is_published:  # it is read again with the next lines, and changes nothing then
                self._append(json.dumps({"view": _encode_update(update)}) + "\n")
        return is_published

    @contextmanager
    def _lock(self) -> Iterator[None]:
        while True:
            with try_lock(f"{self._path}.lock") as is_locked:
                if is_locked:
                    yield
                    return

    def collect_garbage(self, views: Collection[str], keys: Collection[BlobKey]) -> int:
        with self._lock():
            gone = self._read_on().collect_garbage(views, keys)
            with Path(self._path).open(encoding="utf-8") as file:
                lines = [line for line in file if line != MARK]
            records = [self._keep_needed(json.loads(line), views) for line in lines]
            kept = "".join(json.dumps(record) + "\n" for record in records if record)
            write_atomically(self._path, MARK + kept)
            self._position = 0
        return gone

    def _keep_needed(self, record: dict[str, Any], views: Collection[str]) -> dict[str, Any]:
        """Give what is still needed of a transaction."""
        known = self._memory.find_known
        facts = [blob for blob in record.get("facts", ()) if known([BlobKey(*blob["key"])])]
        stored = self._memory.references.find_stored
        references = [row for row in record.get("references", ()) if stored([BlobKey(*row[0])])]
        kept: dict[str, Any] = {"facts": facts, "references": references}
        if record.get("view", {}).get("name") in views:
            kept["view"] = record["view"]
        return {name: value for name, value in kept.items() if value}

    def inspect(self, *, deep: bool = False) -> StoreReport:
        return self._read_on().inspect(deep=deep)

    def close(self) -> None:
        pass


class LogReferences:
    """See `detent.store.references.ReferenceTable`."""

    def __init__(self, store: LogStore) -> None:
        self._store = store

    def find_stored(self, keys: Collection[BlobKey]) -> set[BlobKey]:
        return self._store._read_on().references.find_stored(keys)

    def load_references(
        self, keys: Collection[BlobKey]
    ) -> Iterator[tuple[BlobKey, FileReferences]]:
        return self._store._read_on().references.load_references(keys)

    def find_mentions(self, name: str) -> set[BlobKey]:
        return self._store._read_on().references.find_mentions(name)

    def persist_references(self, items: Iterable[tuple[BlobKey, FileReferences]]) -> None:
        batch = [
            [key, self._store._versions[key.language, REFERENCES], _pack(references)]
            for key, references in items
        ]
        self._store._append(json.dumps({"references": batch}) + "\n")


def _pack(references: FileReferences) -> str:
    return base64.b64encode(pack_references(references)).decode()


def _encode(key: BlobKey, facts: FileFacts, versions: list[int | None]) -> dict[str, Any]:
    facts = drop_docstring_sources(facts)
    tables = {table: list(values) for table, values in rows.encode_tables(0, facts)}
    others = {name: getattr(facts, name) for name in ("size", "lines", "exports")}
    lists = {name: rows.encode_columns(getattr(facts, name)) for name in ("calls", "bindings")}
    return {"key": key, "versions": versions, **tables, **others, **lists}


def _decode(blob: dict[str, Any]) -> FileFacts:
    exports = blob["exports"]
    return FileFacts(
        symbols=tuple(rows.decode_symbols((0, *row[2:]) for row in blob["symbol"])),
        calls=rows.decode_calls(blob["calls"]),
        bindings=rows.decode_bindings(blob["bindings"]),
        exports=None if exports is None else tuple(exports),
        findings=tuple(Finding(*row[4:]) for row in blob["finding"]),
        size=blob["size"],
        lines=blob["lines"],
    )


def _encode_update(update: ViewUpdate) -> dict[str, Any]:
    entries = {
        name: [[path.hex(), key] for path, key in getattr(update, name).items()]
        for name in ("changed", "differences")
    }
    return {**update._asdict(), **entries, "deleted": [path.hex() for path in update.deleted],
            "failed": None}  # fmt: skip


def _decode_update(fields: dict[str, Any]) -> ViewUpdate:
    entries = {
        name: {bytes.fromhex(path): key and BlobKey(*key) for path, key in fields[name]}
        for name in ("changed", "differences")
    }
    deleted = [bytes.fromhex(path) for path in fields["deleted"]]
    return ViewUpdate(**{**fields, **entries, "deleted": deleted})


def is_log(path: str) -> bool:
    """Tell whether a file is such an index."""
    try:
        with Path(path).open(encoding="utf-8") as file:
            return file.readline() == MARK
    except (OSError, UnicodeDecodeError):
        return False


KIND = StoreKind(version=1, suffixes=("",), is_index=is_log, open=LogStore)
