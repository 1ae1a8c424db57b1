"""What differs between two trees, the index and the work tree."""

from __future__ import annotations

import errno
import os

from detent import TYPE_CHECKING
from detent.core.errors import GitError, MeasurementError
from detent.core.namedtuple import NamedTuple
from detent.git.disk import hash_files
from detent.git.process import EMPTY_BLOBS, call_git, require_success, resolve_revision, run_git

if TYPE_CHECKING:
    from detent.git.process import Repo

_RAW_OPTIONS = ("--raw", "-z", "--no-renames", "--no-abbrev")
_REGULAR_MODE = "100"
_X = "755"


class FileChange(NamedTuple):
    """What two trees, or a tree and the index, have at one path where they differ."""

    path: bytes  # the path from the root of the work tree, as git has it
    old: str | None  # object ids of the regular files on the two sides
    new: str | None
    was_executable: bool = False
    is_executable: bool = False

    @property
    def is_nothing(self) -> bool:
        """Whether both sides are the same to whoever reads sources.

        The mode matters only for a file without a suffix, which may be a script.
        """
        has_same_mode = self.was_executable == self.is_executable
        return self.old == self.new and (has_same_mode or b"." in self.path.rpartition(b"/")[2])


class UnmergedError(GitError):
    """The index holds a conflict, so what would be committed is not known yet."""

    slug = "unmerged"


def list_staged_changes(repo: Repo, tree: str) -> list[FileChange]:
    """Compare the index (of ``GIT_INDEX_FILE`` where that is set) with a tree."""
    # Without an index git would call everything deleted.
    if not _has_index(repo) and resolve_revision(repo, "HEAD"):
        raise MeasurementError(
            f"there is no git index in {repo.git_dir}",
            "`git reset` writes it again; in a bare repository, name a revision with --at",
        )
    # A sparse index has trees too: without -r, newer gits name those that differ, and no files.
    flags = ["-r", "--cached", *_RAW_OPTIONS, "--ita-invisible-in-index"]
    return parse_raw_changes(run_git(repo, ["diff-index", *flags, tree, "--"]))


def list_tree_changes(repo: Repo, old: str, new: str) -> list[FileChange]:
    """Compare two trees."""
    command = ("diff-tree", "-r", *_RAW_OPTIONS, old, new, "--")

    def work() -> list[FileChange]:
        return parse_raw_changes(run_git(repo, command))

    return list(repo.session.remember(command, work)) if repo.session else work()


def list_worktree_changes(repo: Repo) -> list[FileChange]:
    """Compare the work tree with the index."""
    done = call_git(repo, ["diff-files", *_RAW_OPTIONS, "--ignore-submodules=all", "--"])
    listed = _drop_intended_additions(repo, parse_raw_changes(require_success(done, repo.top)))
    if os.strerror(errno.ELOOP).encode() in done.stderr:
        listed += _find_loop_deletions(repo)
    present = [change.path for change in listed if change.new and _is_file(repo, change.path)]
    hashes = hash_files(repo, present)
    found = [change._replace(new=hashes.get(change.path)) for change in listed]
    return [change for change in found if not change.is_nothing]


def list_untracked_files(repo: Repo) -> set[bytes]:
    """List the files of the work tree that git neither tracks nor ignores."""
    output = run_git(repo, ["ls-files", "-z", "--others", "--exclude-standard", "--"])
    return set(output.split(b"\0")) - {b""}


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
    empty = EMPTY_BLOBS[repo.object_format]
    gone = {change.path for change in listed if change.old == empty and change.new is None}
    if not gone:
        return listed
    gone -= {change.path for change in list_staged_changes(repo, repo.empty_tree)}
    return [change for change in listed if change.path not in gone]


def find_renames(repo: Repo, base: str, tree: str | None) -> dict[bytes, bytes]:
    """Ask git which of the new paths were moved, with edits or without."""
    command = ["diff-index", "--cached"] if tree is None else ["diff-tree"]
    trees = [base] if tree is None else [base, tree]
    # A limit of our own: the settings of one user must not change what is found.
    flags = ["-r", "--name-status", "-z", "--diff-filter=R", "-l1000"]
    try:
        output = run_git(repo, [*command, *flags, "-M", *trees, "--"])
    except GitError:
        # Similarity is computed from contents, and a partial clone lacks some of them.
        output = run_git(repo, [*command, *flags, "-M100%", *trees, "--"])
    fields = output.split(b"\0")
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
        change = FileChange(path, before, after, old_mode[-3:] == _X, new_mode[-3:] == _X)
        if not change.is_nothing:
            found.append(change)
    return found


def _has_index(repo: Repo) -> bool:
    named = repo.env.get("GIT_INDEX_FILE")
    index = (repo.git_dir, "index") if named is None else (repo.top, named)
    return os.path.isfile(os.path.join(*index))


def _is_file(repo: Repo, path: bytes) -> bool:
    full = os.path.join(repo.top, os.fsdecode(path))
    return os.path.isfile(full) and not os.path.islink(full)
