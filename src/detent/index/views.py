"""Views and their path sets: which blob stands at which path, and what differs from before.

A stored view is a tree of git and the paths where it differs from that tree. Bringing it up to date
takes the difference of two trees where the tree has moved on, and the difference of the index (and
of the work tree) from the new one: git gives both in milliseconds, and no file is read to find out
that it has not changed.
"""

from __future__ import annotations

import os

from detent import TYPE_CHECKING, git
from detent.core.errors import GitError
from detent.core.namedtuple import NamedTuple
from detent.languages import language_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from detent.git import Change, Repo
    from detent.store.protocol import View

STAGED = "staged"
WORKTREE = "worktree"

#: The views that each work tree has of its own.
OF_WORKTREES = (STAGED, WORKTREE)


class PathSets(NamedTuple):
    """How a view differs from what was stored of it.

    Attributes
    ----------
    tree : str
        The tree that it is taken from now.
    whole : bool
        Whether `present` lists the whole view, and not only where it may differ.
    present : dict of bytes to (str or None)
        Object id by path; None for what is gone.
    differences : dict of bytes to (str or None)
        The paths where the view differs from `tree`, and what the tree has there.
    """

    tree: str
    whole: bool
    present: dict[bytes, str | None]
    differences: dict[bytes, str | None]


def stored_name(repo: Repo, view: str, tree: str) -> str:
    """Give the name under which a view is stored.

    Parameters
    ----------
    repo : Repo
        The repository; the index and the work tree belong to one of its work trees.
    view : str
        ``staged``, ``worktree`` or a revision.
    tree : str
        The tree that the view is taken from; a revision is stored by it.

    Returns
    -------
    str
        Unique in the repository.
    """
    if view not in OF_WORKTREES:
        return f"@{tree}"
    # The directory of a work tree need not be UTF-8, but what is stored must be.
    return os.fsencode(f"{repo.worktree}/{view}").decode("utf-8", "backslashreplace")


def base_tree(repo: Repo, view: str) -> str:
    """Resolve the tree that a view is taken from.

    Parameters
    ----------
    repo : Repo
        The repository.
    view : str
        ``staged``, ``worktree`` or a revision.

    Returns
    -------
    str
        Object id of HEAD's tree, or of the revision's own.

    Raises
    ------
    NotMeasured
        If there is no such revision.
    """
    return git.tree_of(repo, "HEAD" if view in OF_WORKTREES else view)


def differences(repo: Repo, view: str, tree: str) -> list[Change]:
    """Compare the files of a view that detent analyses with a tree.

    Parameters
    ----------
    repo : Repo
        The repository.
    view : str
        ``staged``, ``worktree`` or a revision.
    tree : str
        Object id of the tree.

    Returns
    -------
    list of Change
        What differs, sorted by path.

    Raises
    ------
    GitError
        If git cannot tell, as during a conflict.
    """
    return _analysed(changes(repo, view, tree))


def changes(repo: Repo, view: str, tree: str) -> list[Change]:
    """Compare a view with a tree, in files of all kinds.

    Parameters
    ----------
    repo : Repo
        The repository.
    view, tree : str
        As for `differences`.

    Returns
    -------
    list of Change
        What differs, in no order.
    """
    if view not in OF_WORKTREES:
        target = git.tree_of(repo, view)
        return git.committed(repo, tree, target) if target != tree else []
    indexed, edited = git.on_both(repo, tree) if view == WORKTREE else (git.staged(repo, tree), [])
    found = {change.path: change for change in indexed}
    for change in edited:
        before = found.get(change.path)
        old = change.old if before is None else before.old
        found[change.path] = change._replace(old=old)
    return [change for change in found.values() if change.old != change.new]


def files(repo: Repo, view: str) -> set[bytes]:
    """List all regular files of a view, those of other languages too.

    Parameters
    ----------
    repo : Repo
        The repository.
    view : str
        ``staged``, ``worktree`` or a revision.

    Returns
    -------
    set of bytes
        Their paths.
    """
    return {one.path for one in changes(repo, view, repo.empty_tree) if one.new is not None}


def foreign(repo: Repo, view: str, paths: Collection[bytes]) -> set[bytes]:
    """Find the files that the attributes of a view call generated or vendored.

    Parameters
    ----------
    repo : Repo
        The repository.
    view : str
        ``staged``, ``worktree`` or a revision.
    paths : collection of bytes
        The files to ask about.

    Returns
    -------
    set of bytes
        Those that are not of the project's making: they are indexed, and not audited.
    """
    tree = None if view in OF_WORKTREES else git.tree_of(repo, view)
    return git.foreign(repo, paths, tree=tree, disk=view == WORKTREE)


def expect_foreign(repo: Repo, view: str) -> None:
    """Let git begin with what `foreign` will be asked for in this block of `git.standing`.

    Parameters
    ----------
    repo : Repo
        The repository.
    view : str
        ``staged``, ``worktree`` or a revision.
    """
    if view in OF_WORKTREES:
        git.expect_foreign(repo, disk=view == WORKTREE)


def path_sets(repo: Repo, view: str, stored: View | None, *, tree: str | None = None) -> PathSets:
    """Work out what a view is now, as far as it may differ from what is stored.

    Parameters
    ----------
    repo : Repo
        The repository.
    view : str
        ``staged``, ``worktree`` or a revision.
    stored : View or None
        What the store has of it.
    tree : str, optional
        What `base_tree` gives, if that is known already.

    Returns
    -------
    PathSets
        Nothing in `present` means that the stored view is exact.
    """
    tree = tree or base_tree(repo, view)
    moved = None if stored is None else _moved(repo, stored.tree, tree)
    if stored is None or moved is None:
        present = {c.path: c.new for c in _analysed(git.committed(repo, repo.empty_tree, tree))}
    else:
        present = {**stored.differences, **{change.path: change.new for change in moved}}
    differ = differences(repo, view, tree)
    present.update((change.path, change.new) for change in differ)
    return PathSets(
        tree=tree,
        whole=moved is None,
        present=present,
        differences={change.path: change.old for change in differ},
    )


def listed(repo: Repo, view: str) -> dict[bytes, str]:
    """List all files of a view that detent analyses, stored or not.

    Parameters
    ----------
    repo : Repo
        The repository.
    view : str
        ``staged``, ``worktree`` or a revision.

    Returns
    -------
    dict of bytes to str
        Object id by path.
    """
    present = path_sets(repo, view, None).present
    return {path: oid for path, oid in present.items() if oid is not None}


def _moved(repo: Repo, old: str, new: str) -> list[Change] | None:
    """Compare two trees; None where git has forgotten the old one."""
    if old == new:
        return []
    try:
        return _analysed(git.committed(repo, old, new))
    except GitError:
        return None


def _analysed(changes: Iterable[Change]) -> list[Change]:
    return sorted(change for change in changes if language_of(change.path))
