"""The main job: both sides of a change, the gate and the budget, to one verdict."""

from __future__ import annotations

from datetime import datetime, timezone

from detent import TYPE_CHECKING, git
from detent.audit import matching
from detent.audit.codes import CODES
from detent.budget import EXCEEDED, PASS
from detent.config import NUMPYDOC, budget_of
from detent.config.budget import Budget
from detent.core.namedtuple import NamedTuple
from detent.index import views
from detent.index.diff import Sides, outlines, sides
from detent.index.inherited import settled

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from detent.api.view import Whole
    from detent.audit.matching import Located, Verdict
    from detent.audit.selection.select import Selection
    from detent.budget.limits import Judgement
    from detent.budget.rules import Rule
    from detent.budget.source import Account, Locate
    from detent.git import Repo
    from detent.index.project import Subject


class Outcome(NamedTuple):
    """The verdict on a change, with all that it rests on.

    Attributes
    ----------
    sides : Sides
        What was compared.
    verdict : Verdict
        What is new, fixed and as before.
    found : list of Located
        The findings that the gate is about.
    judgements : list of Judgement
        What became of the limits.
    whole : Whole or None
        The whole view, where it was looked at.
    rests_on_whole : bool
        Whether the verdict depends on it.
    notes : list of Located
        What was left out of the change, and why.
    loosened : list of str
        Limits that are looser than in the base.
    idle : list of str
        Exemptions that have no effect, and why.
    """

    sides: Sides
    verdict: Verdict
    found: list[Located]
    judgements: list[Judgement]
    whole: Whole | None
    rests_on_whole: bool
    notes: list[Located]
    loosened: list[str]
    idle: list[str]

    @property
    def blocking(self) -> list[Located]:
        """What the gate does not let through."""
        return [one for one in self.found if one.severity == "error"]

    @property
    def warnings(self) -> list[Located]:
        """What is shown, and holds nothing back."""
        return [one for one in self.found if one.severity != "error"]

    @property
    def failures(self) -> dict[bytes, str]:
        """The files that the verdict should have seen and could not, with the reasons."""
        everywhere = self.whole.failures if self.whole and self.rests_on_whole else {}
        return {**everywhere, **self.sides.failures}

    @property
    def clean(self) -> bool:
        """Whether nothing stands against the change."""
        return not self.blocking and all(one.status != EXCEEDED for one in self.judgements)

    @property
    def silent(self) -> bool:
        """Whether there is nothing to tell: nothing found, left out, loosened or not measured."""
        told = any((self.found, self.notes, self.failures, self.loosened))
        return not told and all(one.status == PASS for one in self.judgements)


def parents(repo: Repo, view: str, base: str | None) -> list[str]:
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
        return [git.tree_of(repo, git.merge_base(repo, base, "HEAD" if of_commit else view))]
    if of_commit:
        heads = ["HEAD", *git.merge_heads(repo)]
        return [git.tree_of(repo, head) for head in heads]
    return [git.tree_of(repo, git.first_parent(repo, view) or repo.empty_tree)]


def compared(subject: Subject, view: str, base: str | None) -> Sides:
    """Collect the two sides of a change, judged by the engine of the settings.

    The findings of detent are settled with the other files of their own side.

    Parameters
    ----------
    subject : Subject
        The repository, its index and its settings.
    view : str
        ``staged``, ``worktree`` or a revision.
    base : str or None
        What to compare with; None for HEAD, or for a revision's parent.

    Returns
    -------
    Sides
        Without the files that others wrote, and the missing docstrings that are inherited.
    """
    repo, index = subject.repo, subject.door
    trees = parents(repo, view, base)
    two = sides(repo, index, view, parents=trees)
    if subject.config.engine == NUMPYDOC:
        from detent.index import numpydoc_engine

        two = numpydoc_engine.of_sides(repo, two, on_disk=view == views.WORKTREE)
    # Where nothing is wrong, git need not be asked whose doing it is.
    paths = {
        path
        for one in (*two.bases, two.head)
        for path, facts in one
        if facts.findings or subject.rules
    }
    with git.beside(lambda: views.foreign(repo, view, paths.union(two.failures))) as foreign:
        found = _settled(subject, view, two)
        others = foreign()
    return found.only(lambda path: path not in others) if others else found


def _settled(subject: Subject, view: str, two: Sides) -> Sides:
    """Settle the findings of detent on both sides, each file's by the other files of its side."""
    if subject.config.engine == NUMPYDOC:
        return two
    repo, index, selection = subject.repo, subject.door, subject.selection
    head = settled(two.head, outlines(repo, index, view), selection)
    bases = [
        list(settled(files, outlines(repo, index, tree), selection))
        for files, tree in zip(two.bases, two.trees, strict=True)
    ]
    return two._replace(head=list(head), bases=bases)


