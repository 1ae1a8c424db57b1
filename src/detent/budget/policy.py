"""Changes of the budget itself: limits that a change loosens, and exemptions from limits."""

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
    from detent.config.values import SettingLocation
    from detent.core.results import LimitResult

#: Values at which two settings of `max_increase` are compared: which one allows more may depend on
#: the value.
_REFERENCES = (0.0, 1e-3, 1.0, 1e2, 1e4, 1e6, 1e9)


def apply_exemptions(
    results: Sequence[LimitResult], exemptions: Sequence[Exemption], today: date
) -> tuple[list[LimitResult], list[str]]:
    """Mark exceeded limits as exempt; give also the exemptions without effect, and why."""
    valid = [
        exemption
        for exemption in exemptions
        if not exemption.fault and exemption.expires and exemption.expires >= today
    ]
    used: set[Exemption] = set()
    found = [_apply_exemption(result, valid, used) for result in results]
    unused = [
        _explain_unused(exemption, today) for exemption in exemptions if exemption not in used
    ]
    return found, unused


def _apply_exemption(
    result: LimitResult, valid: Sequence[Exemption], used: set[Exemption]
) -> LimitResult:
    if result.status not in (EXCEEDED, NOT_MEASURED):
        return result
    fitting = [exemption for exemption in valid if fnmatchcase(result.metric, exemption.metric)]
    used.update(fitting)  # what was not measured may need it as well
    if result.status == NOT_MEASURED or not fitting:
        return result
    reason = f"{result.reason}; exempt until {fitting[0].expires}: {fitting[0].reason}"
    return result._replace(status=EXEMPT, reason=reason)


def _explain_unused(exemption: Exemption, today: date) -> str:
    place = exemption.place
    name = place.format_with_line() if place else f"the exemption for {exemption.metric!r}"
    if exemption.fault:
        return f"{name} is ignored: {exemption.fault}"
    if exemption.expires and exemption.expires < today:
        return f"{name} expired on {exemption.expires} and is ignored"
    return f"{name} is not needed, delete it: no limit on {exemption.metric} is exceeded"


def list_loosened_limits(
    before: Budget, after: Budget
) -> Iterator[tuple[SettingLocation | None, str]]:
    """List the limits that are looser than before, or removed, and the new exemptions.

    Each with its place in the new settings; None for a limit that is not there any more.
    """
    for limit in before.limits:
        name = _format_limit(limit)
        same = [other for other in after.limits if _make_limit_key(other) == _make_limit_key(limit)]
        differences = [list(_compare_limits(limit, other)) for other in same]
        if not same:
            yield None, f"{name}: limit removed"
        elif all(differences):
            place = same[0].place
            for text in differences[0]:  # its first word is the key
                yield place and place.at(text.split()[0]), f"{name}: {text}"
    yield from _list_longer_exemptions(before, after)


def _list_longer_exemptions(
    before: Budget, after: Budget
) -> Iterator[tuple[SettingLocation | None, str]]:
    known = {
        exemption.metric: exemption.expires
        for exemption in before.exemptions
        if not exemption.fault
    }
    for exemption in after.exemptions:
        earlier, expires = known.get(exemption.metric), exemption.expires
        if expires and not exemption.fault and (earlier is None or earlier < expires):
            text = f"{exemption.metric}: exempt until {expires}: {exemption.reason}"
            yield exemption.place and exemption.place.at("expires"), text


def _make_limit_key(limit: Limit) -> tuple[object, ...]:
    return limit.metric, frozenset(limit.paths), limit.by, limit.relative_to


def _format_limit(limit: Limit) -> str:
    where = f" in {', '.join(limit.paths)}" if limit.paths else ""
    return f"{limit.metric}{where}"


def _compare_limits(before: Limit, after: Limit) -> Iterator[str]:
    """Describe each way in which a limit is looser than before."""
    if before.ratchet and not after.ratchet:
        yield "ratchet removed"
    if before.sql.split() != after.sql.split():
        yield "query changed"
    yield from _compare_bound("max", before.most, after.most)
    yield from _compare_bound("min", before.least, after.least, sign=-1)
    yield from _compare_bound("max_ratio", before.ratio, after.ratio)
    yield from _compare_growth(before.increase, after.increase)


def _compare_bound(
    name: str, old: float | None, new: float | None, *, sign: int = 1
) -> Iterator[str]:
    if old is not None and new is None:
        yield f"{name} removed (was {old:.12g})"
    elif old is not None and new is not None and sign * new > sign * old:
        yield f"{name} {'raised' if sign > 0 else 'lowered'} from {old:.12g} to {new:.12g}"


def _compare_growth(old: Increase | None, new: Increase | None) -> Iterator[str]:
    if old is not None and new is None:
        yield "max_increase removed"
    elif old is not None and new is not None:
        pairs = ((new.compute_allowance(at), old.compute_allowance(at)) for at in _REFERENCES)
        if any(allowed > before for allowed, before in pairs):
            yield "max_increase raised"
