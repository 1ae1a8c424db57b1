"""The symbols that fit a question best, and what is near them, within a number of tokens."""

from __future__ import annotations

from collections import defaultdict

from detent import TYPE_CHECKING
from detent.api.paths import make_path_filter
from detent.core.errors import UsageError
from detent.core.namedtuple import NamedTuple
from detent.index.snapshot import take_snapshot
from detent.query.ranking.pagerank import spread_scores
from detent.query.ranking.words import Field, score_names, score_texts

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from detent.core.model import FileFacts, Symbol
    from detent.index.handle import Index
    from detent.index.ingest import Progress
    from detent.index.views import View

#: So many of the best hits spread their scores.
_MOST_HITS = 100
#: A name with more definitions says little about which one is called.
_MOST_DEFINITIONS = 3
_BYTES_PER_TOKEN = 4
_MOST_SUMMARY = 200
_MOST_LEFT_OUT = 20
#: So many symbols are shown with signature and summary.
_MOST_SUMMARIES = 15


class ContextSymbol(NamedTuple):
    """A symbol in an answer.

    Attributes
    ----------
    path : bytes
        The file.
    symbol : Symbol
        The symbol.
    summary : str
        The first sentence of its docstring; empty without one.
    score : float
        How useful it seems: 1 for the best one.
    reason : str
        ``fits`` if the words of the question are in its name, signature or summary, else ``near``:
        it calls a symbol that fits, or is called by it.
    """

    path: bytes
    symbol: Symbol
    summary: str
    score: float
    reason: str


class CodeContext(NamedTuple):
    """The symbols that fit a question, and how fresh the answer is.

    Attributes
    ----------
    view, tree, different, failures
        As in `SymbolList`.
    symbols : list of ContextSymbol
        The best ones first, as many as the tokens allow.
    tokens : int
        An estimate of the tokens that they take: four characters each.
    left_out : list of ContextSymbol
        The next ones, which found no place.
    """

    view: str
    tree: str
    different: int
    symbols: list[ContextSymbol]
    tokens: int
    left_out: list[ContextSymbol]
    failures: dict[bytes, str]


class _Entry(NamedTuple):
    """A symbol that can be found."""

    path: bytes
    symbol: Symbol
    summary: str
    calls: frozenset[str]  # last names of what it calls


class ContextRequest(NamedTuple):
    """What is asked."""

    query: str
    budget: int
    named: Collection[bytes] = ()


def find_context(
    index: Index, view: View, request: ContextRequest, *, progress: Progress | None = None
) -> CodeContext:
    """Find the symbols that fit a question, and those that are near them in the graph of calls."""
    if request.budget < 1:
        raise UsageError("--budget needs at least 1 token", "such as --budget 2000")
    is_chosen = make_path_filter(view.repo, request.named)
    now = take_snapshot(index, view, progress=progress).restrict_to(is_chosen)
    entries = [
        entry
        for path, facts in now.load_files(full=True)
        if not is_second_stub(path, now.entries)
        for entry in list_entries(path, facts)
    ]
    ranked = rank_entries(request.query, entries)
    symbols, tokens = fill_budget(ranked, request.budget)
    rest = [item for item in ranked if item not in symbols]
    failures = dict(now.failures)
    return CodeContext(
        view.name, view.tree, now.different, symbols, tokens, rest[:_MOST_LEFT_OUT], failures
    )


def is_second_stub(path: bytes, paths: Collection[bytes]) -> bool:
    """Tell whether a file only repeats the signatures of another one."""
    return path.endswith(b".pyi") and path[:-1] in paths


def list_entries(path: bytes, facts: FileFacts) -> Iterator[_Entry]:
    """List the symbols of a file that can be found: all but the module and what is nested."""
    calls: dict[int, set[str]] = defaultdict(set)
    for call in facts.calls:
        calls[call.symbol].add(call.name.rpartition(".")[2])
    for number, symbol in enumerate(facts.symbols):
        if number and symbol.visibility != "nested":
            yield _Entry(path, symbol, summarize_docstring(symbol), frozenset(calls[number]))


