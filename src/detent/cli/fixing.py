"""Fix what has one right answer, in the files of the work tree or as a diff."""

from __future__ import annotations

import difflib
import io

from detent import TYPE_CHECKING
from detent.audit.fix.attempt import make_finding_key
from detent.audit.fix.file import FixRequest, fix_file
from detent.audit.fix.table import FIXES, STUBS
from detent.core import files
from detent.core.escape import clean_path, clean_text
from detent.core.namedtuple import NamedTuple
from detent.report import console
from detent.report.text import format_count

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterable, Iterator

    from detent.core.model import FindingRow
    from detent.index.project import Project


_COLOURS = {"-": "red", "+": "green", "@": "cyan"}


class FixReport(NamedTuple):
    """What became of the files."""

    findings: int  # how many findings are gone, in how many files
    files: int
    diff: list[str]  # lines of a unified diff, safe to print; only where nothing was written
    notes: list[str]  # a line for each file that should have been changed and could not

    @property
    def summary(self) -> str:
        """What was fixed, for a person."""
        return (
            f"fixed {format_count(self.findings, 'finding')} in {format_count(self.files, 'file')}"
        )

    def combine_with(self, other: FixReport) -> FixReport:
        """Add what became of another file."""
        return FixReport(
            self.findings + other.findings,
            self.files + other.files,
            self.diff + other.diff,
            self.notes + other.notes,
        )


def fix_findings(project: Project, found: Iterable[FindingRow], namespace: Namespace) -> FixReport:
    """Fix findings, or show how."""
    asked: dict[bytes, list[FindingRow]] = {}
    for one in found:
        if one.code in FIXES and (namespace.stubs or one.code not in STUBS):
            asked.setdefault(one.path, []).append(one)
    total = FixReport(0, 0, [], [])
    for path, listed in sorted(asked.items()):
        request = _build_request(project, path, listed if namespace.new_since else None)
        request = request._replace(stubs=namespace.stubs)
        total = total.combine_with(
            _fix_path(project.repo.top, path, request, only_show=namespace.diff)
        )
    return total


def print_diff(fixed: FixReport) -> int:
    """Show what would be changed."""
    paint = console.make_painter()
    for line in fixed.diff:
        colour = _COLOURS.get(line[:1])
        console.write_line(paint(colour, line) if colour else line)
    console.print_note(f"detent: would have {fixed.summary}")
    return int(bool(fixed.diff))


def _fix_path(top: str, path: bytes, request: FixRequest, *, only_show: bool) -> FixReport:
    """Fix one file, or show how."""
    try:
        old = files.read_regular_file(top, path)
        raw, gone, reason = fix_file(old, request)
        if raw != old and not only_show:
            files.replace_file(top, path, old=old, new=raw)
    except files.ReplaceError as why:
        raw, gone, reason = b"", [], str(why)
    notes = [f"{clean_path(path)}: not fixed: {clean_text(reason)}"] if reason else []
    if not gone:
        return FixReport(0, 0, [], notes)
    return FixReport(len(gone), 1, list(_render_diff(path, old, raw)) if only_show else [], notes)


def _build_request(project: Project, path: bytes, only: list[FindingRow] | None) -> FixRequest:
    """Say what is to be fixed in a file."""
    counts = project.selection.resolve_file(path.decode("utf-8", "replace")).counts
    if only is None:
        return FixRequest(counts)
    keys = frozenset((one.qualname, *make_finding_key(one.code, one)) for one in only)
    return FixRequest(counts, keys)


def _render_diff(path: bytes, old: bytes, new: bytes) -> Iterator[str]:
    """Write a unified diff, each line safe to print."""
    name = clean_path(path)
    found = difflib.unified_diff(
        _split_lines(old), _split_lines(new), f"a/{name}", f"b/{name}", lineterm="\n"
    )
    for line in found:
        yield "\t".join(clean_text(part) for part in line.rstrip("\r\n").split("\t"))
        if not line.endswith("\n"):
            yield "\\ No newline at end of file"


def _split_lines(raw: bytes) -> list[str]:
    """Part a file into lines as git does."""
    return io.StringIO(raw.decode("utf-8", "backslashreplace"), newline="\n").readlines()
