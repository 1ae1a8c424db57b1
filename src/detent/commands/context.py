"""What the commands have in common: arguments, the repository, its settings and its index."""

from __future__ import annotations

import os
from argparse import SUPPRESS
from typing import TYPE_CHECKING

from detent import git, views
from detent.errors import UsageError
from detent.index import Index
from detent.report import console
from detent.store import default_path

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from detent.git import Repo


def add_common(
    parser: ArgumentParser, *, at: str | None, formats: tuple[str, ...] = ("text", "json")
) -> None:
    """Add the arguments that most commands take.

    Parameters
    ----------
    parser : ArgumentParser
        The command's.
    at : str or None
        The default of ``--at``; None for an action of a command that has these arguments too: what
        stands before the action then holds unless it is said again.
    formats : tuple of str
        What ``--format`` takes; the first is the default.
    """
    known = at is None
    parser.add_argument(
        "-C",
        dest="directory",
        metavar="DIR",
        default=SUPPRESS if known else None,
        help="work in this directory",
    )
    parser.add_argument(
        "--store",
        metavar="PATH",
        default=SUPPRESS if known else None,
        help="the index file; memory: keeps none (default: in .git)",
    )
    parser.add_argument(
        "--format",
        choices=formats,
        default=SUPPRESS if known else formats[0],
        help=f"default: {formats[0]}",
    )
    parser.add_argument(
        "--at",
        metavar="VIEW",
        default=SUPPRESS if at is None else at,
        help="staged, worktree, or a revision" + ("" if at is None else f" (default: {at})"),
    )


def open_index(namespace: Namespace) -> tuple[Repo, Index]:
    """Find the repository and its index.

    Parameters
    ----------
    namespace : Namespace
        Arguments of `add_common`.

    Returns
    -------
    Repo
        The repository.
    Index
        Not open yet.
    """
    repo = open_repo(namespace.directory)
    return repo, Index(namespace.store or default_path(repo.common_dir))


def open_repo(directory: str | None) -> Repo:
    """Find the repository around a directory.

    Parameters
    ----------
    directory : str or None
        As a person named it; None for the one of the process, whose environment may then name the
        repository.

    Returns
    -------
    Repo
        The repository.

    Raises
    ------
    GitError
        If there is no repository, or git refuses it.
    """
    return git.discover(directory or ".", os.environ, explicit=directory is not None)


def say(notes: Iterable[str]) -> None:
    """Tell a person what they should know about this run.

    Parameters
    ----------
    notes : iterable of str
        A line each, for standard error; mostly those of the index.
    """
    for text in notes:
        console.note(f"detent: {text}")


def shown_view(view: str, tree: str) -> str:
    """Name a view with the tree that it is taken from.

    Parameters
    ----------
    view : str
        ``staged``, ``worktree`` or a revision.
    tree : str
        Object id of the tree; ten digits of it are shown.

    Returns
    -------
    str
        For a person; a revision is not made safe to print.
    """
    name = {views.STAGED: "staged files", views.WORKTREE: "work tree"}.get(view, view)
    return f"{name} at {tree[:10]}"


def write_whole(path: Path, content: str, *, mode: int | None = None) -> None:
    """Write beside and move into place, so that nobody ever finds half a file.

    Parameters
    ----------
    path : Path
        Where to; what is there is replaced.
    content : str
        All of it.
    mode : int, optional
        Its permissions.

    Raises
    ------
    OSError
        If that fails; what was there is then as it was.
    """
    beside = path.with_name(f"{path.name}.detent-new")
    beside.write_bytes(content.encode())
    try:
        if mode is not None:
            beside.chmod(mode)
        beside.replace(path)
    except OSError:
        beside.unlink()
        raise


def path_filter(repo: Repo, namespace: Namespace) -> Callable[[bytes], bool]:
    """Choose files by the paths that a person named.

    Parameters
    ----------
    repo : Repo
        The repository.
    namespace : Namespace
        Has `paths`, relative to where the person is, and `directory`.

    Returns
    -------
    callable
        Takes a path from the root of the work tree; true for all where no path was named.
    """
    prefixes = [os.fsencode(_inside(repo, namespace, path)) for path in namespace.paths]
    if not prefixes or b"." in prefixes:
        return lambda _: True
    known = git.spelling(repo)
    prefixes = [known(one) for one in prefixes]

    def chosen(path: bytes) -> bool:
        name = known(path)
        return any(name == one or name.startswith(one + b"/") for one in prefixes)

    return chosen


def _inside(repo: Repo, namespace: Namespace, path: str) -> str:
    """Give a path from the root of the work tree; what is misspelt must not pass for clean."""
    # git names the root without symbolic links, a person need not; a link in the repository stays.
    parent, name = os.path.split(os.path.join(namespace.directory or ".", path).rstrip("/") or "/")  # noqa: PTH118
    whole = os.path.abspath(os.path.join(os.path.realpath(parent), name))  # noqa: PTH100, PTH118
    found = os.path.relpath(whole, os.path.realpath(repo.top)).replace(os.sep, "/")
    is_there = namespace.at not in (views.STAGED, views.WORKTREE) or os.path.lexists(whole)
    if found.split("/")[0] == ".." or not is_there:
        raise UsageError(f"no such path in the repository: {path!r}", f"its root is {repo.top}")
    return found