def verdict_of(two: Sides, selection: Selection) -> Verdict:
    """Compare the findings of both sides; in a merge, new is what no parent has.

    Parameters
    ----------
    two : Sides
        The two sides.
    selection : Selection
        Says which findings count.

    Returns
    -------
    Verdict
        What is fixed counts against the first parent.
    """
    return matched(two, lambda files: matching.located(files, selection))


def matched(two: Sides, locate: Locate) -> Verdict:
    """Compare what is wrong on both sides; in a merge, new is what no parent has.

    Parameters
    ----------
    two : Sides
        The two sides.
    locate : callable
        Lists what is wrong in some files.

    Returns
    -------
    Verdict
        What is fixed counts against the first parent.
    """
    head = locate(two.head)
    verdict = matching.Verdict(head, [], [])
    for number, base in enumerate(two.bases):
        moved = matching.moves(base, two.head, two.renames)
        now = matching.compare(locate(base), verdict.new, two.renames, moved=moved)
        fixed = verdict.fixed if number else now.fixed
        verdict = matching.Verdict(now.new, fixed, verdict.remaining + now.remaining)
    return verdict


def looked_at(mode: str, verdict: Verdict, two: Sides, *, whole: Whole | None) -> Sequence[Located]:
    """List the findings that a gate is about: it lets none of them through that is an error.

    Parameters
    ----------
    mode : str
        One of `detent.config.GATES`.
    verdict : Verdict
        The comparison.
    two : Sides
        What was compared.
    whole : Whole or None
        Needed for the gate ``all``.

    Returns
    -------
    sequence of Located
        By path and place.
    """
    if mode == "none":
        return []
    if mode == "all" and whole is not None:
        return whole.findings
    if mode == "touched":
        base = [file for one in two.bases for file in one]
        places = matching.touched(base, two.head, two.renames)
        edited = [one for one in verdict.remaining if (one.path, one.symbol.line) in places]
        found = [*verdict.new, *edited]
        return sorted(found, key=lambda one: (one.path, one.finding.line, one.finding.column))
    return verdict.new


def needs_whole(mode: str, rules: Collection[Rule]) -> bool:
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

    return any(limits.needs_whole(*part) for rule in rules for part in rule.parts)


def account(subject: Subject, view: str, *, two: Sides, whole: Whole | None) -> Account:
    """Put together what metrics are computed from.

    Parameters
    ----------
    subject : Subject
        The repository, its index and its settings.
    view : str
        ``staged``, ``worktree`` or a revision.
    two : Sides
        What was compared; in a merge the first parent is what was before.
    whole : Whole or None
        The whole view, where it was looked at.

    Returns
    -------
    Account
        Gives the items of metrics.
    """
    from detent.budget.source import Account

    files = whole.files if whole else None
    return Account(subject, view, lambda locate: matched(two, locate), two=two, whole=files)


def judged(subject: Subject, view: str, base: str | None, *, mode: str, whole: bool) -> Outcome:
    """Judge a change.

    Parameters
    ----------
    subject : Subject
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
    two = compared(subject, view, base)
    verdict = verdict_of(two, subject.selection)
    everything = _whole(subject, view) if whole else None
    judgements: list[Judgement] = []
    idle: list[str] = []
    if subject.rules or subject.config.exemptions:
        source = account(subject, view, two=two, whole=everything)
        judgements, idle = _held(subject, source)
    return Outcome(
        sides=two,
        verdict=verdict,
        found=list(looked_at(mode, verdict, two, whole=everything)),
        judgements=judgements,
        whole=everything,
        rests_on_whole=whole and needs_whole(mode, subject.rules),
        notes=matching.located(two.head, subject.selection, notes=True),
        loosened=_loosened(subject, two.trees[0]),
        idle=idle,
    )


def _whole(subject: Subject, view: str) -> Whole:
    from detent.api.view import whole_view

    return whole_view(subject, view)


def _held(subject: Subject, source: Account) -> tuple[list[Judgement], list[str]]:
    """Judge the limits; where there are none, nothing of this is worth loading."""
    from detent.budget import limits, policy

    judgements = limits.judge(subject.rules, source, CODES)
    today = datetime.now(timezone.utc).date()
    return policy.exempted(judgements, subject.config.exemptions, today)


def _loosened(subject: Subject, tree: str) -> list[str]:
    """Compare the budget with that of the base."""
    names = [f"{tree}:{name}" for name in ("detent.toml", "pyproject.toml")]
    found = [content or b"" for _, content in git.blobs(subject.repo, names)]
    texts = [content.decode("utf-8", "replace") for content in found]
    now = Budget(subject.config.limits, subject.config.exemptions)
    if (before := budget_of(*texts)) == now:
        return []
    from detent.budget import policy

    return policy.loosened(before, now)
