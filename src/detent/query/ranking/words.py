"""Words of names and sentences, and how well a text fits some of them (BM25)."""

from __future__ import annotations

import math
import re
from collections import Counter

from detent import TYPE_CHECKING
from detent.core.namedtuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

# Of BM25: how soon more of one word counts no more, and how much less a word counts in a long text.
_K1, _B = 1.2, 0.5
_WORD = re.compile(r"[A-Z]{1,40}(?![a-z])|[A-Z]?[a-z]{1,40}|\d{1,40}")
_ENDINGS = ("ing", "ies", "ed", "es", "s", "al", "ly")
_LEAST_STEM = 3


class Field(NamedTuple):
    """A part of what is known of a symbol, and how much its words count."""

    text: str
    weight: float


def split_words(text: str) -> list[str]:
    """Split names at underscores and capitals, and sentences at blanks; without endings."""
    return [stem_word(word.lower()) for word in _WORD.findall(text)]


def stem_word(word: str) -> str:
    """Remove the ending of a word, so that forms of it are alike."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _LEAST_STEM:
            word = word[: -len(ending)]
            break
    return word[:-1] if word.endswith("e") and len(word) > _LEAST_STEM else word


def score_texts(query: str, texts: Iterable[Sequence[Field]]) -> list[float]:
    """Score texts by the words of a query; 0 for those that have none of them."""
    wanted = frozenset(split_words(query))
    stems: dict[str, str] = {}
    counted = [_count_words(fields, wanted, stems) for fields in texts]
    mean = sum(size for _, size in counted) / max(1, len(counted)) or 1.0
    known = Counter(word for found, _ in counted for word in found)
    rarity = {word: _measure_rarity(known[word], len(counted)) for word in wanted}
    return [
        sum(
            rarity[word] * count * (_K1 + 1) / (count + _K1 * (1 - _B + _B * size / mean))
            for word, count in found.items()
        )
        for found, size in counted
    ]


def _count_words(
    fields: Sequence[Field], wanted: frozenset[str], stems: dict[str, str]
) -> tuple[Mapping[str, float], float]:
    """Count the wanted words in a text by their weights, and all words; stems are remembered."""
    found: dict[str, float] = {}
    size = 0.0
    for text, weight in fields:
        words = _WORD.findall(text)
        size += weight * len(words)
        new = [word for word in words if word not in stems]
        stems.update((word, stem_word(word.lower())) for word in new)
        for stem in wanted.intersection(stems[word] for word in words):
            count = sum(stems[word] == stem for word in words)
            found[stem] = found.get(stem, 0.0) + weight * count
    return found, size


def _measure_rarity(known: int, total: int) -> float:
    return math.log(1 + (total - known + 0.5) / (known + 0.5))


def score_names(query: str, names: Sequence[str]) -> list[float]:
    """Score names by the beginnings of the words of a query in them, as in ``polyval``."""
    lower = [name.lower() for name in names]
    scores = [0.0] * len(lower)
    for word in dict.fromkeys(map(str.lower, _WORD.findall(query))):
        for number, score in _score_word(word, lower):
            scores[number] += score
    return scores


def _score_word(word: str, names: Sequence[str]) -> Iterator[tuple[int, float]]:
    """Score the names that have the beginning of a word: the longer and rarer, the better."""
    left = [number for number, name in enumerate(names) if word[:_LEAST_STEM] in name]
    if len(word) < _LEAST_STEM:
        return
    for length in range(_LEAST_STEM, len(word) + 1):
        longer = [number for number in left if word[: length + 1] in names[number]]
        is_last = length == len(word)
        ended = left if is_last else sorted(set(left).difference(longer))
        rarity = _measure_rarity(len(left), len(names))
        yield from ((number, rarity * length / len(word)) for number in ended)
        left = longer
