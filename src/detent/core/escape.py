"""Text from a repository made safe to print."""

from __future__ import annotations

import re

#: Longest name that a message repeats.
MAX_NAME_LENGTH = 60

_SPACES = " \xa0\u1680\u2000-\u200a\u202f\u205f\u3000"
_NO_SPACE = f"[^{_SPACES}]"
# What the runners of CI services take for a command: `::` at the beginning of a line, `##[` and
# `##vso[` anywhere.
_COMMAND = rf"^[{_SPACES}]*:(?=:)|#(?=#(?:vso)?\[)"
# In names, which messages repeat: control characters, surrogates, and what reorders text or cannot
# be seen. A fixed table: `str.isprintable` follows the Unicode version of the Python that runs, and
# messages are stored.
_UNSAFE_NAME = (
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff"
    "\xad\u180e\u200b-\u200d\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
#: The printable characters of ASCII. In long texts, removing them is faster than `str.isprintable`.
_PRINTABLE = bytes(range(0x20, 0x7F))
_LONG = 200


def clean_text(text: str) -> str:
    """Escape what could steer a terminal, forge a line or hide; newlines too.

    That is each character that Unicode calls control, format, surrogate, separator of lines, for
    private use or unassigned.
    """
    if is_harmless(text):
        return text
    if not text.isprintable():
        text = re.sub(_NO_SPACE, _escape_hidden, text)
    return re.sub(_COMMAND, _escape_command, text)


def is_harmless(text: str) -> bool:
    """Tell in a tenth of the time that a text has nothing to escape; most have nothing."""
    if len(text) > _LONG and text.isascii():
        is_printable = not text.encode("ascii").translate(None, _PRINTABLE)
    else:
        is_printable = text.isprintable()
    # To search for one character is many times faster than for two, and most texts have none.
    return is_printable and "::" not in text and ("#" not in text or "##" not in text)


def _escape_hidden(match: re.Match[str]) -> str:
    character = match[0]
    return character if character.isprintable() else character.encode("unicode_escape").decode()


def _escape_command(match: re.Match[str]) -> str:
    return f"{match[0][:-1]}\\x{ord(match[0][-1]):02x}"


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
