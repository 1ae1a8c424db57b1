"""What differs between two trees, the index and the work tree."""

from __future__ import annotations

import errno
import os
import threading
from contextlib import contextmanager

from detent import TYPE_CHECKING
from detent.core.errors import GitError, MeasurementError
from detent.core.namedtuple import NamedTuple
from detent.git.disk import hash_files
from detent.git.objects import resolve_revision
from detent.git.process import EMPTY_BLOBS, call_git, expect_call, require_success, run_git
from detent.git.session import cached

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TypeVar

    from detent.git.process import Repo

    Result = TypeVar("Result")

_RAW_OPTIONS = ("--raw", "-z", "--no-renames", "--no-abbrev")
_REGULAR_MODE = "100"


class FileChange(NamedTuple):
    """What two trees, or a tree and the index, have at one path where they differ."""

    path: bytes  # the path from the root of the work tree, as git has it
    old: str | None  # object ids of the regular files on the two sides
    new: str | None


class UnmergedError(GitError):
    """The index holds a conflict, so what would be committed is not known yet."""

    slug = "unmerged"


def list_staged_changes(repo: Repo, tree: str) -> list[FileChange]:
    """Compare the index with a tree.

    Parameters
    ----------
    repo : Repo
        The repository; the index is the one of ``GIT_INDEX_FILE`` where that is set.
    tree : str
        A tree-ish.

    Returns
    -------
    list of FileChange
        What differs; the whole index where `tree` is the empty tree.

    Raises
    ------
    UnmergedError
        If there are conflicts.
    MeasurementError
        If there is no index although there are commits: git would call everything deleted.
    """  # detent: ignore[DT302] `_plan_changes` raises Unmerged
    if not _has_index(repo) and resolve_revision(repo, "HEAD"):
        raise MeasurementError(
            f"there is no git index in {repo.git_dir}",
            "`git reset` writes it anew; in a bare repository, name a revision with --at",
        )
    return parse_raw_changes(run_git(repo, _build_staged_command(tree)))


def expect_staged_changes(repo: Repo, tree: str) -> None:
    """Let git start with what `list_staged_changes` will ask."""
    expect_call(repo, _build_staged_command(tree))


def _build_staged_command(tree: str) -> list[str]:
    # A sparse index has trees too: without -r, newer gits name those that differ, and no files.
    flags = ["-r", "--cached", *_RAW_OPTIONS, "--ita-invisible-in-index"]
    return ["diff-index", *flags, tree, "--"]


def list_tree_changes(repo: Repo, old: str, new: str) -> list[FileChange]:
    """Compare two trees."""
    command = ["diff-tree", "-r", *_RAW_OPTIONS, old, new, "--"]
    return list(
        cached((repo.common_dir, *command), lambda: parse_raw_changes(run_git(repo, command)))
    )


def list_worktree_changes(repo: Repo) -> list[FileChange]:
    """Compare the work tree with the index."""
    done = call_git(
        repo.env, repo.top, ["diff-files", *_RAW_OPTIONS, "--ignore-submodules=all", "--"]
    )
    listed = _drop_intended_additions(repo, parse_raw_changes(require_success(done, repo.top)))
    if os.strerror(errno.ELOOP).encode() in done.stderr:
        listed += _find_loop_deletions(repo)
    present = [change.path for change in listed if change.new and _is_file(repo, change.path)]
    hashes = hash_files(repo, present)
    found = [change._replace(new=hashes.get(change.path)) for change in listed]
    return [change for change in found if change.old != change.new]


def list_all_changes(repo: Repo, tree: str) -> tuple[list[FileChange], list[FileChange]]:
    """Compare the index with a tree and, at the same time, the work tree with the index."""
    with run_in_thread(lambda: list_worktree_changes(repo)) as other:
        return list_staged_changes(repo, tree), other()


@contextmanager
def run_in_thread(work: Callable[[], Result]) -> Iterator[Callable[[], Result]]:
    """Have git asked beside other work: most machines have two cores."""
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


def _find_loop_deletions(repo: Repo) -> list[FileChange]:
    """List what was in a directory that is now a link to itself: git only complains of it."""
    found = []
    for change in list_staged_changes(repo, repo.empty_tree):
        try:
            os.lstat(os.path.join(repo.top, os.fsdecode(change.path)))
        except OSError as error:
            if error.errno == errno.ELOOP:
                found.append(FileChange(change.path, change.new, None))
    return found


def _drop_intended_additions(repo: Repo, listed: list[FileChange]) -> list[FileChange]:
    """Leave out what was only intended to be added and is gone: it was never in the index."""
    deleted_empty = (EMPTY_BLOBS[repo.object_format], None)
    gone = {change.path for change in listed if change[1:] == deleted_empty}
    if not gone:
        return listed
    gone -= {change.path for change in list_staged_changes(repo, repo.empty_tree)}
    return [change for change in listed if change.path not in gone]


def find_renames(repo: Repo, base: str, tree: str | None) -> dict[bytes, bytes]:
    """Ask git which of the new paths were moved, with edits or without."""
    command = ["diff-index", "--cached"] if tree is None else ["diff-tree"]
    trees = [base] if tree is None else [base, tree]
    # How many files are compared with how many is not for the settings of one user to choose.
    flags = ["-r", "--name-status", "-z", "--diff-filter=R", "-l1000"]
    try:
        said = run_git(repo, [*command, *flags, "-M", *trees, "--"])
    except GitError:
        # What is alike is told from contents, and a partial clone lacks some of them.
        said = run_git(repo, [*command, *flags, "-M100%", *trees, "--"])
    fields = said.split(b"\0")
    return {fields[i + 2]: fields[i + 1] for i in range(0, len(fields) - 2, 3)}


def parse_raw_changes(raw: bytes) -> list[FileChange]:
    """Read ``--raw -z``: ``:mode mode oid oid status NUL path NUL``, over and over."""
    fields = raw.split(b"\0")
    found = []
    for record, path in zip(fields[0:-1:2], fields[1::2], strict=True):
        old_mode, new_mode, old, new, status = record.decode("ascii").split(" ")
        if status.startswith("U"):
            raise UnmergedError(
                f"{os.fsdecode(path)} has conflicts that are not resolved",
                "resolve them and `git add` the files",
            )
        before = old if old_mode.startswith(_REGULAR_MODE, 1) else None
        after = new if new_mode.startswith(_REGULAR_MODE) else None
        if before != after:
            found.append(FileChange(path, before, after))
    return found


def _has_index(repo: Repo) -> bool:
    named = repo.env.get("GIT_INDEX_FILE")
    index = (repo.git_dir, "index") if named is None else (repo.top, named)
    return os.path.isfile(os.path.join(*index))


def _is_file(repo: Repo, path: bytes) -> bool:
    full = os.path.join(repo.top, os.fsdecode(path))
    return os.path.isfile(full) and not os.path.islink(full)
