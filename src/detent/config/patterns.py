"""How long an expression of the settings may take, judged before it is used."""

from __future__ import annotations

import math
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]

from detent import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

#: Doublings of the time: three ``*``, and some alternatives.
_MOST_DOUBLINGS = 30
_DOUBLINGS_OF_STAR = 8
# What is repeated more often than this must match in one way only.
_FEW = 16


def is_slow_pattern(pattern: str) -> bool:
    """Tell whether an expression may try too many ways to match a name, as ``(a+)+$`` does."""
    return sum(_list_doublings(parser.parse(pattern))) > _MOST_DOUBLINGS


def _list_doublings(tree: Any) -> Iterator[float]:
    """Yield how often each part can double the ways to match; infinite for a repeat in another."""
    for op, value in tree:
        if op in (codes.MAX_REPEAT, codes.MIN_REPEAT):
            yield from _list_in_repeat(*value)
        elif op is codes.BRANCH:
            yield math.log2(len(value[1])) + _find_most(value[1])
        elif op is codes.GROUPREF_EXISTS:
            yield _find_most(value[1:])
        elif op in (codes.SUBPATTERN, codes.ASSERT, codes.ASSERT_NOT, codes.POSSESSIVE_REPEAT):
            yield sum(_list_doublings(value[-1]))
        elif op is codes.ATOMIC_GROUP:
            yield sum(_list_doublings(value))


def _list_in_repeat(low: int, high: int, body: Any) -> Iterator[float]:
    if inside := sum(_list_doublings(body)):
        yield inside * high if high <= _FEW else math.inf
    if high > low:
        yield min(math.log2(high - low + 1), _DOUBLINGS_OF_STAR)


def _find_most(branches: Any) -> float:
    return max(sum(_list_doublings(branch)) for branch in branches if branch is not None)
