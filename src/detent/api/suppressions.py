"""Findings that comments in the code ignore, with the reasons in the comments.

Facts do not contain such findings, so the few files with such comments are audited again.
"""

from __future__ import annotations

import re

from detent import TYPE_CHECKING
from detent.api.diff import load_audited_diff
from detent.audit import matching
from detent.audit.audit_file import audit_file
from detent.config import NUMPYDOC
from detent.core.results import Suppression
from detent.index.inherited import resolve_inherited
from detent.index.snapshot import take_snapshot
from detent.languages import get_language
from detent.languages.python import decoding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from detent.core.model import BlobKey, FileFacts, FindingRow
    from detent.index.project import Project
    from detent.index.views import View

_COMMENT = re.compile(r"#[ \t]*detent:[ \t]*ignore[ \t]*\[[^\]]*\](.*)")
#: What every file with an ignore comment contains, and what every file contains.
_MAYBE, _ANY = re.compile(rb"(?:detent|numpydoc)[ \t:]+ignore"), re.compile(rb"")


def list_suppressions(project: Project, view: View, base: str | None) -> list[Suppression]:
    """List the findings of a whole view that comments ignore.

    Parameters
    ----------
    project : Project
        Its index has the view.
    view : View
        The staged files, the work tree or a revision.
    base : str or None
        The base of the comparison that decides which are new, as in `check_change`.

    Returns
    -------
    list of Suppression
        By path and place; empty with the engine ``numpydoc``, which reads the comments itself.
    """
    if project.config.engine == NUMPYDOC:
        return []
    everything = take_snapshot(project.index, view)
    now = everything.restrict_to_audited(project.selection)
    judged = _audit_files(view, now.entries, only=_MAYBE)
    for path in view.generated_or_vendored(judged):
        del judged[path]
    files = [(path, facts) for path, (facts, _) in sorted(judged.items())]
    found = resolve_inherited(files, everything.open_outlines(), project.selection)
    hidden = matching.locate_findings(_keep_ignored_findings(found), project.selection)
    new = _select_new(project, view, hidden, base=base) if hidden else set()
    return [
        Suppression(finding, _find_reason(finding, *judged[finding.path]), finding in new)
        for finding in hidden
    ]


def _keep_ignored_findings(
    files: Iterable[tuple[bytes, FileFacts]],
) -> Iterator[tuple[bytes, FileFacts]]:
    """Reduce the findings of files to those that a comment on their symbol ignores."""
    for path, facts in files:
        ignored = [
            finding
            for finding in facts.findings
            if finding.code in facts.symbols[finding.symbol].ignores
        ]
        yield path, facts._replace(findings=tuple(ignored))


def _audit_files(
    view: View, entries: Mapping[bytes, BlobKey], *, only: re.Pattern[bytes]
) -> dict[bytes, tuple[FileFacts, list[str]]]:
    """Audit files that match an expression, ignoring all comments; return their lines too."""
    found = {
        key: (_audit_without_comments(raw, key.language), _split_lines(raw))
        for key, raw in view.read_contents(sorted(set(entries.values())))
        if only.search(raw)
    }
    return {path: found[key] for path, key in entries.items() if key in found}


def _audit_without_comments(raw: bytes, language: str) -> FileFacts:
    facts = get_language(language).analyze(raw).facts
    bare = [symbol._replace(ignores=frozenset(), directives=()) for symbol in facts.symbols]
    return facts._replace(findings=tuple(audit_file(bare)))


def _split_lines(raw: bytes) -> list[str]:
    return decoding.decode_source(raw).data.decode("utf-8", "replace").split("\n")


def _select_new(
    project: Project, view: View, hidden: list[FindingRow], *, base: str | None
) -> set[FindingRow]:
    """Choose the findings that the base does not have, ignored or not."""
    diff = load_audited_diff(project, view, base)
    changed = [finding for finding in hidden if finding.path in diff.blobs[-1]]
    past = {diff.renames.get(finding.path, finding.path) for finding in changed}
    for blobs in diff.blobs[:-1]:
        entries = {path: key for path, key in blobs.items() if path in past}
        judged = _audit_files(view, entries, only=_ANY)
        files = [(path, facts) for path, (facts, _) in judged.items()]
        before = matching.locate_findings(files, project.selection)
        nowhere = matching.MovedSymbols(set(), set())
        changed = matching.match_findings(before, changed, diff.renames, moved=nowhere).new
    return set(changed)


def _find_reason(finding: FindingRow, facts: FileFacts, lines: list[str]) -> str:
    """Read the reason in the comment that ignores a finding."""
    place = (finding.qualname, finding.symbol_line)
    directives = [
        directive
        for symbol in facts.symbols
        if (symbol.qualname, symbol.line) == place
        for directive in symbol.directives
        if finding.code in directive.codes
    ]
    for directive in directives:
        if match := _COMMENT.match(lines[directive.line - 1], directive.column - 1):
            return match[1].strip()
    return ""
