"""The commits that changed a definition, through renames and moves, by the blobs of its files."""

from __future__ import annotations

from detent import TYPE_CHECKING, git
from detent.core.changes import ADDED, CHANGED, MOVED, RENAMED
from detent.core.errors import GitError
from detent.core.namedtuple import NamedTuple
from detent.git.commits import list_path_changes
from detent.languages import detect_language
from detent.languages.python.definition_text import (
    dedent_definition,
    find_definition,
    has_definition,
    list_names,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from detent.git import FileChange, Repo
    from detent.git.commits import Commit

#: Languages whose definitions have the syntax of Python.
LANGUAGES = ("python", "cython")
#: So many other files of a commit are looked at for where a definition was before.
_MOST_FILES = 300
_MOST_STEPS = 50


class DefinitionPlace(NamedTuple):
    """A definition in a file."""

    path: bytes
    name: str  # qualified


class DefinitionChange(NamedTuple):
    """A commit that changed a definition."""

    commit: Commit
    change: str
    old: DefinitionPlace | None
    new: DefinitionPlace


class HistoryTracer:
    """Follows definitions back through the commits of a repository."""

    def __init__(self, repo: Repo, since: str = "") -> None:
        self._repo = repo
        self._since = since
        self._contents: dict[str, bytes] = {}
        self._texts: dict[tuple[str, str], bytes | None] = {}
        self._latest: dict[str, bytes] = {}  # by name: what most versions have

    def trace(self, commit: str, place: DefinitionPlace) -> Iterator[DefinitionChange]:
        """Follow a definition back from a commit, from one file to the next."""
        tip: str | None = commit
        for _ in range(_MOST_STEPS):
            if tip is None:
                return
            tip, source = None, place
            for change in self._trace_file(commit, place):
                yield change
                if change.old and change.old.path != place.path:
                    tip, source = f"{change.commit.oid}^", change.old
                    break
            commit, place = tip or commit, source

    def _trace_file(self, commit: str, place: DefinitionPlace) -> Iterator[DefinitionChange]:
        """Follow a definition through the versions of a file, where it may get other names."""
        names = [place.name]
        commits = list_path_changes(self._repo, commit, place.path, since=self._since)
        self._read({oid for x in commits for change in x.changes for oid in _list_oids(change)})
        for found in commits:
            for change in found.changes:
                step = self._describe_step(found, change, names)
                if step is None:
                    continue
                yield step
                if step.old and step.old.path == place.path and step.old.name not in names:
                    names.append(step.old.name)

    def _describe_step(
        self, commit: Commit, change: FileChange, names: list[str]
    ) -> DefinitionChange | None:
        """Describe what a commit did to a definition with these names; None for nothing."""
        new, name = self._find_first(change.new, names)
        old, old_name = self._find_first(change.old, names)
        here = DefinitionPlace(change.path, name)
        if new is None or new == old:
            return None
        if old is None:
            origin = self._find_origin(commit, change, name)
            return DefinitionChange(commit, _classify(origin, here), origin, here)
        kind = CHANGED if name == old_name else RENAMED
        return DefinitionChange(commit, kind, DefinitionPlace(change.path, old_name), here)

    def _find_first(self, oid: str | None, names: list[str]) -> tuple[bytes | None, str]:
        """Find the definition in a version of a file, by the first of its names that is there."""
        for name in names if oid else ():
            text = self._find_text(oid or "", name)
            if text is not None:
                return text, name
        return None, names[0]

    def _find_text(self, oid: str, name: str) -> bytes | None:
        key = oid, name
        if key not in self._texts:
            self._read([oid])
            raw, before = self._contents.get(oid), self._latest.get(name)
            if raw is None:
                text = None
            elif before is not None and has_definition(raw, name, before):
                text = before
            else:
                text = find_definition(raw, name)
            self._texts[key] = text
            if text is not None:
                self._latest[name] = text
        return self._texts[key]

    def _read(self, oids: Iterable[str]) -> None:
        wanted = [oid for oid in oids if oid not in self._contents]
        for oid, content in git.read_blobs(self._repo, wanted):
            if content is not None:
                has_returns = b"\r" in content  # most files have none
                self._contents[oid] = content.replace(b"\r\n", b"\n") if has_returns else content

    def _find_origin(self, commit: Commit, change: FileChange, name: str) -> DefinitionPlace | None:
        """Find where a definition was before the commit that brought it to a file."""
        text = self._find_text(change.new or "", name)
        if text is None:
            return None
        if change.old and (old := self._find_renamed(change, name, text)):
            return DefinitionPlace(change.path, old)
        changes = self._list_changes(commit)
        sources = [] if change.old else self._list_renamed(commit, change.path, changes)
        return self._find_moved(sources, name, text) or self._find_moved(changes, name, text)

    def _list_renamed(
        self, commit: Commit, path: bytes, changes: list[FileChange]
    ) -> list[FileChange]:
        """List the changes of the file that a commit renamed to a path, if there is one."""
        if all(change.new for change in changes):
            return []
        renames = git.find_renames(self._repo, f"{commit.oid}^", commit.oid)
        return [change for change in changes if change.path == renames.get(path)]

    def _list_changes(self, commit: Commit) -> list[FileChange]:
        """List all files that a commit changes; none of the first one."""
        try:
            return git.list_tree_changes(self._repo, f"{commit.oid}^", commit.oid)
        except GitError:  # there is no commit before it, or a shallow clone lacks it
            return []

    def _find_renamed(self, change: FileChange, name: str, text: bytes) -> str | None:
        """Find the same definition under another name that is gone, in the same class or module."""
        assert change.old is not None
        assert change.new is not None
        self._read([change.old, change.new])
        owner, dot, last = name.rpartition(".")
        wanted = _drop_name(text, last)
        kept = dict(list_names(self._contents[change.new]))
        for other in dict(list_names(self._contents.get(change.old, b""))):
            if other not in kept:
                old = self._find_text(change.old, f"{owner}{dot}{other}")
                if old is not None and _drop_name(old, other) == wanted:
                    return f"{owner}{dot}{other}"
        return None

    def _find_moved(
        self, changes: list[FileChange], name: str, text: bytes
    ) -> DefinitionPlace | None:
        """Find a definition of the same name in the old versions of files that do not have it now.

        The same text is the best sign; then the same name.
        """
        files = [x for x in changes if x.old and detect_language(x.path) in LANGUAGES]
        names = dict.fromkeys((name, name.rpartition(".")[2]))
        self._read([oid for x in files[:_MOST_FILES] for oid in _list_oids(x)])
        found = [
            (dedent_definition(old) == dedent_definition(text), DefinitionPlace(x.path, other))
            for x in files[:_MOST_FILES]
            for other in names
            if (old := self._find_lost(x, other)) is not None
        ]
        return max(found, key=lambda item: item[0])[1] if found else None

    def _find_lost(self, change: FileChange, name: str) -> bytes | None:
        """Find the text of a definition that a change removes from a file."""
        if change.new and self._find_text(change.new, name) is not None:
            return None
        return self._find_text(change.old or "", name)


def _list_oids(change: FileChange) -> list[str]:
    return [oid for oid in (change.old, change.new) if oid]


def _drop_name(text: bytes, name: str) -> bytes:
    """Give a definition without its name."""
    return text.replace(name.encode(), b"", 1)


def _classify(origin: DefinitionPlace | None, here: DefinitionPlace) -> str:
    if origin is None:
        return ADDED
    return RENAMED if origin.path == here.path else MOVED
