"""The passages of a view that fit some words best, by BM25.

SQLite has a function for that, which counts all passages of the database. Here only those of the
view count: what else is indexed does not change an answer.
"""

from __future__ import annotations

import math
import sqlite3
from collections import Counter, defaultdict

from detent import TYPE_CHECKING
from detent.core.namedtuple import NamedTuple
from detent.store.text.words import NAME_WEIGHT, SourceKey

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from detent.store.text.store import TextStore

#: Of BM25. 2.0 in place of the usual 1.2, names and paths with a term in them, and the weight of
#: tests: from .27 to .37 in `benchmarks/search.py ranked`.
_K1, _B = 2.0, 0.75
_TEST_WEIGHT = 0.5
_MOST_TERMS = 64
#: Letters of a term that is looked for inside of names.
_LEAST_PART = 3


class RankedPassage(NamedTuple):
    """A passage that fits."""

    source: SourceKey
    line: int
    end_line: int
    name: str
    score: float


class PassageRow(NamedTuple):
    """What is known of a passage."""

    source: int
    line: int
    end_line: int
    size: int
    name: str


class PassageRanker:
    """Ranks the passages of some contents; the label of a content is its path in small letters."""

    def __init__(
        self,
        store: TextStore,
        sources: Mapping[int, SourceKey],
        labels: Mapping[int, str],
        *,
        modes: Collection[str],
    ) -> None:
        marks = ",".join("?" * len(modes))
        columns = "id, source, line, end_line, size, name"
        rows = store.select(f"SELECT {columns} FROM passage WHERE mode IN ({marks})", [*modes])
        self._store = store
        self._sources = sources
        self._labels = labels
        self._rows = {row[0]: PassageRow(*row[1:]) for row in rows if row[1] in sources}
        self._names = {id_: row.name.rpartition(".")[2].lower() for id_, row in self._rows.items()}

    def rank(self, words: str) -> list[RankedPassage]:
        """Rank all that have any of the words, the best first."""
        scores: dict[int, float] = defaultdict(float)
        mean = sum(row.size for row in self._rows.values()) / max(1, len(self._rows))
        for term in stem_words(words):
            for id_, score in self._score_term(term, mean):
                scores[id_] += score
        ranked = [(id_, score * self._weigh(id_)) for id_, score in scores.items()]
        ranked.sort(key=lambda pair: (-pair[1], self._locate(pair[0])))
        return [self._describe(id_, score) for id_, score in ranked]

    def _score_term(self, term: str, mean: float) -> Iterator[tuple[int, float]]:
        found = self._store.select("SELECT doc, col FROM word_place WHERE term = ?", (term,))
        places = [place for place in found if place[0] in self._rows]
        named = {id_ for id_, column in places if column == "name"}
        counts = Counter(id_ for id_, _ in places)
        rarity = math.log((len(self._rows) - len(counts) + 0.5) / (len(counts) + 0.5))
        counts.update(dict.fromkeys(named, NAME_WEIGHT - 1))
        if len(term) >= _LEAST_PART:
            self._count_parts(counts, term, named)
        for id_, count in counts.items():
            norm = count + _K1 * (1 - _B + _B * self._rows[id_].size / mean)
            yield id_, max(rarity, 1e-6) * count * (_K1 + 1) / norm

    def _count_parts(self, counts: Counter[int], term: str, named: Collection[int]) -> None:
        """Count a term in names that are written as one word, such as ``nanmean``, and in paths."""
        parts = (id_ for id_, name in self._names.items() if term in name and id_ not in named)
        counts.update(dict.fromkeys(parts, NAME_WEIGHT))
        places = {source for source, label in self._labels.items() if term in label}
        counts.update(id_ for id_, row in self._rows.items() if row.source in places)

    def _weigh(self, id_: int) -> float:
        is_test = "tests/" in self._labels[self._rows[id_].source]
        return _TEST_WEIGHT if is_test or self._names[id_].startswith("test") else 1.0

    def _locate(self, id_: int) -> tuple[str, int]:
        row = self._rows[id_]
        return self._labels[row.source], row.line

    def _describe(self, id_: int, score: float) -> RankedPassage:
        row = self._rows[id_]
        source = self._sources[row.source]
        return RankedPassage(source, row.line, row.end_line, row.name, score)


def stem_words(text: str) -> list[str]:
    """Give the stems of the words of a text, as the index has them."""
    connection = sqlite3.connect(":memory:")
    try:
        connection.execute("CREATE VIRTUAL TABLE x USING fts5(y, tokenize='porter unicode61')")
        connection.execute("CREATE VIRTUAL TABLE stem USING fts5vocab(x, row)")
        connection.execute("INSERT INTO x VALUES (?)", (text,))
        rows = connection.execute("SELECT term FROM stem ORDER BY cnt DESC, term").fetchall()
    finally:
        connection.close()
    return [term for (term,) in rows[:_MOST_TERMS]]
