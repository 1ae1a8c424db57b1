"""Comments that ask to ignore findings: numpydoc's and our own."""

from __future__ import annotations

import re
from bisect import bisect_right

from detent import TYPE_CHECKING
from detent.core.model import Directive

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tree_sitter import Node

    from detent.languages.python.definitions import Draft
    from detent.languages.python.source_text import SourceText

_NUMPYDOC = rb"numpydoc ignore\s*[=:]\s*([A-Z]{2}\d\d(?:[\s,]+[A-Z]{2}\d\d)*)"
_DETENT = rb"#[ \t]*detent:[ \t]*ignore(?![\w-])[ \t]*(?:\[([^\]]*)\])?"
_CODE = r"[A-Z]{2}\d{2,3}"


def attach_numpydoc_ignores(drafts: list[Draft], comments: Iterable[Node], data: bytes) -> None:
    """Give each ``numpydoc ignore`` comment to the last definition that begins before it."""
    starts = [0, *(draft.node.start_byte for draft in drafts[1:])]
    for node in comments:
        begin, end = node.byte_range
        if match := re.compile(_NUMPYDOC).search(data, begin, end):
            codes = match[1].decode().replace(",", " ").split()
            drafts[bisect_right(starts, begin) - 1].ignores.update(codes)


def attach_detent_ignores(
    drafts: list[Draft], captures: Mapping[str, list[Node]], text: SourceText
) -> None:
    """Give each ``detent: ignore`` comment to the last definition that begins before it."""
    begins = {
        node.named_children[-1].start_byte: node.start_byte
        for node in captures.get("decorated", ())
    }
    offsets = [draft.node.start_byte for draft in drafts[1:]]
    starts = [0, *(begins.get(offset, offset) for offset in offsets)]
    for node in sorted(captures.get("comment", ()), key=lambda node: node.start_byte):
        match = re.compile(_DETENT).search(text.data, *node.byte_range)
        if match is None:
            continue
        row, column = node.start_point
        begin = match.start()
        written = (match[1] or b"").decode("utf-8", "replace").replace(",", " ").split()
        draft = drafts[bisect_right(starts, begin) - 1]
        column = text.count_column(begin, column + begin - node.start_byte)
        draft.directives.append(Directive(row + 1, column, tuple(written)))
        draft.ignores.update(code for code in written if re.fullmatch(_CODE, code))
