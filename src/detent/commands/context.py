"""What the commands have in common: arguments, the repository, its settings and its index."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from detent import config, git, views
from detent.audit import RULES
from detent.audit.select import Selection
from detent.errors import UsageError
from detent.index import Index
from detent.judge import Subject
from detent.report import console
from detent.store import default_path

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable, Iterable

    from detent.config import Config
    from detent.git import Repo


def add_common(
    parser: ArgumentParser, *, at: str, formats: tuple[str, ...] = ("text", "json")
) -> None:
    """Add the arguments that most commands take.

    Parameters
    ----------
    parser : ArgumentParser
        The command's.
    at : str
        The default of ``--at``.
    formats : tuple of str
        What ``--format`` takes; the first is the default.
    """
    parser.add_argument("-C", dest="directory", metavar="DIR", help="work in this directory")
    parser.add_argument(
        "--store", metavar="PATH", help="the index file; memory: keeps none (default: in .git)"
    )
    parser.add_argument("--format", choices=formats, default=formats[0], help=f"default: {formats[0]}")
    parser.add_argument(
        "--at",
        metavar="VIEW",
        default=at,
        help=f"staged, worktree, or a revision (default: {at})",
    )


def open_context(namespace: Namespace) -> Subject:
    """Find the repository and read its settings.

    Parameters
    ----------
    namespace : Namespace
        Arguments of `add_common`.

    Returns
    -------
    Subject
        The index is not open yet.
    """
    directory = namespace.directory
    repo = git.discover(directory or ".", os.environ, explicit=directory is not None)
    return subject_of(repo, config.load(repo.top), namespace.store)


def subject_of(repo: Repo, settings: Config, store: str | None) -> Subject:
    """Put together what is judged.

    Parameters
    ----------
    repo : Repo
        The repository.
    settings : Config
        Its settings.
    store : str or None
        The index file as a person named it.

    Returns
    -------
    Subject
        The index is not open yet.
    """
    index = Index(store or default_path(repo.common_dir))
    return Subject(repo, settings, selected(settings), index)


def selected(settings: Config) -> Selection:
    """Make the selection of the settings.

    Parameters
    ----------
    settings : Config
        As read.

    Returns
    -------
    Selection
        Which findings count.

    Raises
    ------
    UsageError
        If a code is unknown: it would silently choose nothing.
    """
    for name in ("select", "ignore"):
        for code in settings.audit.get(name, ()):
            if code not in ("ALL", "DT") and not any(rule.startswith(code) for rule in RULES):
                raise UsageError(
                    f"{settings.source or 'settings'}: {name} names {code!r}, which is no rule",
                    "docs/rules.md lists them",
                )
    return Selection(**settings.audit)


def say(notes: Iterable[str]) -> None:
    """Tell a person what they should know about this run."""
    for text in notes:
        console.note(f"detent: {text}")


def shown_view(view: str, tree: str) -> str:
    """Name a view with the tree that it is taken from."""
    name = {views.STAGED: "staged files", views.WORKTREE: "work tree"}.get(view, view)
    return f"{name} at {tree[:10]}"


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
    here = namespace.directory or "."
    wanted = [
        os.fsencode(os.path.relpath(os.path.abspath(os.path.join(here, path)), repo.top))  # noqa: PTH100, PTH118
        for path in namespace.paths
    ]
    prefixes = [path.replace(os.sep.encode(), b"/") for path in wanted]
    if not prefixes or b"." in prefixes:
        return lambda _: True
    return lambda path: any(path == one or path.startswith(one + b"/") for one in prefixes)
