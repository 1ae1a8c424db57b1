"""The main job: both sides of a change, the gate and the budget, to one verdict."""

from __future__ import annotations

from datetime import UTC, datetime

from detent import TYPE_CHECKING, git
from detent.audit import matching
from detent.audit.codes import CODES
from detent.config import NUMPYDOC, parse_budget
from detent.config.budget import Budget
from detent.core.results import CheckResult, FindingDiff
from detent.index import views
from detent.index.diff import diff_view, open_outlines
from detent.index.inherited import resolve_inherited

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from detent.audit.selection.select import Selection
    from detent.budget.rules import BudgetRule
    from detent.budget.source import FindingLocator, MetricSource
    from detent.core.model import FindingRow
    from detent.core.results import LimitResult, ViewSummary
    from detent.git import Repo
    from detent.index.diff import ViewDiff
    from detent.index.project import Project


def list_base_trees(repo: Repo, view: str, base: str | None) -> list[str]:
    """Choose the trees that a view is compared with.

    Parameters
    ----------
    repo : Repo
        The repository.
    view : str
        ``staged``, ``worktree`` or a revision.
    base : str or None
        A revision: what matters is what it has in common with the view.

    Returns
    -------
    list of str
        For a commit in the making HEAD, and what it will merge; for a revision its first parent.
    """
    of_commit = view in (views.STAGED, views.WORKTREE)
    if base is not None:
        return [
            git.resolve_tree(repo, git.find_merge_base(repo, base, "HEAD" if of_commit else view))
        ]
    if of_commit:
        heads = ["HEAD", *git.list_merge_heads(repo)]
        return [git.resolve_tree(repo, head) for head in heads]
    return [git.resolve_tree(repo, git.resolve_first_parent(repo, view) or repo.empty_tree)]


def load_audited_diff(project: Project, view: str, base: str | None) -> ViewDiff:
    """Collect the two sides of a change, judged by the engine of the settings.

    The findings of detent are settled with the other files of their own side.

    Parameters
    ----------
    project : Project
        The repository, its index and its settings.
    view : str
        ``staged``, ``worktree`` or a revision.
    base : str or None
        What to compare with; None for HEAD, or for a revision's parent.

    Returns
    -------
    ViewDiff
        Without the files that others wrote, and the missing docstrings that are inherited.
    """
    repo, index = project.repo, project.index
    trees = list_base_trees(repo, view, base)
    two = diff_view(repo, index, view, parents=trees)
    if project.config.engine == NUMPYDOC:
        from detent.index import numpydoc_engine

        two = numpydoc_engine.audit_diff(repo, two, on_disk=view == views.WORKTREE)
    # Where nothing is wrong, git need not be asked whose doing it is.
    paths = {
        path
        for one in (*two.bases, two.head)
        for path, facts in one
        if facts.findings or project.config.limits
    }
    others = views.generated_or_vendored(repo, view, paths.union(two.failures))
    found = _settle_inherited(project, view, two)
    return found.restrict_to(lambda path: path not in others) if others else found


def _settle_inherited(project: Project, view: str, two: ViewDiff) -> ViewDiff:
    """Settle the findings of detent on both sides, each file's by the other files of its side."""
    if project.config.engine == NUMPYDOC:
        return two
    repo, index, selection = project.repo, project.index, project.selection
    head = resolve_inherited(two.head, open_outlines(repo, index, view), selection)
    bases = [
        list(resolve_inherited(files, open_outlines(repo, index, tree), selection))
        for files, tree in zip(two.bases, two.trees, strict=True)
    ]
    return two._replace(head=list(head), bases=bases)


def diff_findings(two: ViewDiff, selection: Selection) -> FindingDiff:
    """Compare the findings of both sides; in a merge, new is what no parent has.

    Parameters
    ----------
    two : ViewDiff
        The two sides.
    selection : Selection
        Says which findings count.

    Returns
    -------
    Verdict
        What is fixed counts against the first parent.
    """
    return diff_located(two, lambda files: matching.locate_findings(files, selection))


def diff_located(two: ViewDiff, locate: FindingLocator) -> FindingDiff:
    """Compare what is wrong on both sides; in a merge, new is what no parent has.

    Parameters
    ----------
    two : ViewDiff
        The two sides.
    locate : callable
        Lists what is wrong in some files.

    Returns
    -------
    Verdict
        What is fixed counts against the first parent.
    """
    head = locate(two.head)
    verdict = FindingDiff(head, [], [])
    for number, base in enumerate(two.bases):
        moved = matching.moved_symbols(base, two.head, two.renames)
        now = matching.match_findings(locate(base), verdict.new, two.renames, moved=moved)
        fixed = verdict.fixed if number else now.fixed
        verdict = FindingDiff(now.new, fixed, verdict.remaining + now.remaining)
    return verdict


