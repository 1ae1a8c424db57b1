"""Cython source to Python of the same length: what only Cython has is replaced where it stands.

Lines and columns of names, parameters and docstrings are therefore those of the file. Declarations
in C become ``0``, types become spaces, and each definition becomes ``def`` or ``class``. What the
Python grammar still cannot read is an error that it recovers from.
"""

from __future__ import annotations

import re
from itertools import chain

from detent import TYPE_CHECKING
from detent.core.namedtuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

# A string that does not end goes on to the end of the file, or of the line.
_QUOTES = rb'"""(?:[^"\\]|\\.|"(?!""))*+(?:"""|\Z)|' + rb"'''(?:[^'\\]|\\.|'(?!''))*+(?:'''|\Z)"
_LINE_QUOTES = rb'"(?:[^"\\\n]|\\.)*+"?|' + rb"'(?:[^'\\\n]|\\.)*+'?"
_OPAQUE = re.compile(
    rb"(?s)(?P<comment>#[^\n]*)|(?P<prefix>\b[A-Za-z]{1,3})?(?:%b|%b)" % (_QUOTES, _LINE_QUOTES)
)
_MARK = re.compile(rb"[()\[\]{}\n]|\\\n")
_NAME = rb"(?<![\w\x80-\xff])[A-Za-z_\x80-\xff][\w\x80-\xff]*+"
_KEYWORD = re.compile(
    rb"(cdef|cpdef|ctypedef|cimport|from|include|async|def|DEF|IF|ELIF|ELSE|property|for)\b"
)
_CLASS = re.compile(rb"(?:cdef|cpdef)\s+(?:(?:public|api)\s+)*class\s+(%b)" % _NAME)
_FUNCTION = re.compile(rb"(?<!\.)(%b)\s*(?:\[[^\[\]()]*+\]\s*)?(?:\"+\s*)?(\()" % _NAME)
_NO_NAMES = frozenset(b"inline public api readonly extern const".split())
_FIELD = re.compile(rb"c?p?def\s+(?:public|readonly)\s")
_DECLARED = re.compile(rb"(%b)\s*(?:\[[^\[\]]*+\]\s*)?(?:=|,|\Z)" % _NAME)
_POINTER = re.compile(rb"\(\s*\*+\s*(%b)\s*\)" % _NAME)
_PARAMETER = re.compile(rb"(%b)\s*(?:\[[^\[\]]*+\]\s*)*+\Z" % _NAME)
_NONE = re.compile(rb"\s(?:not|or)\s+None\s*\Z")
_TAIL = re.compile(rb"\b(?:except|noexcept|nogil|with\s+gil)\b")
_FROM = re.compile(rb"\bfrom\b")
_STEP = re.compile(rb"\bby\b")
_AFTER = rb"[=(\[{,:+*/%|^~<>-]|\b(?:return|in|and|or|not|if|else|elif|while|yield|is|assert)\b"
_POINTED = rb"(?:\(\*++\)[ ]*+\([^()]*+\)[\w ]*+)?"
_TYPE = rb"<[ ]*+[A-Za-z_][\w. ]*+%b(?:\[[^\[\]<>\n]*+\])?[*?& ]*+>" % _POINTED
_EXPRESSIONS = re.compile(
    rb"(?:%b)\s*+(?P<cast>(?:%b\s*+)+&?|&(?=\s*+[A-Za-z_(])|new(?=[ \t]))"
    rb"|\b(?:0[xX][0-9a-fA-F]++|\d++)(?P<suffix>[uUlL]+)\b"
    rb"|\bsizeof[ \t]*+\((?P<size>[^()\n]+)\)" % (_AFTER, _TYPE)
)
_BRACKETS = {
    wanted: re.compile(rb"[()\[\]{}%b]" % wanted) for wanted in (b",", b":", b"=", b")", b"[")
}
_TAB = 8


class RewrittenSource(NamedTuple):
    """A Cython source as Python."""

    data: bytes
    definitions: dict[int, str]  # by line: the decorator that says the same in Python mode


class _Line(NamedTuple):
    """A logical line without its comments."""

    start: int
    end: int
    indent: int
    number: int  # of its first line, from 1


def rewrite_source(data: bytes) -> RewrittenSource:
    """Rewrite a source of Cython."""
    return _Rewriter(data).rewrite()


