"""Defaults stated in prose, such as "Default is 3", to be compared with those of signatures.

Nothing is evaluated: both are split into tokens, and the tokens are compared. Prose that may have
another meaning is ignored.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from detent import TYPE_CHECKING
from detent.core.namedtuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

#: A value split into tokens: numbers as numbers, everything else as text.
Tokens = tuple[float | complex | str, ...]

_MAX_LENGTH = 80
_CLAUSE_LENGTH = 200
_NUMBER = (
    r"(?:0[xXoObB][\da-fA-F]{1,40}"
    r"|(?:\d[\d_]{0,40}\.?\d{0,40}|\.\d{1,40})(?:[eE][-+]?\d{1,9})?)[jJ]?"
)
_TOKEN = (
    rf"\s*(?:(?P<number>{_NUMBER})(?!\w)|[rbu]?(?P<string>'[^'\n]*'|\"[^\"\n]*\")"
    r"|(?P<name>[A-Za-z_]\w*(?:\.\w+)*)|(?P<mark>\*\*|[-+()\[\]{},:*/]))"
)
_SIMPLE = (
    rf"``[^`\n]{{1,{_MAX_LENGTH}}}``|`[^`\n]{{1,{_MAX_LENGTH}}}`"
    rf"|'[^'\n]{{0,{_MAX_LENGTH}}}'|\"[^\"\n]{{0,{_MAX_LENGTH}}}\""
    rf"|[-+]?{_NUMBER}|[-+]?[A-Za-z_]\w*(?:\.\w+)*"
    rf"|\([^()\n]{{0,{_MAX_LENGTH}}}\)|\[[^\[\]\n]{{0,{_MAX_LENGTH}}}\]|\{{[^{{}}\n]{{0,{_MAX_LENGTH}}}\}}"
)
# May follow: the end of a sentence, a clause or brackets. May not: another value, a condition.
_CONDITION = r"(?:and|but|else|except|for|if|in|or|otherwise|unless|when|where|while|with)\b"
_AFTER = (
    r"(?=[ \t]*(?:\Z|[)\];]|\.(?:\s|\Z)"
    rf"|,(?!\s*(?:[\d'\"`+-]|{_CONDITION}))|\s\((?!{_CONDITION})|\n\s*(?:\n|\Z|[-*.])))"
)
_ARTICLE = r"\b(?:[Tt]he|[Bb]y)\s\Z"
# Words that make a sentence conditional.
_CASE = r"\b(?:[Ii]f|[Ww]hen|[Ff]or|[Uu]nless|[Oo]therwise|[Ee]lse|[Ww]here|[Ww]hile|[Ii]n)\b"
_ABSENT = (
    r"\b(?:[Ii]f|[Ww]hen|[Ff]or) (?:it is |this is |the (?:value|parameter|argument) is )?"
    r"(?:not|left|omitted|unspecified)\b|\b[Ii]f unspecified|\b[Ii]f omitted"
)
_SENTENCE = r"[.;]\s|\n\s*\n|\n\s*[-*]\s"
_INFINITE = {"infinity": "inf", "infty": "inf", "Inf": "inf", "NaN": "nan", "NAN": "nan"}
_WORDS = {"True": 1.0, "False": 0.0, "true": 1.0, "false": 0.0}
# To a reader, a list and a tuple are the same.
_BRACKETS = {"[": "(", "]": ")"}
_LITERAL_NAMES = frozenset({"None", "inf", "nan"})
_LITERAL_MARKS = frozenset("-+()[]{},:")


class StatedDefault(NamedTuple):
    """A default stated in prose."""

    text: str  # as written, without backticks
    offset: int  # where it begins
    tokens: Tokens
    is_certain: bool  # whether it is a literal, which can be compared


def find_defaults(text: str) -> Iterator[StatedDefault]:
    """Find the defaults that a text states without a condition."""
    if "efault" not in text:
        return
    plain, marked = _compile_patterns()
    for match in plain.finditer(text):
        if _is_unconditional(text, match.start()):
            yield from _read_default(match)
    for match in marked.finditer(text) if "default)" in text else ():
        yield from _read_default(match)


@cache
def _compile_patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Compile patterns for "default is 3" and "3 (default)", when first needed: it takes long."""
    quoted = r"``[^`\n]{1,40}``|`[^`\n]{1,40}`|'[^'\n]{0,40}'|\"[^\"\n]{0,40}\""
    plain = re.compile(
        r"\b[Dd]efaults?(?: value)?"
        rf"(?:\s+(?:is|to)(?:\s+set\s+to)?:?\s+|\s?[:=]\s?|\s)(?P<value>{_SIMPLE}){_AFTER}"
    )
    marked = re.compile(
        rf"(?<![\w.])(?P<value>{quoted}|None|True|False|[-+]?{_NUMBER})\s\((?:the )?default\)"
    )
    return plain, marked


