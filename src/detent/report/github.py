"""Workflow commands of GitHub Actions: what it shows beside the lines of a pull request."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.core.escape import clean_path
from detent.report.items import ERROR, WARNING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from detent.report.items import ReportItem

#: GitHub shows so many of each kind for a step.
_SHOWN = 10
_TEXT = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_PROPERTY = {**_TEXT, ":": "%3A", ",": "%2C"}


def render_workflow_commands(found: Iterable[ReportItem]) -> list[str]:
    """Write annotations, as many as GitHub shows."""
    left = {ERROR: _SHOWN, WARNING: _SHOWN}
    lines = []
    for one in found:
        if left[one.level]:
            left[one.level] -= 1
            title = f"{one.code} {one.symbol}" if one.symbol else one.code
            lines.append(
                f"::{one.level} file={_escape_text(clean_path(one.path), _PROPERTY)},"
                f"line={one.line},"
                f"col={one.column},title={_escape_text(title, _PROPERTY)}::"
                f"{_escape_text(one.message, _TEXT)}"
            )
    return lines


def _escape_text(text: str, table: dict[str, str]) -> str:
    return "".join(table.get(character, character) for character in text)