class _Rewriter:
    """One source, its text without strings and comments, and the text that is written."""

    def __init__(self, data: bytes) -> None:
        self._out = bytearray(data)
        masked = bytearray(data)
        for match in _OPAQUE.finditer(data):
            begin, end = match.span()
            masked[begin:end] = (b" " if match["comment"] else b'"') * (end - begin)
            if match["prefix"] in (b"c", b"C"):
                self._out[begin : begin + 1] = b" "
        self._code = bytes(masked)
        self._definitions: dict[int, str] = {}

    def rewrite(self) -> RewrittenSource:
        """Rewrite each logical line, and then what expressions have of C."""
        block: int | None = None  # indentation of a block of declarations
        for line in _split_lines(self._code, bytes(self._out)):
            if block is not None and line.indent > block:
                self._replace(line.start, line.end, b"0")
                continue
            block = line.indent if self._rewrite_line(line) else None
        for match in _EXPRESSIONS.finditer(self._code):
            name = str(match.lastgroup)
            begin, end = match.span(name)
            if self._out[begin:end] == self._code[begin:end]:  # not in what is replaced already
                self._replace(begin, end, b"0" if name == "size" else b"")
        return RewrittenSource(bytes(self._out), self._definitions)

    def _rewrite_line(self, line: _Line) -> bool:
        """Rewrite a logical line; tell whether a block of declarations begins."""
        code = self._code[line.start : line.end]
        found = _KEYWORD.match(code)
        word = found[1] if found else b""
        if word in (b"cdef", b"cpdef", b"ctypedef"):
            return self._rewrite_declaration(line, code, word)
        if word in (b"async", b"def"):
            self._rewrite_function(line, code, word)
        elif word in (b"include", b"DEF"):
            self._replace(line.start, line.end, b"0")
        elif word in (b"IF", b"ELIF", b"ELSE"):
            self._out[line.start : line.start + len(word)] = word.lower()
        elif word == b"property" and code.endswith(b":"):
            self._replace(line.start, line.end, b"with 0:")
        elif word == b"for":
            self._rewrite_loop(line, code)
        elif word:
            self._rewrite_import(line, code)
        return False

    def _rewrite_import(self, line: _Line, code: bytes) -> None:
        for match in re.finditer(rb"\bcimport\b", code):
            begin = line.start + match.start()
            self._out[begin : begin + 7] = b"import " if match.start() == 0 else b" import"

    def _rewrite_loop(self, line: _Line, code: bytes) -> None:
        """Rewrite ``for i from 0 <= i < n by 2:``."""
        found = _FROM.search(code)
        if found and not re.search(rb"\bin\b", code[: found.start()]):
            begin = line.start + found.start()
            self._out[begin : begin + 4] = b"in  "
            if step := _STEP.search(code):
                self._replace(line.start + step.start(), line.end - 1, b"")

    def _rewrite_declaration(self, line: _Line, code: bytes, word: bytes) -> bool:
        if word != b"ctypedef":
            if found := _CLASS.match(code):
                return self._rewrite_class(line, code, found)
            if self._rewrite_function(line, code, word):
                return False
        if code.endswith(b":"):
            self._replace(line.start, line.end, b"with 0:" if len(code) > 6 else b"if 1:")
            return True
        names = _DECLARED.findall(code) if _FIELD.match(code) else []
        self._replace(line.start, line.end, b"=".join([*names, b"0"]))
        return False

    def _rewrite_class(self, line: _Line, code: bytes, found: re.Match[bytes]) -> bool:
        colon = _find_outside(code, b":", found.end())
        if colon < 0:  # declared, and defined somewhere else
            self._replace(line.start, line.end, b"0")
            return False
        self._replace(line.start, line.start + found.start(1), b"class")
        options = _find_outside(code, b"[", found.end())
        if 0 <= options < colon:
            self._replace(line.start + options, line.start + colon, b"")
        self._definitions[line.number] = "cython.cclass"
        return False

    def _rewrite_function(self, line: _Line, code: bytes, word: bytes) -> bool:
        """Rewrite the head of a function; false where it is none."""
        found = _find_function(code, len(word))
        if found is None:
            return False
        opened = found.start(2)
        closed = _find_outside(code, b")", opened + 1)
        colon = _find_outside(code, b":", closed + 1) if closed > 0 else -1
        if colon < 0:
            if word in (b"cdef", b"cpdef"):  # only declared
                self._replace(line.start, line.end, b"0")
            return True
        if word in (b"cdef", b"cpdef"):
            self._replace(line.start, line.start + found.start(1), b"def")
            is_private = word == b"cdef"
            self._definitions[line.number] = "cython.cfunc" if is_private else "cython.ccall"
        tail = _TAIL.search(code, closed, colon)
        arrow = code.find(b"->", closed, colon)
        # Python has no views of memory in annotations.
        begin = arrow if b"[:" in code[arrow:colon] else tail.start() if tail else colon
        self._replace(line.start + begin, line.start + colon, b"")
        self._replace(line.start + found.end(1), line.start + opened, b"")
        for begin, end in _split_outside(code, opened + 1, closed):
            self._rewrite_parameter(line.start + begin, line.start + end)
        return True

    def _rewrite_parameter(self, begin: int, end: int) -> None:
        """Leave the name of a parameter, its annotation and its default."""
        code = self._code[begin:end]
        equals = _find_outside(code, b"=", 0)
        left = code if equals < 0 else code[:equals]
        if equals >= 0 and code[equals + 1 :].strip() in (b"*", b"?"):
            self._replace(begin + equals + 1, end, b"0")
        if left.strip() == b"...":
            self._replace(begin, end, b"")
        elif left.lstrip()[:1] not in (b"*", b"/"):  # those are as in Python
            self._rewrite_declarator(begin, left)

    def _rewrite_declarator(self, begin: int, left: bytes) -> None:
        """Leave the name in ``type name not None: annotation``."""
        colon = _find_outside(left, b":", 0)
        if colon >= 0 and b"[:" in left[colon:]:
            self._replace(begin + colon, begin + len(left), b"")
        declared = left if colon < 0 else left[:colon]
        bare = _NONE.sub(b"", declared).rstrip()
        if found := _POINTER.search(bare) or _PARAMETER.search(bare):
            self._replace(begin, begin + found.start(1), b"")
            self._replace(begin + found.end(1), begin + len(declared), b"")

    def _replace(self, begin: int, end: int, text: bytes) -> None:
        """Replace a piece of code by text and spaces; line breaks are kept."""
        blank = re.sub(rb"[^\n]", b" ", bytes(self._out[begin:end]))
        if len(text) > end - begin or b"\n" in blank[: len(text)]:
            text = text[-1:] if end > begin else b""
        self._out[begin:end] = text + blank[len(text) :]


