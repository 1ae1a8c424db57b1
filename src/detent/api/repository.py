"""A repository with its settings and its index: what `detent.open` gives."""

from __future__ import annotations

import os
from contextlib import ExitStack

from detent import TYPE_CHECKING, git
from detent.api import incoming
from detent.api.hook_names import HOOKS, PUSH_HOOK
from detent.api.questions import Questions
from detent.config import Config
from detent.core.errors import UsageError
from detent.index.handle import Index
from detent.index.views import STAGED, WORKTREE, View
from detent.store import default_index_path, is_managed_index

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from detent.api.access import Path, Progress
    from detent.api.audit import AuditResult
    from detent.api.budget import CommitValues, MetricExplanation
    from detent.api.builds import Build, BuildComparison
    from detent.api.ci import CiComparison
    from detent.api.coverage import CoverageResult
    from detent.api.doctor import Diagnosis
    from detent.api.exclusions import ChangedFiles, PendingFiles
    from detent.api.explained_settings import PathSettings
    from detent.api.export import FactExport
    from detent.api.fix import FixResult
    from detent.api.install import HookChange
    from detent.api.measure import CommandMeasurement
    from detent.api.proposal import SettingsProposal
    from detent.api.verify import VerifyResult
    from detent.config import AuditOptions
    from detent.core.results import CheckResult, RefreshResult, Suppression
    from detent.git import Repo
    from detent.git.push_range import CommitRange
    from detent.index.project import Project
    from detent.index.snapshot import Snapshot


__all__ = ["STAGED", "WORKTREE", "Repository", "open_repository"]


