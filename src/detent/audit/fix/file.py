"""Fixes of one file: new bytes, checked to differ only in docstrings."""

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
    """The findings that are to be fixed."""

    counts: Callable[[Finding, Symbol], bool]  # whether a finding on a symbol counts
    # the only findings to fix: qualified name, code, subject and message of each
    only: frozenset[tuple[str, str, str, str]] | None = None
    stubs: bool = False  # whether undocumented parameters get an entry
    language: str = "python"


class FileFix(NamedTuple):
    """The result for one file."""

    raw: bytes  # the new content, or the old content if nothing was fixed
    fixed: list[Finding]  # with the places of the old content
    reason: str = ""  # why the file cannot be fixed; else empty


class _SourceText(NamedTuple):
    """A file as text."""

    text: str  # with its own line breaks
    starts: list[int]  # offset of each line
    encoding: str


class _DocstringSpan(NamedTuple):
    """The place of a docstring in the text of a file, and its kind of line break."""

    start: int
    end: int
    newline: str


def fix_file(raw: bytes, request: FixRequest) -> FileFix:
    """Fix the docstrings of one file."""
    first = analyze_file(raw, request.language)
    problem = next((finding for finding in first.findings if finding.code[:3] == "DT9"), None)
    if problem:
        return FileFix(raw, [], f"{problem.message}: fix that first")
    if not any(_list_fixable(first, request)):
        return FileFix(raw, [])
    skipped = _list_skipped(first, request)
    now, facts = raw, first
    for _ in range(_MAX_ROUNDS):
        source = _decode_source(now)
        if source is None:
            return FileFix(raw, [], "detent cannot write files in its encoding")
        changes = _plan_changes(source, facts, request, skipped=skipped)
        after = _apply_changes(now, source, facts, request=request, changes=changes)
        if after is None:
            break
        now, facts = after
    else:
        return FileFix(raw, [], "the fixes never end: this is a bug in detent")
    gone = _count_findings(first, request) - _count_findings(facts, request)
    return FileFix(now, _list_fixed(first, gone) if now != raw else [])


def _list_fixable(facts: FileFacts, request: FixRequest) -> Iterator[Finding]:
    """List the findings that have a fix."""
    for finding in facts.findings:
        code, symbol = finding.code, facts.symbols[finding.symbol]
        is_known = code in FIXES and (request.stubs or code not in STUBS)
        if is_known and symbol.docstring and request.counts(finding, symbol):
            yield finding


def _list_skipped(facts: FileFacts, request: FixRequest) -> dict[int, frozenset[FindingKey]]:
    """List, by symbol, the findings that are not to be fixed."""
    skipped: dict[int, set[FindingKey]] = {}
    if request.only is not None:
        for finding in facts.findings:
            key = make_finding_key(finding.code, finding)
            if (facts.symbols[finding.symbol].qualname, *key) not in request.only:
                skipped.setdefault(finding.symbol, set()).add(key)
    return {index: frozenset(keys) for index, keys in skipped.items()}


def _decode_source(raw: bytes) -> _SourceText | None:
    """Decode a file; None if places in the text do not map to places in the bytes."""
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
    source: _SourceText,
    facts: FileFacts,
    request: FixRequest,
    *,
    skipped: Mapping[int, frozenset[FindingKey]],
) -> dict[int, Docstring]:
    """Compute the new docstrings, by symbol."""
    symbols, pairs = facts.symbols, find_partners(facts.symbols)
    names = {symbol.name for symbol in symbols} | {binding.name for binding in facts.bindings}
    changes: dict[int, Docstring] = {}
    tree = build_symbol_tree(symbols)
    for index in sorted({finding.symbol for finding in _list_fixable(facts, request)}):
        symbol = symbols[index]
        docstring = symbol.docstring
        if docstring is None or _find_span(source, docstring) is None:
            continue
        context = FixContext(
            tree,
            index,
            symbols[pairs[index]] if index in pairs else None,
            frozenset(names.union(symbol.uses.replace(".", " ").split())),
            _find_margin(source, docstring),
            request.counts,
            skipped.get(index, frozenset()),
            request.stubs,
        )
        after = fix_docstring(context, docstring).docstring
        if after != docstring:
            changes[index] = after
    return changes


def _apply_changes(
    raw: bytes,
    source: _SourceText,
    facts: FileFacts,
    *,
    request: FixRequest,
    changes: dict[int, Docstring],
) -> tuple[bytes, FileFacts] | None:
    """Apply the changes that add no findings to the file; None if there are none."""
    while changes:
        after = _replace_docstrings(raw, source, facts, changes=changes)
        found = analyze_file(after, request.language)
        if not _is_same_code(facts, found, changes):
            return None
        harmful = _find_harmful_changes(facts, found, request, changes=changes)
        if not harmful:
            return after, found
        changes = {index: new for index, new in changes.items() if index not in harmful}
    return None


