"""Changes of the budget itself: limits that are loosened, and exemptions from them."""

from __future__ import annotations

from fnmatch import fnmatchcase

from detent import TYPE_CHECKING
from detent.budget import EXCEEDED, EXEMPT, NOT_MEASURED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from detent.budget.limits import Judgement
    from detent.config import Exemption, Limit
    from detent.config.amounts import Increase
    from detent.config.budget import Budget

#: To see which of two allowances is the greater, wherever that is.
_REFERENCES = (0.0, 1e-3, 1.0, 1e2, 1e4, 1e6, 1e9)


def exempted(
    judgements: Sequence[Judgement], exemptions: Sequence[Exemption], today: date
) -> tuple[list[Judgement], list[str]]:
    """Let limits be exceeded that are exempted.

    Parameters
    ----------
    judgements : sequence of Judgement
        What became of the limits.
    exemptions : sequence of Exemption
        Those of the settings.
    today : date
        The day of the run.

    Returns
    -------
    list of Judgement
        The same, some of them ``exempt``.
    list of str
        What is to be said of exemptions that have no effect.
    """
    valid = [one for one in exemptions if not one.fault and one.expires and one.expires >= today]
    used: set[Exemption] = set()
    found = [_judged(one, valid, used) for one in judgements]
    return found, [_idle(one, today) for one in exemptions if one not in used]


def _judged(one: Judgement, valid: Sequence[Exemption], used: set[Exemption]) -> Judgement:
    """Exempt a limit that is exceeded; note which exemptions that needs, or may need."""
    if one.status not in (EXCEEDED, NOT_MEASURED):
        return one
    fitting = [exemption for exemption in valid if fnmatchcase(one.limit.metric, exemption.metric)]
    used.update(fitting)
    if one.status == NOT_MEASURED or not fitting:
        return one
    reason = f"{one.reason}; exempt until {fitting[0].expires}: {fitting[0].reason}"
    return one._replace(status=EXEMPT, reason=reason)


def _idle(one: Exemption, today: date) -> str:
    place = one.place.shown() if one.place else f"the exemption of {one.metric!r}"
    if one.fault:
        return f"{place} exempts nothing: {one.fault}"
    if one.expires and one.expires < today:
        return f"{place} exempts nothing any more: it expired on {one.expires}"
    return f"{place} is not needed: no limit on {one.metric} is exceeded"


def loosened(before: Budget, after: Budget) -> list[str]:
    """Say which limits are looser than they were, or gone.

    Parameters
    ----------
    before, after : Budget
        Of the base and of the head.

    Returns
    -------
    list of str
        A line each.
    """
    found = []
    for limit in before.limits:
        same = [one for one in after.limits if _key(one) == _key(limit)]
        differences = [list(_looser(limit, one)) for one in same]
        if not same:
            found.append(f"{_shown(limit)}: the limit is gone")
        elif all(differences):
            found += [f"{_shown(limit)}: {text}" for text in differences[0]]
    return [*found, *_exempted_longer(before, after)]


def _exempted_longer(before: Budget, after: Budget) -> Iterator[str]:
    """Say what is newly exempted, or for longer."""
    known = {one.metric: one.expires for one in before.exemptions if not one.fault}
    for one in after.exemptions:
        earlier = known.get(one.metric)
        if one.expires and not one.fault and (earlier is None or earlier < one.expires):
            yield f"{one.metric}: exempt until {one.expires}: {one.reason}"


def _key(limit: Limit) -> tuple[object, ...]:
    return limit.metric, frozenset(limit.paths), limit.by, limit.relative_to


def _shown(limit: Limit) -> str:
    where = f" in {', '.join(limit.paths)}" if limit.paths else ""
    return f"{limit.metric}{where}"


def _looser(before: Limit, after: Limit) -> Iterator[str]:
    if before.ratchet and not after.ratchet:
        yield "may be worse than before"
    if before.sql.split() != after.sql.split():
        yield "its query is another one"
    yield from _bound("max", before.most, after.most)
    yield from _bound("min", before.least, after.least, sign=-1)
    yield from _bound("max_ratio", before.ratio, after.ratio)
    yield from _growth(before.increase, after.increase)


def _bound(name: str, old: float | None, new: float | None, *, sign: int = 1) -> Iterator[str]:
    if old is not None and (new is None or sign * new > sign * old):
        yield f"{name} was {old:.12g}, {'and is gone' if new is None else f'is {new:.12g}'}"


def _growth(old: Increase | None, new: Increase | None) -> Iterator[str]:
    if old is None:
        return
    if new is None:
        yield "max_increase is gone"
    elif any(new.allowed(one) > old.allowed(one) for one in _REFERENCES):
        yield "max_increase allows more"