def open_repository(
    path: Path | None = None,
    *,
    store: Path | None = None,
    progress: Progress | None = None,
    is_one_run: bool = False,
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
    is_one_run : bool, default False
        Whether revisions and the index of git count as unchanged until the repository is closed.
        By default, each method asks git again.

    Returns
    -------
    Repository
        Close it, or use it in a ``with`` block.

    Raises
    ------
    GitError
        If there is no repository, or git cannot read it.
    """
    directory, is_named = os.fspath(path or "."), path is not None
    resources = ExitStack()
    if is_one_run:
        repo = resources.enter_context(git.open_repo(directory, os.environ, explicit=is_named))
    else:
        repo = git.discover_repo(directory, os.environ, explicit=is_named)
    if store is not None:
        from detent.api.paths import require_own_index

        require_own_index(repo, os.fspath(store))
        index = Index(os.fspath(store))
    else:
        index = Index(lambda: repository.default_index_path)
    resources.callback(index.close)
    repository = Repository(repo, index, resources, directory=directory, progress=progress)
    return repository


class Repository(Questions):
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
    resources : ExitStack
        What is closed with it.
    directory : str
        The directory that paths are relative to; the default is the current one.
    progress : callable, optional
        As `detent.open` takes it.

    Attributes
    ----------
    notes : list of str
        What a person should know about what was done, such as that a damaged index was built again.
    """

    def explain_settings(self, path: Path = ".") -> PathSettings:
        """Explain which settings apply to a path, and where each of them comes from.

        Parameters
        ----------
        path : str or path-like, default "."
            A file or a directory of the work tree.

        Returns
        -------
        PathSettings
            The settings of the nearest directory that has some, and those of the whole repository.

        Raises
        ------
        UsageError
            If there is no such path, or the settings cannot be followed.

        Examples
        --------
        >>> with detent.open("pkg") as repository:
        ...     found = repository.explain_settings("more.py")
        >>> {setting.name: setting.value for setting in found.settings}["gate"]
        'new'
        """
        from detent.api.explained_settings import explain_settings

        def explain(project: Project, view: View, named: list[bytes]) -> PathSettings:
            return explain_settings(project, view, named[0] if named else b"")

        return self._ask_below(WORKTREE, [path], explain)

    def propose_settings(self, at: str = WORKTREE) -> SettingsProposal:
        """Propose settings that fit the code, with what each choice costs.

        Parameters
        ----------
        at : str, default "worktree"
            ``staged``, ``worktree`` or a revision.

        Returns
        -------
        SettingsProposal
            Rules that most docstrings break, and the others.
        """
        from detent.api.proposal import propose_settings

        report = self._indexing
        return self._ask_about(at, lambda project, view: propose_settings(project, view, report))

    def write_settings(self, proposal: SettingsProposal) -> str:
        """Write proposed settings to ``pyproject.toml``, or without one to ``detent.toml``.

        Parameters
        ----------
        proposal : SettingsProposal
            From `propose_settings`.

        Returns
        -------
        str
            Name of the file.

        Raises
        ------
        UsageError
            If there are settings already, or the file cannot be written.
        """
        from detent.api.proposal import write_settings

        return write_settings(self._repo.top, proposal)

    # ---- checks

    def check(
        self,
        at: str = STAGED,
        *,
        base: str | None = None,
        gate: str | None = None,
        paths: Sequence[Path] = (),
    ) -> CheckResult:
        """Check a change: its new findings, and the limits of the settings.

        Parameters
        ----------
        at : str, default "staged"
            ``staged``, ``worktree`` or a revision.
        base : str, optional
            A revision: the merge base of it and the checked version is compared with. By default
            HEAD, or the parents of a revision.
        gate : str, optional
            Which findings fail the check: ``new``, ``touched``, ``all`` or ``none``. By default
            what the settings say.
        paths : sequence of str or path-like, optional
            Only findings in these files and directories; the limits are about all files.

        Returns
        -------
        CheckResult
            Its `is_clean` is the verdict.

        Raises
        ------
        MeasurementError
            If there is nothing to compare with.
        UsageError
            If the settings cannot be followed.

        Examples
        --------
        >>> with detent.open("pkg") as repository:
        ...     result = repository.check(at="HEAD")
        >>> [f"{row.path.decode()}:{row.line} {row.code}" for row in result.finding_diff.new]
        ['more.py:3 GL08']
        """
        from detent.api.check import check_view, restrict_result

        def ask(project: Project, view: View, named: list[bytes]) -> CheckResult:
            result = check_view(project, view, base, gate=gate, progress=self._indexing)
            return restrict_result(result, project.repo, named)

        return self._ask_below(at, paths, ask)

    def list_changes(self, at: str = STAGED, *, base: str | None = None) -> ChangedFiles:
        """List the files of all kinds that a change touches, and which of them are not checked.

        Parameters
        ----------
        at : str, default "staged"
            ``staged``, ``worktree`` or a revision.
        base : str, optional
            As in `check`.

        Returns
        -------
        ChangedFiles
            What `check` looks at, and why it does not look at the rest.
        """
        from detent.api.exclusions import list_changed_files

        return self._ask_about(at, lambda project, view: list_changed_files(project, view, base))

    def list_pending_files(self, paths: Sequence[Path] = (), *, at: str = STAGED) -> PendingFiles:
        """List the files of the work tree that a view does not have as they are.

        Parameters
        ----------
        paths : sequence of str or path-like, optional
            Only below these paths. By default all files.
        at : str, default "staged"
            ``staged``, ``worktree`` or a revision.

        Returns
        -------
        PendingFiles
            Those with changes that are not staged, and those that git does not track.
        """
        from detent.api.exclusions import list_pending_files

        return self._ask_below(at, paths, list_pending_files)

    def choose_ci_comparison(self, at: str = "HEAD", *, base: str | None = None) -> CiComparison:
        """Choose what a run in CI compares, by the variables that the service sets.

        Parameters
        ----------
        at : str, default "HEAD"
            The revision to check, unless pre-commit or prek names one.
        base : str, optional
            The revision to compare with. By default the one that the service names.

        Returns
        -------
        CiComparison
            The revision to check, and its base.

        Raises
        ------
        MeasurementError
            If no base is named, or the clone does not have it.
        """
        from detent.api.ci import choose_ci_comparison

        with self._open_session() as repo:
            return choose_ci_comparison(repo, at, base)

    def use_base_settings(self, at: str, *, base: str | None = None) -> None:
        """Judge by the settings and attributes of the base of a change from now on.

        For changes of strangers, who could loosen the settings that judge them.

        Parameters
        ----------
        at : str
            ``staged``, ``worktree`` or a revision.
        base : str, optional
            As in `check`.

        Raises
        ------
        MeasurementError
            If there is nothing to compare with.
        UsageError
            If the settings of the base cannot be read.
        """
        from detent.api.base_settings import load_tree_config

        with self._open_session() as repo:
            tree = View(repo, at).list_base_trees(base)[0]
            self._settings = self._resources.enter_context(load_tree_config(repo, tree))
        self._repo = self._repo._replace(attributes_tree=tree)

    def list_suppressions(self, at: str = STAGED, *, base: str | None = None) -> list[Suppression]:
        """List the findings that comments in the code suppress, in a view that is indexed.

        Parameters
        ----------
        at : str, default "staged"
            ``staged``, ``worktree`` or a revision.
        base : str, optional
            As in `check`.

        Returns
        -------
        list of Suppression
            By path and place. Empty with ``engine = "numpydoc"``, which reads its own comments.
        """
        from detent.api.suppressions import list_suppressions

        return self._ask_about(at, lambda project, view: list_suppressions(project, view, base))

    # ---- findings

    def audit(
        self,
        paths: Sequence[Path] = (),
        *,
        at: str = WORKTREE,
        new_since: str | None = None,
        options: AuditOptions | None = None,
    ) -> AuditResult:
        """List the findings of a view, or those that are new since a revision.

        Parameters
        ----------
        paths : sequence of str or path-like, optional
            Only these files and directories.
        at : str, default "worktree"
            ``staged``, ``worktree`` or a revision.
        new_since : str, optional
            A revision: only findings that the merge base of it and the view does not have.
        options : AuditOptions, optional
            Which rules to use instead of those of the settings.

        Returns
        -------
        AuditResult
            The findings.

        Raises
        ------
        UsageError
            If there is no such path, or the settings cannot be followed.

        Examples
        --------
        >>> with detent.open("pkg") as repository:
        ...     result = repository.audit(["more.py"])
        >>> [f"{row.code} {row.qualname}" for row in result.findings]
        ['GL08 more']
        """
        from detent.api.audit import audit_view

        def audit(project: Project, view: View, named: list[bytes]) -> AuditResult:
            return audit_view(project, view, named, since=new_since, progress=self._indexing)

        return self._ask_below(at, paths, audit, options=options)

    def fix(
        self,
        paths: Sequence[Path] = (),
        *,
        new_since: str | None = None,
        options: AuditOptions | None = None,
        stubs: bool = False,
        dry_run: bool = False,
    ) -> FixResult:
        """Apply the safe fixes to docstrings in files of the work tree.

        Parameters
        ----------
        paths : sequence of str or path-like, optional
            Only these files and directories.
        new_since : str, optional
            A revision: only findings that are new since then.
        options : AuditOptions, optional
            Which rules to use instead of those of the settings.
        stubs : bool, default False
            Whether to add an entry, still to be described, for each undocumented parameter.
        dry_run : bool, default False
            Whether to change no file, and give the changes as a diff.

        Returns
        -------
        FixResult
            What was fixed, or would be.
        """
        from detent.api.audit import audit_view
        from detent.api.fix import fix_findings

        def fix(project: Project, view: View, named: list[bytes]) -> FixResult:
            audit = audit_view(project, view, named, since=new_since, progress=self._indexing)
            fixed = fix_findings(
                project,
                audit.findings,
                only_these=new_since is not None,
                stubs=stubs,
                dry_run=dry_run,
            )
            return fixed._replace(failures=audit.failures)

        return self._ask_below(WORKTREE, paths, fix, options=options)

    def list_exclusions(
        self, paths: Sequence[Path] = (), *, at: str = WORKTREE
    ) -> dict[bytes, str]:
        """List the files of a view that are not audited.

        Parameters
        ----------
        paths : sequence of str or path-like, optional
            Only what is in these directories.
        at : str, default "worktree"
            ``staged``, ``worktree`` or a revision.

        Returns
        -------
        dict of bytes to str
            The reason by path.
        """
        from detent.api.exclusions import list_excluded_files

        return self._ask_below(at, paths, list_excluded_files)

    def read_lines(self, paths: Collection[bytes], *, at: str = WORKTREE) -> dict[bytes, list[str]]:
        """Read the lines of files, numbered as in findings.

        Parameters
        ----------
        paths : collection of bytes
            Paths from the root of the work tree, as findings have them.
        at : str, default "worktree"
            ``staged``, ``worktree`` or a revision.

        Returns
        -------
        dict of bytes to list of str
            By path; without files that cannot be read.
        """
        from detent.api.sources import read_source_lines

        with self._open_session() as repo:
            return read_source_lines(View(repo, at), paths)

    # ---- metrics

    def measure_coverage(
        self, paths: Sequence[Path] = (), *, at: str = WORKTREE, by: str = "package"
    ) -> CoverageResult:
        """Measure docstring coverage: how many symbols that need a docstring have one.

        Parameters
        ----------
        paths : sequence of str or path-like, optional
            Only these files and directories.
        at : str, default "worktree"
            ``staged``, ``worktree`` or a revision.
        by : str, default "package"
            What the counts are grouped by: ``package`` (a directory), ``kind`` or ``file``.

        Returns
        -------
        CoverageResult
            Its `total.percent` is the coverage.

        Examples
        --------
        >>> with detent.open("pkg") as repository:
        ...     coverage = repository.measure_coverage(["more.py"])
        >>> coverage.total
        DocstringCounts(needed=2, missing=1)
        """
        from detent.api.coverage import measure_coverage

        def measure(project: Project, view: View, named: list[bytes]) -> CoverageResult:
            return measure_coverage(project, view, named, by=by, progress=self._indexing)

        return self._ask_below(at, paths, measure)

    def explain_metric(
        self, name: str, *, at: str = STAGED, base: str | None = None
    ) -> MetricExplanation:
        """Find out which symbols and files changed the value of a metric, and by how much.

        Parameters
        ----------
        name : str
            A metric, such as ``docstring.undocumented``.
        at : str, default "staged"
            ``staged``, ``worktree`` or a revision.
        base : str, optional
            As in `check`.

        Returns
        -------
        MetricExplanation
            The values, and what makes the difference.

        Raises
        ------
        UsageError
            If there is no such metric.
        """
        from detent.api.budget import explain_metric

        def explain(project: Project, view: View) -> MetricExplanation:
            return explain_metric(project, view, name, base=base, progress=self._indexing)

        return self._ask_about(at, explain)

    def measure_history(
        self, names: Sequence[str], *, since: str | None = None, until: str = "HEAD"
    ) -> list[CommitValues]:
        """Measure metrics at past commits, along first parents, with the current settings.

        Parameters
        ----------
        names : sequence of str
            Metrics of docstrings and code, such as ``docstring.coverage``.
        since : str, optional
            The revision to start from. By default 100 commits before the last one.
        until : str, default "HEAD"
            The last commit.

        Returns
        -------
        list of CommitValues
            The oldest first.

        Raises
        ------
        UsageError
            If a metric does not exist, or has no history.
        MeasurementError
            If there are no commits between the two.
        """
        from detent.api.budget import measure_history

        progress = self._make_progress("analysing")
        return self._ask(
            lambda project: measure_history(
                project, names, since=since, until=until, progress=progress
            )
        )

    def measure_command(
        self,
        argv: Sequence[str],
        *,
        name: str = "",
        prepare: str = "",
        at: str = "HEAD",
        base: str | None = None,
    ) -> CommandMeasurement:
        """Run a command on two commits in turn, and check the limits on what it takes.

        Parameters
        ----------
        argv : sequence of str
            A program and its arguments. It runs in a checkout of each commit.
        name : str, optional
            What metrics call it, as in ``command.NAME.sqlite.cpu_s``. By default its program.
        prepare : str, optional
            A command to run first, once in each checkout.
        at : str, default "HEAD"
            The second commit.
        base : str, optional
            A revision: the first commit is its merge base with the second. By default the parent.

        Returns
        -------
        CommandMeasurement
            Times, counts and the results of limits.

        Raises
        ------
        MeasurementError
            If a commit does not exist, or the command fails.
        """
        from detent.api.measure import CommandRequest, measure_command

        request = CommandRequest(argv, name, prepare)
        settings = self.load_settings()
        with self._open_session() as repo:
            return measure_command(repo, settings, request, at=at, base=base)

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
        jobs, report = max(0, jobs), self._indexing
        return self._run(
            lambda repo: refresh_view(self._index, View(repo, at), jobs=jobs, progress=report)
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

        progress = self._make_progress("verifying")
        with self._open_session() as repo:
            return verify_index(self._index, View(repo, at), full=full, progress=progress)

    def require_fresh_facts(
        self, share: float, at: str = "HEAD", *, base: str | None = None
    ) -> None:
        """Analyse a random share of the files again that a check of a revision relies on.

        Parameters
        ----------
        share : float
            Above 0, up to 1 for all files.
        at : str, default "HEAD"
            ``staged``, ``worktree`` or a revision.
        base : str, optional
            As in `check`.

        Raises
        ------
        MeasurementError
            If stored results differ from fresh ones: it names the files.
        """
        from detent.api.verify import require_fresh_facts

        progress = self._make_progress("verifying")
        self._run(
            lambda repo: require_fresh_facts(
                self._index, View(repo, at), base, share=share, progress=progress
            )
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
        from detent.api.gc import collect_garbage, collect_text_garbage

        with self._open_session() as repo:
            self._add_notes(collect_text_garbage(repo, self._text_database))
        if not self._index.exists:
            return 0
        gone = self._run(lambda repo: collect_garbage(repo, self._index, since))
        self._index.close()  # so that the file shrinks
        return gone

    @property
    def default_index_path(self) -> str:
        """Path of the index where none is named: in the git directory, as the settings say."""
        try:
            kind = self.load_settings().store
        except UsageError:  # what needs the settings reports it
            kind = Config().store
        return default_index_path(self._repo.common_dir, kind)

    @property
    def index_path(self) -> str:
        """Path of the index; ``"memory:"`` where there is none on disk."""
        return self._index.path

    @property
    def index_size(self) -> int:
        """Bytes of the index on disk; 0 where there is none."""
        return self._index.size

    def export_facts(self, paths: Sequence[Path] = (), *, at: str = STAGED) -> FactExport:
        """Export all facts of files, always in the same order.

        Parameters
        ----------
        paths : sequence of str or path-like, optional
            Only these files and directories.
        at : str, default "staged"
            ``staged``, ``worktree`` or a revision.

        Returns
        -------
        FactExport
            The files; their facts are loaded while they are iterated over.
        """
        from detent.api.export import FactExport, load_exported_files, take_full_snapshot

        def take_snapshot(repo: Repo) -> Snapshot:
            view = View(repo, at)
            named = self._find_paths(view, paths)
            return take_full_snapshot(self._index, view, named=named, progress=self._indexing)

        snapshot = self._run(take_snapshot)
        return FactExport(load_exported_files(snapshot), dict(snapshot.failures))

    def list_builds(self) -> list[Build]:
        """List what the last builds of the index took, stage by stage.

        Returns
        -------
        list of dict
            The records of the last ten builds, the newest first: see docs/stages.md.

        Raises
        ------
        MeasurementError
            If there are none.
        """
        from detent.api.builds import list_builds

        return list_builds(self._index.path)

    def compare_builds(self, first: str = "2", second: str = "1") -> BuildComparison:
        """Compare what two builds counted and made.

        Parameters
        ----------
        first, second : str
            Each a number, counted from the newest, or the beginning of a name. By default the last
            two builds.

        Returns
        -------
        BuildComparison
            The differences.

        Raises
        ------
        MeasurementError
            If there are less than two builds.
        UsageError
            If a name fits none of the builds, or several.
        """
        from detent.api.builds import compare_builds

        return compare_builds(self.list_builds(), first, second)

    # ---- hooks

    def has_commit_check(self) -> bool:
        """Tell whether a commit runs detent, as far as files and settings of git show it.

        Returns
        -------
        bool
            True if a hook of detent is installed, if a framework that is installed names it, or if
            the settings of git do.
        """
        from detent.api.hook_inspection import has_commit_check

        return has_commit_check(self._repo)

    def install_hooks(self, names: Collection[str] | None = None) -> list[HookChange]:
        """Install git hooks; hooks that are there already are called first.

        Parameters
        ----------
        names : collection of str, optional
            Which hooks. By default all of `detent.api.hook_names.HOOKS` but ``pre-push``.

        Returns
        -------
        list of HookChange
            What became of each.

        Raises
        ------
        GitError
            If a hook cannot be written.
        """
        from detent.api.install import install_hooks

        wanted = set(HOOKS) - {PUSH_HOOK} if names is None else names
        return install_hooks(self._repo, wanted)

    def uninstall_hooks(self) -> list[HookChange]:
        """Remove the git hooks of detent, and restore what was there before.

        Returns
        -------
        list of HookChange
            What became of each.
        """
        from detent.api.install import uninstall_hooks

        return uninstall_hooks(self._repo)

    def diagnose(self) -> list[Diagnosis]:
        """Find what is wrong with the set-up: versions, settings, hooks and the index.

        Returns
        -------
        list of Diagnosis
            What was looked at, with the commands that fix what is wrong.
        """
        from detent.api.doctor import diagnose

        with self._open_session() as repo:
            return diagnose(repo, self._index)

    def find_commit_range(self) -> CommitRange:
        """Find what a pre-commit hook checks.

        Returns
        -------
        CommitRange
            What is staged, or the revisions that pre-commit or prek names.
        """
        with self._open_session() as repo:
            return incoming.find_commit_range(repo)

    def find_pushed_ranges(self, remote: str, lines: Iterable[str]) -> list[CommitRange]:
        """Find what a pre-push hook checks.

        Parameters
        ----------
        remote : str
            Name of the remote, the first argument of the hook.
        lines : iterable of str
            What git writes to the standard input of the hook.

        Returns
        -------
        list of CommitRange
            For each ref the commits that the remote does not have.
        """
        with self._open_session() as repo:
            return incoming.find_pushed_ranges(repo, remote, lines)

    def check_incoming(self, change: CommitRange) -> CheckResult | None:
        """Check a change as a hook does: all files only if the gate or a limit is about all.

        Parameters
        ----------
        change : CommitRange
            As `find_commit_range` or `find_pushed_ranges` gives it.

        Returns
        -------
        CheckResult or None
            None if the change touches nothing that the gate is about.
        """
        settings, progress = self.load_settings(), self._make_progress("indexing")
        return self._run(
            lambda repo: incoming.check_incoming(
                repo, self._index, change, settings=settings, progress=progress
            )
        )

    def refresh_after_move(self, hook: str | None, arguments: Sequence[str]) -> None:
        """Bring the index up to date after a commit, a checkout, a merge or a rebase.

        Only views that are indexed already are refreshed; a process of its own does what takes
        long.

        Parameters
        ----------
        hook : str or None
            Such as ``post-commit``; None if the variables of pre-commit or prek name it.
        arguments : sequence of str
            The arguments from git.
        """
        from detent.api.moves import MoveEvent, read_framework_event, refresh_after_move

        with self._open_session() as repo:
            event = MoveEvent(hook, arguments) if hook else read_framework_event(repo)
            refresh_after_move(repo, self._index, event)

    def serve_refresh_requests(self) -> None:
        """Bring the index up to date as long as hooks ask for it."""
        from detent.api.moves import serve_refresh_requests

        serve_refresh_requests(self._repo, self._index)
