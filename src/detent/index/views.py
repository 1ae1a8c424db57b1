"""Views and their path sets: which blob is at which path, and what differs from before.

A stored view is a tree of git and the paths where it differs from that tree. Bringing it up to date
takes the difference of two trees where the tree has changed, and the difference of the index (and
of the work tree) from the new one: git gives both in milliseconds, and no file is read to find out
that it has not changed.
"""

from __future__ import annotations

import os
from functools import cached_property
from operator import attrgetter

from detent import TYPE_CHECKING, git
from detent.config import SETTINGS_FILES
from detent.core.errors import GitError
from detent.core.namedtuple import NamedTuple
from detent.languages import detect_language, detect_script, may_be_script

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from detent.core.model import BlobKey, FileFacts
    from detent.git import FileChange, Repo
    from detent.store.protocol import StoredView

STAGED = "staged"
WORKTREE = "worktree"

#: The views that each work tree has of its own.
WORKTREE_VIEWS = (STAGED, WORKTREE)

#: Names of the files of settings, and of attributes.
SETTINGS_NAMES = frozenset(name.encode() for name in SETTINGS_FILES)
ATTRIBUTES_NAME = b".gitattributes"

_ABSENT_REASON = "its content is not in this clone: `git fetch --refetch --no-filter` brings it"
_CHANGED_REASON = "it was changed while it was being read: run this again"


class BlobChange(NamedTuple):
    """A path of a known language at which two versions differ."""

    path: bytes
    old: BlobKey | None  # None where there is no file
    new: BlobKey | None


class PathSets(NamedTuple):
    """How a view differs from what was stored of it."""

    is_complete: bool  # whether `present` lists all files, whatever was stored
    present: dict[bytes, BlobKey | None]  # None for deleted files
    # the paths where the view differs from its tree, and what the tree has there
    differences: dict[bytes, BlobKey | None]


class View:
    """The staged files, the work tree or a revision, worked out once for a run."""

    def __init__(self, repo: Repo, name: str) -> None:
        self.repo = repo
        self.name = name
        self.entries: dict[bytes, BlobKey] | None = None  # all files, once they are listed
        self.facts: dict[BlobKey, FileFacts] = {}  # facts that this run knows already
        self._changes: dict[str, list[FileChange]] = {}
        self._differences: dict[str, list[BlobChange]] = {}

    def reset(self) -> None:
        """Forget everything that was worked out: another process has changed it."""
        if self.repo.session:
            self.repo.session.invalidate()
        self.__dict__ = {**View(self.repo, self.name).__dict__, "facts": self.facts}

    @property
    def is_revision(self) -> bool:
        """Whether it is a commit or a tree, which never changes."""
        return self.name not in WORKTREE_VIEWS

    @cached_property
    def tree(self) -> str:
        """The tree of git that it is taken from."""
        return git.resolve_tree(self.repo, self.name if self.is_revision else "HEAD")

    @property
    def stored_name(self) -> str:
        """The name under which it is stored."""
        if self.is_revision:
            return f"@{self.tree}"
        # The directory of a work tree need not be UTF-8, but what is stored must be.
        return os.fsencode(f"{self.repo.worktree}/{self.name}").decode("utf-8", "backslashreplace")

    def list_base_trees(self, base: str | None) -> list[str]:
        """List the trees to compare with: of `base`, or of HEAD and what is merged into it.

        A revision without a base is compared with its parents.
        """
        repo, head = self.repo, self.name if self.is_revision else "HEAD"
        if base is not None:
            bases = [git.find_merge_base(repo, base, head)]
        elif self.is_revision:
            bases = git.list_parents(repo, head) or [repo.empty_tree]
        else:
            bases = [head, *git.list_merge_heads(repo)]
        return [git.resolve_tree(repo, revision) for revision in bases]

    def list_changes(self, tree: str) -> list[FileChange]:
        """List the files of all kinds that differ from a tree."""
        if tree not in self._changes:
            self._changes[tree] = self._compare_with(tree)
        return self._changes[tree]

    def _compare_with(self, tree: str) -> list[FileChange]:
        if self.is_revision:
            return git.list_tree_changes(self.repo, tree, self.tree) if tree != self.tree else []
        changes = {change.path: change for change in git.list_staged_changes(self.repo, tree)}
        for edit in self._edits:
            before = changes.get(edit.path, edit)
            changes[edit.path] = edit._replace(old=before.old, was_executable=before.was_executable)
        return [change for change in changes.values() if not change.is_nothing]

    @cached_property
    def _edits(self) -> list[FileChange]:
        """The files of the work tree that differ from the staged ones."""
        return git.list_worktree_changes(self.repo) if self.name == WORKTREE else []

    def list_differences(self, tree: str) -> list[BlobChange]:
        """List the files of known languages that differ from a tree."""
        if tree not in self._differences:
            changes = self.list_changes(tree)
            edited = {edit.path for edit in self._edits}
            self._differences[tree] = select_blob_changes(self.repo, changes, edited)
        return self._differences[tree]

    def find_scripts(self) -> set[bytes]:
        """Find the scripts among all files, which no suffix tells from others."""
        listed = self.list_differences(self.repo.empty_tree)
        return {change.path for change in listed if may_be_script(change.path)}

    def changes_settings(self, tree: str) -> bool:
        """Tell whether it has other files of settings or attributes than a tree."""
        names = {change.path.rpartition(b"/")[2] for change in self.list_changes(tree)}
        return ATTRIBUTES_NAME in names or not names.isdisjoint(SETTINGS_NAMES)

    def list_files(self) -> set[bytes]:
        """List all regular files, those of other languages too."""
        changes = self.list_changes(self.repo.empty_tree)
        return {change.path for change in changes if change.new is not None}

    def compute_path_sets(self, stored: StoredView | None) -> PathSets:
        """Compare with what is stored."""
        moved = None if stored is None else _diff_trees(self.repo, stored.tree, self.tree)
        if stored is None or moved is None:
            files = git.list_tree_changes(self.repo, self.repo.empty_tree, self.tree)
            present = {change.path: change.new for change in select_blob_changes(self.repo, files)}
        else:
            present = {**stored.differences, **{change.path: change.new for change in moved}}
        changes = self.list_differences(self.tree)
        present.update((change.path, change.new) for change in changes)
        differences = {change.path: change.old for change in changes}
        return PathSets(moved is None, present, differences)

    def list_entries(self) -> dict[bytes, BlobKey]:
        """List all files of known languages by path: by git alone, unless they are listed."""
        if self.entries is None:
            present = self.compute_path_sets(None).present
            self.entries = {path: key for path, key in sorted(present.items()) if key is not None}
        return self.entries

    def find_renames(self, base: str) -> dict[bytes, bytes]:
        """Ask git which files were renamed since a tree: new path to old path."""
        return git.find_renames(self.repo, base, self.tree if self.is_revision else None)

    def generated_or_vendored(self, paths: Collection[bytes]) -> set[bytes]:
        """Find the files that the attributes of git call generated or vendored."""
        tree = self.repo.attributes_tree or (self.tree if self.is_revision else None)
        return git.generated_or_vendored(self.repo, paths, tree=tree, disk=self.name == WORKTREE)

    @cached_property
    def disk(self) -> dict[BlobKey, bytes]:
        """The edited files of the work tree, whose content git may not have, with their paths."""
        if self.name != WORKTREE:
            return {}
        changes = self.list_differences(self.tree)
        return {change.new: change.path for change in changes if change.new is not None}

    def read_contents(
        self, keys: Iterable[BlobKey], *, absent: list[BlobKey] | None = None
    ) -> Iterator[tuple[BlobKey, bytes]]:
        """Read blobs from git, or from disk where git may not have them; list what is nowhere."""
        rest: dict[str, list[BlobKey]] = {}
        for key in keys:
            path = self.disk.get(key)
            content = None if path is None else git.read_from_disk(self.repo, path, key.oid)
            if content is None:  # also what is staged, but not checked out
                rest.setdefault(key.oid, []).append(key)
            else:
                yield key, content
        for oid, content in git.read_blobs(self.repo, list(rest)):
            if content is not None:
                yield from ((key, content) for key in rest[oid])
            elif absent is not None:
                absent += rest[oid]

    def explain_absence(self, key: BlobKey) -> str:
        """Tell why `read_contents` did not find a blob."""
        return _CHANGED_REASON if key in self.disk else _ABSENT_REASON


