"""The value of a string literal."""

from __future__ import annotations

import re
import unicodedata

_LITERAL = re.compile(r"(?P<prefix>[A-Za-z]*)(?P<quote>\"\"\"|'''|\"|')")
_ESCAPE = (
    r"\\(?:(\n)|([\\'\"abfnrtv])|([0-7]{1,3})|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})"
    r"|U([0-9a-fA-F]{8})|N\{([^{}\\\n]+)\})"
)
_SIMPLE = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


def evaluate_literal(literal: str) -> str | None:
    r"""Evaluate one string literal without running anything."""
    match = _LITERAL.match(literal)
    if match is None:
        return None
    prefix, quote = match["prefix"].lower(), match["quote"]
    if "f" in prefix or "b" in prefix or "t" in prefix:
        return None
    text = literal[match.end() : -len(quote)]
    if "r" in prefix or "\\" not in text:
        return text
    return re.sub(_ESCAPE, _decode_escape, text)


def _decode_escape(match: re.Match[str]) -> str:
    newline, simple, octal, x, u, wide, name = match.groups()
    if newline:
        return ""
    if simple:
        return _SIMPLE.get(simple, simple)
    if name:
        try:
            return unicodedata.lookup(name)
        except KeyError:
            return match[0]
    point = int(octal, 8) if octal else int(x or u or wide, 16)
    if 0xD800 <= point <= 0xDFFF:
        return "\ufffd"
    return chr(point) if point <= 0x10FFFF else match[0]
