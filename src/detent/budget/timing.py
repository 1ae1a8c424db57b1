"""Limits on what two commits take, against what was measured of them: pure."""

from __future__ import annotations

from fnmatch import fnmatchcase

from detent import TYPE_CHECKING
from detent.budget import EXCEEDED, INCONCLUSIVE, NOT_MEASURED, PASS
from detent.budget.bootstrap import verdict
from detent.budget.limits import Judgement

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from detent.budget.bootstrap import Estimate
    from detent.config import Limit

_FOREIGN = "it is relative to another metric, which is not measured here"


def on(limits: Iterable[Limit], metric: str) -> list[Limit]:
    """Choose the limits on a metric.

    Parameters
    ----------
    limits : iterable of Limit
        The budget.
    metric : str
        Its whole name.

    Returns
    -------
    list of Limit
        Those whose name is this or fits it.
    """
    return [limit for limit in limits if fnmatchcase(metric, limit.metric)]


def allowed(limit: Limit, base: float) -> float | None:
    """Give the most that the head may have.

    Parameters
    ----------
    limit : Limit
        The limit.
    base : float
        What the base has.

    Returns
    -------
    float or None
        None where the limit does not depend on the base.
    """
    bounds = []
    if limit.increase is not None:
        bounds.append(base + limit.increase.allowed(base))
    if limit.ratio is not None:
        bounds.append(base * limit.ratio)
    if limit.ratchet:
        bounds.append(base)
    return min(bounds, default=None)


def is_open(limits: Iterable[Limit], found: Estimate) -> bool:
    """Tell whether more pairs may change what becomes of limits on a time.

    Parameters
    ----------
    limits : iterable of Limit
        Those on it.
    found : Estimate
        What is known so far.

    Returns
    -------
    bool
        False also where there is no limit to settle.
    """
    bounds = [allowed(limit, found.base) for limit in limits if not limit.relative_to]
    return any(verdict(found, one / found.base).open for one in bounds if one is not None)


def timed(limit: Limit, found: Estimate) -> Judgement:
    """Hold a limit against a time.

    Parameters
    ----------
    limit : Limit
        On this time.
    found : Estimate
        Of pairs, in seconds.

    Returns
    -------
    Judgement
        Inconclusive where the head is slower than it may be, but not for sure slower than the base.
    """
    if limit.relative_to:
        return Judgement(limit, NOT_MEASURED, None, _FOREIGN)
    status, bound = PASS, allowed(limit, found.base)
    if bound is not None:
        said = verdict(found, bound / found.base)
        if said.exceeded:
            status = EXCEEDED
        elif found.ratio * found.base > bound:
            status = INCONCLUSIVE
    if _outside(limit, found.head):
        status = EXCEEDED
    more = found.ratio - 1
    reason = (
        f"{found.base:.3f} s and then {found.head:.3f} s in {found.pairs} pairs, {more:+.1%} "
        f"(95% sure: {found.low - 1:+.1%} or more); {_bounds(limit, bound, ' s')}"
    )
    return Judgement(limit, status, found.head, reason)


def counted(limit: Limit, base: int | None, head: int | None) -> Judgement:
    """Hold a limit against a count.

    Parameters
    ----------
    limit : Limit
        On this count.
    base, head : int or None
        What the two sides count; None where they do not count this.

    Returns
    -------
    Judgement
        Never inconclusive: the same run makes the same counts.
    """
    if limit.relative_to:
        return Judgement(limit, NOT_MEASURED, None, _FOREIGN)
    if base is None or head is None:
        which = "base" if base is None else "head"
        return Judgement(limit, NOT_MEASURED, None, f"the {which} does not count it")
    bound = allowed(limit, base)
    over = _outside(limit, head) or (bound is not None and head > bound)
    reason = f"{base:,} and then {head:,}; {_bounds(limit, bound)}"
    return Judgement(limit, EXCEEDED if over else PASS, head, reason)


def judged(
    limits: Iterable[Limit],
    times: Mapping[str, Estimate],
    counts: Mapping[str, tuple[int | None, int | None]],
) -> list[Judgement]:
    """Hold all limits against all that was measured.

    Parameters
    ----------
    limits : iterable of Limit
        The budget.
    times : mapping of str to Estimate
        Seconds, by the names of metrics.
    counts : mapping of str to (int or None, int or None)
        Base and head, by the names of metrics.

    Returns
    -------
    list of Judgement
        One for each limit and each metric that it is on, under the metric's own name.
    """
    wanted = list(limits)
    return [
        *(
            timed(limit._replace(metric=name), found)
            for name, found in times.items()
            for limit in on(wanted, name)
        ),
        *(
            counted(limit._replace(metric=name), *sides)
            for name, sides in counts.items()
            for limit in on(wanted, name)
        ),
    ]


def _outside(limit: Limit, value: float) -> bool:
    over = limit.most is not None and value > limit.most
    return over or (limit.least is not None and value < limit.least)


def _bounds(limit: Limit, bound: float | None, unit: str = "") -> str:
    parts = [] if bound is None else [f"up to {bound:,.6g}{unit}"]
    parts += [f"at most {limit.most:g}{unit}"] if limit.most is not None else []
    parts += [f"at least {limit.least:g}{unit}"] if limit.least is not None else []
    return f"{' and '.join(parts)} allowed"
