"""Limits against measurements: pure."""

from __future__ import annotations

from collections import defaultdict

from detent import TYPE_CHECKING
from detent.budget import EXCEEDED, NOT_MEASURED, PASS
from detent.budget.metrics import metric_of, total
from detent.core.errors import NotMeasured
from detent.core.namedtuple import NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from detent.budget.metrics import Item, Metric
    from detent.budget.rules import Rule
    from detent.config import Limit

#: What items are asked for: those that only the change brings, and those that it takes away; those
#: of the files that differ, on the two sides; those of all files, on the two sides.
NEW, GONE, BEFORE, AFTER, BASE, WHOLE = "new", "gone", "before", "after", "base", "whole"

Group = tuple[str, ...]
Values = dict[Group, float]

#: Counts are whole numbers, and means of them are not that exact.
_EPSILON = 1e-9


class Source(Protocol):
    """Gives what metrics are made of."""

    def items(self, metric: Metric, limit: Limit, side: str) -> Sequence[Item]:
        """Give the items of a metric.

        Parameters
        ----------
        metric : Metric
            Which one.
        limit : Limit
            Has the query of a metric in SQL, and the paths that are asked for.
        side : str
            One of `NEW`, `GONE`, `BEFORE`, `AFTER`, `BASE` and `WHOLE`.

        Returns
        -------
        sequence of Item
            Those of the paths that the limit chooses.

        Raises
        ------
        NotMeasured
            If that cannot be known here.
        """


class Judgement(NamedTuple):
    """What became of one limit.

    Attributes
    ----------
    limit : Limit
        As set; of a single metric where its name had wildcards and it is not kept.
    status : str
        ``pass``, ``inconclusive``, ``exceeded``, ``not measurable`` or ``exempt`` (exceeded, and
        exempted from it).
    value : float or None
        What was measured: the change of the metric for a ratchet, and for an increase that is
        given as an amount.
    reason : str
        One line for a person.
    group : str
        The package, code and kind, as far as the limit is ``by`` them.
    """

    limit: Limit
    status: str
    value: float | None
    reason: str
    group: str = ""


class _Outcome(NamedTuple):
    """What one bound comes to in one group."""

    value: float
    is_kept: bool
    reason: str


def needs_whole(limit: Limit, metric: Metric) -> bool:
    """Tell whether a limit needs all files, and not only those that differ.

    Parameters
    ----------
    limit : Limit
        On this metric.
    metric : Metric
        Without wildcards.

    Returns
    -------
    bool
        False for what the two sides of the change tell.
    """
    if metric.scope in ("change", "index"):
        return False
    if limit.most is not None or limit.least is not None or limit.ratio is not None:
        return True
    if limit.increase is not None and (limit.increase.share is not None or limit.relative_to):
        return True
    return not (metric.adds_up or (metric.by_identity and limit.increase is None))


def judge(rules: Iterable[Rule], source: Source, codes: Collection[str]) -> list[Judgement]:
    """Judge all limits.

    Parameters
    ----------
    rules : iterable of Rule
        The budget.
    source : Source
        Gives what was measured.
    codes : collection of str
        Those of the audit, of which there are metrics.

    Returns
    -------
    list of Judgement
        In order, one for each bound of each limit; of a limit that is ``by`` something, or whose
        name has wildcards, one for all that is kept and one for each part that is not.
    """
    found: list[Judgement] = []
    for rule in rules:
        each = [one for part in rule.parts for one in _bounds(*part, source, codes=codes)]
        is_one = len(rule.parts) == 1 and not rule.written.by
        found += each if is_one else _summed_up(rule.written, each)
    return found


def _summed_up(written: Limit, each: list[Judgement]) -> Iterator[Judgement]:
    """Say once what is kept, and by itself what is not."""
    bad = [one for one in each if one.status != PASS]
    yield from bad
    if len(bad) < len(each) or not each:
        reason = f"{len(each) - len(bad):,} of {len(each):,} hold" if each else "nothing differs"
        yield Judgement(written, PASS, None, reason)


def _bounds(
    limit: Limit, metric: Metric, source: Source, *, codes: Collection[str]
) -> Iterator[Judgement]:
    """Judge each bound of a limit on one metric."""
    if limit.ratchet:
        yield from _each(limit, lambda: _ratchet(limit, metric, source))
    if limit.most is not None or limit.least is not None:
        yield from _each(limit, lambda: _range(limit, metric, source))
    if limit.grows:
        other = metric_of(limit.relative_to, codes) if limit.relative_to else None
        yield from _each(limit, lambda: _growth(limit, metric, source, other=other))


def _each(limit: Limit, work: Callable[[], dict[Group, _Outcome]]) -> Iterator[Judgement]:
    try:
        outcomes = work()
    except NotMeasured as why:
        hint = f": {why.hint}" if why.hint else ""
        yield Judgement(limit, NOT_MEASURED, None, f"{why.message}{hint}")
        return
    for group, one in sorted(outcomes.items()):
        status = PASS if one.is_kept else EXCEEDED
        yield Judgement(limit, status, one.value, one.reason, " ".join(group))


