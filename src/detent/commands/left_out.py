"""Why files are not judged: no Python, excluded by a setting, of others' making, not in git."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from detent import views
from detent.analysis import language_of
from detent.audit.excluded import excluded_by
from detent.report.clean import clean, clean_path
from detent.report.text import plural

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from detent.git import Repo
    from detent.subject import Subject

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
    """Tell of the files that a person named and nobody judges, so that none passes for clean.

    Parameters
    ----------
    subject : Subject
        The repository and its settings.
    view : str
        ``staged``, ``worktree`` or a revision.
    named : iterable of bytes
        Paths from the root of the work tree; directories of it are passed over.

    Yields
    ------
    str
        A line for each.
    """
    is_on_disk = view in views.OF_WORKTREES
    top = subject.repo.top
    wanted = {path for path in named if not (is_on_disk and Path(top, os.fsdecode(path)).is_dir())}
    if not wanted:
        return
    files = views.files(subject.repo, view)
    found = reasons(subject, view, wanted & files)
    if is_on_disk:
        found.update(_not_in_git(subject.repo, wanted - files))
    for path, why in sorted(found.items()):
        yield f"{os.fsdecode(path)} is left out: {why}"


def _not_in_git(repo: Repo, paths: Iterable[bytes]) -> Iterator[tuple[bytes, str]]:
    for path in paths:
        if Path(repo.top, os.fsdecode(path)).is_symlink():
            yield path, "a symbolic link, which is not followed"
        else:
            yield path, "git does not track it: `git add` it, or `detent lint` it"
