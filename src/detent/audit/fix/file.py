"""One file: what its docstrings are to say instead, as bytes, proved to change nothing else."""

from __future__ import annotations

import codecs
import re
from collections import Counter

from detent import TYPE_CHECKING
from detent.audit.fix.attempt import Key, Scene, key_of, mended, reveals
from detent.audit.fix.table import FIXES, STUBS
from detent.audit.symbol_tree import family, partners
from detent.core.namedtuple import NamedTuple
from detent.index.executors.process_pool import examine
from detent.languages.python.decoding import decoded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from detent.core.model import Docstring, FileFacts, Finding, Symbol

_BREAK = re.compile(r"\r\n?|\n")
_INDENT = re.compile(r"[ \t]*")
_TRIES = 4


class Request(NamedTuple):
    """What is to be fixed.

    Attributes
    ----------
    counts : callable
        Says of a finding and its symbol whether it counts.
    only : frozenset of (str, str, str, str) or None
        Qualified name, code, subject and message of the findings to be fixed; None for all.
    stubs : bool
        Whether parameters that are not documented get an entry.
    """

    counts: Callable[[Finding, Symbol], bool]
    only: frozenset[tuple[str, str, str, str]] | None = None
    stubs: bool = False


class Mended(NamedTuple):
    """What became of one file.

    Attributes
    ----------
    raw : bytes
        Its content; as it was where nothing is to be changed.
    fixed : list of Finding
        What is gone, with the places of the old content.
    reason : str
        Why the file is left alone whatever there is to fix; else empty.
    """

    raw: bytes
    fixed: list[Finding]
    reason: str = ""


class _Written(NamedTuple):
    """A file as text with its own line breaks, where its lines begin, and how it is encoded."""

    text: str
    starts: list[int]
    encoding: str


class _Span(NamedTuple):
    """Where a docstring stands in the text of a file, and the line break that it uses."""

    start: int
    end: int
    newline: str


def mend(raw: bytes, request: Request) -> Mended:
    """Fix what can be fixed in the docstrings of one file.

    Parameters
    ----------
    raw : bytes
        The file as it is on disk.
    request : Request
        What is to be fixed.

    Returns
    -------
    Mended
        All but docstrings is the same, byte for byte; mending it again changes nothing.
    """
    first = examine(raw)
    problem = next((one for one in first.findings if one.code[:3] == "DT9"), None)
    if problem:
        return Mended(raw, [], f"{problem.message}: mend that first")
    if not any(_fixable(first, request)):
        return Mended(raw, [])
    spared = _spared(first, request)
    now, facts = raw, first
    for _ in range(_TRIES):
        written = _written(now)
        if written is None:
            return Mended(raw, [], "its encoding is one that detent reads and does not write")
        changes = _changes(written, facts, request, spared=spared)
        after = _held(now, written, facts, request=request, changes=changes)
        if after is None:
            break
        now, facts = after
    else:
        return Mended(raw, [], "its fixes come to no end: a defect in detent")
    gone = _said(first, request) - _said(facts, request)
    return Mended(now, _listed(first, gone) if now != raw else [])


def _fixable(facts: FileFacts, request: Request) -> Iterator[Finding]:
    """List the findings that there is a fix for."""
    for finding in facts.findings:
        code, symbol = finding.code, facts.symbols[finding.symbol]
        is_known = code in FIXES and (request.stubs or code not in STUBS)
        if is_known and symbol.docstring and request.counts(finding, symbol):
            yield finding


def _spared(facts: FileFacts, request: Request) -> dict[int, frozenset[Key]]:
    """List, by symbol, what is not to be fixed."""
    spared: dict[int, set[Key]] = {}
    if request.only is not None:
        for finding in facts.findings:
            key = key_of(finding.code, finding)
            if (facts.symbols[finding.symbol].qualname, *key) not in request.only:
                spared.setdefault(finding.symbol, set()).add(key)
    return {index: frozenset(keys) for index, keys in spared.items()}


def _written(raw: bytes) -> _Written | None:
    """Decode a file; None where places in the text would not tell places in the bytes."""
    found = decoded(raw)
    if found is None:
        return None
    text, encoding = found
    data = raw.removeprefix(codecs.BOM_UTF8)
    is_even = len(text) == len(data) or codecs.lookup(encoding).name == "utf-8"
    if not is_even or text.encode(encoding) != data:
        return None
    starts = [0, *(match.end() for match in _BREAK.finditer(text))]
    return _Written(text, starts, encoding)