def _ratchet(limit: Limit, metric: Metric, source: Source) -> dict[Group, _Outcome]:
    """Compare with the base: what is new, or how much more there is."""
    if metric.by_identity or metric.scope == "change":
        values = _values(limit, source.items(metric, limit, NEW), total)
        shown = "new, none may be"
        return {
            group: _Outcome(value, value <= 0, f"{value:.12g} {_unit(value, metric)} {shown}")
            for group, value in values.items()
        }
    found = {}
    for group, (before, after) in _differing(limit, metric, source).items():
        value = after - before
        reason = f"{_signed(value)} {_unit(value, metric)}".rstrip() + ", may not grow"
        found[group] = _Outcome(value, value <= _EPSILON, reason)
    return found


def _differing(limit: Limit, metric: Metric, source: Source) -> dict[Group, tuple[float, float]]:
    """Measure both sides: of what adds up, only the files that differ."""
    sides = (BEFORE, AFTER) if metric.adds_up else (BASE, WHOLE)
    before, after = (
        _values(limit, source.items(metric, limit, side), metric.fold) for side in sides
    )
    # A group that is gone cannot have become worse, and one that has come began with nothing.
    nothing = metric.fold(())
    return {
        group: (before.get(group, nothing), after.get(group, nothing))
        for group in before.keys() | after.keys()
    }


def _range(limit: Limit, metric: Metric, source: Source) -> dict[Group, _Outcome]:
    """Compare with the bounds themselves."""
    side = NEW if metric.scope == "change" else WHOLE
    values = _values(limit, source.items(metric, limit, side), metric.fold)
    bounds = [
        f"{word} {bound:g}"
        for word, bound in (("at most", limit.most), ("at least", limit.least))
        if bound is not None
    ]
    found = {}
    for group, value in values.items():
        over = limit.most is not None and value > limit.most
        under = limit.least is not None and value < limit.least
        reason = f"{_amount(value, metric)}, {' and '.join(bounds)} allowed"
        found[group] = _Outcome(value, not (over or under), reason)
    return found


def _growth(
    limit: Limit, metric: Metric, source: Source, *, other: Metric | None
) -> dict[Group, _Outcome]:
    """Compare with a reference: the base, or another metric."""
    found = {}
    for group, (reference, value) in _referred(limit, metric, source, other=other).items():
        bounds = []
        if limit.increase is not None:
            bounds.append(reference + limit.increase.allowed(reference))
        if limit.ratio is not None:
            bounds.append(reference * limit.ratio)
        allowed = min(bounds)
        kept = value <= allowed + _EPSILON * max(1.0, abs(allowed))
        if other is None and not needs_whole(limit, metric):
            more, most = value - reference, allowed - reference
            reason = f"{_signed(more)} {_unit(more, metric)}, at most {_signed(most)} allowed"
            found[group] = _Outcome(more, kept, reason)
        else:
            against = f"of {limit.relative_to}" if other else "in the base"
            reason = f"{_amount(value, metric)} against {_shown(reference)} {against}"
            found[group] = _Outcome(value, kept, f"{reason}, at most {_shown(allowed)} allowed")
    return found


def _referred(
    limit: Limit, metric: Metric, source: Source, *, other: Metric | None
) -> dict[Group, tuple[float, float]]:
    """Measure the reference and the metric."""
    if other is not None:
        values = _values(limit, source.items(metric, limit, WHOLE), metric.fold)
        references = _values(limit, source.items(other, limit, WHOLE), other.fold)
        nothing = other.fold(())
        return {group: (references.get(group, nothing), one) for group, one in values.items()}
    if needs_whole(limit, metric):
        base, whole = (
            _values(limit, source.items(metric, limit, side), metric.fold) for side in (BASE, WHOLE)
        )
        nothing = metric.fold(())
        return {group: (base.get(group, nothing), one) for group, one in whole.items()}
    return _differing(limit, metric, source)


def _values(limit: Limit, items: Sequence[Item], fold: Callable[[Sequence[Item]], float]) -> Values:
    """Put items together, by group where the limit says so."""
    if not limit.by:
        return {(): fold(items)}
    groups: defaultdict[Group, list[Item]] = defaultdict(list)
    for one in items:
        groups[one.group(limit.by)].append(one)
    return {group: fold(members) for group, members in groups.items()}


def _amount(value: float, metric: Metric) -> str:
    return f"{_shown(value)} {_unit(value, metric)}".rstrip()


def _unit(value: float, metric: Metric) -> str:
    """Name the unit, in the singular of one."""
    is_plural = len(metric.unit) > 3 and metric.unit.endswith("s")  # "ms" is none
    return metric.unit[:-1] if is_plural and abs(value) == 1 else metric.unit


def _shown(value: float) -> str:
    # Down, so that 99.96 never reads as the 100 that was asked for.
    return f"{int(value * 100) / 100:.12g}"


def _signed(value: float) -> str:
    return f"{value:+.6g}"
