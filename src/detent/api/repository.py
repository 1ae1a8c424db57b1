"""A repository with its settings and its index: what `detent.open` gives."""

from __future__ import annotations

import os

from detent import TYPE_CHECKING, git
from detent.index.handle import Index
from detent.index.views import STAGED, WORKTREE
from detent.store import default_index_path, is_managed_index

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import TracebackType
    from typing import TypeVar

    from detent.api.symbols import SymbolList
    from detent.api.verify import VerifyResult
    from detent.git import Repo
    from detent.index.refresh import RefreshResult

    Path = str | os.PathLike[str]
    Result = TypeVar("Result")
    #: Called with the name of a step, the number of files done, and the number of all.
    Progress = Callable[[str, int, int], None]

__all__ = ["STAGED", "WORKTREE", "Repository", "open_repository"]


def open_repository(
    path: Path | None = None, *, store: Path | None = None, progress: Progress | None = None
) -> Repository:
    """Open the repository around a directory.

    Nothing is read or written before the first question.

    Parameters
    ----------
    path : str or path-like, optional
        A directory in the repository. By default the current directory, where git's environment
        variables (``GIT_DIR``, ``GIT_INDEX_FILE`` and others) are followed too.
    store : str or path-like, optional
        The file of the index; ``"memory:"`` keeps none. By default it is in the git directory.
    progress : callable, optional
        Called with the name of a step (``"indexing"``, ``"verifying"`` or ``"analysing"``), the
        number of files that are done, and the number of all.

    Returns
    -------
    Repository
        Close it, or use it in a ``with`` block.

    Raises
    ------
    GitError
        If there is no repository, or git cannot read it.
    """
    directory = "." if path is None else os.fspath(path)
    repo = git.discover_repo(directory, os.environ, explicit=path is not None)
    index = Index(os.fspath(store or default_index_path(repo.common_dir)))
    return Repository(repo, index, directory, progress=progress)


class Repository:
    """A git repository with its settings and its index; made by `detent.open`.

    Each method answers one question, or does one thing, about the repository as it is when the
    method is called. What is known already comes from the index, and what is found out is kept
    there. A repository is for one thread at a time; several can be open in several threads.

    Parameters
    ----------
    repo : Repo
        Where the repository is.
    index : Index
        Its index.
    directory : str
        The directory that paths are relative to.
    progress : callable, optional
        As `detent.open` takes it.

    Attributes
    ----------
    notes : list of str
        What a person should know about what was done, such as that a damaged index was built again.
    """

    def __init__(
        self, repo: Repo, index: Index, directory: str, *, progress: Progress | None = None
    ) -> None:
        self._repo = repo
        self._index = index
        self._directory = directory
        self._progress = progress
        self.notes: list[str] = []

    @property
    def top(self) -> str:
        """Root of the work tree; the git directory where there is none."""
        return self._repo.top

    def __enter__(self) -> Repository:
        """Give the repository itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the repository."""
        self.close()

    def close(self) -> None:
        """Close the index; the next question opens it again."""
        self._index.close()

    # ---- the index

    def refresh(self, at: str = STAGED, *, full: bool = False, jobs: int = 0) -> RefreshResult:
        """Bring the index of a view up to date: only new content is analysed.

        Parameters
        ----------
        at : str, default "staged"
            ``staged``, ``worktree`` or a revision.
        full : bool, default False
            Delete the index first, and build it again.
        jobs : int, default 0
            Number of processes; 0 chooses by the amount of work.

        Returns
        -------
        RefreshResult
            How many files were analysed, and which could not be.
        """
        from detent.index.refresh import refresh_view

        if full and (is_managed_index(self._index.path) or self._index.exists):
            self._index.delete_files()
        progress = self._make_progress("indexing")
        return self._run(
            lambda: refresh_view(self._repo, self._index, at, jobs=max(0, jobs), progress=progress)
        )

    def verify(self, at: str = STAGED, *, full: bool = False) -> VerifyResult:
        """Check that the index is intact, and matches git and a fresh analysis.

        Parameters
        ----------
        at : str, default "staged"
            ``staged``, ``worktree`` or a revision.
        full : bool, default False
            Analyse all files again, not only a sample.

        Returns
        -------
        VerifyResult
            The problems.
        """
        from detent.api.verify import verify_index

        return verify_index(
            self._repo, self._index, at, full=full, progress=self._make_progress("verifying")
        )

    def collect_garbage(self, since: str = "90.days") -> int:
        """Delete results that no view and no recent commit needs; they can be computed again.

        Parameters
        ----------
        since : str, default "90.days"
            Keep what commits since then wrote, on any branch. Any date that git understands.

        Returns
        -------
        int
            How many blobs the index has forgotten.
        """
        from detent.api.gc import collect_garbage

        if not self._index.exists:
            return 0
        gone = self._run(lambda: collect_garbage(self._repo, self._index, since))
        self.close()  # so that the file shrinks
        return gone

    @property
    def index_path(self) -> str:
        """Path of the index; ``"memory:"`` where there is none on disk."""
        return self._index.path

    @property
    def index_size(self) -> int:
        """Bytes of the index on disk; 0 where there is none."""
        return self._index.size

    # ---- symbols

    def symbols(
        self,
        name: str = "",
        *,
        at: str = WORKTREE,
        paths: Sequence[Path] = (),
        public: bool = False,
    ) -> SymbolList:
        """List symbols by name, or all symbols of files.

        Nothing is written to the index.

        Parameters
        ----------
        name : str, optional
            A name, the end of a dotted name, or a pattern of ``*`` and ``?``, such as ``fit``,
            ``Model.fit`` or ``*_fit``. By default all symbols.
        at : str, default "worktree"
            ``staged``, ``worktree`` or a revision.
        paths : sequence of str or path-like, optional
            Only what is in these files and directories.
        public : bool, default False
            Whether to leave out what is private.

        Returns
        -------
        SymbolList
            The symbols, by path and line.
        """
        from detent.api.symbols import list_symbols

        found = list_symbols(self._repo, self._index, at, name=name, chosen=self._choose(at, paths))
        return found.keep_public() if public else found

    # ---- what all methods have in common

    def _run(self, work: Callable[[], Result]) -> Result:
        """Do some work; where the index turns out to be damaged, build it again."""
        try:
            return self._index.with_recovery(work)
        finally:
            self._add_notes(self._index.notes)

    def _add_notes(self, notes: Sequence[str]) -> None:
        self.notes += [note for note in notes if note not in self.notes]

    def _choose(self, at: str, paths: Sequence[Path]) -> Callable[[bytes], bool]:
        from detent.api.paths import find_named_paths, make_path_filter

        named = find_named_paths(self._repo, at, paths, directory=self._directory)
        return make_path_filter(self._repo, named)

    def _make_progress(self, step: str) -> Callable[[int, int], None] | None:
        report = self._progress
        return None if report is None else lambda done, total: report(step, done, total)
