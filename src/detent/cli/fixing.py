"""Fix what has one right answer, in the files of the work tree or as a diff."""

from __future__ import annotations

import difflib
import io

from detent import TYPE_CHECKING
from detent.audit.fix.attempt import key_of
from detent.audit.fix.file import Request, mend
from detent.audit.fix.table import FIXES, STUBS
from detent.core import files
from detent.core.escape import clean, clean_path
from detent.core.namedtuple import NamedTuple
from detent.report import console
from detent.report.text import plural

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterable, Iterator

    from detent.audit.matching import Located
    from detent.core.model import Finding, Listed, Symbol
    from detent.index.project import Subject


_COLOURS = {"-": "red", "+": "green", "@": "cyan"}


class Fixed(NamedTuple):
    """What became of the files.

    Attributes
    ----------
    findings, files : int
        How many findings are gone, in how many files.
    diff : list of str
        Lines of a unified diff, safe to print; only where nothing was written.
    notes : list of str
        A line for each file that should have been changed and could not.
    """

    findings: int
    files: int
    diff: list[str]
    notes: list[str]

    @property
    def summary(self) -> str:
        """What was fixed, for a person."""
        return f"fixed {plural(self.findings, 'finding')} in {plural(self.files, 'file')}"

    def plus(self, other: Fixed) -> Fixed:
        """Add what became of another file.

        Parameters
        ----------
        other : Fixed
            The other file.

        Returns
        -------
        Fixed
            The sum.
        """
        return Fixed(
            self.findings + other.findings,
            self.files + other.files,
            self.diff + other.diff,
            self.notes + other.notes,
        )


def fix(subject: Subject, found: Iterable[Located | Listed], namespace: Namespace) -> Fixed:
    """Fix findings, or show how.

    Parameters
    ----------
    subject : Subject
        The repository and its settings.
    found : iterable of Located or Listed
        Findings of the work tree.
    namespace : Namespace
        Those of `detent audit`; with its `new_since`, only `found` is fixed.

    Returns
    -------
    Fixed
        What it came to.
    """
    asked: dict[bytes, list[Located | Listed]] = {}
    for one in found:
        if one.finding.code in FIXES and (namespace.stubs or one.finding.code not in STUBS):
            asked.setdefault(one.path, []).append(one)
    total = Fixed(0, 0, [], [])
    for path, listed in sorted(asked.items()):
        request = _request(subject, path, listed if namespace.new_since else None)
        request = request._replace(stubs=namespace.stubs)
        total = total.plus(_one(subject.repo.top, path, request, only_show=namespace.diff))
    return total


def show(fixed: Fixed) -> int:
    """Show what would be changed.

    Parameters
    ----------
    fixed : Fixed
        What `fix` found.

    Returns
    -------
    int
        The exit status: 1 where something would be changed, else 0.
    """
    paint = console.painter()
    for line in fixed.diff:
        colour = _COLOURS.get(line[:1])
        console.write(paint(colour, line) if colour else line)
    console.note(f"detent: would have {fixed.summary}")
    return int(bool(fixed.diff))


def _one(top: str, path: bytes, request: Request, *, only_show: bool) -> Fixed:
    """Fix one file, or show how."""
    try:
        old = files.read(top, path)
        raw, gone, reason = mend(old, request)
        if raw != old and not only_show:
            files.replace(top, path, old=old, new=raw)
    except files.Unchanged as why:
        raw, gone, reason = b"", [], str(why)
    notes = [f"{clean_path(path)}: not fixed: {clean(reason)}"] if reason else []
    if not gone:
        return Fixed(0, 0, [], notes)
    return Fixed(len(gone), 1, list(_diff(path, old, raw)) if only_show else [], notes)


def _request(subject: Subject, path: bytes, only: list[Located | Listed] | None) -> Request:
    """Say what is to be fixed in a file."""
    shown = path.decode("utf-8", "replace")

    def counts(finding: Finding, symbol: Symbol) -> bool:
        return subject.selection.keeps(finding, symbol, shown)

    if only is None:
        return Request(counts)
    keys = frozenset((one.symbol.qualname, *key_of(one.finding.code, one.finding)) for one in only)
    return Request(counts, keys)


def _diff(path: bytes, old: bytes, new: bytes) -> Iterator[str]:
    """Write a unified diff, each line safe to print."""
    name = clean_path(path)
    found = difflib.unified_diff(_lines(old), _lines(new), f"a/{name}", f"b/{name}", lineterm="\n")
    for line in found:
        yield "\t".join(clean(part) for part in line.rstrip("\r\n").split("\t"))
        if not line.endswith("\n"):
            yield "\\ No newline at end of file"


def _lines(raw: bytes) -> list[str]:
    """Part a file into lines as git does."""
    return io.StringIO(raw.decode("utf-8", "backslashreplace"), newline="\n").readlines()
