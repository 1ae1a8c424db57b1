"""Python, in depth: symbols, docstrings, calls, imports, hashes and complexity."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.core.model import FileFacts, Symbol
from detent.languages.base import Analysis, ParseStats
from detent.languages.python import decoding, incremental

if TYPE_CHECKING:
    from detent.languages.base import PreviousVersion
    from detent.languages.decoding import DecodedSource

_UNREADABLE = Symbol(
    parent=-1,
    kind="module",
    name="",
    qualname="",
    visibility="public",
    line=1,
    column=1,
    end_line=1,
    flags=frozenset({"empty"}),
)


def analyze(raw: bytes, previous: PreviousVersion | None = None) -> Analysis:
    """Collect the facts of one file: after an edit, of its changed definitions only."""
    spent = ParseStats()
    if previous is not None:
        updated, spent = incremental.update_facts(raw, previous)
        if updated is not None:
            return updated
    analysis = analyze_text(decoding.decode_source(raw), len(raw))
    return analysis._replace(stats=analysis.stats.add(spent))


def analyze_text(text: DecodedSource, size: int) -> Analysis:
    """Collect the facts of a file that is decoded; `size` is that of the file."""
    if not text.readable:
        # Nothing is known of its content, so no docstring can be missing.
        facts = FileFacts((_UNREADABLE,), findings=text.problems, size=size)
        return Analysis(facts, ParseStats())
    # To load the parser takes longer than to parse a file, and many runs parse none.
    from detent.languages.python import extract

    facts, stats = extract.extract_facts(text.data)
    facts = facts._replace(findings=text.problems + facts.findings, size=size)
    return Analysis(facts, stats)
