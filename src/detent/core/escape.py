"""Text from a repository made safe to print."""

from __future__ import annotations

import re

#: Longest name that a message repeats.
MAX_NAME_LENGTH = 60

# Control characters, surrogates, and the marks that reorder what a reader sees. A fixed table:
# `str.isprintable` follows the Unicode version of the Python that runs.
_STEERING = "\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff"
# In text also what the runners of CI services take for a command: `::` at the beginning of a line,
# `##[` and `##vso[` anywhere.
_UNSAFE_TEXT = (
    f"[{_STEERING}]"
    "|^[ \xa0\u1680\u2000-\u200a\u202f\u205f\u3000]*:(?=:)"
    r"|#(?=#(?:vso)?\[)"
)
# In names also what cannot be seen.
_UNSAFE_NAME = (
    f"[{_STEERING}\xad\u180e\u200b-\u200d\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
#: The printable characters of ASCII. In long texts, removing them is faster than `str.isprintable`.
_PRINTABLE = bytes(range(0x20, 0x7F))
_LONG = 200


def clean_text(text: str) -> str:
    """Escape what could steer a terminal or forge a line; newlines too."""
    return text if is_harmless(text) else re.sub(_UNSAFE_TEXT, _escape_match, text)


def is_harmless(text: str) -> bool:
    """Tell in a tenth of the time that a text has nothing to escape; most have nothing."""
    if len(text) > _LONG and text.isascii():
        is_printable = not text.encode("ascii").translate(None, _PRINTABLE)
    else:
        is_printable = text.isprintable()
    # To search for one character is many times faster than for two, and most texts have none.
    return is_printable and "::" not in text and ("#" not in text or "##" not in text)


def _escape_match(match: re.Match[str]) -> str:
    spaces, last = match[0][:-1], match[0][-1]
    code = f"\\x{ord(last):02x}" if last in ":#" else last.encode("unicode_escape").decode()
    return f"{spaces}{code}"


def clean_path(path: bytes) -> str:
    """Decode a path of git, and escape it as text."""
    return clean_text(path.decode("utf-8", "backslashreplace"))


def sanitize_name(name: str) -> str:
    """Escape a name that a message repeats, and cut it to `MAX_NAME_LENGTH`."""
    if name.isascii() and name.isprintable() and len(name) <= MAX_NAME_LENGTH:
        return name
    # Cut first: what is thrown away need not be escaped.
    safe = re.sub(_UNSAFE_NAME, _escape_character, name[: MAX_NAME_LENGTH + 1])
    return safe if len(safe) <= MAX_NAME_LENGTH else safe[: MAX_NAME_LENGTH - 3] + "..."


def quote_name(name: str) -> str:
    """Put a sanitized name between double quotes."""
    return f'"{sanitize_name(name)}"'


def _escape_character(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
