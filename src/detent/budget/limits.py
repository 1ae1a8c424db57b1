"""Limits against measurements: pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from detent.budget.metrics import METRICS, Measured, Metric, Tally
from detent.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from detent.config import Limit

PASS, INCONCLUSIVE, EXCEEDED = "pass", "inconclusive", "exceeded"
NOT_MEASURED = "not measurable"


class Judgement(NamedTuple):
    """What became of one limit.

    Attributes
    ----------
    limit : Limit
        As set.
    status : str
        ``pass``, ``inconclusive``, ``exceeded`` or ``not measurable``.
    value : float or None
        What was measured; the change of the metric where the limit is a ratchet.
    reason : str
        One line for a person.
    """

    limit: Limit
    status: str
    value: float | None
    reason: str


def judge(
    limits: Iterable[Limit], measured: Measured, fits: Callable[[tuple[str, ...], str], bool]
) -> list[Judgement]:
    """Judge all limits.

    Parameters
    ----------
    limits : iterable of Limit
        The budget.
    measured : Measured
        The measurements.
    fits : callable
        Says whether one of some globs fits a path.

    Returns
    -------
    list of Judgement
        One for each bound of each limit, in order.

    Raises
    ------
    UsageError
        If a limit names a metric that there is not, or asks of it what has no meaning.
    """
    found = []
    for limit in limits:
        metric = _metric(limit)

        def chosen(path: str, paths: tuple[str, ...] = limit.paths) -> bool:
            return not paths or fits(paths, path)

        if limit.ratchet:
            found.append(_ratchet(limit, metric, measured, chosen=chosen))
        if limit.most is not None or limit.least is not None:
            found.append(_bounds(limit, metric, measured, chosen=chosen))
    return found


def _metric(limit: Limit) -> Metric:
    metric = METRICS.get(limit.metric)
    if metric is None:
        from difflib import get_close_matches

        near = get_close_matches(limit.metric, METRICS, 1)
        hint = f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(METRICS)}"
        raise UsageError(f"the budget limits {limit.metric!r}, which is no metric", hint)
    if limit.ratchet and metric.name == "docstring.coverage":
        raise UsageError(
            "docstring.coverage falls when documented code is deleted, so it is no ratchet",
            'write metric = "docstring.undocumented" beside ratchet = "never-worse"',
        )
    if limit.ratchet and metric.name == "index.bytes":
        raise UsageError(
            "index.bytes has no base to compare with, so it is no ratchet", "write max"
        )
    if limit.paths and metric.name == "index.bytes":
        raise UsageError("index.bytes is the size of one file: it has no paths", "drop `paths`")
    return metric


def _ratchet(
    limit: Limit, metric: Metric, measured: Measured, *, chosen: Callable[[str], bool]
) -> Judgement:
    if metric.total is None:
        value = float(sum(n for path, n in measured.new.items() if chosen(path)))
    else:
        before, after = (
            metric.total(_chosen(side, chosen)) for side in (measured.before, measured.after)
        )
        value = after - before
    status = EXCEEDED if value > 0 else PASS
    return Judgement(limit, status, value, f"{value:+g} {metric.unit}, may not grow")


def _bounds(
    limit: Limit, metric: Metric, measured: Measured, *, chosen: Callable[[str], bool]
) -> Judgement:
    value = _value(metric, measured, chosen)
    if value is None:
        hint = "the view is not indexed yet: `detent index`"
        return Judgement(limit, NOT_MEASURED, None, hint)
    over = limit.most is not None and value > limit.most
    under = limit.least is not None and value < limit.least
    bounds = [
        f"{word} {bound:g}"
        for word, bound in (("at most", limit.most), ("at least", limit.least))
        if bound is not None
    ]
    reason = f"{_shown(value)} {metric.unit}, {' and '.join(bounds)} allowed"
    return Judgement(limit, EXCEEDED if over or under else PASS, value, reason)


def _value(metric: Metric, measured: Measured, chosen: Callable[[str], bool]) -> float | None:
    if metric.name == "index.bytes":
        return measured.index_bytes
    if metric.total is None:
        return sum(n for path, n in measured.new.items() if chosen(path))
    return None if measured.whole is None else metric.total(_chosen(measured.whole, chosen))


def _chosen(side: Mapping[str, Tally], chosen: Callable[[str], bool]) -> list[Tally]:
    return [one for path, one in side.items() if chosen(path)]


def _shown(value: float) -> str:
    # Down, so that 99.96 never reads as the 100 that was asked for.
    return f"{int(value * 100) / 100:g}"