def select_gated_findings(
    mode: str, verdict: FindingDiff, two: ViewDiff, *, whole: ViewSummary | None
) -> Sequence[FindingRow]:
    """List the findings that a gate is about: it lets none of them through that is an error.

    Parameters
    ----------
    mode : str
        One of `detent.config.GATES`.
    verdict : Verdict
        The comparison.
    two : ViewDiff
        What was compared.
    whole : ViewSummary or None
        Needed for the gate ``all``.

    Returns
    -------
    sequence of FindingRow
        By path and place.
    """
    if mode == "none":
        return []
    if mode == "all" and whole is not None:
        return whole.findings
    if mode == "touched":
        base = [file for one in two.bases for file in one]
        places = matching.find_touched_symbols(base, two.head, two.renames)
        edited = [one for one in verdict.remaining if (one.path, one.symbol_line) in places]
        found = [*verdict.new, *edited]
        return sorted(found, key=lambda finding: finding.sort_key[:3])
    return verdict.new


def load_rules(project: Project) -> tuple[BudgetRule, ...]:
    """Load the limits of the settings.

    Parameters
    ----------
    project : Project
        Has the settings.

    Returns
    -------
    tuple of BudgetRule
        Limits of single metrics; what means nothing is an error.
    """
    if not project.config.limits:
        return ()
    from detent.budget.rules import resolve_rules

    return resolve_rules(project.config.limits, CODES)


def needs_view_summary(mode: str, rules: Collection[BudgetRule]) -> bool:
    """Tell whether a verdict needs the whole view, and not only what differs.

    Parameters
    ----------
    mode : str
        One of `detent.config.GATES`.
    rules : collection of Rule
        The limits of the settings.

    Returns
    -------
    bool
        True for the gate ``all``, and where a limit is on a total.
    """
    if mode == "all" or not rules:
        return mode == "all"
    from detent.budget import limits

    return any(limits.needs_all_files(*part) for rule in rules for part in rule.parts)


def make_metric_source(
    project: Project, view: str, *, two: ViewDiff, whole: ViewSummary | None
) -> MetricSource:
    """Put together what metrics are computed from.

    Parameters
    ----------
    project : Project
        The repository, its index and its settings.
    view : str
        ``staged``, ``worktree`` or a revision.
    two : ViewDiff
        What was compared; in a merge the first parent is what was before.
    whole : ViewSummary or None
        The whole view, where it was looked at.

    Returns
    -------
    MetricSource
        Gives the items of metrics.
    """
    from detent.budget.source import MetricSource

    files = whole.files if whole else None
    return MetricSource(
        project, view, lambda locate: diff_located(two, locate), two=two, whole=files
    )


def check_change(
    project: Project, view: str, base: str | None, *, mode: str, whole: bool
) -> CheckResult:
    """Judge a change.

    Parameters
    ----------
    project : Project
        The repository, its index and its settings.
    view : str
        ``staged``, ``worktree`` or a revision.
    base : str or None
        What to compare with; None for HEAD, or for a revision's parent.
    mode : str
        One of `detent.config.GATES`.
    whole : bool
        Whether the whole view is indexed, so that what needs it can be measured.

    Returns
    -------
    Outcome
        The verdict.
    """
    rules = load_rules(project)
    two = load_audited_diff(project, view, base)
    verdict = diff_findings(two, project.selection)
    everything = _summarize_view(project, view) if whole else None
    judgements: list[LimitResult] = []
    idle: list[str] = []
    if rules or project.config.exemptions:
        source = make_metric_source(project, view, two=two, whole=everything)
        judgements, idle = _check_budget(project, rules, source)
    return CheckResult(
        finding_diff=verdict,
        gated_findings=list(select_gated_findings(mode, verdict, two, whole=everything)),
        notes=matching.locate_findings_and_notes(two.head, project.selection)[1],
        limit_results=judgements,
        loosened_limits=_find_loosened_limits(project, two.trees[0]),
        unused_exemptions=idle,
        changed_files=two.paths,
        analyzed=two.analyzed,
        diff_failures=two.failures,
        blobs=two.blobs[-1],
        view_summary=everything,
        needs_view_summary=whole and needs_view_summary(mode, rules),
    )


def _summarize_view(project: Project, view: str) -> ViewSummary:
    from detent.api.view import summarize_view

    return summarize_view(project, view)


def _check_budget(
    project: Project, rules: Iterable[BudgetRule], source: MetricSource
) -> tuple[list[LimitResult], list[str]]:
    """Judge the limits; where there are none, nothing of this is worth loading."""
    from detent.budget import limits, policy

    judgements = limits.check_limits(rules, source, CODES)
    today = datetime.now(UTC).date()
    return policy.apply_exemptions(judgements, project.config.exemptions, today)


def _find_loosened_limits(project: Project, tree: str) -> list[str]:
    """Compare the budget with that of the base."""
    names = [f"{tree}:{name}" for name in ("detent.toml", "pyproject.toml")]
    found = [content or b"" for _, content in git.read_blobs(project.repo, names)]
    texts = [content.decode("utf-8", "replace") for content in found]
    now = Budget(project.config.limits, project.config.exemptions)
    if (before := parse_budget(*texts)) == now:
        return []
    from detent.budget import policy

    return policy.list_loosened_limits(before, now)
