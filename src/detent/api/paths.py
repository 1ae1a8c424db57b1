"""The paths that a person names: found in a view, or an error that suggests a similar path."""

from __future__ import annotations

import os

from detent import TYPE_CHECKING, git
from detent.core.errors import UsageError
from detent.core.files import find_inside
from detent.git.settings import make_path_normalizer
from detent.store import MEMORY, list_index_files

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from detent.git import Repo
    from detent.index.views import View

    AnyPath = str | os.PathLike[str]


def find_named_paths(view: View, paths: Iterable[AnyPath], *, directory: str) -> list[bytes]:
    """Find paths in a view, from the root of the work tree; empty where all files are meant."""
    named = [os.fspath(path) for path in paths]
    found = [_make_relative_path(view.repo, directory, path) for path in named]
    if "." in found:
        return []
    for path, inside in zip(named, found, strict=True):
        if not _is_in_view(view, inside):
            raise _make_path_error(view, path, inside)
    return [os.fsencode(inside) for inside in found]


def require_own_index(repo: Repo, store: str) -> None:
    """Refuse an index that a commit can bring along, or lead elsewhere by a symbolic link."""
    if repo.bare or store == MEMORY:
        return
    other = "name another file with --store"
    try:
        inside = find_inside(repo.top, store)
    except OSError as error:
        raise UsageError(f"the index {store} cannot be used: {error.strerror}", other) from error
    if inside and os.path.islink(store):
        raise UsageError(f"the index {store} cannot be used: it is a symbolic link", other)
    if inside and git.is_tracked(repo, list_index_files(inside)):
        raise UsageError(
            f"the index {store} is tracked by git, so a commit could decide what it says",
            f"`git rm --cached {inside}*`, or {other}",
        )


def _make_path_error(view: View, path: str, inside: str) -> UsageError:
    where = view.name if view.is_revision else "the repository"
    files = [os.fsdecode(file) for file in view.list_files()]
    hint = suggest_path(inside, files) or f"its root is {view.repo.top}"
    return UsageError(f"no such path in {where}: {path!r}", hint)


def make_path_filter(repo: Repo, prefixes: Collection[bytes]) -> Callable[[bytes], bool]:
    """Choose files by paths that `find_named_paths` found; all files where there are none."""
    if not prefixes:
        return lambda _: True
    normalize = make_path_normalizer(repo)
    roots = [normalize(prefix) for prefix in prefixes]

    def is_chosen(path: bytes) -> bool:
        name = normalize(path)
        return any(name == root or name.startswith(root + b"/") for root in roots)

    return is_chosen


def _make_relative_path(repo: Repo, directory: str, path: str) -> str:
    """Give a path from the root of the work tree."""
    # git names the root without symbolic links, a person may not; a link inside of it is kept.
    parent, name = os.path.split(os.path.join(directory, path).rstrip("/") or "/")
    full_path = os.path.abspath(os.path.join(os.path.realpath(parent), name))
    found = os.path.relpath(full_path, os.path.realpath(repo.top)).replace(os.sep, "/")
    if found.split("/")[0] == "..":
        raise UsageError(f"no such path in the repository: {path!r}", f"its root is {repo.top}")
    return found


def _is_in_view(view: View, path: str) -> bool:
    """Tell whether a view has a file or a directory; for the work tree, whether it is on disk."""
    repo = view.repo
    if view.is_revision:
        if git.resolve_revision(repo, f"{view.tree}:{path}"):
            return True
    elif os.path.lexists(os.path.join(repo.top, path)):
        return True
    normalize = make_path_normalizer(repo)
    name = normalize(os.fsencode(path))
    return any(
        file == name or file.startswith(name + b"/") for file in map(normalize, view.list_files())
    )


def suggest_path(path: str, files: Collection[str]) -> str:
    """Guess which path was meant."""
    name = f"/{path.rpartition('/')[2]}"
    same = [file for file in files if f"/{file}".endswith(name)]
    if len(same) == 1:
        return f"did you mean {same[0]!r}?"
    return _suggest_similar_path(path, files)


def _suggest_similar_path(path: str, files: Collection[str]) -> str:
    """Replace each part that does not exist by the most similar name in that directory."""
    from difflib import get_close_matches

    place = ""
    for part in path.split("/"):
        below = {file[len(place) :].partition("/")[0] for file in files if file.startswith(place)}
        near = [part] if part in below else get_close_matches(part, sorted(below), 1)
        if not near:
            return ""
        place += f"{near[0]}/"
    return f"did you mean {place[:-1]!r}?"
