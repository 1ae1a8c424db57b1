"""The paths that a person names: found in a view, or refused with the nearest right one."""

from __future__ import annotations

import os

from detent import TYPE_CHECKING, git
from detent.core.errors import UsageError
from detent.git.spelling import spelling
from detent.index import views

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Collection

    from detent.git import Repo


def named_paths(repo: Repo, namespace: Namespace) -> list[bytes]:
    """Find the paths that a person named.

    Parameters
    ----------
    repo : Repo
        The repository.
    namespace : Namespace
        Has `paths`, relative to where the person is, `directory`, and `at`, the view.

    Returns
    -------
    list of bytes
        From the root of the work tree; empty where everything is meant.

    Raises
    ------
    UsageError
        If one of them is not in the view: what is misspelt must not pass for clean.
    """
    found = [(path, _inside(repo, namespace, path)) for path in namespace.paths]
    if any(inside == "." for _, inside in found):
        return []
    for path, inside in found:
        if not _is_there(repo, namespace.at, inside):
            where = "the repository" if namespace.at in views.OF_WORKTREES else namespace.at
            files = [os.fsdecode(one) for one in views.files(repo, namespace.at)]
            hint = nearest(inside, files) or f"its root is {repo.top}"
            raise UsageError(f"no such path in {where}: {path!r}", hint)
    return [os.fsencode(inside) for _, inside in found]


def path_filter(repo: Repo, namespace: Namespace) -> Callable[[bytes], bool]:
    """Choose files by the paths that a person named.

    Parameters
    ----------
    repo : Repo
        The repository.
    namespace : Namespace
        As for `named_paths`.

    Returns
    -------
    callable
        Takes a path from the root of the work tree; true for all where no path was named.
    """
    prefixes = named_paths(repo, namespace)
    if not prefixes:
        return lambda _: True
    known = spelling(repo)
    prefixes = [known(one) for one in prefixes]

    def chosen(path: bytes) -> bool:
        name = known(path)
        return any(name == one or name.startswith(one + b"/") for one in prefixes)

    return chosen


def _inside(repo: Repo, namespace: Namespace, path: str) -> str:
    """Give a path from the root of the work tree."""
    # git names the root without symbolic links, a person need not; a link in the repository stays.
    parent, name = os.path.split(os.path.join(namespace.directory or ".", path).rstrip("/") or "/")  # noqa: PTH118
    whole = os.path.abspath(os.path.join(os.path.realpath(parent), name))  # noqa: PTH100, PTH118
    found = os.path.relpath(whole, os.path.realpath(repo.top)).replace(os.sep, "/")
    if found.split("/")[0] == "..":
        raise UsageError(f"no such path in the repository: {path!r}", f"its root is {repo.top}")
    return found


def _is_there(repo: Repo, view: str, path: str) -> bool:
    """Tell whether a view has a file or a directory; on disk will do where the view is of it."""
    if view in views.OF_WORKTREES:
        if os.path.lexists(os.path.join(repo.top, path)):  # noqa: PTH118
            return True
    elif git.resolve(repo, f"{git.tree_of(repo, view)}:{path}"):
        return True
    known = spelling(repo)
    name = known(os.fsencode(path))
    return any(
        one == name or one.startswith(name + b"/") for one in map(known, views.files(repo, view))
    )


def nearest(path: str, files: Collection[str]) -> str:
    """Guess which path was meant.

    Parameters
    ----------
    path : str
        From the root, with slashes; there is no such file and no such directory.
    files : collection of str
        The paths of all files.

    Returns
    -------
    str
        A question; empty where nothing is near.
    """
    name = f"/{path.rpartition('/')[2]}"
    same = [one for one in files if f"/{one}".endswith(name)]
    if len(same) == 1:
        return f"did you mean {same[0]!r}?"
    return _similar(path, files)


def _similar(path: str, files: Collection[str]) -> str:
    """Go down as far as there are such directories, then look for the most similar name."""
    from difflib import get_close_matches

    place = ""
    for part in path.split("/"):
        below = {one[len(place) :].partition("/")[0] for one in files if one.startswith(place)}
        near = [part] if part in below else get_close_matches(part, sorted(below), 1)
        if not near:
            return ""
        place += f"{near[0]}/"
    return f"did you mean {place[:-1]!r}?"
