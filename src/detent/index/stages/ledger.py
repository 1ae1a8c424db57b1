"""The ordering ledger: hashes of what a build took and made, in the order in which it did."""

from __future__ import annotations

from operator import attrgetter

from detent import TYPE_CHECKING
from detent.index.handle import list_fact_versions
from detent.index.stages.record import CODE
from detent.languages.python.fingerprints import blake2b

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any

    from detent.core.model import BlobKey, FileFacts

_VERSION = 1
_ORDER_RULE = "by object id; inside a file as it has them"
#: What is hashed: facts that are sorted or put together, and so could come out in another order.
_HASHED = [
    ("symbols", ("qualname", "uses")),
    ("calls", ("name",)),
    ("bindings", ("name", "target")),
    ("findings", ("message",)),
]
_GETTERS = [(table, [attrgetter(name) for name in names]) for table, names in _HASHED]


class Ledger:
    """Takes in the facts of files as they come."""

    def __init__(
        self,
        changed: Mapping[bytes, BlobKey],
        deleted: Iterable[bytes],
        keys: Iterable[BlobKey],
    ) -> None:
        discovery = _new_hash()
        for path, key in changed.items():
            discovery.update(b"%b\0%b\0" % (path, " ".join(key).encode()))
        for path in deleted:
            discovery.update(b"%b\0\0" % path)
        names = [" ".join(key) for key in keys]
        #: Builds are comparable where these are equal: what discovery found, and what is analyzed.
        self._seeds = {
            "discoveryHash": discovery.hexdigest(),
            "fileListHash": _new_hash("\n".join(names).encode()).hexdigest(),
            "fileCount": len(names),
            "mode": CODE,
        }
        self._facts, self._rows = _new_hash(), _new_hash()
        self._files = self._count = 0

    def add_analyzed(self, key: BlobKey, facts: FileFacts) -> None:
        """Hash the facts of a file, best while they are still in the processor's cache."""
        texts = [*key]
        for table, getters in _GETTERS:
            items = getattr(facts, table)
            # Column by column: a build has hundreds of thousands of items.
            for getter in getters:
                texts += map(getter, items)
        self._facts.update("\0".join(texts).encode("utf-8", "surrogatepass"))
        self._files += 1

    def add_written(self, key: BlobKey, rows: Sequence[int]) -> None:
        """Hash how many rows were written of a file."""
        self._rows.update(f"{' '.join(key)} {rows}\n".encode())
        self._count += sum(rows)

    def to_dict(self) -> dict[str, Any]:
        """Give the ledger in its JSON form."""
        facts = _describe_artifact(self._facts.hexdigest(), self._files)
        rows = _describe_artifact(self._rows.hexdigest(), self._count)
        return {
            "schemaVersion": _VERSION,
            "seeds": self._seeds,
            "stages": {
                f"stage1:{CODE}": {"artifacts": {"facts": facts}},
                f"stage2:{CODE}": {"artifacts": {"rows": rows}},
            },
        }


def _describe_artifact(digest: str, count: int) -> dict[str, Any]:
    return {"hash": digest, "rule": _ORDER_RULE, "count": count, "mode": CODE}


def _new_hash(data: bytes = b"") -> blake2b:
    """Begin a hash: facts of other versions are not comparable."""
    versions = str(sorted(list_fact_versions().items())).encode()
    return blake2b(versions + data, digest_size=16)
