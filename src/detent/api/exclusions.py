"""Why files are not judged: no Python, excluded by a setting, of others' making, not in git."""

from __future__ import annotations

import os
from pathlib import Path

from detent import TYPE_CHECKING
from detent.core.escape import clean_path, clean_text
from detent.index import views
from detent.languages import detect_language
from detent.report.text import format_count

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from detent.git import Repo
    from detent.index.project import Project

ExclusionReasons = dict[bytes, str]


def list_exclusions(project: Project, view: str, paths: Collection[bytes]) -> ExclusionReasons:
    """Say which files are not judged, and why.

    Parameters
    ----------
    project : Project
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
    foreign = views.generated_or_vendored(project.repo, view, paths)
    found = {}
    for path in sorted(paths):
        if detect_language(path) is None:
            found[path] = "no Python source"
        elif why := project.selection.explain_exclusion(path.decode("utf-8", "replace")):
            found[path] = why
        elif path in foreign:
            found[path] = ".gitattributes calls it generated or vendored"
    return found


def render_exclusions(found: ExclusionReasons, *, every: bool = False) -> list[str]:
    """Write which files are left out, and why.

    Parameters
    ----------
    found : dict of bytes to str
        As `list_exclusions` gives them.
    every : bool, default False
        Whether to name also what is no Python source; else it is counted.

    Returns
    -------
    list of str
        A line for each that is named, sorted by path.
    """
    shown = sorted(path for path in found if every or detect_language(path))
    told = [f"left out: {clean_path(path)}: {clean_text(found[path])}" for path in shown]
    if others := len(found) - len(shown):
        told.append(f"left out: {format_count(others, 'file')} that are no Python source")
    return told


def explain_unchecked_paths(project: Project, view: str, named: Iterable[bytes]) -> Iterator[str]:
    """Tell of what a person named and nobody judges, so that it does not pass for clean.

    Parameters
    ----------
    project : Project
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
    files = views.list_files(project.repo, view) if wanted else set()
    alone = list_exclusions(project, view, files.intersection(wanted))
    for path in wanted:
        below = [one for one in files if one.startswith(path + b"/")]
        if path in files:
            why = alone.get(path, "")
        elif not below:
            why = _explain_untracked_path(project.repo, path)
        elif len(list_exclusions(project, view, below)) == len(below):
            count = format_count(len(below), "file")
            why = f"none of its {count} is judged: see `detent audit --verbose`"
        else:
            why = ""
        if why:
            yield f"{os.fsdecode(path)} is left out: {why}"


def _explain_untracked_path(repo: Repo, path: bytes) -> str:
    place = Path(repo.top, os.fsdecode(path))
    if place.is_symlink():
        return "a symbolic link, which is not followed"
    if (place / ".git").exists():
        return "another repository: `detent audit -C` looks into it"
    if place.is_dir():
        return "git tracks nothing in it"
    return "git does not track it: `git add` it, or `detent lint` it"