def _changes(
    written: _Written, facts: FileFacts, request: Request, *, spared: Mapping[int, frozenset[Key]]
) -> dict[int, Docstring]:
    """Work out new docstrings, by symbol."""
    symbols, pairs = facts.symbols, partners(facts.symbols)
    names = {symbol.name for symbol in symbols} | {one.name for one in facts.bindings}
    changes: dict[int, Docstring] = {}
    whole = family(symbols)
    for index in sorted({finding.symbol for finding in _fixable(facts, request)}):
        symbol = symbols[index]
        docstring = symbol.docstring
        if docstring is None or _span(written, docstring) is None:
            continue
        scene = Scene(
            whole,
            index,
            symbols[pairs[index]] if index in pairs else None,
            frozenset(names.union(symbol.uses.replace(".", " ").split())),
            _margin(written, docstring),
            request.counts,
            spared.get(index, frozenset()),
            request.stubs,
        )
        after = mended(scene, docstring).docstring
        if after != docstring:
            changes[index] = after
    return changes


def _held(
    raw: bytes,
    written: _Written,
    facts: FileFacts,
    *,
    request: Request,
    changes: dict[int, Docstring],
) -> tuple[bytes, FileFacts] | None:
    """Make those changes that hold in the file as a whole; None where there are none."""
    while changes:
        after = _rewritten(raw, written, facts, changes=changes)
        found = examine(after)
        if not _same_code(facts, found, changes):
            return None
        unfit = _unfit(facts, found, request, changes=changes)
        if not unfit:
            return after, found
        changes = {index: one for index, one in changes.items() if index not in unfit}
    return None


def _rewritten(
    raw: bytes, written: _Written, facts: FileFacts, *, changes: Mapping[int, Docstring]
) -> bytes:
    """Put docstrings in their places; every byte around them is taken over."""
    text, encoding = written.text, written.encoding
    data = raw.removeprefix(codecs.BOM_UTF8)
    parts, at, done = [raw[: len(raw) - len(data)]], 0, 0
    places = []
    for index, new in changes.items():
        old = facts.symbols[index].docstring
        span = _span(written, old) if old else None
        if span:
            places.append((span, new.source))
    for span, source in sorted(places):
        start = done + len(text[at : span.start].encode(encoding))
        parts += [data[done:start], source.replace("\n", span.newline).encode(encoding)]
        done = start + len(text[span.start : span.end].encode(encoding))
        at = span.end
    return b"".join([*parts, data[done:]])


def _span(written: _Written, docstring: Docstring) -> _Span | None:
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
    return _Span(start, end, breaks.pop())


def _margin(written: _Written, docstring: Docstring) -> str:
    """White space before the line on which a docstring begins, or that it would stand behind."""
    start = written.starts[docstring.line - 1]
    match = _INDENT.match(written.text, start)
    space = match.group() if match else ""
    return space if len(space) == docstring.column - 1 else f"{space}    "


def _same_code(before: FileFacts, after: FileFacts, changes: Mapping[int, Docstring]) -> bool:
    """Whether only docstrings differ, and these as was meant."""
    docstrings = [
        changes.get(index, symbol.docstring) for index, symbol in enumerate(before.symbols)
    ]
    if len(before.symbols) != len(after.symbols):
        return False
    for old, new, wanted in zip(before.symbols, after.symbols, docstrings, strict=True):
        if _bare(old) != _bare(new) or (wanted is None) != (new.docstring is None):
            return False
        if wanted and new.docstring and wanted[:2] != new.docstring[:2]:
            return False
    return _code(before) == _code(after)


def _bare(symbol: Symbol) -> Symbol:
    # The lines of a definition count the docstrings that are nested in it.
    shape = symbol.shape._replace(lines=0)
    return symbol._replace(docstring=None, line=0, end_line=0, body="", own="", shape=shape)


def _code(facts: FileFacts) -> object:
    calls = [one[:2] for one in facts.calls]
    return calls, [one[:4] for one in facts.bindings], facts.exports


def _said(facts: FileFacts, request: Request) -> Counter[tuple[int, Key]]:
    """Count what is said of each symbol."""
    return Counter(
        (one.symbol, key_of(one.code, one))
        for one in facts.findings
        if request.counts(one, facts.symbols[one.symbol])
    )


def _unfit(
    before: FileFacts, after: FileFacts, request: Request, *, changes: Mapping[int, Docstring]
) -> set[int]:
    """Find the changes that bring in something new, in their docstring or in its other half."""
    old, new = _said(before, request), _said(after, request)
    fixed: dict[int, set[str]] = {}
    for index, key in old - new:
        fixed.setdefault(index, set()).add(key[0])
    pairs = partners(before.symbols)
    unfit: set[int] = set()
    for index, key in new - old:
        if not any(reveals(code, key) for code in fixed.get(index, ())):
            unfit |= {index, pairs.get(index, index)}
    return unfit.intersection(changes) or (set(changes) if unfit else set())


def _listed(facts: FileFacts, gone: Counter[tuple[int, Key]]) -> list[Finding]:
    """List so many findings of each kind."""
    left, found = Counter(gone), []
    for finding in facts.findings:
        key = (finding.symbol, key_of(finding.code, finding))
        if left[key] > 0:
            left[key] -= 1
            found.append(finding)
    return found
