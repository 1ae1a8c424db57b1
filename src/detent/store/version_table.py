"""Which rows of ``blob`` count: those whose facts have the versions that this detent writes."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.core.model import FINDINGS, KINDS, STRUCTURE, BlobKey

if TYPE_CHECKING:
    from collections.abc import Collection

    from detent.store.protocol import FactVersions

_SELECT_MISSING = """
SELECT coalesce(group_concat(DISTINCT oid || ' ' || language), '') FROM entry
WHERE view = :view AND NOT EXISTS (
    SELECT 1 FROM blob
    WHERE blob.oid = entry.oid AND blob.language = entry.language AND {}
)
"""


def parse_missing(text: str) -> frozenset[BlobKey]:
    """Read the column ``missing`` of a view."""
    return frozenset(BlobKey(*word.split(" ")) for word in text.split(",") if word)


class VersionTable:
    """The versions of facts that a store reads and writes, in SQL."""

    def __init__(self, versions: FactVersions) -> None:
        self._versions = versions
        self._languages = sorted({language for language, _ in versions})
        #: Names them in a view whose missing facts were found by them.
        self.text = " ".join(f"{a}/{b}={n}" for (a, b), n in sorted(versions.items()))
        #: Is true of a row of ``blob`` with all kinds of facts.
        self.condition = self.make_condition(KINDS)
        #: Gives the entries of a view that have no such row, as the column ``missing`` has them.
        self.select_missing = _SELECT_MISSING.format(self.condition)

    def get_row(self, language: str) -> tuple[int, int]:
        """Give the columns ``structure`` and ``findings`` of a row to write."""
        return self._versions[language, STRUCTURE], self._versions[language, FINDINGS]

    def make_condition(self, kinds: Collection[str]) -> str:
        """Make a condition that is true of a row of ``blob`` with some kinds of facts."""
        rows = [
            " AND ".join(
                [f"blob.language = '{language}'"]
                + [
                    f"blob.{kind} = {self._versions[language, kind]}"
                    for kind in KINDS
                    if kind in kinds
                ]
            )
            for language in self._languages
        ]
        return f"({' OR '.join(rows)})"
