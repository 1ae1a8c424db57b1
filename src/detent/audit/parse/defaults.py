"""Values that prose states, such as "Default is 3", and the defaults of signatures beside them.

Nothing is evaluated: both are cut into tokens, and the tokens are compared. Where prose may mean
something else than it seems to say, it says nothing.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from detent import TYPE_CHECKING
from detent.core.namedtuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

#: A value cut into tokens: numbers as numbers, everything else as text.
Tokens = tuple[float | complex | str, ...]

_LONGEST = 80
_CLAUSE = 200
_NUMBER = (
    r"(?:0[xXoObB][\da-fA-F]{1,40}"
    r"|(?:\d[\d_]{0,40}\.?\d{0,40}|\.\d{1,40})(?:[eE][-+]?\d{1,9})?)[jJ]?"
)
_TOKEN = re.compile(
    rf"\s*(?:(?P<number>{_NUMBER})(?!\w)|[rbu]?(?P<string>'[^'\n]*'|\"[^\"\n]*\")"
    r"|(?P<name>[A-Za-z_]\w*(?:\.\w+)*)|(?P<mark>\*\*|[-+()\[\]{},:*/]))"
)
_SIMPLE = (
    rf"``[^`\n]{{1,{_LONGEST}}}``|`[^`\n]{{1,{_LONGEST}}}`"
    rf"|'[^'\n]{{0,{_LONGEST}}}'|\"[^\"\n]{{0,{_LONGEST}}}\""
    rf"|[-+]?{_NUMBER}|[-+]?[A-Za-z_]\w*(?:\.\w+)*"
    rf"|\([^()\n]{{0,{_LONGEST}}}\)|\[[^\[\]\n]{{0,{_LONGEST}}}\]|\{{[^{{}}\n]{{0,{_LONGEST}}}\}}"
)
# What may follow: the end of a sentence, of a clause, of brackets. Not another value, no condition.
_CONDITION = r"(?:and|but|else|except|for|if|in|or|otherwise|unless|when|where|while|with)\b"
_AFTER = (
    r"(?=[ \t]*(?:\Z|[)\];]|\.(?:\s|\Z)"
    rf"|,(?!\s*(?:[\d'\"`+-]|{_CONDITION}))|\s\((?!{_CONDITION})|\n\s*(?:\n|\Z|[-*.])))"
)
_ARTICLE = re.compile(r"\b(?:[Tt]he|[Bb]y)\s\Z")
# Sentences that hold only in some case.
_CASE = re.compile(
    r"\b(?:[Ii]f|[Ww]hen|[Ff]or|[Uu]nless|[Oo]therwise|[Ee]lse|[Ww]here|[Ww]hile|[Ii]n)\b"
)
_ABSENT = re.compile(
    r"\b(?:[Ii]f|[Ww]hen|[Ff]or) (?:it is |this is |the (?:value|parameter|argument) is )?"
    r"(?:not|left|omitted|unspecified)\b|\b[Ii]f unspecified|\b[Ii]f omitted"
)
_SENTENCE = re.compile(r"[.;]\s|\n\s*\n|\n\s*[-*]\s")
_INFINITE = {"infinity": "inf", "infty": "inf", "Inf": "inf", "NaN": "nan", "NAN": "nan"}
_WORDS = {"True": 1.0, "False": 0.0, "true": 1.0, "false": 0.0}
# A list and a tuple are the same to a reader.
_BRACKETS = {"[": "(", "]": ")"}
_LITERAL_NAMES = frozenset({"None", "inf", "nan"})
_LITERAL_MARKS = frozenset("-+()[]{},:")


class Stated(NamedTuple):
    """A default that prose states.

    Attributes
    ----------
    text : str
        As written, without backticks.
    offset : int
        Where it begins.
    tokens : tuple
        What it is made of.
    certain : bool
        Whether it reads as a value of Python, and not as a word that may mean anything.
    """

    text: str
    offset: int
    tokens: Tokens
    certain: bool


def stated(text: str) -> Iterator[Stated]:
    """Find the defaults that a text states without condition.

    Parameters
    ----------
    text : str
        A type, or the lines of a description.

    Yields
    ------
    Stated
        One for each; where the text cannot be read with certainty, none.
    """
    if "efault" not in text:
        return
    plain, marked = _statements()
    for match in plain.finditer(text):
        if _is_free(text, match.start()):
            yield from _read(match)
    for match in marked.finditer(text) if "default)" in text else ():
        yield from _read(match)


@cache
def _statements() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Compile, late since it takes long, "default is 3" and "3 (default)"."""
    quoted = r"``[^`\n]{1,40}``|`[^`\n]{1,40}`|'[^'\n]{0,40}'|\"[^\"\n]{0,40}\""
    plain = re.compile(
        r"\b[Dd]efaults?(?: value)?"
        rf"(?:\s+(?:is|to)(?:\s+set\s+to)?:?\s+|\s?[:=]\s?|\s)(?P<value>{_SIMPLE}){_AFTER}"
    )
    marked = re.compile(
        rf"(?<![\w.])(?P<value>{quoted}|None|True|False|[-+]?{_NUMBER})\s\((?:the )?default\)"
    )
    return plain, marked


