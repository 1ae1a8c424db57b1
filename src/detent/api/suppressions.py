"""What comments in the code ignore, with the reasons that are given there.

Facts leave such findings out, so the few files with such comments are judged once more.
"""

from __future__ import annotations

import re

from detent import TYPE_CHECKING
from detent.audit import matching
from detent.audit.audit_file import audit
from detent.config import NUMPYDOC
from detent.core.namedtuple import NamedTuple
from detent.index import views
from detent.index.ingest import contents
from detent.index.inherited import settled
from detent.index.snapshot import snapshot
from detent.languages import analyse
from detent.languages.python import decoding

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from detent.audit.matching import Located
    from detent.core.model import FileFacts, Symbol
    from detent.index.diff import Sides
    from detent.index.project import Subject

_COMMENT = re.compile(r"#[ \t]*detent:[ \t]*ignore[ \t]*\[[^\]]*\](.*)")
#: What a file with a comment that ignores something holds in any case, and what every file holds.
_MAYBE, _ANY = re.compile(rb"(?:detent|numpydoc)[ \t:]+ignore"), re.compile(rb"")


class Ignored(NamedTuple):
    """A finding that a comment ignores.

    Attributes
    ----------
    finding : Located
        The finding, and where it would stand.
    reason : str
        What the comment says behind the codes; empty where it says nothing.
    is_new : bool
        Whether the base has no such finding, ignored or not.
    """

    finding: Located
    reason: str
    is_new: bool


def ignored(subject: Subject, view: str, two: Sides) -> list[Ignored]:
    """List what would be found in a whole view without the comments that ignore it.

    Parameters
    ----------
    subject : Subject
        Its index has the view.
    view : str
        ``staged``, ``worktree`` or a revision.
    two : Sides
        The change that is judged: says what is new.

    Returns
    -------
    list of Ignored
        By path and place; empty with the engine ``numpydoc``, which sees the comments itself.
    """
    if subject.config.engine == NUMPYDOC:
        return []
    everything = snapshot(subject.repo, subject.door, view)
    now = everything.audited(subject.selection)
    judged = _judged(subject, now.entries, on_disk=view == views.WORKTREE, only=_MAYBE)
    for path in views.foreign(subject.repo, view, judged):
        del judged[path]
    files = [(path, facts) for path, (facts, _) in sorted(judged.items())]
    found = matching.located(
        settled(files, everything.outlines(), subject.selection), subject.selection
    )
    hidden = [one for one in found if one.finding.code in one.symbol.ignores]
    new = _new(subject, hidden, two)
    return [Ignored(one, _reason(one, judged[one.path][1]), one in new) for one in hidden]


def _judged(
    subject: Subject, entries: Mapping[bytes, str], *, on_disk: bool, only: re.Pattern[bytes]
) -> dict[bytes, tuple[FileFacts, list[str]]]:
    """Judge files that hold something, as if no comment ignored anything; give their lines too."""
    disk = {oid: path for path, oid in entries.items()} if on_disk else {}
    oids = sorted(set(entries.values()))
    read = contents(subject.repo, oids, disk, absent=[])
    found = {oid: (_without_comments(raw), _lines(raw)) for oid, raw in read if only.search(raw)}
    return {path: found[oid] for path, oid in entries.items() if oid in found}


def _without_comments(raw: bytes) -> FileFacts:
    facts = analyse(raw)
    bare = [one._replace(ignores=frozenset(), directives=()) for one in facts.symbols]
    return facts._replace(findings=tuple(audit(bare)))


def _lines(raw: bytes) -> list[str]:
    return decoding.read(raw).data.decode("utf-8", "replace").split("\n")


def _new(subject: Subject, hidden: list[Located], two: Sides) -> set[Located]:
    """Choose what the base has neither as a finding nor ignored."""
    changed = [one for one in hidden if one.path in two.blobs[-1]]
    past = {two.renames.get(one.path, one.path) for one in changed}
    for blobs in two.blobs[:-1]:
        entries = {path: oid for path, oid in blobs.items() if path in past}
        judged = _judged(subject, entries, on_disk=False, only=_ANY)
        files = [(path, facts) for path, (facts, _) in judged.items()]
        base = matching.located(files, subject.selection)
        nowhere = matching.Moves(set(), set())
        changed = matching.compare(base, changed, two.renames, moved=nowhere).new
    return set(changed)


def _reason(one: Located, lines: list[str]) -> str:
    """Read what the comment says that ignores a finding."""
    return next(_reasons(one.symbol, one.finding.code, lines), "")


def _reasons(symbol: Symbol, code: str, lines: list[str]) -> Iterator[str]:
    for directive in symbol.directives:
        if code in directive.codes:
            match = _COMMENT.match(lines[directive.line - 1], directive.column - 1)
            if match:
                yield match[1].strip()