def select_blob_changes(
    repo: Repo, changes: Iterable[FileChange], edited: Collection[bytes] = ()
) -> list[BlobChange]:
    """Select the changes of files of known languages, by path; edited files are on disk."""
    found, unclear = [], []
    for change in changes:
        if language := detect_language(change.path):
            before, after = _make_key(change.old, language), _make_key(change.new, language)
            if before != after:
                found.append(BlobChange(change.path, before, after))
        elif may_be_script(change.path) and (change.was_executable or change.is_executable):
            unclear.append(change)
    if unclear:
        found += _select_scripts(repo, unclear, edited)
    return sorted(found, key=attrgetter("path"))


def _select_scripts(
    repo: Repo, changes: Iterable[FileChange], edited: Collection[bytes]
) -> Iterator[BlobChange]:
    """Select the changes of scripts, whose language only their content says."""
    sides = [(change.path, *_list_executables(change)) for change in changes]
    paths = {oid: path for path, *oids in sides for oid in oids if oid}
    contents = _read_scripts(repo, paths, edited)
    languages = {oid: detect_script(content) for oid, content in contents}
    for path, old, new in sides:
        before, after = (_make_key(oid, languages.get(oid or "")) for oid in (old, new))
        if before != after:
            yield BlobChange(path, before, after)


def _make_key(oid: str | None, language: str | None) -> BlobKey | None:
    from detent.core.model import BlobKey  # many commits have no such file: 4% of their hook

    return BlobKey(oid, language) if oid and language else None


def _list_executables(change: FileChange) -> tuple[str | None, str | None]:
    """Give the old and the new blob, each where it is executable."""
    return (
        change.old if change.was_executable else None,
        change.new if change.is_executable else None,
    )


def _read_scripts(
    repo: Repo, paths: Mapping[str, bytes], edited: Collection[bytes]
) -> Iterator[tuple[str, bytes]]:
    """Read blobs, given with their paths, of which git may not have those that are edited."""
    from detent.languages.decoding import MAX_BYTES  # few repositories have scripts

    stored = []
    for oid, path in paths.items():
        content = git.read_from_disk(repo, path, oid) if path in edited else None
        if content is None:
            stored.append(oid)
        else:
            yield oid, content
    for oid, content in git.read_small_blobs(repo, stored, MAX_BYTES):
        if content is not None:
            yield oid, content


def _diff_trees(repo: Repo, old: str, new: str) -> list[BlobChange] | None:
    """Compare two trees; None where git no longer has the old one."""
    if old == new:
        return []
    try:
        return select_blob_changes(repo, git.list_tree_changes(repo, old, new))
    except GitError:
        return None
