"""Types as prose and as annotations write them, brought to where they can be compared.

Only plain types of Python are compared. Whatever else is written, on either side, may mean the same
as the other, and nothing is said.
"""

from __future__ import annotations

import re
from functools import lru_cache

from detent import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Names of plain types; None where something else is written as well.
Kinds = frozenset[str]

_LONGEST = 200
_PLAIN = {
    "None": "None",
    "bool": "bool",
    "boolean": "bool",
    "bytes": "bytes",
    "callable": "callable",
    "Callable": "callable",
    "complex": "complex",
    "dict": "dict",
    "Dict": "dict",
    "float": "float",
    "frozenset": "frozenset",
    "function": "callable",
    "int": "int",
    "integer": "int",
    "list": "list",
    "List": "list",
    "set": "set",
    "Set": "set",
    "str": "str",
    "string": "str",
    "strings": "str",
    "tuple": "tuple",
    "Tuple": "tuple",
}
# What says more about a type without changing it, and what ends it.
_INSIDE = r"\[[^\[\]]*\]|\([^()]*\)"
_EXTRA = r"(?s),?\s*(?:\boptional\b|(?:\bby\s+)?\bdefaults?\b.*|\bkeyword[ -]only\b).*"
_JOIN = r"\s*(?:,\s*or\s|\bor\b|,|\|)\s*"
_OF = r"(list|tuple|dict|set)s?\s+(?:of|mapping|from)\b.*"
_CHOICE = r"\{([^{}]*)\}"
_STRING = r"[rbu]?(?:'[^']*'|\"[^\"]*\")"
_NUMBER = r"[-+]?\d+"
_SPECIAL = r"(?s)(?:typing\.|t\.)?(Optional|Union|Literal)\[(.*)\]"


@lru_cache(maxsize=1024)
def of_prose(text: str) -> Kinds | None:
    """Read the type of an entry.

    Parameters
    ----------
    text : str
        Such as ``int or list of str, optional``.

    Returns
    -------
    frozenset of str or None
        None where any part is no plain type.
    """
    if not text or len(text) > _LONGEST:
        return None
    text = re.sub(_EXTRA, "", text.replace("`", "")).strip()
    if choice := re.search(_CHOICE, text):
        rest = (text[: choice.start()] + text[choice.end() :]).strip(" ,")
        rest = rest.removeprefix("or ").removesuffix(" or")
        return _both(_values(choice[1].split(",")), of_prose(rest) if rest else frozenset())
    parts = re.split(_JOIN, _without_inner(text))
    # Of what follows "list of str" nobody knows whether it is in the list.
    if any(re.fullmatch(_OF, one) for one in parts[:-1]):
        return None
    return _all(map(_word, parts))


@lru_cache(maxsize=1024)
def of_annotation(text: str) -> Kinds | None:
    """Read an annotation.

    Parameters
    ----------
    text : str
        Such as ``int | list[str]``, as written.

    Returns
    -------
    frozenset of str or None
        None where any part is no plain type.
    """
    text = text.strip()
    if len(text) > _LONGEST:
        return None
    if text[:1] in {'"', "'"}:
        return of_annotation(text[1:-1]) if text[-1:] == text[0] and len(text) > 2 else None
    parts = _split(text, "|")
    if len(parts) > 1:
        return _union(parts)
    special = re.fullmatch(_SPECIAL, text)
    if special is None:
        return _all([_PLAIN.get(_without_inner(text).rpartition(".")[2])])
    inner = _split(special[2], ",")
    if special[1] == "Literal":
        return _values(inner)
    return _union([*inner, "None"] if special[1] == "Optional" else inner)


def _union(parts: list[str]) -> Kinds | None:
    """Join several annotations."""
    found: Kinds | None = frozenset()
    for part in parts:
        found = _both(found, of_annotation(part))
    return found


def _both(one: Kinds | None, other: Kinds | None) -> Kinds | None:
    """Join two types; None where one of them is not known."""
    return None if one is None or other is None else one | other


def _values(literals: list[str]) -> Kinds | None:
    """Tell the types of some literals."""
    return _all([_value(one.strip()) for one in literals])


def _all(kinds: Iterable[str | None]) -> Kinds | None:
    """Collect types; None where one of them is not known."""
    found = list(kinds)
    return None if None in found else frozenset(filter(None, found))


def _split(text: str, mark: str) -> list[str]:
    """Split at a character that stands in no brackets."""
    parts, depth, begin = [], 0, 0
    for at, char in enumerate(text):
        depth += (char in "[(") - (char in "])")
        if char == mark and not depth:
            parts.append(text[begin:at].strip())
            begin = at + 1
    parts.append(text[begin:].strip())
    return [part for part in parts if part]


def _without_inner(text: str) -> str:
    """Drop what stands in brackets."""
    for _ in range(5):
        text, count = re.subn(_INSIDE, "", text)
        if not count:
            break
    return text.strip()


def _word(text: str) -> str | None:
    """Read one part of a type in prose."""
    if match := re.fullmatch(_OF, text):
        return match[1]
    return _PLAIN.get(text, _value(text) if text else None)


def _value(text: str) -> str | None:
    """Tell the type of a literal."""
    if re.fullmatch(_STRING, text):
        return "str"
    if text in {"True", "False"}:
        return "bool"
    return "None" if text == "None" else "int" if re.fullmatch(_NUMBER, text) else None
