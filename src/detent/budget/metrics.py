"""The metrics by name, and how each is measured."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping


class Tally(NamedTuple):
    """What one file has of docstrings.

    Attributes
    ----------
    needed : int
        Symbols that need a docstring.
    missing : int
        Those among them that have none.
    issues : int
        Findings that count.
    """

    needed: int = 0
    missing: int = 0
    issues: int = 0


class Measured(NamedTuple):
    """All that metrics are computed from.

    Attributes
    ----------
    new : dict of str to int
        Findings that the change brings in, by path.
    before, after : dict of str to Tally
        The two sides of the change, by path.
    whole : dict of str to Tally or None
        The whole view by path; None where it is not indexed.
    index_bytes : int or None
        Size of the index; None where it is not on disk.
    """

    new: Mapping[str, int]
    before: Mapping[str, Tally]
    after: Mapping[str, Tally]
    whole: Mapping[str, Tally] | None = None
    index_bytes: int | None = None


class Metric(NamedTuple):
    """One metric.

    Attributes
    ----------
    name, unit, meaning : str
        For a person.
    higher_is_better : bool
        Which way is worse.
    total : callable or None
        The value in the whole view, from the tallies of the paths that a limit chooses; None where
        the metric is no property of a view.
    """

    name: str
    unit: str
    meaning: str
    higher_is_better: bool
    total: Callable[[Iterable[Tally]], float] | None


def coverage(tallies: Iterable[Tally]) -> float:
    """Compute the share of documented symbols.

    Parameters
    ----------
    tallies : iterable of Tally
        Of some files.

    Returns
    -------
    float
        Percent; 100 where nothing needs a docstring.
    """
    counted = list(tallies)
    needed = sum(one.needed for one in counted)
    missing = sum(one.missing for one in counted)
    return 100.0 * (needed - missing) / needed if needed else 100.0


def _undocumented(tallies: Iterable[Tally]) -> float:
    return sum(one.missing for one in tallies)


def _issues(tallies: Iterable[Tally]) -> float:
    return sum(one.issues for one in tallies)


#: All metrics by name.
METRICS = {
    metric.name: metric
    for metric in (
        Metric(
            "docstring.issues.new",
            "findings",
            "findings that the change brings in: a fixed one does not pay for another",
            higher_is_better=False,
            total=None,
        ),
        Metric("docstring.issues", "findings", "findings that count", False, _issues),
        Metric(
            "docstring.undocumented",
            "symbols",
            "symbols that need a docstring and have none",
            higher_is_better=False,
            total=_undocumented,
        ),
        Metric(
            "docstring.coverage",
            "%",
            "share of the symbols that need a docstring and have one",
            higher_is_better=True,
            total=coverage,
        ),
        Metric("index.bytes", "bytes", "size of the index on disk", False, None),
    )
}
