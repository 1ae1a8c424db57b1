"""Text from a repository made safe to print."""

from __future__ import annotations

import re

# Control characters, and the marks that reorder what a reader sees; then what the runners of CI
# services take for a command: `::` at the beginning of a line, `##[` and `##vso[` anywhere.
_UNSAFE = (
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
    "|^[ \xa0\u1680\u2000-\u200a\u202f\u205f\u3000]*:(?=:)"
    r"|#(?=#(?:vso)?\[)"
)
#: What is printable in ASCII: of a text longer than this it is taken out faster than looked up.
_PRINTABLE = bytes(range(0x20, 0x7F))
_LONG = 200


def clean_text(text: str) -> str:
    """Escape what could steer a terminal or forge a line; newlines too."""
    return text if is_harmless(text) else re.sub(_UNSAFE, _escape_match, text)


def is_harmless(text: str) -> bool:
    """Say whether there is nothing in a text that would have to be escaped.

    Most text is harmless, and this sees it in a tenth of the time.
    """
    if len(text) > _LONG and text.isascii():
        is_printable = not text.encode("ascii").translate(None, _PRINTABLE)
    else:
        is_printable = text.isprintable()
    # One character is found many times faster than two, and most text has none.
    return is_printable and "::" not in text and ("#" not in text or "##" not in text)


def _escape_match(match: re.Match[str]) -> str:
    spaces, last = match[0][:-1], match[0][-1]
    code = f"\\x{ord(last):02x}" if last in ":#" else last.encode("unicode_escape").decode()
    return f"{spaces}{code}"


def clean_path(path: bytes) -> str:
    """Give a path of git as text for a person."""
    return clean_text(path.decode("utf-8", "backslashreplace"))
