"""Lint single files as ``numpydoc lint`` does, in a git repository or outside of one."""

from __future__ import annotations

import os
import stat
import sys
from itertools import chain
from pathlib import Path

from detent import TYPE_CHECKING, git
from detent.audit.codes import CODES, NOTES
from detent.config import NUMPYDOC, AuditOptions, load_config
from detent.core.errors import GitError, StoreError
from detent.core.model import BlobKey
from detent.core.namedtuple import NamedTuple
from detent.core.results import make_finding_row
from detent.index.facts import FactSource
from detent.index.handle import Index
from detent.index.project import make_directory_selections, make_selection
from detent.languages import OTHER_LANGUAGE, detect_language, explain_unread
from detent.store import MEMORY, default_index_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from detent.audit.selection.select import Selection
    from detent.core.model import FileFacts, FindingRow
    from detent.git import Repo

#: The name of standard input.
STANDARD_INPUT = "-"
_SETTINGS = ("pyproject.toml", "setup.cfg", "detent.toml")


class LintResult(NamedTuple):
    """The findings of one file.

    Attributes
    ----------
    name : str
        The file, as it was given.
    findings : list of FindingRow
        The findings that count, in the order of the file.
    failure : str
        Why there are none, if the file could not be read or analysed; else empty.
    """

    name: str
    findings: list[FindingRow]
    failure: str = ""

    @property
    def has_errors(self) -> bool:
        """Whether a finding is an error: no warning, and no note on the file itself."""
        errors = (finding for finding in self.findings if finding.severity == "error")
        return any(finding.code not in NOTES for finding in errors)


def lint_files(
    files: Iterable[str], *, settings: str | None = None, ignore: Iterable[str] = ()
) -> Iterator[LintResult]:
    """Lint files as they are on disk.

    Parameters
    ----------
    files : iterable of str
        Paths, from the current directory; ``-`` is standard input. Of a directory, the files in a
        language that detent reads. Files that the settings exclude are left out.
    settings : str, optional
        Directory of the settings for all files. By default those of the nearest directory that has
        some, up to the root of the repository; outside of one, up to the nearest directory above
        the current one that has a file for settings.
    ignore : iterable of str, optional
        Codes of rules to ignore, in addition to the settings.

    Yields
    ------
    LintResult
        One for each file, in the same order.

    Raises
    ------
    UsageError
        If the settings cannot be followed.
    """
    repo = _find_repo()
    root = Path(repo.top) if repo else _find_settings_root(Path.cwd())
    known = tuple(code for code in ignore if code in CODES)
    config = load_config(
        str(Path(settings).expanduser() if settings else root),
        AuditOptions(default_preset=NUMPYDOC, ignore=known),
    )
    selection = make_selection(config) if settings else make_directory_selections(config)
    index = Index(default_index_path(repo.common_dir) if repo else MEMORY)
    try:
        for name in chain.from_iterable(map(_list_files, files)):
            path = _make_relative_path(name, root)
            if selection.is_audited(path):
                facts = _load_facts(name, repo, index, engine=config.engine)
                yield (
                    LintResult(name, [], facts)
                    if isinstance(facts, str)
                    else LintResult(name, _select_findings(path, facts, selection))
                )
    finally:
        index.close()


def _list_files(name: str) -> Iterator[str]:
    """List the files of a directory, without hidden directories; of anything else, itself."""
    if name == STANDARD_INPUT or not os.path.isdir(name):  # noqa: PTH112 - a name may be no path
        yield name
        return
    for directory, subdirectories, files in os.walk(name):
        subdirectories[:] = sorted(part for part in subdirectories if not part.startswith("."))
        for file in sorted(files):
            if detect_language(os.fsencode(file)):
                yield os.path.join(directory, file)  # noqa: PTH118


def _select_findings(path: str, facts: FileFacts, selection: Selection) -> list[FindingRow]:
    rules = selection.resolve_file(path)
    found = []
    for finding in facts.findings:
        symbol = facts.symbols[finding.symbol]
        if severity := rules.get_severity(finding, symbol):
            row = make_finding_row(os.fsencode(path), finding, symbol, severity=severity)
            found.append(row)
    return found


def _find_repo() -> Repo | None:
    try:
        repo = git.discover_repo(".", os.environ)
    except GitError:
        return None
    return None if repo.bare else repo


def _find_settings_root(here: Path) -> Path:
    """Find the nearest directory with settings."""
    for place in (here, *here.parents):
        if any((place / name).is_file() for name in _SETTINGS):
            return place
    return here


def _make_relative_path(name: str, root: Path) -> str:
    """Give a path from the root, as settings name it; outside of the root as it was given."""
    parent, last = os.path.split(name)
    full_path = os.path.join(os.path.realpath(parent), last)  # noqa: PTH118
    inside = os.path.relpath(full_path, os.path.realpath(root))
    is_outside = Path(inside).parts[:1] == (os.pardir,)
    return (name if is_outside else inside).replace(os.sep, "/")


class _SingleFile:
    """The `ContentReader` of one file that is read already."""

    def __init__(self, raw: bytes) -> None:
        self.facts: dict[BlobKey, FileFacts] = {}
        self._raw = raw

    def read_contents(
        self, keys: Iterable[BlobKey], **_: object
    ) -> Iterator[tuple[BlobKey, bytes]]:
        yield from ((key, self._raw) for key in keys)

    def explain_absence(self, _: BlobKey) -> str:
        return "it is absent"


def _load_facts(name: str, repo: Repo | None, index: Index, *, engine: str) -> FileFacts | str:
    """Load or compute the facts of a file on disk; where that fails, tell why."""
    language = detect_language(os.fsencode(name)) or "python"
    reason = explain_unread(os.fsencode(name))
    raw = _read_content(Path(name))
    if isinstance(raw, str) or reason != OTHER_LANGUAGE:
        return raw if isinstance(raw, str) else f"is {reason}"
    key = BlobKey(git.compute_blob_id(repo, raw) if repo else "", language)
    source = FactSource(index, _SingleFile(raw))
    try:
        found = dict(source.load_facts([key]))
    except StoreError:  # an index is of use here, but not needed
        source = FactSource(Index(MEMORY), _SingleFile(raw))
        found = dict(source.load_facts([key]))
    if key not in found:
        return f"cannot be analysed: {source.failures[key]}"
    facts = found[key]
    if engine == NUMPYDOC:
        from detent.index.numpydoc_engine import apply_numpydoc

        facts = apply_numpydoc(raw, facts, language)
    return facts


def _read_content(path: Path) -> bytes | str:
    """Read a file; where that fails, tell why."""
    if str(path) == STANDARD_INPUT:
        return sys.stdin.buffer.read()
    try:
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode):
            return "is not a regular file"
        return path.read_bytes()
    except OSError as error:
        return f"cannot be read: {error.strerror}"
