"""Changes of the budget itself: limits that are loosened, and exemptions from them."""

from __future__ import annotations

from fnmatch import fnmatchcase

from detent import TYPE_CHECKING
from detent.core.results import EXCEEDED, EXEMPT, NOT_MEASURED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from detent.config import Exemption, Limit
    from detent.config.amounts import Increase
    from detent.config.budget import Budget
    from detent.core.results import LimitResult

#: To see which of two allowances is the greater, wherever that is.
_REFERENCES = (0.0, 1e-3, 1.0, 1e2, 1e4, 1e6, 1e9)


def apply_exemptions(
    judgements: Sequence[LimitResult], exemptions: Sequence[Exemption], today: date
) -> tuple[list[LimitResult], list[str]]:
    """Let limits be exceeded that are exempted."""
    valid = [one for one in exemptions if not one.fault and one.expires and one.expires >= today]
    used: set[Exemption] = set()
    found = [_apply_exemption(one, valid, used) for one in judgements]
    return found, [_explain_unused(one, today) for one in exemptions if one not in used]


def _apply_exemption(
    one: LimitResult, valid: Sequence[Exemption], used: set[Exemption]
) -> LimitResult:
    """Exempt a limit that is exceeded; note which exemptions that needs, or may need."""
    if one.status not in (EXCEEDED, NOT_MEASURED):
        return one
    fitting = [exemption for exemption in valid if fnmatchcase(one.metric, exemption.metric)]
    used.update(fitting)
    if one.status == NOT_MEASURED or not fitting:
        return one
    reason = f"{one.reason}; exempt until {fitting[0].expires}: {fitting[0].reason}"
    return one._replace(status=EXEMPT, reason=reason)


def _explain_unused(one: Exemption, today: date) -> str:
    place = one.place.format_with_line() if one.place else f"the exemption of {one.metric!r}"
    if one.fault:
        return f"{place} exempts nothing: {one.fault}"
    if one.expires and one.expires < today:
        return f"{place} exempts nothing any more: it expired on {one.expires}"
    return f"{place} is not needed: no limit on {one.metric} is exceeded"


def list_loosened_limits(before: Budget, after: Budget) -> list[str]:
    """Say which limits are looser than they were, or gone."""
    found = []
    for limit in before.limits:
        same = [one for one in after.limits if _make_limit_key(one) == _make_limit_key(limit)]
        differences = [list(_compare_limits(limit, one)) for one in same]
        if not same:
            found.append(f"{_format_limit(limit)}: the limit is gone")
        elif all(differences):
            found += [f"{_format_limit(limit)}: {text}" for text in differences[0]]
    return [*found, *_list_longer_exemptions(before, after)]


def _list_longer_exemptions(before: Budget, after: Budget) -> Iterator[str]:
    """Say what is newly exempted, or for longer."""
    known = {one.metric: one.expires for one in before.exemptions if not one.fault}
    for one in after.exemptions:
        earlier = known.get(one.metric)
        if one.expires and not one.fault and (earlier is None or earlier < one.expires):
            yield f"{one.metric}: exempt until {one.expires}: {one.reason}"


def _make_limit_key(limit: Limit) -> tuple[object, ...]:
    return limit.metric, frozenset(limit.paths), limit.by, limit.relative_to


def _format_limit(limit: Limit) -> str:
    where = f" in {', '.join(limit.paths)}" if limit.paths else ""
    return f"{limit.metric}{where}"


def _compare_limits(before: Limit, after: Limit) -> Iterator[str]:
    if before.ratchet and not after.ratchet:
        yield "may be worse than before"
    if before.sql.split() != after.sql.split():
        yield "its query is another one"
    yield from _compare_bound("max", before.most, after.most)
    yield from _compare_bound("min", before.least, after.least, sign=-1)
    yield from _compare_bound("max_ratio", before.ratio, after.ratio)
    yield from _compare_growth(before.increase, after.increase)


def _compare_bound(
    name: str, old: float | None, new: float | None, *, sign: int = 1
) -> Iterator[str]:
    if old is not None and (new is None or sign * new > sign * old):
        yield f"{name} was {old:.12g}, {'and is gone' if new is None else f'is {new:.12g}'}"


def _compare_growth(old: Increase | None, new: Increase | None) -> Iterator[str]:
    if old is None:
        return
    if new is None:
        yield "max_increase is gone"
    elif any(new.compute_allowance(one) > old.compute_allowance(one) for one in _REFERENCES):
        yield "max_increase allows more"
