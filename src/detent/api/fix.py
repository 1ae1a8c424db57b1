"""Apply the safe fixes to files of the work tree, or show them as a diff."""

from __future__ import annotations

import difflib
import io

from detent import TYPE_CHECKING
from detent.audit.fix import FIXES, STUBS
from detent.audit.fix.attempt import make_finding_key
from detent.audit.fix.file import FixRequest, fix_file
from detent.core import files
from detent.core.escape import clean_path, clean_text
from detent.core.namedtuple import NamedTuple
from detent.languages import detect_language

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from detent.core.model import FindingRow
    from detent.index.project import Project


class FixResult(NamedTuple):
    """What was fixed, or would be.

    Attributes
    ----------
    findings : int
        Number of findings that are gone.
    files : int
        Number of files that were changed.
    diff : list of str
        Lines of a unified diff, safe to print; empty if files were written.
    unfixed : dict of bytes to str
        Files that should have been changed and could not be, and why.
    failures : dict of bytes to str
        Files that could not be analysed, and why.
    """

    findings: int
    files: int
    diff: list[str]
    unfixed: dict[bytes, str]
    failures: dict[bytes, str]


def fix_findings(
    project: Project,
    found: Iterable[FindingRow],
    *,
    only_these: bool,
    stubs: bool = False,
    dry_run: bool = False,
) -> FixResult:
    """Fix files with findings: only these findings, or all in the same files that have a fix."""
    by_path: dict[bytes, list[FindingRow]] = {}
    for finding in found:
        if finding.code in FIXES and (stubs or finding.code not in STUBS):
            by_path.setdefault(finding.path, []).append(finding)
    result = FixResult(0, 0, [], {}, {})
    for path, listed in sorted(by_path.items()):
        request = _make_request(project, path, listed if only_these else None)
        fixed = _fix_path(project.repo.top, path, request._replace(stubs=stubs), dry_run=dry_run)
        result = FixResult(
            result.findings + fixed.findings,
            result.files + fixed.files,
            result.diff + fixed.diff,
            result.unfixed | fixed.unfixed,
            {},
        )
    return result


def _fix_path(top: str, path: bytes, request: FixRequest, *, dry_run: bool) -> FixResult:
    try:
        old = files.read_regular_file(top, path)
        new, fixed, reason = fix_file(old, request)
        if new != old and not dry_run:
            files.replace_file(top, path, old=old, new=new)
    except files.ReplaceError as error:
        new, fixed, reason = b"", [], str(error)
    unfixed = {path: reason} if reason else {}
    if not fixed:
        return FixResult(0, 0, [], unfixed, {})
    return FixResult(
        len(fixed), 1, list(_render_diff(path, old, new)) if dry_run else [], unfixed, {}
    )


def _make_request(project: Project, path: bytes, only: list[FindingRow] | None) -> FixRequest:
    counts = project.selection.resolve_file(path.decode("utf-8", "replace")).counts
    language = detect_language(path) or "python"  # of a script
    if only is None:
        return FixRequest(counts, language=language)
    keys = frozenset((row.qualname, *make_finding_key(row.code, row)) for row in only)
    return FixRequest(counts, keys, language=language)


def _render_diff(path: bytes, old: bytes, new: bytes) -> Iterator[str]:
    """Write a unified diff, each line safe to print."""
    name = clean_path(path)
    diff = difflib.unified_diff(
        _split_lines(old), _split_lines(new), f"a/{name}", f"b/{name}", lineterm="\n"
    )
    for line in diff:
        yield "\t".join(clean_text(part) for part in line.rstrip("\r\n").split("\t"))
        if not line.endswith("\n"):
            yield "\\ No newline at end of file"


def _split_lines(raw: bytes) -> list[str]:
    """Split a file into lines as git does."""
    return io.StringIO(raw.decode("utf-8", "backslashreplace"), newline="\n").readlines()
