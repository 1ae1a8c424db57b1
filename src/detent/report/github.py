"""Workflow commands of GitHub Actions, shown at the lines of a pull request."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.core.escape import clean_path
from detent.report.items import ERROR, WARNING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from detent.report.items import ReportItem

#: GitHub shows so many of each level for a step.
_MOST = 10
_TEXT = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_PROPERTY = {**_TEXT, ":": "%3A", ",": "%2C"}


def render_workflow_commands(items: Iterable[ReportItem]) -> list[str]:
    """Render annotations, as many as GitHub shows."""
    left = {ERROR: _MOST, WARNING: _MOST}
    lines = []
    for item in items:
        if left[item.level]:
            left[item.level] -= 1
            title = f"{item.code} {item.symbol}" if item.symbol else item.code
            lines.append(
                f"::{item.level} file={_escape_text(clean_path(item.path), _PROPERTY)},"
                f"line={item.line},"
                f"col={item.column},title={_escape_text(title, _PROPERTY)}::"
                f"{_escape_text(item.message, _TEXT)}"
            )
    return lines


def _escape_text(text: str, table: dict[str, str]) -> str:
    return "".join(table.get(character, character) for character in text)