def _find_function(code: bytes, start: int) -> re.Match[bytes] | None:
    """Find the name and the opening parenthesis of a function; None in other declarations."""
    for found in _FUNCTION.finditer(code, start):
        if found[1] in _NO_NAMES:
            continue
        before, inside = code[start : found.start()], code[found.end() :].lstrip()
        is_variable = inside[:1] == b"*" or _find_outside(before, b"=", 0) >= 0
        return None if is_variable else found
    return None


def _split_lines(code: bytes, data: bytes) -> Iterator[_Line]:
    """Split into logical lines that are not empty; `data` has the line breaks within strings."""
    begin = depth = counted = 0
    number = 1
    for match in chain(_MARK.finditer(code), (None,)):
        mark = match[0] if match else b"\n"
        if mark in b"([{":
            depth += 1
        elif mark in b")]}":
            depth = max(0, depth - 1)
        elif mark == b"\n" and (not depth or not match):
            end = match.start() if match else len(code)
            text = code[begin:end]
            if stripped := text.strip():
                indent = text[: text.find(stripped[:1])]
                start = begin + len(indent)
                number, counted = number + data.count(b"\n", counted, start), start
                yield _Line(start, start + len(stripped), len(indent.expandtabs(_TAB)), number)
            begin = end + 1


def _find_outside(code: bytes, wanted: bytes, start: int, *, end: int | None = None) -> int:
    """Find a character outside of brackets; -1 where there is none."""
    depth = 0
    for match in _BRACKETS[wanted].finditer(code, start, len(code) if end is None else end):
        if match[0] == wanted and not depth:
            return match.start()
        depth += 1 if match[0] in b"([{" else -1 if match[0] in b")]}" else 0
        if depth < 0:
            return -1
    return -1


def _split_outside(code: bytes, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Split at commas outside of brackets."""
    while start < end:
        comma = _find_outside(code, b",", start, end=end)
        yield start, comma if comma >= 0 else end
        start = comma + 1 if comma >= 0 else end
