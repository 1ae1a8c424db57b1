"""Edits of a docstring's text, and what they make of the literal in the file."""

from __future__ import annotations

import re
from itertools import pairwise

from detent import TYPE_CHECKING
from detent.audit.parse.positions import ends_at, pieces
from detent.core.namedtuple import NamedTuple
from detent.languages.python.string_literals import evaluate

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from detent.audit.parse.lines import Text
    from detent.core.model import Docstring


# What follows a backslash, a line break too, does not end a literal.
_GUARDED = re.compile(r"(?s:\\.)")


class Edit(NamedTuple):
    """Other text for a part of a docstring's value.

    Attributes
    ----------
    start, end : int
        Offsets into the value; equal where text is only put in.
    text : str
        What comes in their place.
    """

    start: int
    end: int
    text: str


def offset(text: Text, line: int, column: int = 0) -> int:
    """Return where a place stands in the whole value.

    Parameters
    ----------
    text : Text
        The docstring.
    line : int
        From 0; the line after the last one is the end.
    column : int, default 0
        From 0.

    Returns
    -------
    int
        An offset.
    """
    before = sum(map(len, text.lines[:line])) + line + column
    return min(before, sum(map(len, text.lines)) + len(text.lines) - 1)


def inserted(at: int, text: str) -> Edit:
    """Return the edit that puts text in and takes nothing out.

    Parameters
    ----------
    at : int
        Offset into the value.
    text : str
        What is put in.

    Returns
    -------
    Edit
        With nothing between its ends.
    """
    return Edit(at, at, text)


def lines(text: Text, first: int, last: int) -> Edit:
    """Return the edit that takes out whole lines with their breaks.

    Parameters
    ----------
    text : Text
        The docstring.
    first, last : int
        The lines from `first` up to but not including `last`, which has to be there.

    Returns
    -------
    Edit
        Without a replacement.
    """
    return Edit(offset(text, first), offset(text, last), "")


def joined(edits: Iterable[Edit]) -> list[Edit] | None:
    """Put edits in order, so that they can be made at once.

    Parameters
    ----------
    edits : iterable of Edit
        Equal ones count once; what is put in at one place stays in the order given.

    Returns
    -------
    list of Edit or None
        None where some overlap.
    """
    ordered = sorted(dict.fromkeys(edits), key=lambda edit: edit[:2])
    for before, after in pairwise(ordered):
        if before.end > after.start:
            return None
    return ordered


def applied(text: str, edits: Sequence[Edit]) -> str:
    """Make edits.

    Parameters
    ----------
    text : str
        Any text.
    edits : sequence of Edit
        In order, without overlaps.

    Returns
    -------
    str
        The text with the edits made.
    """
    parts, at = [], 0
    for edit in edits:
        parts += [text[at : edit.start], edit.text]
        at = edit.end
    return "".join([*parts, text[at:]])


def edited(docstring: Docstring, edits: Sequence[Edit]) -> Docstring | None:
    """Make edits of the value in the literal as well.

    Parameters
    ----------
    docstring : Docstring
        As it is.
    edits : sequence of Edit
        In order, without overlaps.

    Returns
    -------
    Docstring or None
        None where the literal does not show what is edited as it is: it has an escape there, or is
        put together from several literals, or cannot hold a line break.
    """
    source = docstring.source
    parts = pieces(source)
    if parts is None:
        return None
    placed = []
    for edit in edits:
        start = _in_source(parts, edit)
        if start is None:
            return None
        placed.append(Edit(start, start + edit.end - edit.start, edit.text))
    text, literal = applied(docstring.text, edits), applied(source, placed)
    is_broken = source[-3:] not in ('"' * 3, "'" * 3) and "\n" in _GUARDED.sub("", literal)
    if is_broken or ends_at(literal) != len(literal) or evaluate(literal) != text:
        return None
    return docstring._replace(text=text, source=literal)


def _in_source(parts: Sequence[tuple[int, int, int]], edit: Edit) -> int | None:
    """Find where an edit begins in a literal; all of it has to be in one plain piece."""
    for index, start, length in parts:
        if index <= edit.start and edit.end <= index + length:
            return start + edit.start - index
    return None
