"""The limits of the settings, resolved to single metrics; meaningless ones are refused."""

from __future__ import annotations

import re
from math import inf

from detent import TYPE_CHECKING
from detent.budget.metrics import ISSUES, MEASURED, SQL, Metric, find_metric, list_metric_names
from detent.config.values import refuse_setting, suggest_spelling
from detent.core.errors import UsageError
from detent.core.namedtuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from typing import NoReturn

    from detent.config import Limit

    #: What is wrong with a limit, and a hint.
    Fault = tuple[str, str]

# A pattern with many of them matches slowly.
_MOST_WILDCARDS = 4
_LISTING = f"`detent budget metrics` lists them: {ISSUES}.new, {ISSUES} and others"


class BudgetRule(NamedTuple):
    """A limit as written, and the single metrics that it applies to."""

    written: Limit
    parts: tuple[tuple[Limit, Metric], ...]  # one for each metric that its name matches


def resolve_rules(limits: Iterable[Limit], codes: Collection[str]) -> tuple[BudgetRule, ...]:
    """Find the metrics of limits, except of those that `detent budget measure` checks."""
    rules = []
    for limit in limits:
        if limit.metric.startswith(MEASURED):
            continue
        parts = tuple(_expand_limit(limit, codes))
        if not parts:
            _refuse_unknown(limit, codes)
        rules.append(BudgetRule(limit, parts))
    return tuple(rules)


def _expand_limit(limit: Limit, codes: Collection[str]) -> Iterator[tuple[Limit, Metric]]:
    pattern = _compile_pattern(limit.metric)
    if pattern is None or limit.metric.startswith(SQL):
        metric = find_metric(limit.metric, codes)
        if metric is None:
            _refuse_unknown(limit, codes)
        if fault := _find_fault(limit, metric, codes):
            _refuse_limit(limit, *fault)
        yield limit, metric
        return
    for name in list_metric_names(codes):
        if match := pattern.fullmatch(name):
            single = limit._replace(metric=name, relative_to=_fill_wildcards(limit, match))
            metric = find_metric(name, codes)
            if metric is not None and _find_fault(single, metric, codes) is None:
                yield single, metric


def _fill_wildcards(limit: Limit, match: re.Match[str]) -> str:
    """Put what the wildcards of the metric match into those of `relative_to`."""
    parts = iter(match.groups())
    return re.sub(r"\*", lambda _: next(parts, "*"), limit.relative_to)


def _compile_pattern(name: str) -> re.Pattern[str] | None:
    """Compile a name with wildcards; None where it has none."""
    if "*" not in name and "?" not in name:
        return None
    parts = re.split(r"(\*+|\?)", name)
    if len(parts) > _MOST_WILDCARDS * 2 + 1:
        return re.compile("(?!)")  # matches nothing
    wildcards = {"*": "(.*)", "?": "."}
    return re.compile("".join(wildcards.get(part[:1]) or re.escape(part) for part in parts))


def require_metric(name: str, codes: Collection[str], queries: Collection[str] = ()) -> Metric:
    """Find the metric that a person named."""
    metric = find_metric(name, codes)
    if metric is None or (name.startswith(SQL) and name not in queries):
        hint = suggest_spelling(name, [*list_metric_names(codes), *queries])
        raise UsageError(f"unknown metric {name!r}", hint or _LISTING)
    return metric


def _refuse_unknown(limit: Limit, codes: Collection[str]) -> NoReturn:
    if _compile_pattern(limit.metric) is not None:
        _refuse_limit(limit, f": no metric that can have this limit matches {limit.metric!r}")
    hint = suggest_spelling(limit.metric, list_metric_names(codes))
    _refuse_limit(limit, f": unknown metric {limit.metric!r}", hint or _LISTING)


def _find_fault(limit: Limit, metric: Metric, codes: Collection[str]) -> Fault | None:
    """Find out why a limit has no meaning, and what to write instead."""
    return (
        _find_base_fault(limit, metric)
        or _find_group_fault(limit, metric)
        or _find_unit_fault(limit, metric)
        or _find_range_fault(limit, metric)
        or _find_reference_fault(limit, metric, codes)
    )


def _find_base_fault(limit: Limit, metric: Metric) -> Fault | None:
    name = metric.name
    if metric.higher_is_better and (limit.ratchet or limit.is_growth_limit):
        return (
            f": {name} takes only min and max: it falls when documented code is deleted",
            'write metric = "docstring.undocumented" beside ratchet = "never-worse"',
        )
    needs_base = limit.ratchet or (limit.is_growth_limit and not limit.relative_to)
    if metric.scope == "index" and needs_base:
        return f": {name} has no base to compare with", "write max"
    if metric.scope == "change" and limit.is_growth_limit:
        return f": {name} is itself a difference from the base", "write max"
    return None


def _find_group_fault(limit: Limit, metric: Metric) -> Fault | None:
    if limit.paths and metric.scope == "index":
        return f": {metric.name} measures the index, which has no paths", "remove `paths`"
    if wrong := set(limit.by).difference(metric.by):
        hint = f"it can be by {', '.join(metric.by)}" if metric.by else "remove `by`"
        return f": {metric.name} cannot be grouped by {min(wrong)}", hint
    return None


def _find_unit_fault(limit: Limit, metric: Metric) -> Fault | None:
    unit = limit.increase.unit if limit.increase else ""
    if unit in ("", metric.unit):
        return None
    return f": {metric.name} is not measured in {unit}", f"its unit: {metric.unit or 'none'}"


def _find_range_fault(limit: Limit, metric: Metric) -> Fault | None:
    """Find a bound outside of the values that a metric can have."""
    greatest = 100.0 if metric.unit == "%" else inf
    for name, bound in (("max", limit.most), ("min", limit.least), ("max_ratio", limit.ratio)):
        if bound is None or (metric.scope == "sql" and name != "max_ratio"):
            continue
        if bound < 0 or (bound > greatest and name != "max_ratio"):
            values = f"from 0 to {greatest:g}%" if greatest < inf else "never negative"
            return f": {name} = {bound:g} has no meaning for {metric.name}", f"it is {values}"
    return None


def _find_reference_fault(limit: Limit, metric: Metric, codes: Collection[str]) -> Fault | None:
    other = limit.relative_to
    if not other:
        return None
    if not limit.is_growth_limit:
        return f": {metric.name} is relative to {other}, without a limit", "add max_ratio"
    reference = find_metric(other, codes)
    if reference is None or other.startswith(SQL):
        hint = suggest_spelling(other, list_metric_names(codes))
        return f": cannot compare with {other!r}, an unknown metric", hint or _LISTING
    if wrong := set(limit.by).difference(reference.by):
        return f": {other} cannot be grouped by {min(wrong)}", "remove `by`"
    return None


def _refuse_limit(limit: Limit, message: str, hint: str = _LISTING) -> NoReturn:
    if limit.place is not None:
        refuse_setting(limit.place.at("metric"), message, hint, word=limit.metric)
    raise UsageError(f"the budget{message}", hint)
