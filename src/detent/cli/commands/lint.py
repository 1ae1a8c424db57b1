"""Judge files as ``numpydoc lint`` does: the same arguments, settings, codes and form of output.

It takes the place of numpydoc's command and of its hook. Files are judged as they are on disk, in
a git repository or outside of one; what cannot be read is reported, and the rest goes on. Every
symbol is judged, as with ``[tool.numpydoc_validation]`` in the settings, whether or not that is
there.

Examples
--------
detent lint src/mine.py
detent lint --ignore GL08,SS03 src/mine.py
"""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

from detent import TYPE_CHECKING, config, git
from detent.audit.codes import NOTES
from detent.cli.context import open_repo
from detent.core.errors import GitError, StoreError, UsageError
from detent.core.escape import clean_path
from detent.core.model import BlobKey
from detent.index.executors.base import AnalysisFailure, WorkItem, analyze_item
from detent.index.handle import Index
from detent.index.project import make_selection
from detent.report import console
from detent.store import default_index_path

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from detent.audit.selection.select import Selection
    from detent.config import Config
    from detent.core.model import FileFacts
    from detent.git import Repo

_CODE = re.compile(r"[A-Z]{2}\d{2,3}")
_SETTINGS = ("pyproject.toml", "setup.cfg", "detent.toml")
_UNMEASURED = 3


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument(
        "--config",
        metavar="DIR",
        help="directory of the settings (default: the root of the repository; without one, the "
        "nearest directory upwards that has some)",
    )
    parser.add_argument(
        "--ignore",
        action="append",
        default=[],
        metavar="CODES",
        help="codes that do not count, parted by commas or spaces; may be given several times",
    )
    parser.add_argument("files", nargs="+", metavar="FILE", help="the files to judge")


def run(namespace: Namespace) -> int:
    """Run the command."""
    repo = _find_repo()
    root = Path(repo.top) if repo else _find_settings_root(Path.cwd())
    settings = _load_settings(namespace, root)
    selection = make_selection(settings)
    index = Index(default_index_path(repo.common_dir)) if repo else None
    found = failed = 0
    for name in namespace.files:
        path = _make_relative_path(name, root)
        if selection.is_audited(path):
            facts = _load_facts(name, repo, index, engine=settings.engine)
            shown = clean_path(os.fsencode(name))
            if isinstance(facts, str):
                failed += 1
                _print_line(f"{shown}: {facts}")
            else:
                found += _print_findings(shown, path, facts, selection=selection)
    if index is not None:
        index.close()
    return 1 if found else _UNMEASURED if failed else 0


def _load_settings(namespace: Namespace, root: Path) -> Config:
    """Read the settings, and add what is to be ignored."""
    directory = Path(namespace.config).expanduser() if namespace.config else root
    settings = config.load_config(str(directory), config.AuditOptions(default_preset="numpydoc"))
    ignored = (*settings.audit.get("ignore", ()), *_parse_codes(namespace.ignore))
    return settings._replace(audit={**settings.audit, "ignore": ignored})


def _print_line(line: str) -> None:
    """Write as numpydoc does: to standard error, each line after an empty one."""
    console.print_note("")
    console.print_note(line)


def _print_findings(shown: str, path: str, facts: FileFacts, *, selection: Selection) -> int:
    """Write the findings of a file that count; give their number, without notes and warnings."""
    rules = selection.resolve_file(path)
    number = 0
    for finding in facts.findings:
        severity = rules.get_severity(finding, facts.symbols[finding.symbol])
        if severity:
            _print_line(f"{shown}:{finding.line}: {finding.code} {finding.message}")
            number += severity == "error" and finding.code not in NOTES
    return number


def _find_repo() -> Repo | None:
    try:
        repo = open_repo(None)
    except GitError:
        return None
    return None if repo.bare else repo


def _find_settings_root(here: Path) -> Path:
    """Find the settings where no repository says which are meant."""
    for place in (here, *here.parents):
        if any((place / name).is_file() for name in _SETTINGS):
            return place
    return here


def _parse_codes(given: list[str]) -> list[str]:
    codes = [code for words in given for code in re.split(r"\W+", words) if code]
    for code in codes:
        if not _CODE.fullmatch(code):
            raise UsageError(f"--ignore: {code!r} is no code", "a code looks like PR01")
    return codes


def _make_relative_path(name: str, root: Path) -> str:
    """Give a path as settings mean it; one that is elsewhere as it was given."""
    parent, last = os.path.split(name)
    whole = os.path.join(os.path.realpath(parent), last)  # noqa: PTH118
    inside = os.path.relpath(whole, os.path.realpath(root))
    outside = Path(inside).parts[:1] == (os.pardir,)
    return (name if outside else inside).replace(os.sep, "/")


def _load_facts(
    name: str, repo: Repo | None, index: Index | None, *, engine: str
) -> FileFacts | str:
    """Collect the facts of a file on disk; where that fails, say why."""
    raw = _read_content(Path(name))
    if isinstance(raw, str):
        return raw
    oid = git.compute_blob_id(repo, raw) if repo else ""
    facts = _load_stored_facts(index, oid) if index else None
    if facts is None:
        (_, outcome), _ = analyze_item(WorkItem(BlobKey(oid, "python"), raw))
        if isinstance(outcome, AnalysisFailure):
            return f"cannot be judged: {outcome.reason}"
        facts = outcome
    if engine == config.NUMPYDOC:
        from detent.index.numpydoc_engine import apply_numpydoc

        facts = apply_numpydoc(raw, facts)
    return facts


def _read_content(path: Path) -> bytes | str:
    """Read a file; where there is none to read, say why."""
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            return "is a directory: name the files in it"
        if not stat.S_ISREG(mode):
            return "is no regular file"
        return path.read_bytes()
    except OSError as error:
        return f"cannot be read: {error.strerror}"


def _load_stored_facts(index: Index, oid: str) -> FileFacts | None:
    """Look a blob up in the index, which need be neither there nor whole."""
    try:
        return dict(index.open_reader().load_facts([oid])).get(oid) if index.exists else None
    except StoreError:
        return None
