"""One file: what its docstrings are to say instead, as bytes, proved to change nothing else."""

from __future__ import annotations

import codecs
import re
from collections import Counter

from detent import TYPE_CHECKING
from detent.audit.analyze import analyze_file
from detent.audit.fix import FIXES, STUBS
from detent.audit.fix.attempt import (
    FindingKey,
    FixContext,
    fix_docstring,
    is_revealed_by_fix,
    make_finding_key,
)
from detent.audit.symbol_tree import build_symbol_tree, find_partners
from detent.core.namedtuple import NamedTuple
from detent.languages.python.decoding import decode_strictly

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from detent.core.model import Docstring, FileFacts, Finding, Symbol

_BREAK = re.compile(r"\r\n?|\n")
_INDENT = re.compile(r"[ \t]*")
_MAX_ROUNDS = 4


class FixRequest(NamedTuple):
    """What is to be fixed."""

    counts: Callable[[Finding, Symbol], bool]  # says of a finding and its symbol whether it counts
    # qualified name, code, subject and message of the findings to be fixed
    only: frozenset[tuple[str, str, str, str]] | None = None
    stubs: bool = False  # whether parameters that are not documented get an entry


class FileFix(NamedTuple):
    """What became of one file."""

    raw: bytes  # its content; as it was where nothing is to be changed
    fixed: list[Finding]  # what is gone, with the places of the old content
    reason: str = ""  # why the file is left alone whatever there is to fix; else empty


class _SourceText(NamedTuple):
    """A file as text with its own line breaks, where its lines begin, and how it is encoded."""

    text: str
    starts: list[int]
    encoding: str


class _DocstringSpan(NamedTuple):
    """Where a docstring stands in the text of a file, and the line break that it uses."""

    start: int
    end: int
    newline: str


def fix_file(raw: bytes, request: FixRequest) -> FileFix:
    """Fix what can be fixed in the docstrings of one file."""
    first = analyze_file(raw)
    problem = next((one for one in first.findings if one.code[:3] == "DT9"), None)
    if problem:
        return FileFix(raw, [], f"{problem.message}: mend that first")
    if not any(_list_fixable(first, request)):
        return FileFix(raw, [])
    spared = _list_skipped(first, request)
    now, facts = raw, first
    for _ in range(_MAX_ROUNDS):
        written = _decode_source(now)
        if written is None:
            return FileFix(raw, [], "its encoding is one that detent reads and does not write")
        changes = _plan_changes(written, facts, request, spared=spared)
        after = _apply_changes(now, written, facts, request=request, changes=changes)
        if after is None:
            break
        now, facts = after
    else:
        return FileFix(raw, [], "its fixes come to no end: a defect in detent")
    gone = _count_findings(first, request) - _count_findings(facts, request)
    return FileFix(now, _list_fixed(first, gone) if now != raw else [])


def _list_fixable(facts: FileFacts, request: FixRequest) -> Iterator[Finding]:
    """List the findings that there is a fix for."""
    for finding in facts.findings:
        code, symbol = finding.code, facts.symbols[finding.symbol]
        is_known = code in FIXES and (request.stubs or code not in STUBS)
        if is_known and symbol.docstring and request.counts(finding, symbol):
            yield finding


def _list_skipped(facts: FileFacts, request: FixRequest) -> dict[int, frozenset[FindingKey]]:
    """List, by symbol, what is not to be fixed."""
    spared: dict[int, set[FindingKey]] = {}
    if request.only is not None:
        for finding in facts.findings:
            key = make_finding_key(finding.code, finding)
            if (facts.symbols[finding.symbol].qualname, *key) not in request.only:
                spared.setdefault(finding.symbol, set()).add(key)
    return {index: frozenset(keys) for index, keys in spared.items()}


def _decode_source(raw: bytes) -> _SourceText | None:
    """Decode a file; None where places in the text would not tell places in the bytes."""
    found = decode_strictly(raw)
    if found is None:
        return None
    text, encoding = found
    data = raw.removeprefix(codecs.BOM_UTF8)
    is_even = len(text) == len(data) or codecs.lookup(encoding).name == "utf-8"
    if not is_even or text.encode(encoding) != data:
        return None
    starts = [0, *(match.end() for match in _BREAK.finditer(text))]
    return _SourceText(text, starts, encoding)


def _plan_changes(
    written: _SourceText,
    facts: FileFacts,
    request: FixRequest,
    *,
    spared: Mapping[int, frozenset[FindingKey]],
) -> dict[int, Docstring]:
    """Work out new docstrings, by symbol."""
    symbols, pairs = facts.symbols, find_partners(facts.symbols)
    names = {symbol.name for symbol in symbols} | {one.name for one in facts.bindings}
    changes: dict[int, Docstring] = {}
    whole = build_symbol_tree(symbols)
    for index in sorted({finding.symbol for finding in _list_fixable(facts, request)}):
        symbol = symbols[index]
        docstring = symbol.docstring
        if docstring is None or _find_span(written, docstring) is None:
            continue
        scene = FixContext(
            whole,
            index,
            symbols[pairs[index]] if index in pairs else None,
            frozenset(names.union(symbol.uses.replace(".", " ").split())),
            _find_margin(written, docstring),
            request.counts,
            spared.get(index, frozenset()),
            request.stubs,
        )
        after = fix_docstring(scene, docstring).docstring
        if after != docstring:
            changes[index] = after
    return changes