def summarize_docstring(symbol: Symbol) -> str:
    """Give the first sentence of a docstring."""
    paragraph = (symbol.docstring_text or "").strip().partition("\n\n")[0]
    sentence, dot, _ = " ".join(paragraph.split()).partition(". ")
    return (sentence + dot.strip())[:_MOST_SUMMARY]


def describe_fields(entry: _Entry) -> list[Field]:
    """List what is known of a symbol, and how much it counts."""
    symbol = entry.symbol
    owner, _, _ = symbol.qualname.rpartition(".")
    params = " ".join(param.name for param in symbol.params)
    path = entry.path.decode("utf-8", "replace").rpartition(".")[0]
    return [
        Field(symbol.name, 4.0),
        Field(owner, 1.5),
        Field(path, 0.5),
        Field(params, 0.5),
        Field(entry.summary, 2.0),
    ]


def rank_entries(
    query: str, entries: Sequence[_Entry], texts: Sequence[Sequence[Field]] | None = None
) -> list[ContextSymbol]:
    """Rank symbols by the words of a question, and by their neighbours; the best first."""
    texts = texts or [describe_fields(entry) for entry in entries]
    names = score_names(query, [entry.symbol.name for entry in entries])
    scores = [a + b for a, b in zip(score_texts(query, texts), names, strict=True)]
    weighed = {
        number: score * _weigh(entries[number]) for number, score in enumerate(scores) if score
    }
    hits = dict(sorted(weighed.items(), key=lambda item: -item[1])[:_MOST_HITS])
    spread = spread_scores(_link_calls(entries), hits)
    best = max(spread.values(), default=1.0)
    found = [
        ContextSymbol(
            entries[number].path,
            entries[number].symbol,
            entries[number].summary,
            score / best,
            "fits" if number in hits else "near",
        )
        for number, score in spread.items()
    ]
    return sorted(found, key=lambda item: (-item.score, item.path, item.symbol.line))


def _weigh(entry: _Entry) -> float:
    """Prefer what users call to what tests it, and to what is internal."""
    is_test = b"test" in entry.path.lower() or entry.symbol.name.startswith("test")
    is_public = entry.symbol.visibility in ("public", "unlisted")
    return (0.2 if is_test else 1.0) * (1.0 if is_public else 0.4)


def _link_calls(entries: Sequence[_Entry]) -> Mapping[int, Mapping[int, float]]:
    """Link callers and callees by names with few definitions, in both directions."""
    named: dict[str, list[int]] = defaultdict(list)
    for number, entry in enumerate(entries):
        named[entry.symbol.name].append(number)
    graph: dict[int, dict[int, float]] = defaultdict(dict)
    for number, entry in enumerate(entries):
        called = [named.get(name, []) for name in sorted(entry.calls)]
        for targets in called:
            weight = 1 / len(targets) if 0 < len(targets) <= _MOST_DEFINITIONS else 0
            for target in targets if weight else ():
                graph[number][target] = weight
                graph[target][number] = weight * _weigh(entry)
    return graph


def fill_budget(ranked: Sequence[ContextSymbol], budget: int) -> tuple[list[ContextSymbol], int]:
    """Take the best symbols that fit into a number of tokens; give also how many these take."""
    chosen: list[ContextSymbol] = []
    used = 0
    for item in ranked:
        cost = -(-len(format_entry(item, len(chosen))) // _BYTES_PER_TOKEN) + 1
        if used + cost <= budget:
            chosen.append(item)
            used += cost
    return chosen, used


def format_entry(item: ContextSymbol, place: int) -> str:
    """Write a symbol as an answer shows it: only the first ones in full."""
    symbol = item.symbol
    line = f"{item.path.decode('utf-8', 'replace')}:{symbol.line}: {symbol.qualname}"
    if place >= _MOST_SUMMARIES:
        return line
    line += "" if symbol.kind == "class" else f"({', '.join(x.name for x in symbol.params)})"
    return f"{line} - {item.summary}" if item.summary else line
