"""The main job: both sides of a change, the gate and the budget, to one verdict."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from detent import gate, git, views
from detent.budget.limits import EXCEEDED, Judgement, judge
from detent.budget.metrics import METRICS, Measured, Tally
from detent.config import NUMPYDOC
from detent.globs import fits
from detent.query.inherited import settled
from detent.sides import Sides, outlines, sides
from detent.snapshot import snapshot
from detent.tally import tallies

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from detent.audit.select import Selection
    from detent.config import Limit
    from detent.gate import Located, Verdict
    from detent.git import Repo
    from detent.model import FileFacts
    from detent.subject import Subject


class Whole(NamedTuple):
    """What a whole view has in the files that the settings audit.

    Attributes
    ----------
    tallies : dict of str to Tally
        By path.
    findings : list of Located
        All that count.
    lines, symbols : int
        How much there is.
    failures : dict of bytes to str
        Paths that could not be analysed, and why.
    """

    tallies: dict[str, Tally]
    findings: list[Located]
    lines: int
    symbols: int
    failures: dict[bytes, str]


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
    """

    sides: Sides
    verdict: Verdict
    found: list[Located]
    judgements: list[Judgement]
    whole: Whole | None
    rests_on_whole: bool
    notes: list[Located]

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
    repo, index, selection = subject.repo, subject.door, subject.selection
    trees = parents(repo, view, base)
    two = sides(repo, index, view, parents=trees)
    if subject.config.engine == NUMPYDOC:
        from detent import engine

        two = engine.of_sides(repo, two, on_disk=view == views.WORKTREE)
    # Where nothing is wrong, git need not be asked whose doing it is.
    paths = {path for one in (*two.bases, two.head) for path, facts in one if facts.findings}
    others = views.foreign(repo, view, paths.union(two.failures))
    two = two.only(lambda path: path not in others) if others else two
    if subject.config.engine == NUMPYDOC:
        return two
    head = settled(two.head, outlines(repo, index, view), selection)
    bases = [
        list(settled(files, outlines(repo, index, tree), selection))
        for files, tree in zip(two.bases, trees, strict=True)
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
    head = gate.located(two.head, selection)
    verdict = gate.Verdict(head, [], [])
    for number, base in enumerate(two.bases):
        moved = gate.moves(base, two.head, two.renames)
        found = gate.located(base, selection)
        now = gate.compare(found, verdict.new, two.renames, moved=moved)
        fixed = verdict.fixed if number else now.fixed
        verdict = gate.Verdict(now.new, fixed, verdict.remaining + now.remaining)
    return verdict


def whole_view(subject: Subject, view: str) -> Whole:
    """Look at all files of a view.

    Parameters
    ----------
    subject : Subject
        Its index has the view.
    view : str
        ``staged``, ``worktree`` or a revision.

    Returns
    -------
    Whole
        Its tallies and findings.
    """
    files, failures = audited(subject, view)
    return Whole(
        tallies=tallies(files, subject.selection),
        findings=gate.located(files, subject.selection),
        lines=sum(facts.lines for _, facts in files),
        symbols=sum(len(facts.symbols) for _, facts in files),
        failures=failures,
    )


def audited(
    subject: Subject, view: str, chosen: Callable[[bytes], bool] = lambda _: True
) -> tuple[list[tuple[bytes, FileFacts]], dict[bytes, str]]:
    """Read the files of a view that the settings audit, without those that others wrote.

    Parameters
    ----------
    subject : Subject
        Its index has the view.
    view : str
        ``staged``, ``worktree`` or a revision.
    chosen : callable
        Takes a path; says whether it is wanted.

    Returns
    -------
    list of (bytes, FileFacts)
        Paths with their facts.
    dict of bytes to str
        Paths that could not be analysed, and why.
    """
    audits = subject.selection.audits
    everything = snapshot(subject.repo, subject.door, view)
    now = everything.only(lambda path: chosen(path) and audits(path.decode("utf-8", "replace")))
    others = views.foreign(subject.repo, view, now.entries)
    now = now.only(lambda path: path not in others) if others else now
    if subject.config.engine == NUMPYDOC:
        from detent import engine

        files = list(now.files())
        files, unread = engine.of_files(
            subject.repo, files, now.entries, on_disk=view == views.WORKTREE
        )
        return files, {**unread, **now.failures}
    found = settled(now.files(), everything.outlines(), subject.selection)
    return list(found), dict(now.failures)


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
        places = gate.touched(base, two.head, two.renames)
        edited = [one for one in verdict.remaining if (one.path, one.symbol.line) in places]
        found = [*verdict.new, *edited]
        return sorted(found, key=lambda one: (one.path, one.finding.line, one.finding.column))
    return verdict.new


def needs_whole(mode: str, limits: Iterable[Limit]) -> bool:
    """Tell whether a verdict needs the whole view, and not only what differs.

    Parameters
    ----------
    mode : str
        One of `detent.config.GATES`.
    limits : iterable of Limit
        Those of the settings; unknown metrics need nothing.

    Returns
    -------
    bool
        True for the gate ``all``, and where a limit is on a total.
    """
    return mode == "all" or any(
        (limit.most, limit.least) != (None, None)
        and (metric := METRICS.get(limit.metric)) is not None
        and metric.total is not None
        for limit in limits
    )


def measured(subject: Subject, verdict: Verdict, two: Sides, *, whole: Whole | None) -> Measured:
    """Put together what metrics are computed from.

    Parameters
    ----------
    subject : Subject
        Its index is measured, its selection says what counts.
    verdict : Verdict
        Has the new findings.
    two : Sides
        What was compared; in a merge the first parent is what was before.
    whole : Whole or None
        The whole view, where it was looked at.

    Returns
    -------
    Measured
        Findings and tallies by path, as text.
    """
    new = Counter(one.path.decode("utf-8", "replace") for one in verdict.new)
    selection, index = subject.selection, subject.door
    return Measured(
        new=new,
        before=tallies(two.bases[0] if two.bases else [], selection),
        after=tallies(two.head, selection),
        whole=whole.tallies if whole else None,
        index_bytes=index.size if index.exists else None,
    )


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
    everything = whole_view(subject, view) if whole else None
    measurements = measured(subject, verdict, two, whole=everything)
    return Outcome(
        sides=two,
        verdict=verdict,
        found=list(looked_at(mode, verdict, two, whole=everything)),
        judgements=judge(subject.config.limits, measurements, fits),
        whole=everything,
        rests_on_whole=whole and needs_whole(mode, subject.config.limits),
        notes=gate.with_notes(two.head, subject.selection)[1],
    )
