"""All files of a view that the settings audit."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.audit import matching
from detent.budget.coverage import tallies
from detent.config import NUMPYDOC
from detent.core.namedtuple import NamedTuple
from detent.index import views
from detent.index.inherited import settled
from detent.index.snapshot import snapshot

if TYPE_CHECKING:
    from collections.abc import Callable

    from detent.audit.matching import Located
    from detent.budget.metrics import Tally
    from detent.core.model import FileFacts
    from detent.index.diff import Files
    from detent.index.project import Subject


class Whole(NamedTuple):
    """What a whole view has in the files that the settings audit.

    Attributes
    ----------
    tallies : dict of str to Tally
        By path.
    findings : list of Located
        All that count.
    lines, symbols : int
        How much there is.
    failures : dict of bytes to str
        Paths that could not be analysed, and why.
    files : list of (bytes, FileFacts)
        All of them.
    """

    tallies: dict[str, Tally]
    findings: list[Located]
    lines: int
    symbols: int
    failures: dict[bytes, str]
    files: Files


def whole_view(subject: Subject, view: str) -> Whole:
    """Look at all files of a view.

    Parameters
    ----------
    subject : Subject
        Its index has the view.
    view : str
        ``staged``, ``worktree`` or a revision.

    Returns
    -------
    Whole
        Its tallies and findings.
    """
    files, failures = audited(subject, view)
    return Whole(
        tallies=tallies(files, subject.selection),
        findings=matching.located(files, subject.selection),
        lines=sum(facts.lines for _, facts in files),
        symbols=sum(len(facts.symbols) for _, facts in files),
        failures=failures,
        files=files,
    )


def audited(
    subject: Subject, view: str, chosen: Callable[[bytes], bool] = lambda _: True
) -> tuple[list[tuple[bytes, FileFacts]], dict[bytes, str]]:
    """Read the files of a view that the settings audit, without those that others wrote.

    Parameters
    ----------
    subject : Subject
        Its index has the view.
    view : str
        ``staged``, ``worktree`` or a revision.
    chosen : callable
        Takes a path; says whether it is wanted.

    Returns
    -------
    list of (bytes, FileFacts)
        Paths with their facts.
    dict of bytes to str
        Paths that could not be analysed, and why.
    """
    everything = snapshot(subject.repo, subject.door, view)
    now = everything.audited(subject.selection, chosen)
    others = views.foreign(subject.repo, view, now.entries)
    now = now.only(lambda path: path not in others) if others else now
    if subject.config.engine == NUMPYDOC:
        from detent.index import numpydoc_engine

        files = list(now.files())
        files, unread = numpydoc_engine.of_files(
            subject.repo, files, now.entries, on_disk=view == views.WORKTREE
        )
        return files, {**unread, **now.failures}
    found = settled(now.files(), everything.outlines(), subject.selection)
    return list(found), dict(now.failures)
