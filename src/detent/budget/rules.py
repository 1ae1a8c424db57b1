"""The limits of the settings to limits of single metrics; what means nothing is refused."""

from __future__ import annotations

import re

from detent import TYPE_CHECKING
from detent.budget.metrics import ISSUES, MEASURED, SQL, Metric, metric_of, names
from detent.config.values import meant, refuse
from detent.core.errors import UsageError
from detent.core.namedtuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from typing import NoReturn

    from detent.config import Limit

_MOST_WILDCARDS = 4


class Rule(NamedTuple):
    """A limit as it is written, with the single limits that it stands for.

    Attributes
    ----------
    written : Limit
        As set.
    parts : tuple of (Limit, Metric)
        One for each metric that its name fits.
    """

    written: Limit
    parts: tuple[tuple[Limit, Metric], ...]


def is_measured(name: str) -> bool:
    """Tell whether a metric is measured by running something.

    Parameters
    ----------
    name : str
        With wildcards or without.

    Returns
    -------
    bool
        True for what `detent budget measure` holds.
    """
    return name.startswith(MEASURED)


def rules(limits: Iterable[Limit], codes: Collection[str]) -> tuple[Rule, ...]:
    """Find the metrics that limits are on.

    Parameters
    ----------
    limits : iterable of Limit
        The budget.
    codes : collection of str
        The codes of findings.

    Returns
    -------
    tuple of Rule
        In order, without what is measured by running something.

    Raises
    ------
    UsageError
        If a limit names a metric that there is not, or asks of it what has no meaning.
    """
    found = []
    for limit in limits:
        if is_measured(limit.metric):
            continue
        parts = tuple(_parts(limit, codes))
        if not parts:
            _unknown(limit, codes)
        found.append(Rule(limit, parts))
    return tuple(found)


def _parts(limit: Limit, codes: Collection[str]) -> Iterator[tuple[Limit, Metric]]:
    pattern = _pattern(limit.metric)
    if pattern is None or limit.metric.startswith(SQL):
        metric = metric_of(limit.metric, codes)
        if metric is None:
            _unknown(limit, codes)
        _see_that_it_means_something(limit, metric, codes)
        yield limit, metric
        return
    for name in names(codes):
        if match := pattern.fullmatch(name):
            wild = iter(match.groups())
            other = re.sub(r"\*", lambda _: next(wild, "*"), limit.relative_to)  # noqa: B023
            one = limit._replace(metric=name, relative_to=other)
            metric = metric_of(name, codes)
            if metric is not None and _nonsense(one, metric, codes) is None:
                yield one, metric


def _pattern(name: str) -> re.Pattern[str] | None:
    """Compile a name with wildcards; None where it has none."""
    if "*" not in name and "?" not in name:
        return None
    parts = re.split(r"(\*+|\?)", name)
    if len(parts) > _MOST_WILDCARDS * 2 + 1:
        return re.compile("(?!)")  # so many are no help to anybody, and can keep us busy
    wild = {"*": "(.*)", "?": "."}
    return re.compile("".join(wild.get(part[:1]) or re.escape(part) for part in parts))


def named(name: str, codes: Collection[str], queries: Collection[str] = ()) -> Metric:
    """Find the metric that a person named.

    Parameters
    ----------
    name : str
        Without wildcards.
    codes : collection of str
        The codes of all rules.
    queries : collection of str
        The metrics in SQL that the settings have.

    Returns
    -------
    Metric
        The metric.

    Raises
    ------
    UsageError
        If there is no such metric.
    """
    metric = metric_of(name, codes)
    if metric is None or (name.startswith(SQL) and name not in queries):
        raise UsageError(
            f"{name!r} is no metric", meant(name, [*names(codes), *queries]) or _listing()
        )
    return metric


def _unknown(limit: Limit, codes: Collection[str]) -> NoReturn:
    known = names(codes)
    if _pattern(limit.metric) is not None:
        _refuse(limit, f": {limit.metric!r} fits no metric that it could limit", _listing())
    hint = meant(limit.metric, known) or _listing()
    _refuse(limit, f": {limit.metric!r} is no metric", hint)


def _listing() -> str:
    return f"`detent budget metrics` lists them: {ISSUES}.new, {ISSUES} and others"


def _see_that_it_means_something(limit: Limit, metric: Metric, codes: Collection[str]) -> None:
    if fault := _nonsense(limit, metric, codes):
        _refuse(limit, *fault)


def _nonsense(limit: Limit, metric: Metric, codes: Collection[str]) -> tuple[str, str] | None:
    """Say why a limit has no meaning, and what would; None where it has one."""
    return (
        _of_the_base(limit, metric)
        or _of_parts(limit, metric)
        or _of_units(limit, metric)
        or _of_others(limit, metric, codes)
    )


def _of_the_base(limit: Limit, metric: Metric) -> tuple[str, str] | None:
    name = metric.name
    if metric.higher_is_better and (limit.ratchet or limit.grows):
        return (
            f": {name} falls when documented code is deleted, so it is no ratchet",
            'write metric = "docstring.undocumented" beside ratchet = "never-worse"',
        )
    if metric.scope == "index" and (limit.ratchet or (limit.grows and not limit.relative_to)):
        return f": {name} has no base to compare with, so it is no ratchet", "write max"
    if metric.scope == "change" and limit.grows:
        return f": {name} is itself a difference from the base", "write max"
    return None


def _of_parts(limit: Limit, metric: Metric) -> tuple[str, str] | None:
    name = metric.name
    if limit.paths and metric.scope == "index":
        return f": {name} is of the index as a whole: it has no paths", "drop `paths`"
    if wrong := set(limit.by).difference(metric.by):
        can = f"it can be by {', '.join(metric.by)}" if metric.by else "drop `by`"
        return f": {name} cannot be grouped by {min(wrong)}", can
    return None


def _of_units(limit: Limit, metric: Metric) -> tuple[str, str] | None:
    unit = limit.increase.unit if limit.increase else ""
    if unit in ("", metric.unit):
        return None
    return f": {metric.name} is not measured in {unit}", f"its unit: {metric.unit or 'none'}"


def _of_others(limit: Limit, metric: Metric, codes: Collection[str]) -> tuple[str, str] | None:
    other = limit.relative_to
    if not other:
        return None
    if not limit.grows:
        return f": {metric.name} is compared with {other}, without a limit", "add max_ratio"
    if (reference := metric_of(other, codes)) is None or other.startswith(SQL):
        return f": {other!r} is no metric to compare with", meant(other, names(codes)) or _listing()
    if wrong := set(limit.by).difference(reference.by):
        return f": {other} cannot be grouped by {min(wrong)}", "drop `by`"
    return None


def _refuse(limit: Limit, message: str, hint: str) -> NoReturn:
    if limit.place is not None:
        refuse(limit.place.at("metric"), message, hint, word=limit.metric)
    raise UsageError(f"the budget{message}", hint)