def _replace_docstrings(
    raw: bytes, source: _SourceText, facts: FileFacts, *, changes: Mapping[int, Docstring]
) -> bytes:
    """Replace docstrings, and keep every byte around them."""
    text, encoding = source.text, source.encoding
    data = raw.removeprefix(codecs.BOM_UTF8)
    parts, at, done = [raw[: len(raw) - len(data)]], 0, 0
    places = []
    for index, new in changes.items():
        old = facts.symbols[index].docstring
        span = _find_span(source, old) if old else None
        if span:
            places.append((span, new.source))
    for span, literal in sorted(places):
        start = done + len(text[at : span.start].encode(encoding))
        parts += [data[done:start], literal.replace("\n", span.newline).encode(encoding)]
        done = start + len(text[span.start : span.end].encode(encoding))
        at = span.end
    return b"".join([*parts, data[done:]])


def _find_span(source: _SourceText, docstring: Docstring) -> _DocstringSpan | None:
    """Find a docstring in the text; None if it has several kinds of line breaks."""
    rows = docstring.source.split("\n")
    last = docstring.line + len(rows) - 2
    if last >= len(source.starts):
        return None
    start = source.starts[docstring.line - 1] + docstring.column - 1
    end = source.starts[last] + len(rows[-1]) if len(rows) > 1 else start + len(rows[0])
    chunk = source.text[start:end]
    breaks = set(_BREAK.findall(chunk)) or set(_BREAK.findall(source.text, end)[:1]) or {"\n"}
    if len(breaks) > 1 or _BREAK.sub("\n", chunk) != docstring.source:
        return None
    return _DocstringSpan(start, end, breaks.pop())


def _find_margin(source: _SourceText, docstring: Docstring) -> str:
    """Find the white space before a docstring, or before one on a line of its own."""
    start = source.starts[docstring.line - 1]
    match = _INDENT.match(source.text, start)
    space = match.group() if match else ""
    return space if len(space) == docstring.column - 1 else f"{space}    "


def _is_same_code(before: FileFacts, after: FileFacts, changes: Mapping[int, Docstring]) -> bool:
    """Tell whether nothing but the changed docstrings differs."""
    docstrings = [
        changes.get(index, symbol.docstring) for index, symbol in enumerate(before.symbols)
    ]
    if len(before.symbols) != len(after.symbols):
        return False
    for old, new, wanted in zip(before.symbols, after.symbols, docstrings, strict=True):
        if _strip_docstring(old) != _strip_docstring(new):
            return False
        if _extract_literal(wanted) != _extract_literal(new.docstring):
            return False
    return _extract_code(before) == _extract_code(after)


def _strip_docstring(symbol: Symbol) -> Symbol:
    # The lines of a definition count the docstrings that are nested in it.
    shape = symbol.shape._replace(lines=0)
    return symbol._replace(docstring=None, line=0, end_line=0, body="", own="", shape=shape)


def _extract_literal(docstring: Docstring | None) -> tuple[str, str] | None:
    return (docstring.text, docstring.source) if docstring else None


def _extract_code(facts: FileFacts) -> object:
    """List calls and imports without their places."""
    calls = [call._replace(line=0, column=0) for call in facts.calls]
    return calls, [binding._replace(line=0) for binding in facts.bindings], facts.exports


def _count_findings(facts: FileFacts, request: FixRequest) -> Counter[tuple[int, FindingKey]]:
    """Count the findings of each symbol, by their keys."""
    return Counter(
        (finding.symbol, make_finding_key(finding.code, finding))
        for finding in facts.findings
        if request.counts(finding, facts.symbols[finding.symbol])
    )


def _find_harmful_changes(
    before: FileFacts, after: FileFacts, request: FixRequest, *, changes: Mapping[int, Docstring]
) -> set[int]:
    """Find the changes that add findings to their docstring or to its other half."""
    old, new = _count_findings(before, request), _count_findings(after, request)
    fixed: dict[int, set[str]] = {}
    for index, key in old - new:
        fixed.setdefault(index, set()).add(key[0])
    pairs = find_partners(before.symbols)
    harmful: set[int] = set()
    for index, key in new - old:
        if not any(is_revealed_by_fix(code, key) for code in fixed.get(index, ())):
            harmful |= {index, pairs.get(index, index)}
    return harmful.intersection(changes) or (set(changes) if harmful else set())


def _list_fixed(facts: FileFacts, gone: Counter[tuple[int, FindingKey]]) -> list[Finding]:
    """List as many findings of each key as are gone."""
    left, found = Counter(gone), []
    for finding in facts.findings:
        key = (finding.symbol, make_finding_key(finding.code, finding))
        if left[key] > 0:
            left[key] -= 1
            found.append(finding)
    return found
