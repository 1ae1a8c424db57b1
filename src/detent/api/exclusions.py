"""Why files are not checked: no Python, excluded by a setting, generated, or not in git."""

from __future__ import annotations

import os

from detent import TYPE_CHECKING, git
from detent.api.paths import make_path_filter
from detent.core.namedtuple import NamedTuple
from detent.index.views import STAGED
from detent.languages import OTHER_LANGUAGE, detect_language, explain_unread, may_be_script

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from detent.git import Repo
    from detent.index.project import Project
    from detent.index.views import View

__all__ = [
    "OTHER_LANGUAGE",
    "ChangedFiles",
    "PendingFiles",
    "explain_unchecked_paths",
    "list_changed_files",
    "list_excluded_files",
    "list_exclusions",
    "list_pending_files",
]

_DELETED = "it is deleted"


class ChangedFiles(NamedTuple):
    """The files that a change touches.

    Attributes
    ----------
    checked : list of bytes
        Those that the settings audit.
    excluded : dict of bytes to str
        The others, and why they are not checked.
    """

    checked: list[bytes]
    excluded: dict[bytes, str]


class PendingFiles(NamedTuple):
    """The files of the work tree that a view does not have as they are.

    Attributes
    ----------
    unstaged : list of bytes
        Those with changes that are not staged, where staged files are asked about.
    untracked : list of bytes
        Those that git does not track.
    """

    unstaged: list[bytes]
    untracked: list[bytes]


def list_pending_files(project: Project, view: View, named: Collection[bytes]) -> PendingFiles:
    """List the files of the work tree that would be audited and are not in a view as they are."""
    repo = project.repo
    if view.is_revision or repo.bare:
        return PendingFiles([], [])
    is_below = make_path_filter(repo, named)

    def choose(paths: Iterable[bytes]) -> list[bytes]:
        return [
            path
            for path in sorted(paths)
            if is_below(path)
            and detect_language(path)
            and project.selection.is_audited(path.decode("utf-8", "replace"))
        ]

    changes = git.list_worktree_changes(repo) if view.name == STAGED else []
    unstaged = {change.path for change in changes if change.new is not None}
    return PendingFiles(choose(unstaged), choose(git.list_untracked_files(repo)))


def list_exclusions(project: Project, view: View, paths: Collection[bytes]) -> dict[bytes, str]:
    """Tell which of these files of a view are not checked, and why."""
    generated = view.generated_or_vendored(paths)
    scripts = view.find_scripts() if any(map(may_be_script, paths)) else set()
    found = {}
    for path in sorted(paths):
        if detect_language(path) is None and path not in scripts:
            found[path] = explain_unread(path)
        elif reason := project.selection.explain_exclusion(path.decode("utf-8", "replace")):
            found[path] = reason
        elif path in generated:
            found[path] = ".gitattributes calls it generated or vendored"
    return found


def list_excluded_files(project: Project, view: View, named: Collection[bytes]) -> dict[bytes, str]:
    """Tell which files below the named directories are not checked, and why."""
    is_chosen = make_path_filter(project.repo, named)
    files = view.list_files().difference(named)
    return list_exclusions(project, view, [path for path in files if is_chosen(path)])


def explain_unchecked_paths(
    project: Project, view: View, named: Iterable[bytes]
) -> dict[bytes, str]:
    """Tell which of the named files and directories are not checked at all, and why."""
    wanted = sorted(set(named))
    files = view.list_files() if wanted else set()
    excluded = list_exclusions(project, view, files.intersection(wanted))
    found = {}
    for path in wanted:
        below = [file for file in files if file.startswith(path + b"/")]
        if path in files:
            reason = excluded.get(path, "")
        elif not below:
            reason = _explain_untracked_path(project.repo, path)
        elif len(list_exclusions(project, view, below)) == len(below):
            reason = "all of its files are excluded: see `detent audit --verbose`"
        else:
            reason = ""
        if reason:
            found[path] = reason
    return found


def list_changed_files(project: Project, view: View, base: str | None) -> ChangedFiles:
    """List the files of all kinds that a change touches in comparison with every base."""
    changes = [view.list_changes(tree) for tree in view.list_base_trees(base)]
    paths = set.intersection(
        *({change.path for change in side if change.old != change.new} for side in changes)
    )
    deleted = {change.path for change in changes[0] if change.new is None}
    excluded = list_exclusions(project, view, paths - deleted)
    excluded.update(dict.fromkeys(paths & deleted, _DELETED))
    return ChangedFiles(sorted(paths.difference(excluded)), excluded)


def _explain_untracked_path(repo: Repo, path: bytes) -> str:
    shown = os.fsdecode(path)
    place = os.path.join(repo.top, shown)
    if os.path.islink(place):
        return "symbolic links are not followed"
    if os.path.exists(os.path.join(place, ".git")):
        return f"it is another repository; run `detent audit -C {shown}`"
    parent = shown
    while parent := os.path.dirname(parent):
        if os.path.exists(os.path.join(repo.top, parent, ".git")):
            return f"it is in another repository; run `detent audit -C {parent}`"
    if os.path.isdir(place):
        return "git tracks no file in it"
    return "git does not track it: `git add` it, or run `detent lint` on it"