def _is_unconditional(text: str, start: int) -> bool:
    """Tell whether an unconditional sentence, clause or parenthesis begins at an offset."""
    before = text[max(0, start - _MAX_LENGTH) : start]
    before = re.sub(_ARTICLE, "", before)
    ahead = before.rstrip()
    if ahead and ahead[-1] not in ".;,(" and "\n" not in before[len(ahead) :]:
        return False
    return ahead.endswith("(") or not _has_condition(text[max(0, start - _CLAUSE_LENGTH) : start])


def _read_default(match: re.Match[str]) -> Iterator[StatedDefault]:
    """Read the value of a match."""
    written = match["value"]
    value = written.strip("`").strip()
    tokens = tokenize_value(value)
    if tokens:
        offset = match.start("value") + written.index(value)
        yield StatedDefault(value.rstrip("."), offset, tokens, is_literal(value))


def _has_condition(before: str) -> bool:
    """Tell whether the last, unfinished sentence of a text has a condition."""
    start = max((end.end() for end in re.finditer(_SENTENCE, before)), default=0)
    return re.search(_CASE, re.sub(_ABSENT, "", before[start:])) is not None


@lru_cache(maxsize=1024)
def tokenize_value(text: str) -> Tokens | None:
    """Split a value into tokens, so that equal values have equal tokens."""
    if len(text) > 2 * _MAX_LENGTH:
        return None
    found: list[float | complex | str] = []
    at, end = 0, len(text.rstrip())
    while at < end:
        match = re.compile(_TOKEN).match(text, at)
        if match is None:
            return None
        found.append(_normalize_token(match))
        at = match.end()
    return _strip_wrappers(tuple(found))


def is_same_value(left: Tokens | None, right: Tokens | None) -> bool:
    """Tell whether two values are equal, or one may be an abbreviation of the other."""
    if left == right:
        return True
    first, second = _read_single_text(left), _read_single_text(right)
    return bool(first and second) and (first.startswith(second) or second.startswith(first))


def _read_single_text(tokens: Tokens | None) -> str:
    """Return a value that is a single text; empty for any other."""
    only = tokens[0] if tokens and len(tokens) == 1 else ""
    return only.casefold() if isinstance(only, str) else ""


def _normalize_token(match: re.Match[str]) -> float | complex | str:
    """Convert a token to the form in which it is compared."""
    if match["number"]:
        return _parse_number(match["number"])
    if match["string"]:
        # The number of backslashes before a quote depends on the quotes of the docstring.
        text = match["string"][1:-1].replace("\\", "")
        return _WORDS.get(text, text)
    if match["name"]:
        name = match["name"].rpartition(".")[2]
        return _WORDS.get(name, _INFINITE.get(name, name))
    return _BRACKETS.get(match["mark"], match["mark"])


def _parse_number(text: str) -> float | complex:
    """Read a number."""
    if text[:2].lower() in {"0x", "0o", "0b"}:
        try:
            return float(int(text, 0))
        except (OverflowError, ValueError):
            return float("nan")
    number = float(text.rstrip("jJ").replace("_", ""))
    return complex(0, number) if text[-1] in "jJ" else number


def _strip_wrappers(tokens: Tokens) -> Tokens:
    """Remove parentheses around a value, a comma at its end, and a plus sign."""
    if tokens[:1] == ("+",):
        tokens = tokens[1:]
    while len(tokens) > 2 and tokens[0] == "(" and tokens[-1] == ")":
        tokens = tokens[1:-1]
        if tokens[-1] == ",":
            tokens = tokens[:-1]
    return tokens


@lru_cache(maxsize=1024)
def is_literal(text: str) -> bool:
    """Tell whether a value has only literals in it, and no names of other values."""
    if len(text) > 2 * _MAX_LENGTH:
        return False
    at, end = 0, len(text.rstrip())
    while at < end:
        match = re.compile(_TOKEN).match(text, at)
        if match is None or not _is_literal_token(match):
            return False
        at = match.end()
    return at > 0


def _is_literal_token(match: re.Match[str]) -> bool:
    """Tell whether a token is not the name of another value."""
    if match["name"]:
        return match["name"] in _WORDS or _normalize_token(match) in _LITERAL_NAMES
    return not match["mark"] or match["mark"] in _LITERAL_MARKS
