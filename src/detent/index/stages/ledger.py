"""The ordering ledger: hashes of what a build took and made, in the order in which it did."""

from __future__ import annotations

from operator import itemgetter

from detent import TYPE_CHECKING
from detent.core.model import Binding, Call, Finding, Symbol
from detent.core.namedtuple import NamedTuple
from detent.index.handle import list_fact_versions
from detent.languages.python.fingerprints import blake2b

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import Any

    from detent.core.model import BlobKey, FileFacts

SCHEMA_VERSION = 1
_VERSIONS = str(sorted(list_fact_versions().items())).encode()
_ORDER_RULE = "by object id; inside a file as it has them"


def _make_getters(record: type[NamedTuple], *names: str) -> tuple[itemgetter[int], ...]:
    return tuple(itemgetter(record._fields.index(name)) for name in names)


#: What is hashed, by table: what is sorted or put together, and so could come out otherwise.
_COLUMNS: Mapping[str, tuple[Callable[[Any], str], ...]] = {
    "symbols": _make_getters(Symbol, "qualname", "uses"),
    "calls": _make_getters(Call, "name"),
    "bindings": _make_getters(Binding, "name", "target"),
    "findings": _make_getters(Finding, "message"),
}


class Seeds(NamedTuple):
    """What a build begins with: two builds are comparable where these are equal."""

    discovery: str  # hash of the paths that discovery found changed or gone, with their blobs
    files: str  # hash of the blobs to analyse, in the order in which they are read
    blobs: int  # number of those blobs


def hash_seeds(
    changed: Mapping[bytes, BlobKey], deleted: Iterable[bytes], keys: Iterable[BlobKey]
) -> Seeds:
    """Hash what a build begins with."""
    found = _new_hash()
    for path, key in changed.items():
        found.update(b"%b\0%b\0" % (path, _join_key(key)))
    for path in deleted:
        found.update(b"%b\0\0" % path)
    listed = list(map(_join_key, keys))
    files = _new_hash(b"\n".join(listed))
    return Seeds(found.hexdigest(), files.hexdigest(), len(listed))


def _join_key(key: BlobKey) -> bytes:
    return " ".join(key).encode()


class Ledger:
    """Takes up the facts of files as they come."""

    def __init__(self, begin: Seeds, mode: str) -> None:
        self._seeds = begin
        self._mode = mode
        self._facts = _new_hash()
        self._rows = _new_hash()
        self._files = self._count = 0

    def add_analyzed(self, key: BlobKey, facts: FileFacts) -> None:
        """Take up what was found out of a file, best while it is still in the processor's cache."""
        texts: list[str] = [*key]
        for table, columns in _COLUMNS.items():
            items = getattr(facts, table)
            # Column by column: a build has hundreds of thousands of items.
            for column in columns:
                texts += map(column, items)
        self._facts.update("\0".join(texts).encode("utf-8", "surrogatepass"))
        self._files += 1

    def add_written(self, key: BlobKey, rows: Sequence[int]) -> None:
        """Take up what was written of a file."""
        self._rows.update(b"%b %b\n" % (_join_key(key), str(rows).encode()))
        self._count += sum(rows)

    def to_dict(self) -> dict[str, Any]:
        """Give the ledger as it is written."""
        seeds = self._seeds
        return {
            "schemaVersion": SCHEMA_VERSION,
            "seeds": {
                "discoveryHash": seeds.discovery,
                "fileListHash": seeds.files,
                "fileCount": seeds.blobs,
                "mode": self._mode,
            },
            "stages": {
                f"stage1:{self._mode}": {
                    "artifacts": {
                        "facts": self._make_artifact(self._facts.hexdigest(), self._files)
                    }
                },
                f"stage2:{self._mode}": {
                    "artifacts": {"rows": self._make_artifact(self._rows.hexdigest(), self._count)}
                },
            },
        }

    def _make_artifact(self, digest: str, count: int) -> dict[str, Any]:
        return {"hash": digest, "rule": _ORDER_RULE, "count": count, "mode": self._mode}


def find_mismatches(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    """Compare two ledgers of the same input."""
    if one.get("seeds") != other.get("seeds"):
        return []
    left, right = (dict(_list_artifacts(ledger)) for ledger in (one, other))
    return sorted(name for name in left.keys() | right.keys() if left.get(name) != right.get(name))


def _list_artifacts(ledger: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    for stage, made in _list_members(ledger.get("stages")):
        for name, artifact in _list_members(
            made.get("artifacts") if isinstance(made, dict) else None
        ):
            yield f"{stage} {name}", artifact


def _list_members(value: object) -> Iterable[tuple[str, Any]]:
    """Give the members of an object of JSON; what is none, in a file that was edited, has none."""
    return value.items() if isinstance(value, dict) else ()


def _new_hash(data: bytes = b"") -> blake2b:
    return blake2b(_VERSIONS + data, digest_size=16)
