"""What differs between two trees, the index and the work tree."""

from __future__ import annotations

import errno
import os
import threading
from contextlib import contextmanager

from detent import TYPE_CHECKING
from detent.core.errors import GitError, NotMeasured
from detent.core.namedtuple import NamedTuple
from detent.git.disk import hashed
from detent.git.objects import resolve
from detent.git.process import EMPTY_BLOBS, call, checked, expect, run
from detent.git.session import once

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TypeVar

    from detent.git.process import Repo

    Result = TypeVar("Result")

_RAW = ("--raw", "-z", "--no-renames", "--no-abbrev")
_REGULAR = "100"


class Change(NamedTuple):
    """What two trees, or a tree and the index, have at one path where they differ.

    Attributes
    ----------
    path : bytes
        The path from the root of the work tree, as git has it.
    old, new : str or None
        Object ids of the regular files on the two sides; None where there is none, which includes
        symbolic links and submodules.
    """

    path: bytes
    old: str | None
    new: str | None


class Unmerged(GitError):
    """The index holds a conflict, so what would be committed is not known yet."""

    slug = "unmerged"


def staged(repo: Repo, tree: str) -> list[Change]:
    """Compare the index with a tree.

    Parameters
    ----------
    repo : Repo
        The repository; the index is the one of ``GIT_INDEX_FILE`` where that is set.
    tree : str
        A tree-ish.

    Returns
    -------
    list of Change
        What differs; the whole index where `tree` is the empty tree.

    Raises
    ------
    Unmerged
        If there are conflicts.
    NotMeasured
        If there is no index although there are commits: git would call everything deleted.
    """  # detent: ignore[DT302] `_changes` raises Unmerged
    if not _has_index(repo) and resolve(repo, "HEAD"):
        raise NotMeasured(
            f"there is no git index in {repo.git_dir}",
            "`git reset` writes it anew; in a bare repository, name a revision with --at",
        )
    return raw_changes(run(repo, _staged(tree)))


def expect_staged(repo: Repo, tree: str) -> None:
    """Let git begin with what `staged` will be asked for in this block of `standing`.

    Parameters
    ----------
    repo : Repo
        The repository.
    tree : str
        As for `staged`.
    """
    expect(repo, _staged(tree))


def _staged(tree: str) -> list[str]:
    # A sparse index has trees too: without -r, newer gits name those that differ, and no files.
    flags = ["-r", "--cached", *_RAW, "--ita-invisible-in-index"]
    return ["diff-index", *flags, tree, "--"]


def committed(repo: Repo, old: str, new: str) -> list[Change]:
    """Compare two trees.

    Parameters
    ----------
    repo : Repo
        The repository.
    old, new : str
        Object ids of trees.

    Returns
    -------
    list of Change
        What differs.
    """
    command = ["diff-tree", "-r", *_RAW, old, new, "--"]
    return list(once((repo.common_dir, *command), lambda: raw_changes(run(repo, command))))


def edited(repo: Repo) -> list[Change]:
    """Compare the work tree with the index.

    Parameters
    ----------
    repo : Repo
        The repository.

    Returns
    -------
    list of Change
        Tracked files that differ on disk, after git's own clean filters; what only looks touched is
        left out.
    """
    done = call(repo.env, repo.top, ["diff-files", *_RAW, "--ignore-submodules=all", "--"])
    listed = _without_intentions(repo, raw_changes(checked(done, repo.top)))
    if os.strerror(errno.ELOOP).encode() in done.stderr:
        listed += _behind_loops(repo)
    present = [change.path for change in listed if change.new and _is_file(repo, change.path)]
    hashes = hashed(repo, present)
    found = [change._replace(new=hashes.get(change.path)) for change in listed]
    return [change for change in found if change.old != change.new]


def on_both(repo: Repo, tree: str) -> tuple[list[Change], list[Change]]:
    """Compare the index with a tree and, at the same time, the work tree with the index.

    Parameters
    ----------
    repo : Repo
        The repository.
    tree : str
        As for `staged`.

    Returns
    -------
    list of Change
        What `staged` gives.
    list of Change
        What `edited` gives.
    """
    with beside(lambda: edited(repo)) as other:
        return staged(repo, tree), other()


