"""Findings on standard output: lines for a program, or a listing for a person at a terminal."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.core.escape import clean_path, clean_text
from detent.report import console, text
from detent.report.listing import Screen, render_listing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from detent.api import Repository
    from detent.api.exclusions import PendingFiles
    from detent.core.model import FindingRow

#: More findings than these come without source lines: nobody reads so many.
_QUOTED = 100
#: More findings than these are summed up.
_MANY = 20


def render_findings(found: Sequence[FindingRow], repository: Repository, at: str) -> list[str]:
    """Write findings: a line for each, and on a terminal grouped, quoted and summed up."""
    width = console.measure_terminal()
    if width is None:
        return text.format_findings(found, console.make_painter())
    screen = Screen(width, console.make_painter(), console.make_linker(repository.work_tree))
    sources = {}
    if 0 < len(found) <= _QUOTED:
        sources = repository.read_lines({finding.path for finding in found}, at=at)
    lines = render_listing(found, sources, screen)
    if len(found) > _MANY:
        from detent.api.explain import list_rule_titles

        lines += [*text.format_ranking(found, list_rule_titles(), screen.paint), ""]
    if len(found) > _QUOTED:
        lines.append(f"source lines come with up to {_QUOTED} findings: name a file or a directory")
    return lines


def describe_pending_files(pending: PendingFiles) -> list[str]:
    """Say in a line which work is not looked at, and how to check it."""
    parts = []
    if pending.unstaged:
        files = text.format_count(len(pending.unstaged), "file")
        parts.append(f"{files} with changes that are not staged (`detent check --at worktree`)")
    if pending.untracked:
        files = text.format_count(len(pending.untracked), "untracked file")
        parts.append(f"{files} (`git add` them, or `detent lint FILE`)")
    return [f"not checked: {', '.join(parts)}"] if parts else []


def render_exclusions(excluded: Mapping[bytes, str], *, every: bool = False) -> list[str]:
    """Write which files are not checked, and why; those in other languages are only counted."""
    from detent.api.exclusions import OTHER_LANGUAGE

    shown = [path for path, why in sorted(excluded.items()) if every or why != OTHER_LANGUAGE]
    lines = [f"skipped {clean_path(path)}: {clean_text(excluded[path])}" for path in shown]
    if others := len(excluded) - len(shown):
        lines.append(f"skipped {text.format_count(others, 'file')}: {OTHER_LANGUAGE}")
    return lines
