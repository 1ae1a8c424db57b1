"""Runs of three bytes: what a text must have to hold a literal, as SQLite is asked for it."""

from __future__ import annotations

from detent.core.namedtuple import NamedTuple

#: Bytes of a trigram.
LENGTH = 3
#: SQLite's tokenizer stops at a NUL, so that another character stands for it, which is no byte.
_NUL = "\0"
_NUL_STAND_IN = "\u0100"
#: More do not narrow the answer, and each takes time.
_MOST = 16


class Need(NamedTuple):
    """What a text must have: a literal, or all or any of other needs."""

    literal: bytes = b""
    parts: tuple[Need, ...] = ()
    is_any: bool = False  # whether one of the parts is enough


def read_as_characters(raw: bytes) -> str:
    """Read bytes as characters, one for each."""
    return raw.decode("latin-1").replace(_NUL, _NUL_STAND_IN)


def write_query(need: Need) -> str:
    """Write a query of trigrams; empty if every text may fit."""
    if need.literal:
        return _query_literal(need.literal)
    parts = [write_query(part) for part in need.parts]
    if need.is_any:
        return f"({' OR '.join(parts)})" if parts and all(parts) else ""
    kept = [part for part in parts if part]
    return f"({' AND '.join(kept)})" if kept else ""


def _query_literal(literal: bytes) -> str:
    text = read_as_characters(literal)
    runs = list(dict.fromkeys(text[i : i + LENGTH] for i in range(len(text) - LENGTH + 1)))
    step = -(-len(runs) // _MOST) or 1
    # The last one too: names differ at their ends more often than in the middle.
    chosen = dict.fromkeys([*runs[::step], *runs[-1:]])
    quoted = ['"' + run.replace('"', '""') + '"' for run in chosen]
    return f"({' AND '.join(quoted)})" if quoted else ""
