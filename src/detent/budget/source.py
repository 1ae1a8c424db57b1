"""Where the values of all metrics come from: both sides of a change, the whole view, the index."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.audit.matching import located
from detent.budget.coverage import undocumented
from detent.budget.file_metrics import issue, items_of
from detent.budget.limits import AFTER, BASE, BEFORE, GONE, NEW, WHOLE
from detent.budget.metrics import ISSUES, Item
from detent.core.errors import NotMeasured
from detent.core.globs import fits
from detent.index.diff import outlines
from detent.index.snapshot import snapshot
from detent.query.relations.cycles import import_cycles

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from detent.audit.matching import Located, Verdict
    from detent.budget.metrics import Metric
    from detent.config import Limit
    from detent.index.diff import Files, Sides
    from detent.index.project import Subject

    #: Lists what is wrong in some files.
    Locate = Callable[[Files], list[Located]]

_ROWS = "index.rows."


class Account:
    """Gives the items of metrics, each worked out once.

    Parameters
    ----------
    subject : Subject
        The repository, its index and its settings.
    view : str
        ``staged``, ``worktree`` or a revision: the head.
    matched : callable
        Takes what lists the findings of some files; compares those of both sides.
    two : Sides
        What differs between them.
    whole : list of (bytes, FileFacts) or None
        All files of the head that the settings audit; None where they are not known.
    """

    def __init__(
        self,
        subject: Subject,
        view: str,
        matched: Callable[[Locate], Verdict],
        *,
        two: Sides,
        whole: Files | None,
    ) -> None:
        self._subject = subject
        self._view = view
        self._two = two
        self._whole = whole
        self._known: dict[tuple[str, ...], list[Item]] = {}
        self._matched = matched

    def items(self, metric: Metric, limit: Limit, side: str) -> Sequence[Item]:
        """See `detent.budget.limits.Source`.

        Parameters
        ----------
        metric : Metric
            Which one.
        limit : Limit
            Chooses paths, and may have a query.
        side : str
            One of those in `detent.budget.limits`.

        Returns
        -------
        sequence of Item
            Those of the chosen paths.

        Raises
        ------
        NotMeasured
            If that cannot be known here.
        """
        if side in (BASE, WHOLE) and self._whole is None and metric.scope != "index":
            raise NotMeasured("the view is not indexed yet", "`detent index`")
        if metric.scope == "sql":
            return self._by_query(limit, side)
        key = (metric.name, side)
        if key not in self._known:
            self._known[key] = list(self._found(metric, side))
        found = self._known[key]
        return [one for one in found if fits(limit.paths, one.path)] if limit.paths else found

    def _found(self, metric: Metric, side: str) -> Iterable[Item]:
        if metric.scope == "index":
            return [Item("", value=self._of_index(metric.name))]
        if metric.scope == "view":
            return self._cycles(side)
        if side in (NEW, GONE):
            return self._known_again(metric.name, side)
        if side == BASE:
            return self._all_before(metric)
        two = self._two
        files = {BEFORE: two.bases[0] if two.bases else [], AFTER: two.head, WHOLE: self._whole}
        return items_of(metric.name, files[side] or (), self._subject.selection)

    def _all_before(self, metric: Metric) -> list[Item]:
        """Take the files that differ out of the head, and put those of the base in."""
        for side in (WHOLE, BEFORE):
            if (metric.name, side) not in self._known:
                self._known[metric.name, side] = list(self._found(metric, side))
        differing = {path.decode("utf-8", "replace") for path, _ in self._two.head}
        kept = [one for one in self._known[metric.name, WHOLE] if one.path not in differing]
        return kept + self._known[metric.name, BEFORE]

    def _known_again(self, name: str, side: str) -> list[Item]:
        """List the findings that are only in the head, or only in the base."""
        selection = self._subject.selection
        code = name.rpartition(".")[2] if name.startswith(f"{ISSUES}.") else ""
        if name.startswith(ISSUES):
            verdict = self._matched(lambda files: located(files, selection))
        else:
            verdict = self._matched(lambda files: undocumented(files, selection))
        each = verdict.new if side == NEW else verdict.fixed
        found = [one for one in each if code in ("", "new", one.finding.code)]
        return [
            issue(
                one.path.decode("utf-8", "replace"),
                one.symbol,
                one.finding.code,
                selection=selection,
            )
            for one in found
        ]

    def _of_index(self, name: str) -> float:
        index = self._subject.door
        if name.startswith(_ROWS):
            return index.reader().rows()[name[len(_ROWS) :]]
        if not index.exists:
            raise NotMeasured(
                "there is no index on disk", "`detent index`, without --store memory:"
            )
        return index.size

    def _cycles(self, side: str) -> list[Item]:
        subject = self._subject
        tree = self._view if side == WHOLE else self._two.trees[0]
        files = outlines(subject.repo, subject.door, tree)
        audits = subject.selection.audits
        paths = {path for path in files.paths if audits(path.decode("utf-8", "replace"))}
        shown = [
            [path.decode("utf-8", "replace") for path in group]
            for group in import_cycles(files, paths)
        ]
        return [Item(group[0], " and ".join(group)) for group in shown]

    def _by_query(self, limit: Limit, side: str) -> list[Item]:
        key = (limit.sql, side, *limit.paths)
        if key not in self._known:
            files = {
                path: oid
                for path, oid in self._listed(side).items()
                if not limit.paths or fits(limit.paths, path)
            }
            rows = self._subject.door.reader().query(limit.sql, files)
            self._known[key] = [_item(row, alone=len(rows) == 1) for row in rows]
        return self._known[key]

    def _listed(self, side: str) -> dict[str, str]:
        """Give the object ids of all files that the settings audit, by path."""
        subject, two = self._subject, self._two
        now = snapshot(subject.repo, subject.door, self._view)
        audited = {path for path, _ in self._whole or ()}
        entries = {**now.entries}
        if side == BASE:
            entries = {path: oid for path, oid in entries.items() if path not in two.blobs[-1]}
            entries.update(two.blobs[0])
            audited.update(path for path, _ in two.bases[0])
        shown = (
            (path.decode("utf-8", "replace"), entries[path]) for path in audited & set(entries)
        )
        return {path: oid for path, oid in shown if subject.selection.audits(path)}


def _item(row: tuple[object, ...], *, alone: bool) -> Item:
    """Take a row of a query for a number, or for a name and a number."""
    if len(row) > 2 or (len(row) == 1 and not alone):
        shape = f"{len(row)} columns" if len(row) > 2 else "more than one number"
        raise NotMeasured(
            f"the query gives {shape}", "it is to give one number, or names with numbers"
        )
    value = 0.0 if row[-1] is None else row[-1]
    if not isinstance(value, (int, float)):
        raise NotMeasured(f"the query gives {str(value)[:40]!r}", "it is to give a number")
    return Item("", "" if len(row) == 1 else str(row[0]), value=float(value))
