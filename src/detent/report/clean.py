"""Text from a repository made safe to print."""

from __future__ import annotations

import re

# Control characters, and the marks that reorder what a reader sees.
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)


def clean(text: str) -> str:
    """Escape what could steer a terminal or forge a line; newlines too.

    Parameters
    ----------
    text : str
        Anything that a repository may have chosen.

    Returns
    -------
    str
        One line of printable characters.
    """
    return _UNSAFE.sub(lambda match: match[0].encode("unicode_escape", "replace").decode(), text)


def clean_path(path: bytes) -> str:
    """Give a path of git as text for a person."""
    return clean(path.decode("utf-8", "backslashreplace"))
