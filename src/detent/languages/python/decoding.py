"""Python source to text, as the language does it: the coding line of PEP 263."""

from __future__ import annotations

import codecs
import re

from detent.languages.decoding import (
    DecodedSource,
    decode_text,
    is_source_encoding,
    make_unreadable,
)

_HEAD = 500
# The time of the grammar grows with the square of such runs; no real file has long ones.
_MOST_IN_A_ROW = 500
_COSTLY = rb"\\\n(?:[ \t]*+\\\n){499}|(?:\\N\{[^}\\]*+){500}"
_COSTLY_MESSAGE = "500 backslashes in a row without code: not analysed"
_COOKIE = rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)"
_BLANK = rb"^[ \t\f]*(?:#[^\r\n]*)?$"
_NEWLINE = rb"\r\n?|\n"
_UTF_8, _LATIN_1 = r"utf-8(-|$)", r"(latin|iso-8859|iso-latin)-1(-|$)"


def decode_source(raw: bytes) -> DecodedSource:
    """Decode a Python source file without ever failing."""
    text = decode_text(raw, _detect_encoding)
    data = text.data
    has_many = data.count(b"\\") >= _MOST_IN_A_ROW
    if has_many and (match := re.search(_COSTLY, data)):
        line = data.count(b"\n", 0, match.start()) + 1
        return make_unreadable("DT905", _COSTLY_MESSAGE, line)
    return text


def decode_strictly(raw: bytes) -> tuple[str, str] | None:
    """Decode a source with its line breaks as they are; give text and encoding, None if invalid."""
    data = raw.removeprefix(codecs.BOM_UTF8)
    encoding = "utf-8" if len(data) < len(raw) else _read_coding_line(data)
    try:
        return (data.decode(encoding), encoding) if is_source_encoding(encoding) else None
    except (UnicodeError, ValueError):
        return None


def _detect_encoding(data: bytes) -> str:
    if data.isascii() and b"coding" not in data[:_HEAD]:
        return "utf-8"
    return _read_coding_line(data)


def _read_coding_line(data: bytes) -> str:
    """Read the coding line: a comment in the first two lines."""
    for line in re.split(_NEWLINE, data, maxsplit=2)[:2]:
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
