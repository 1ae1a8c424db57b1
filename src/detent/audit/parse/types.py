"""Types in prose and in annotations, in a form that can be compared.

Only plain types of Python are compared. Any other type, on either side, may mean the same as the
other side: then the result is None, and no rule reports anything.
"""

from __future__ import annotations

import re
from functools import lru_cache

from detent import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Names of plain types.
TypeNames = frozenset[str]

_MAX_LENGTH = 200
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
# Brackets that do not change a plain type, and words that end a type.
_INSIDE = r"\[[^\[\]]*\]|\([^()]*\)"
_EXTRA = (
    r"(?s)(?:,\s*+|(?<!\s)\s*+)(?:\boptional\b|(?:\bby\s+)?\bdefaults?\b.*|\bkeyword[ -]only\b).*"
)
_JOIN = r"(?:(?<!\s)\s++)?(?:,\s*or\s|\bor\b|,|\|)\s*"
_OF = r"(list|tuple|dict|set)s?\s+(?:of|mapping|from)\b.*"
_CHOICE = r"\{([^{}]*)\}"
_STRING = r"[rbu]?(?:'[^']*'|\"[^\"]*\")"
_NUMBER = r"[-+]?\d+"
_EMPTY = frozenset({"None", "NoReturn", "Never"})
_DOTTED = re.compile(r"[\w.]+")
# Types of three words and more begin with other words.
_MIN_WORDS = 3
_SENTENCE_STARTS = frozenset(
    re.findall(
        r"\w+",
        """
    A All An Any Each Either Every False He If In It Its Number Return Returned Returns See Some
    That The There These They This Those True What When Whether Which With if returns the this
    whether
    """,
    )
)
_SPECIAL = r"(?s)(?:typing\.|t\.)?(Optional|Union|Literal)\[(.*)\]"


@lru_cache(maxsize=1024)
def parse_prose_type(text: str) -> TypeNames | None:
    """Read the type of an entry; None if it has a part that is not a plain type."""
    if not text or len(text) > _MAX_LENGTH:
        return None
    text = re.sub(_EXTRA, "", text.replace("`", "")).strip()
    if choice := re.search(_CHOICE, text):
        rest = (text[: choice.start()] + text[choice.end() :]).strip(" ,")
        rest = rest.removeprefix("or ").removesuffix(" or")
        return _join_types(
            _read_literal_types(choice[1].split(",")),
            parse_prose_type(rest) if rest else frozenset(),
        )
    parts = re.split(_JOIN, _drop_brackets(text))
    # A part after "list of str" may be one more type of the elements.
    if any(re.fullmatch(_OF, part) for part in parts[:-1]):
        return None
    return _collect_types(map(_read_prose_part, parts))


@lru_cache(maxsize=1024)
def parse_annotation(text: str) -> TypeNames | None:
    """Read an annotation; None if it has a part that is not a plain type."""
    text = text.strip()
    if len(text) > _MAX_LENGTH:
        return None
    if text[:1] in {'"', "'"}:
        return parse_annotation(text[1:-1]) if text[-1:] == text[0] and len(text) > 2 else None
    parts = _split_outside_brackets(text, "|")
    if len(parts) > 1:
        return _join_annotations(parts)
    special = re.fullmatch(_SPECIAL, text)
    if special is None:
        return _collect_types([_PLAIN.get(_drop_brackets(text).rpartition(".")[2])])
    inner = _split_outside_brackets(special[2], ",")
    if special[1] == "Literal":
        return _read_literal_types(inner)
    return _join_annotations([*inner, "None"] if special[1] == "Optional" else inner)


@lru_cache(maxsize=1024)
def is_empty_annotation(text: str | None) -> bool:
    """Tell whether an annotation says that a function returns nothing."""
    bare = (text or "").strip("\"' ()\n")
    return bare.rpartition(".")[2] in _EMPTY and _DOTTED.fullmatch(bare) is not None


def is_prose(text: str) -> bool:
    """Tell whether a sentence stands where a type belongs."""
    words = text.split(None, _MIN_WORDS)
    if len(words) < _MIN_WORDS:
        return len(words) > 1 and text[0].isupper() and text.endswith(".")
    return words[0] in _SENTENCE_STARTS or (text[0].isupper() and text.endswith("."))


def strip_default(text: str) -> str:
    """Leave out of the type of an entry what it says about the default."""
    return re.sub(_EXTRA, "", text).strip()


def _join_annotations(parts: list[str]) -> TypeNames | None:
    """Join several annotations."""
    found: TypeNames | None = frozenset()
    for part in parts:
        found = _join_types(found, parse_annotation(part))
    return found


def _join_types(left: TypeNames | None, right: TypeNames | None) -> TypeNames | None:
    """Join two types; None where one of them is not known."""
    return None if left is None or right is None else left | right


def _read_literal_types(literals: list[str]) -> TypeNames | None:
    """Return the types of some literals."""
    return _collect_types([_read_literal_type(literal.strip()) for literal in literals])


def _collect_types(kinds: Iterable[str | None]) -> TypeNames | None:
    """Collect types; None where one of them is not known."""
    found = list(kinds)
    return None if None in found else frozenset(filter(None, found))


def _split_outside_brackets(text: str, mark: str) -> list[str]:
    """Split at a character outside of brackets."""
    parts, depth, begin = [], 0, 0
    for at, char in enumerate(text):
        depth += (char in "[(") - (char in "])")
        if char == mark and not depth:
            parts.append(text[begin:at].strip())
            begin = at + 1
    parts.append(text[begin:].strip())
    return [part for part in parts if part]


def _drop_brackets(text: str) -> str:
    """Remove brackets with their content."""
    for _ in range(5):
        text, count = re.subn(_INSIDE, "", text)
        if not count:
            break
    return text.strip()


def _read_prose_part(text: str) -> str | None:
    """Read one part of a type in prose."""
    if match := re.fullmatch(_OF, text):
        return match[1]
    return _PLAIN.get(text, _read_literal_type(text) if text else None)


def _read_literal_type(text: str) -> str | None:
    """Return the type of a literal."""
    if re.fullmatch(_STRING, text):
        return "str"
    if text in {"True", "False"}:
        return "bool"
    return "None" if text == "None" else "int" if re.fullmatch(_NUMBER, text) else None
