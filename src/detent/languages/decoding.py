"""Bytes of a file to clean UTF-8: newlines, and what makes a file unreadable."""

from __future__ import annotations

import codecs
import re

from detent import TYPE_CHECKING
from detent.core.model import Finding
from detent.core.namedtuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

#: Larger files are generated: they are reported and not analyzed, so that a hook is quick.
MAX_BYTES = 4_000_000

#: How Git LFS begins what it stores in place of a file; its pointers are smaller than this.
_POINTER, _POINTER_SIZE = b"version https://git-lfs.github.com/spec/", 1024
_NEWLINE = re.compile(rb"\r\n?|\n")
# What begins an escape or a label in some codec: the same in each that source can be written in.
_PLAIN = b"\\n~{+A-}..-"


class DecodedSource(NamedTuple):
    r"""The text of a file, ready for the parser."""

    data: bytes  # UTF-8 without a byte order mark, every newline a ``\n``
    problems: tuple[Finding, ...] = ()  # what could not be decoded
    readable: bool = True  # false for a file that is not text: `data` is then empty


def decode_text(raw: bytes, read_encoding: Callable[[bytes], str] | None = None) -> DecodedSource:
    """Decode a text file without ever failing.

    `read_encoding` names the encoding of a file without a byte order mark; None means UTF-8.
    """
    if exclusion := _find_exclusion(raw):
        return make_unreadable(*exclusion)
    data = raw.removeprefix(codecs.BOM_UTF8)
    encoding = read_encoding(data) if read_encoding and len(data) == len(raw) else "utf-8"
    problems: list[Finding] = []
    if not (data.isascii() and encoding == "utf-8"):
        text, problems = _decode_as(data, encoding)
        data = text.encode("utf-8", "replace")
    if b"\0" in data:
        if problems or data.count(b"\0") * 10 > len(data):
            return make_unreadable("DT901", "not a text file: not analysed")
        message = "NUL byte: not valid in source code"
        problems = [_make_finding(data, data.index(b"\0"), code="DT904", message=message)]
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return DecodedSource(data, tuple(problems))


def _find_exclusion(raw: bytes) -> tuple[str, str] | None:
    """Find why a file is not a source file, even if it is text; give the code and the message."""
    if len(raw) > MAX_BYTES:
        size = f"{len(raw) / 1e6:.1f} MB is over {MAX_BYTES / 1e6:.0f} MB"
        return "DT905", f"file of {size}: not analysed"
    if raw.startswith(_POINTER) and len(raw) < _POINTER_SIZE and b"\noid " in raw:
        return "DT906", "a Git LFS pointer: its content is not in git, so it is not analysed"
    return None


def _decode_as(data: bytes, encoding: str) -> tuple[str, list[Finding]]:
    if not is_source_encoding(encoding):
        text = data.decode("utf-8", "replace")
        message = f"unknown source encoding {encoding[:40]!r}: read as UTF-8"
        return text, [Finding(0, "DT903", 1, 1, "", message)]
    try:
        return data.decode(encoding), []
    except (UnicodeError, ValueError) as error:
        start = error.start if isinstance(error, UnicodeDecodeError) else 0
        message = f"not valid {encoding}: unreadable bytes are replaced"
        problem = _make_finding(data, start, code="DT903", message=message)
        return data.decode("utf-8", "replace"), [problem]


def is_source_encoding(encoding: str) -> bool:
    """Tell whether ASCII reads as itself: not in UTF-16, nor in rot13, which maps no bytes."""
    try:
        return _PLAIN.decode(encoding) == _PLAIN.decode("ascii")
    except (LookupError, UnicodeError):
        return False


def _make_finding(data: bytes, offset: int, *, code: str, message: str) -> Finding:
    ends = [match.end() for match in _NEWLINE.finditer(data, 0, offset)]
    line = len(ends) + 1
    column = len(data[ends[-1] if ends else 0 : offset].decode("utf-8", "replace")) + 1
    return Finding(0, code, line, column, "", message)


def make_unreadable(code: str, message: str, line: int = 1) -> DecodedSource:
    """Make the text of a file that is not analysed, with the finding that says why."""
    return DecodedSource(b"", (Finding(0, code, line, 1, "", message),), readable=False)
