"""The text of one definition in a file, without parsing the rest of it.

To follow a definition through hundreds of versions of a file, only its own lines are read. Old
versions may be in a language that no parser of today knows, such as Python 2.
"""

from __future__ import annotations

import re

from detent import TYPE_CHECKING
from detent.core.namedtuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

# Strings, comments and brackets, in which a line may begin with any indentation; and line ends.
TOKEN = re.compile(
    rb'"""(?:[^"\\]|\\.|"(?!""))*+(?:"""|\Z)'
    rb"|'''(?:[^'\\]|\\.|'(?!''))*+(?:'''|\Z)"
    rb'|"(?:[^"\\\n]|\\.)*+"?'
    rb"|'(?:[^'\\\n]|\\.)*+'?"
    rb"|\#[^\n]*+|\\\r?\n|[(\[{}\])\n]",
    re.DOTALL,
)
_HEADER = re.compile(rb"[ \t]*+(?:async[ \t]++)?(?:def|class)[ \t]++([\w\x80-\xff]++)")
_CYTHON_KEYWORDS = (b"cdef", b"cpdef")
# What is between a definition and the next code, with the indentation of that.
GAP = re.compile(rb"(?:\n[ \t\f]*+(?:\#[^\n]*+)?(?=\n|\Z))*+\n?([ \t\f]*+)")
_INDENT = re.compile(rb"[ \t\f]*+")
_DEPTHS = {b"(": 1, b"[": 1, b"{": 1, b")": -1, b"]": -1, b"}": -1}


class DefinitionText(NamedTuple):
    """The lines of a definition, from its first decorator on."""

    begin: int
    end: int
    indent: int  # of its keyword


def find_definition(raw: bytes, qualname: str) -> bytes | None:
    """Find the text of a definition; of several with one name, all of them."""
    *outer, name = qualname.split(".")
    begin, end, indent = 0, len(raw), -1
    for part in outer:
        found = _list_definitions(raw, part.encode(), (begin, end, indent))
        if not found:
            return None
        begin, end, indent = found[0]
    parts = _list_definitions(raw, name.encode(), (begin, end, indent))
    return b"".join(raw[part.begin : part.end] for part in parts) or None


def has_definition(raw: bytes, qualname: str, text: bytes) -> bool:
    """Tell quickly whether a file has a definition with this text; false where that is unclear."""
    owner, _, _ = qualname.rpartition(".")
    begin = raw.find(text)
    indent = len(text) - len(text.lstrip(b" \t"))
    if begin < 0 or raw[begin - 1 : begin] not in (b"", b"\n") or "." in owner:
        return False
    after = GAP.match(raw, begin + len(text))
    is_whole = after is not None and len(after[1]) <= indent
    if not owner:
        return is_whole and not indent
    outer = raw.rfind(b"\nclass ", 0, begin) + len(b"\nclass ")
    name = owner.encode()
    return is_whole and raw.startswith((name + b"(", name + b":"), outer)


def list_names(raw: bytes) -> Iterator[tuple[str, int]]:
    """List the names that are defined in a file, each with its indentation."""
    for line in raw.split(b"\n"):
        if (b"def " in line or b"class " in line) and (match := _HEADER.match(line)):
            yield match[1].decode("utf-8", "replace"), len(line) - len(line.lstrip())


def dedent_definition(text: bytes) -> bytes:
    """Remove the indentation of the first line from all lines."""
    indent = text[: len(text) - len(text.lstrip(b" \t"))]
    return text.removeprefix(indent).replace(b"\n" + indent, b"\n").strip()


def _list_definitions(
    raw: bytes, name: bytes, around: tuple[int, int, int]
) -> list[DefinitionText]:
    """List the definitions of a name directly in another one, or in the module."""
    begin, end, outer = around
    headers = _list_headers(raw, name, begin=begin, end=end)
    found = [(start, indent) for start, indent in headers if indent > outer]
    least = min((indent for _, indent in found), default=0)
    return [
        DefinitionText(_find_decorators(raw, start, begin), _find_end(raw, start, indent), indent)
        for start, indent in found
        if indent == least
    ]


def _list_headers(raw: bytes, name: bytes, *, begin: int, end: int) -> Iterator[tuple[int, int]]:
    """List the lines that define a name, each with its indentation."""
    at = raw.find(name, begin, end)
    while at >= 0:
        after = raw[at + len(name) : at + len(name) + 1]
        start = raw.rfind(b"\n", begin, at) + 1 or begin
        words = raw[start:at].split()
        if words and not (after.isalnum() or after == b"_") and _is_header(words, after):
            yield start, at - start - len(raw[start:at].lstrip(b" \t"))
        at = raw.find(name, at + len(name), end)


def _is_header(words: list[bytes], after: bytes) -> bool:
    """Tell whether these words before a name define it."""
    if words[0] in _CYTHON_KEYWORDS:
        return words[-1] == b"class" or after == b"("
    return words in ([b"def"], [b"class"], [b"async", b"def"])


def _find_decorators(raw: bytes, start: int, begin: int) -> int:
    """Find where the decorators of a definition begin."""
    while start > begin:
        line = raw.rfind(b"\n", begin, start - 1) + 1 or begin
        if not raw[line:start].lstrip().startswith(b"@"):
            break
        start = line
    return start


def _find_end(raw: bytes, start: int, indent: int) -> int:
    """Find the end of the last line of code of a definition."""
    depth, last, begin = 0, start, start
    for token in TOKEN.finditer(raw, start):
        mark = token[0]
        depth += _DEPTHS.get(mark, 0)
        if mark != b"\n" or depth > 0:
            continue
        if _has_code(raw[begin : token.start()]):
            last = token.start()
        begin = token.end()
        blank = _INDENT.match(raw, begin)
        if blank and _has_code(raw[blank.end() : blank.end() + 1]) and len(blank[0]) <= indent:
            return last
    return len(raw) if _has_code(raw[begin:]) else last


def _has_code(line: bytes) -> bool:
    """Tell whether a line has more than a comment."""
    code = line.strip()
    return bool(code) and not code.startswith(b"#")