@contextmanager
def beside(work: Callable[[], Result]) -> Iterator[Callable[[], Result]]:
    """Have git asked beside other work: most machines have two cores.

    Parameters
    ----------
    work : callable
        Waits for git most of its time.

    Yields
    ------
    callable
        Gives what `work` returned, or raises what it raised, as soon as it has.
    """
    found: list[Result] = []
    failed: list[Exception] = []

    def ask() -> None:
        try:
            found.append(work())
        except Exception as error:
            failed.append(error)

    def answer() -> Result:
        thread.join()
        if failed:
            raise failed[0]
        return found[0]

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    try:
        yield answer
    finally:
        thread.join()


def _behind_loops(repo: Repo) -> list[Change]:
    """List what was in a directory that is now a link to itself: git only complains of it."""
    found = []
    for change in staged(repo, repo.empty_tree):
        try:
            os.lstat(os.path.join(repo.top, os.fsdecode(change.path)))
        except OSError as error:
            if error.errno == errno.ELOOP:
                found.append(Change(change.path, change.new, None))
    return found


def _without_intentions(repo: Repo, listed: list[Change]) -> list[Change]:
    """Leave out what was only intended to be added and is gone: it was never in the index."""
    deleted_empty = (EMPTY_BLOBS[repo.object_format], None)
    gone = {change.path for change in listed if change[1:] == deleted_empty}
    if not gone:
        return listed
    gone -= {change.path for change in staged(repo, repo.empty_tree)}
    return [change for change in listed if change.path not in gone]


def renames(repo: Repo, base: str, tree: str | None) -> dict[bytes, bytes]:
    """Ask git which of the new paths were moved, with edits or without.

    Parameters
    ----------
    repo : Repo
        The repository.
    base : str
        The old tree.
    tree : str or None
        The new tree; None for the index.

    Returns
    -------
    dict of bytes to bytes
        New path to old path.
    """
    command = ["diff-index", "--cached"] if tree is None else ["diff-tree"]
    trees = [base] if tree is None else [base, tree]
    # How many files are compared with how many is not for the settings of one user to choose.
    flags = ["-r", "--name-status", "-z", "--diff-filter=R", "-l1000"]
    try:
        said = run(repo, [*command, *flags, "-M", *trees, "--"])
    except GitError:
        # What is alike is told from contents, and a partial clone lacks some of them.
        said = run(repo, [*command, *flags, "-M100%", *trees, "--"])
    fields = said.split(b"\0")
    return {fields[i + 2]: fields[i + 1] for i in range(0, len(fields) - 2, 3)}


def raw_changes(raw: bytes) -> list[Change]:
    """Read ``--raw -z``: ``:mode mode oid oid status NUL path NUL``, over and over.

    Parameters
    ----------
    raw : bytes
        As git prints it.

    Returns
    -------
    list of Change
        What differs, but for what is no regular file on either side.

    Raises
    ------
    Unmerged
        If there are conflicts.
    """
    fields = raw.split(b"\0")
    found = []
    for record, path in zip(fields[0:-1:2], fields[1::2], strict=True):
        old_mode, new_mode, old, new, status = record.decode("ascii").split(" ")
        if status.startswith("U"):
            raise Unmerged(
                f"{os.fsdecode(path)} has conflicts that are not resolved",
                "resolve them and `git add` the files",
            )
        before = old if old_mode.startswith(_REGULAR, 1) else None
        after = new if new_mode.startswith(_REGULAR) else None
        if before != after:
            found.append(Change(path, before, after))
    return found


def _has_index(repo: Repo) -> bool:
    named = repo.env.get("GIT_INDEX_FILE")
    index = (repo.git_dir, "index") if named is None else (repo.top, named)
    return os.path.isfile(os.path.join(*index))


def _is_file(repo: Repo, path: bytes) -> bool:
    full = os.path.join(repo.top, os.fsdecode(path))
    return os.path.isfile(full) and not os.path.islink(full)
