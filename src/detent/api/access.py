"""What every method of a repository needs: git, the settings, the index, paths, progress."""

from __future__ import annotations

from contextlib import contextmanager

from detent import TYPE_CHECKING, git
from detent.config import load_config
from detent.index.views import View

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import ExitStack
    from types import TracebackType
    from typing import Self, TypeVar

    from detent.config import AuditOptions, Config
    from detent.git import Repo
    from detent.index.handle import Index
    from detent.index.project import Project

    Path = str | os.PathLike[str]
    Result = TypeVar("Result")
    #: Called with the name of a step, the number of files done, and the number of all.
    Progress = Callable[[str, int, int], None]


class RepositoryAccess:
    """Runs work on one state of git, with the settings and the index of a repository.

    What `detent.api.Repository` and its questions have in common.
    """

    def __init__(
        self,
        repo: Repo,
        index: Index,
        resources: ExitStack,
        *,
        directory: str = ".",
        progress: Progress | None = None,
    ) -> None:
        self._repo = repo
        self._index = index
        self._resources = resources
        self._directory = directory
        self._progress = progress
        self._settings: Config | None = None  # kept if this is for one run, or those of the base
        self.notes: list[str] = []

    @property
    def work_tree(self) -> str:
        """Root of the work tree; empty in a bare repository."""
        return "" if self._repo.bare else self._repo.top

    def __enter__(self) -> Self:
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
        """Close the index, and end the processes of git."""
        self._resources.close()

    def load_settings(self, options: AuditOptions | None = None) -> Config:
        """Load the settings of the repository.

        Parameters
        ----------
        options : AuditOptions, optional
            What is wanted instead of these settings.

        Returns
        -------
        Config
            The settings.

        Raises
        ------
        UsageError
            If they cannot be read, or have an unknown key or value.
        """
        if options is not None or self._settings is None:
            settings = load_config(self._repo.top, options)
            if options is not None or not self._repo.session:
                return settings
            self._settings = settings
        return self._settings

    # ---- what all methods have in common

    def _ask(
        self, work: Callable[[Project], Result], options: AuditOptions | None = None
    ) -> Result:
        """Do some work that needs the settings."""
        from detent.index.project import Project

        settings = self.load_settings(options)
        if settings.limits:  # a limit that means nothing is an error, whatever is asked
            from detent.audit.codes import CODES
            from detent.budget.rules import resolve_rules

            resolve_rules(settings.limits, CODES)

        def ask(repo: Repo) -> Result:
            project = Project(repo, settings, self._index)
            try:
                return work(project)
            finally:
                self._add_notes(project.notes)

        return self._run(ask)

    def _ask_about(
        self, at: str, work: Callable[[Project, View], Result], options: AuditOptions | None = None
    ) -> Result:
        """Do some work on a view that needs the settings."""
        return self._ask(lambda project: work(project, View(project.repo, at)), options)

    def _ask_below(
        self,
        at: str,
        paths: Sequence[Path],
        work: Callable[[Project, View, list[bytes]], Result],
        *,
        options: AuditOptions | None = None,
    ) -> Result:
        """Do some work on the files of a view below some paths."""

        def ask(project: Project, view: View) -> Result:
            return work(project, view, self._find_paths(view, paths))

        return self._ask_about(at, ask, options)

    def _run(self, work: Callable[[Repo], Result]) -> Result:
        """Do some work with one state of git; where the index is damaged, build it again."""
        try:
            with self._open_session() as repo:
                return self._index.with_recovery(lambda: work(repo))
        finally:
            self._add_notes(self._index.notes)

    @contextmanager
    def _open_session(self) -> Iterator[Repo]:
        """Remember what git answers, for the time of one call unless it is for longer."""
        if self._repo.session:
            yield self._repo
            return
        with git.open_session(self._repo) as repo:
            yield repo

    def _find_paths(self, view: View, paths: Sequence[Path]) -> list[bytes]:
        from detent.api.paths import find_named_paths

        return find_named_paths(view, paths, directory=self._directory)

    def _add_notes(self, notes: Sequence[str]) -> None:
        self.notes += [note for note in notes if note not in self.notes]

    @property
    def _indexing(self) -> Callable[[int, int], None] | None:
        return self._make_progress("indexing")

    def _make_progress(self, step: str) -> Callable[[int, int], None] | None:
        report = self._progress
        return None if report is None else lambda done, total: report(step, done, total)