def _is_free(text: str, start: int) -> bool:
    """Whether the word at an offset begins a sentence, a clause or an aside without condition."""
    before = text[max(0, start - _LONGEST) : start]
    before = _ARTICLE.sub("", before)
    ahead = before.rstrip()
    if ahead and ahead[-1] not in ".;,(" and "\n" not in before[len(ahead) :]:
        return False
    return ahead.endswith("(") or not _depends(text[max(0, start - _CLAUSE) : start])


def _read(match: re.Match[str]) -> Iterator[Stated]:
    """Read the value that an expression has found."""
    written = match["value"]
    value = written.strip("`").strip()
    tokens = tokenise(value)
    if tokens:
        offset = match.start("value") + written.index(value)
        yield Stated(value.rstrip("."), offset, tokens, is_literal(value))


def _depends(before: str) -> bool:
    """Whether the sentence that a text breaks off in began with a condition."""
    start = max((end.end() for end in _SENTENCE.finditer(before)), default=0)
    return _CASE.search(_ABSENT.sub("", before[start:])) is not None


@lru_cache(maxsize=1024)
def tokenise(text: str) -> Tokens | None:
    """Cut a value into tokens, such that equal values give equal tokens.

    Parameters
    ----------
    text : str
        A default as written in a signature or in prose.

    Returns
    -------
    tuple or None
        None where it is none that could be compared: an expression with calls of operators, or too
        long.
    """
    if len(text) > 2 * _LONGEST:
        return None
    found: list[float | complex | str] = []
    at, end = 0, len(text.rstrip())
    while at < end:
        match = _TOKEN.match(text, at)
        if match is None:
            return None
        found.append(_token(match))
        at = match.end()
    return _unwrapped(tuple(found))


def agree(one: Tokens | None, other: Tokens | None) -> bool:
    """Say whether two values are the same, or one may be short for the other.

    Parameters
    ----------
    one, other : tuple or None
        As `tokenise` gives them.

    Returns
    -------
    bool
        True also for ``"E"`` and ``"end"``.
    """
    if one == other:
        return True
    left, right = _word(one), _word(other)
    return bool(left and right) and (left.startswith(right) or right.startswith(left))


def _word(tokens: Tokens | None) -> str:
    """Return a value that is a single text; empty for any other."""
    only = tokens[0] if tokens and len(tokens) == 1 else ""
    return only.casefold() if isinstance(only, str) else ""


def _token(match: re.Match[str]) -> float | complex | str:
    """Turn one token into what it is compared by."""
    if match["number"]:
        return _number(match["number"])
    if match["string"]:
        # How many backslashes stand before a quote depends on how the docstring itself is written.
        text = match["string"][1:-1].replace("\\", "")
        return _WORDS.get(text, text)
    if match["name"]:
        name = match["name"].rpartition(".")[2]
        return _WORDS.get(name, _INFINITE.get(name, name))
    return _BRACKETS.get(match["mark"], match["mark"])


def _number(text: str) -> float | complex:
    """Read a number."""
    if text[:2].lower() in {"0x", "0o", "0b"}:
        try:
            return float(int(text, 0))
        except (OverflowError, ValueError):
            return float("nan")
    number = float(text.rstrip("jJ").replace("_", ""))
    return complex(0, number) if text[-1] in "jJ" else number


def _unwrapped(tokens: Tokens) -> Tokens:
    """Drop what says nothing: the parentheses around a value, a comma at the end, a plus."""
    if tokens[:1] == ("+",):
        tokens = tokens[1:]
    while len(tokens) > 2 and tokens[0] == "(" and tokens[-1] == ")":
        tokens = tokens[1:-1]
        if tokens[-1] == ",":
            tokens = tokens[:-1]
    return tokens


@lru_cache(maxsize=1024)
def is_literal(text: str) -> bool:
    """Say whether a value can be told from any other by reading it.

    Parameters
    ----------
    text : str
        A default as written in a signature or in prose.

    Returns
    -------
    bool
        True for numbers, strings, True, False, None, infinity and what is not a number, and tuples,
        lists and dictionaries of these.
    """
    if len(text) > 2 * _LONGEST:
        return False
    at, end = 0, len(text.rstrip())
    while at < end:
        match = _TOKEN.match(text, at)
        if match is None or not _is_literal(match):
            return False
        at = match.end()
    return at > 0


def _is_literal(match: re.Match[str]) -> bool:
    """Whether one token is no name of something else."""
    if match["name"]:
        return match["name"] in _WORDS or _token(match) in _LITERAL_NAMES
    return not match["mark"] or match["mark"] in _LITERAL_MARKS
