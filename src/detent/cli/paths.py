"""The paths that a person names: found in a view, or refused with the nearest right one."""

from __future__ import annotations

import os

from detent import TYPE_CHECKING, git
from detent.core.errors import UsageError
from detent.git.spelling import make_path_normalizer
from detent.index import views

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Collection

    from detent.git import Repo


def find_named_paths(repo: Repo, namespace: Namespace) -> list[bytes]:
    """Find the paths that a person named."""
    found = [(path, _make_relative_path(repo, namespace, path)) for path in namespace.paths]
    if any(inside == "." for _, inside in found):
        return []
    for path, inside in found:
        if not _is_in_view(repo, namespace.at, inside):
            where = "the repository" if namespace.at in views.WORKTREE_VIEWS else namespace.at
            files = [os.fsdecode(one) for one in views.list_files(repo, namespace.at)]
            hint = suggest_path(inside, files) or f"its root is {repo.top}"
            raise UsageError(f"no such path in {where}: {path!r}", hint)
    return [os.fsencode(inside) for _, inside in found]


def make_path_filter(repo: Repo, namespace: Namespace) -> Callable[[bytes], bool]:
    """Choose files by the paths that a person named."""
    prefixes = find_named_paths(repo, namespace)
    if not prefixes:
        return lambda _: True
    known = make_path_normalizer(repo)
    prefixes = [known(one) for one in prefixes]

    def chosen(path: bytes) -> bool:
        name = known(path)
        return any(name == one or name.startswith(one + b"/") for one in prefixes)

    return chosen


def _make_relative_path(repo: Repo, namespace: Namespace, path: str) -> str:
    """Give a path from the root of the work tree."""
    # git names the root without symbolic links, a person need not; a link in the repository stays.
    parent, name = os.path.split(os.path.join(namespace.directory or ".", path).rstrip("/") or "/")  # noqa: PTH118
    whole = os.path.abspath(os.path.join(os.path.realpath(parent), name))  # noqa: PTH100, PTH118
    found = os.path.relpath(whole, os.path.realpath(repo.top)).replace(os.sep, "/")
    if found.split("/")[0] == "..":
        raise UsageError(f"no such path in the repository: {path!r}", f"its root is {repo.top}")
    return found


def _is_in_view(repo: Repo, view: str, path: str) -> bool:
    """Tell whether a view has a file or a directory; on disk will do where the view is of it."""
    if view in views.WORKTREE_VIEWS:
        if os.path.lexists(os.path.join(repo.top, path)):  # noqa: PTH118
            return True
    elif git.resolve_revision(repo, f"{git.resolve_tree(repo, view)}:{path}"):
        return True
    known = make_path_normalizer(repo)
    name = known(os.fsencode(path))
    return any(
        one == name or one.startswith(name + b"/")
        for one in map(known, views.list_files(repo, view))
    )


def suggest_path(path: str, files: Collection[str]) -> str:
    """Guess which path was meant."""
    name = f"/{path.rpartition('/')[2]}"
    same = [one for one in files if f"/{one}".endswith(name)]
    if len(same) == 1:
        return f"did you mean {same[0]!r}?"
    return _suggest_similar_path(path, files)


def _suggest_similar_path(path: str, files: Collection[str]) -> str:
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
