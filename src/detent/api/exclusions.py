"""Why files are not judged: no Python, excluded by a setting, of others' making, not in git."""

from __future__ import annotations

import os
from pathlib import Path

from detent import TYPE_CHECKING
from detent.audit.selection.explain_exclusion import excluded_by
from detent.core.escape import clean, clean_path
from detent.index import views
from detent.languages import language_of
from detent.report.text import plural

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from detent.git import Repo
    from detent.index.project import Subject

Reasons = dict[bytes, str]


def reasons(subject: Subject, view: str, paths: Collection[bytes]) -> Reasons:
    """Say which files are not judged, and why.

    Parameters
    ----------
    subject : Subject
        The repository and its settings.
    view : str
        ``staged``, ``worktree`` or a revision.
    paths : collection of bytes
        Files of the view.

    Returns
    -------
    dict of bytes to str
        The reason by path; what is judged is not in it.
    """
    foreign = views.foreign(subject.repo, view, paths)
    found = {}
    for path in sorted(paths):
        if language_of(path) is None:
            found[path] = "no Python source"
        elif why := excluded_by(subject.selection, path.decode("utf-8", "replace")):
            found[path] = why
        elif path in foreign:
            found[path] = ".gitattributes calls it generated or vendored"
    return found


def lines(found: Reasons, *, every: bool = False) -> list[str]:
    """Write which files are left out, and why.

    Parameters
    ----------
    found : dict of bytes to str
        As `reasons` gives them.
    every : bool, default False
        Whether to name also what is no Python source; else it is counted.

    Returns
    -------
    list of str
        A line for each that is named, sorted by path.
    """
    shown = sorted(path for path in found if every or language_of(path))
    told = [f"left out: {clean_path(path)}: {clean(found[path])}" for path in shown]
    if others := len(found) - len(shown):
        told.append(f"left out: {plural(others, 'file')} that are no Python source")
    return told


def unheard(subject: Subject, view: str, named: Iterable[bytes]) -> Iterator[str]:
    """Tell of what a person named and nobody judges, so that it does not pass for clean.

    Parameters
    ----------
    subject : Subject
        The repository and its settings.
    view : str
        ``staged``, ``worktree`` or a revision.
    named : iterable of bytes
        Files and directories, from the root of the work tree.

    Yields
    ------
    str
        A line for each.
    """
    wanted = sorted(set(named))
    files = views.files(subject.repo, view) if wanted else set()
    alone = reasons(subject, view, files.intersection(wanted))
    for path in wanted:
        below = [one for one in files if one.startswith(path + b"/")]
        if path in files:
            why = alone.get(path, "")
        elif not below:
            why = _not_in_git(subject.repo, path)
        elif len(reasons(subject, view, below)) == len(below):
            why = (
                f"none of its {plural(len(below), 'file')} is judged: see `detent audit --verbose`"
            )
        else:
            why = ""
        if why:
            yield f"{os.fsdecode(path)} is left out: {why}"


def _not_in_git(repo: Repo, path: bytes) -> str:
    place = Path(repo.top, os.fsdecode(path))
    if place.is_symlink():
        return "a symbolic link, which is not followed"
    if (place / ".git").exists():
        return "another repository: `detent audit -C` looks into it"
    if place.is_dir():
        return "git tracks nothing in it"
    return "git does not track it: `git add` it, or `detent lint` it"
