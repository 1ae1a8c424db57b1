"""Bytes of a file to clean UTF-8: encodings, newlines, and what is wrong with either."""

from __future__ import annotations

import codecs
import re

from detent.core.model import Finding
from detent.core.namedtuple import NamedTuple

#: Larger files are generated: they are reported and not analysed, so that a hook stays quick.
MAX_BYTES = 4_000_000

_HEAD = 500
#: How Git LFS begins what it stores in place of a file; its pointers are smaller than this.
_POINTER, _POINTER_SIZE = b"version https://git-lfs.github.com/spec/", 1024

_COOKIE = rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)"
_NEWLINE = re.compile(rb"\r\n?|\n")
_UTF_8, _LATIN_1 = r"utf-8(-|$)", r"(latin|iso-8859|iso-latin)-1(-|$)"
# What begins an escape or a label in some codec: the same in each that source can be written in.
_PLAIN = b"\\n~{+A-}..-"
_BLANK = rb"^[ \t\f]*(?:#[^\r\n]*)?$"


class DecodedSource(NamedTuple):
    r"""The text of a file, ready for the parser."""

    data: bytes  # UTF-8 without a byte order mark, every newline a ``\n``
    problems: tuple[Finding, ...] = ()  # what could not be decoded
    readable: bool = True  # false for what is no text at all: `data` is then empty


def decode_source(raw: bytes) -> DecodedSource:
    """Decode a Python source file as the language does, but without ever failing."""
    if left_out := _find_exclusion(raw):
        return _make_unreadable(*left_out)
    data = raw.removeprefix(codecs.BOM_UTF8)
    problems: list[Finding] = []
    if not data.isascii() or b"coding" in data[:_HEAD]:
        text, problem = _decode_as(
            data, "utf-8" if len(data) < len(raw) else _read_coding_line(data)
        )
        if problem is not None:
            if b"\0" in raw:
                return _make_unreadable("DT901", "not a text file: not analysed")
            problems.append(problem)
        data = text.encode("utf-8", "replace")
    if b"\0" in data:
        if data.count(b"\0") * 10 > len(data):
            return _make_unreadable("DT901", "not a text file: not analysed")
        problems.append(
            _make_finding(
                data, data.index(b"\0"), code="DT904", message="NUL byte: Python cannot read this"
            )
        )
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return DecodedSource(data, tuple(problems))


def _find_exclusion(raw: bytes) -> tuple[str, str] | None:
    """Tell what is no source file, though it may be text."""
    if len(raw) > MAX_BYTES:
        size = f"{len(raw) / 1e6:.1f} MB is over {MAX_BYTES / 1e6:.0f} MB"
        return "DT905", f"file of {size}: not analysed"
    if raw.startswith(_POINTER) and len(raw) < _POINTER_SIZE and b"\noid " in raw:
        return "DT906", "a Git LFS pointer: its content is not in git, so it is not analysed"
    return None


def decode_strictly(raw: bytes) -> tuple[str, str] | None:
    """Decode a Python source file strictly, with its line breaks as they are."""
    data = raw.removeprefix(codecs.BOM_UTF8)
    name = "utf-8" if len(data) < len(raw) else _read_coding_line(data)
    try:
        return (data.decode(name), name) if _is_source_encoding(name) else None
    except (UnicodeError, ValueError):
        return None


def _decode_as(data: bytes, name: str) -> tuple[str, Finding | None]:
    if not _is_source_encoding(name):
        text = data.decode("utf-8", "replace")
        message = f"{name[:40]!r} is no encoding for source: read as UTF-8"
        return text, Finding(0, "DT903", 1, 1, "", message)
    try:
        return data.decode(name), None
    except (UnicodeError, ValueError) as error:
        start = error.start if isinstance(error, UnicodeDecodeError) else 0
        return data.decode("utf-8", "replace"), _make_finding(
            data,
            start,
            code="DT903",
            message=f"not valid {name}: the bytes that cannot be read are replaced",
        )


def _read_coding_line(data: bytes) -> str:
    """Read the coding line of PEP 263: a comment in the first two lines."""
    for line in _NEWLINE.split(data, 2)[:2]:
        if match := re.match(_COOKIE, line):
            name = match[1].decode("ascii").lower()
            # As Python does, so that the `-unix` that Emacs writes behind a name is no part of it.
            start = name.replace("_", "-")
            return (
                "utf-8"
                if re.match(_UTF_8, start)
                else "latin-1"
                if re.match(_LATIN_1, start)
                else name
            )
        if not re.match(_BLANK, line):
            break
    return "utf-8"


def _is_source_encoding(name: str) -> bool:
    """Tell whether ASCII reads as itself: not in UTF-16, nor in rot13, which maps no bytes."""
    try:
        return _PLAIN.decode(name) == _PLAIN.decode("ascii")
    except (LookupError, UnicodeError):
        return False


def _make_finding(data: bytes, offset: int, *, code: str, message: str) -> Finding:
    ends = [match.end() for match in _NEWLINE.finditer(data, 0, offset)]
    line = len(ends) + 1
    column = len(data[ends[-1] if ends else 0 : offset].decode("utf-8", "replace")) + 1
    return Finding(0, code, line, column, "", message)


def _make_unreadable(code: str, message: str) -> DecodedSource:
    return DecodedSource(b"", (Finding(0, code, 1, 1, "", message),), readable=False)
