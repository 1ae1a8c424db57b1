"""The ordering ledger: hashes of what a build took and made, in the order in which it did."""

from __future__ import annotations

from operator import itemgetter

from detent import TYPE_CHECKING
from detent.core.model import Binding, Call, Finding, Symbol
from detent.core.namedtuple import NamedTuple
from detent.languages.python.fingerprints import blake2b
from detent.store.sqlite.schema import VERSION

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import Any

    from detent.core.model import FileFacts

SCHEMA_VERSION = 1
_BY_OID = "by object id; inside a file as it has them"


def _columns(record: type[NamedTuple], *names: str) -> tuple[itemgetter[int], ...]:
    return tuple(itemgetter(record._fields.index(name)) for name in names)


#: What is hashed, by table: what is sorted or put together, and so could come out otherwise.
_COLUMNS: Mapping[str, tuple[Callable[[Any], str], ...]] = {
    "symbols": _columns(Symbol, "qualname", "uses"),
    "calls": _columns(Call, "name"),
    "bindings": _columns(Binding, "name", "target"),
    "findings": _columns(Finding, "message"),
}


class Seeds(NamedTuple):
    """What a build begins with: two builds are comparable where these are equal.

    Attributes
    ----------
    discovery : str
        Hash of the paths that discovery found changed or gone, with their blobs.
    files : str
        Hash of the blobs to analyse, in the order in which they are read.
    blobs : int
        Number of those blobs.
    """

    discovery: str
    files: str
    blobs: int


def seeds(changed: Mapping[bytes, str], deleted: Iterable[bytes], oids: Iterable[str]) -> Seeds:
    """Hash what a build begins with.

    Parameters
    ----------
    changed : mapping of bytes to str
        Object id by path, in the order of discovery.
    deleted : iterable of bytes
        Paths that are gone, in the order of discovery.
    oids : iterable of str
        The blobs to analyse, in the order in which they are read.

    Returns
    -------
    Seeds
        The version of the index is part of each hash: another one may make other facts.
    """
    found = _hash()
    for path, oid in changed.items():
        found.update(b"%b\0%b\0" % (path, oid.encode()))
    for path in deleted:
        found.update(b"%b\0\0" % path)
    listed = list(oids)
    files = _hash("\n".join(listed).encode())
    return Seeds(found.hexdigest(), files.hexdigest(), len(listed))


class Ledger:
    """Takes up the facts of files as they come.

    Parameters
    ----------
    begin : Seeds
        What the build begins with.
    mode : str
        What is indexed: ``code``.
    """

    def __init__(self, begin: Seeds, mode: str) -> None:
        self._seeds = begin
        self._mode = mode
        self._facts = _hash()
        self._rows = _hash()
        self._files = self._count = 0

    def analysed(self, oid: str, facts: FileFacts) -> None:
        """Take up what was found out of a file, best while it is still in the processor's cache.

        Parameters
        ----------
        oid : str
            The blob.
        facts : FileFacts
            Its facts.
        """
        texts: list[str] = [oid]
        for table, columns in _COLUMNS.items():
            items = getattr(facts, table)
            # Column by column: a build has hundreds of thousands of items.
            for column in columns:
                texts += map(column, items)
        self._facts.update("\0".join(texts).encode("utf-8", "surrogatepass"))
        self._files += 1

    def written(self, oid: str, rows: Sequence[int]) -> None:
        """Take up what was written of a file.

        Parameters
        ----------
        oid : str
            The blob.
        rows : sequence of int
            Number of rows, by table.
        """
        self._rows.update(f"{oid} {rows}\n".encode())
        self._count += sum(rows)

    def value(self) -> dict[str, Any]:
        """Give the ledger as it is written.

        Returns
        -------
        dict of str
            See ``docs/stages.md``.
        """
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
                    "artifacts": {"facts": self._artifact(self._facts.hexdigest(), self._files)}
                },
                f"stage2:{self._mode}": {
                    "artifacts": {"rows": self._artifact(self._rows.hexdigest(), self._count)}
                },
            },
        }

    def _artifact(self, digest: str, count: int) -> dict[str, Any]:
        return {"hash": digest, "rule": _BY_OID, "count": count, "mode": self._mode}


def mismatches(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    """Compare two ledgers of the same input.

    Parameters
    ----------
    one, other : mapping of str
        Ledgers as they are written.

    Returns
    -------
    list of str
        Stage and name of each artifact that differs; empty where the seeds are not the same.
    """
    if one.get("seeds") != other.get("seeds"):
        return []
    left, right = (dict(_artifacts(ledger)) for ledger in (one, other))
    return sorted(name for name in left.keys() | right.keys() if left.get(name) != right.get(name))


def _artifacts(ledger: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    for stage, made in _members(ledger.get("stages")):
        for name, artifact in _members(made.get("artifacts") if isinstance(made, dict) else None):
            yield f"{stage} {name}", artifact


def _members(value: object) -> Iterable[tuple[str, Any]]:
    """Give the members of an object of JSON; what is none, in a file that was edited, has none."""
    return value.items() if isinstance(value, dict) else ()


def _hash(data: bytes = b"") -> blake2b:
    return blake2b(str(VERSION).encode() + data, digest_size=16)