def _apply_changes(
    raw: bytes,
    written: _SourceText,
    facts: FileFacts,
    *,
    request: FixRequest,
    changes: dict[int, Docstring],
) -> tuple[bytes, FileFacts] | None:
    """Make those changes that hold in the file as a whole; None where there are none."""
    while changes:
        after = _replace_docstrings(raw, written, facts, changes=changes)
        found = analyze_file(after)
        if not _is_same_code(facts, found, changes):
            return None
        unfit = _find_harmful_changes(facts, found, request, changes=changes)
        if not unfit:
            return after, found
        changes = {index: one for index, one in changes.items() if index not in unfit}
    return None


def _replace_docstrings(
    raw: bytes, written: _SourceText, facts: FileFacts, *, changes: Mapping[int, Docstring]
) -> bytes:
    """Put docstrings in their places; every byte around them is taken over."""
    text, encoding = written.text, written.encoding
    data = raw.removeprefix(codecs.BOM_UTF8)
    parts, at, done = [raw[: len(raw) - len(data)]], 0, 0
    places = []
    for index, new in changes.items():
        old = facts.symbols[index].docstring
        span = _find_span(written, old) if old else None
        if span:
            places.append((span, new.source))
    for span, source in sorted(places):
        start = done + len(text[at : span.start].encode(encoding))
        parts += [data[done:start], source.replace("\n", span.newline).encode(encoding)]
        done = start + len(text[span.start : span.end].encode(encoding))
        at = span.end
    return b"".join([*parts, data[done:]])


def _find_span(written: _SourceText, docstring: Docstring) -> _DocstringSpan | None:
    """Find a docstring in the text; None where its lines do not all end alike."""
    rows = docstring.source.split("\n")
    last = docstring.line + len(rows) - 2
    if last >= len(written.starts):
        return None
    start = written.starts[docstring.line - 1] + docstring.column - 1
    end = written.starts[last] + len(rows[-1]) if len(rows) > 1 else start + len(rows[0])
    chunk = written.text[start:end]
    breaks = set(_BREAK.findall(chunk)) or set(_BREAK.findall(written.text, end)[:1]) or {"\n"}
    if len(breaks) > 1 or _BREAK.sub("\n", chunk) != docstring.source:
        return None
    return _DocstringSpan(start, end, breaks.pop())


def _find_margin(written: _SourceText, docstring: Docstring) -> str:
    """White space before the line on which a docstring begins, or that it would stand behind."""
    start = written.starts[docstring.line - 1]
    match = _INDENT.match(written.text, start)
    space = match.group() if match else ""
    return space if len(space) == docstring.column - 1 else f"{space}    "


def _is_same_code(before: FileFacts, after: FileFacts, changes: Mapping[int, Docstring]) -> bool:
    """Whether only docstrings differ, and these as was meant."""
    docstrings = [
        changes.get(index, symbol.docstring) for index, symbol in enumerate(before.symbols)
    ]
    if len(before.symbols) != len(after.symbols):
        return False
    for old, new, wanted in zip(before.symbols, after.symbols, docstrings, strict=True):
        if _strip_docstring(old) != _strip_docstring(new) or (wanted is None) != (
            new.docstring is None
        ):
            return False
        if wanted and new.docstring and wanted[:2] != new.docstring[:2]:
            return False
    return _extract_code(before) == _extract_code(after)


def _strip_docstring(symbol: Symbol) -> Symbol:
    # The lines of a definition count the docstrings that are nested in it.
    shape = symbol.shape._replace(lines=0)
    return symbol._replace(docstring=None, line=0, end_line=0, body="", own="", shape=shape)


def _extract_code(facts: FileFacts) -> object:
    calls = [one[:2] for one in facts.calls]
    return calls, [one[:4] for one in facts.bindings], facts.exports


def _count_findings(facts: FileFacts, request: FixRequest) -> Counter[tuple[int, FindingKey]]:
    """Count what is said of each symbol."""
    return Counter(
        (one.symbol, make_finding_key(one.code, one))
        for one in facts.findings
        if request.counts(one, facts.symbols[one.symbol])
    )


def _find_harmful_changes(
    before: FileFacts, after: FileFacts, request: FixRequest, *, changes: Mapping[int, Docstring]
) -> set[int]:
    """Find the changes that bring in something new, in their docstring or in its other half."""
    old, new = _count_findings(before, request), _count_findings(after, request)
    fixed: dict[int, set[str]] = {}
    for index, key in old - new:
        fixed.setdefault(index, set()).add(key[0])
    pairs = find_partners(before.symbols)
    unfit: set[int] = set()
    for index, key in new - old:
        if not any(is_revealed_by_fix(code, key) for code in fixed.get(index, ())):
            unfit |= {index, pairs.get(index, index)}
    return unfit.intersection(changes) or (set(changes) if unfit else set())


def _list_fixed(facts: FileFacts, gone: Counter[tuple[int, FindingKey]]) -> list[Finding]:
    """List so many findings of each kind."""
    left, found = Counter(gone), []
    for finding in facts.findings:
        key = (finding.symbol, make_finding_key(finding.code, finding))
        if left[key] > 0:
            left[key] -= 1
            found.append(finding)
    return found
