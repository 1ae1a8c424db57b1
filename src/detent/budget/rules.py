"""The limits of the settings to limits of single metrics; what means nothing is refused."""

from __future__ import annotations

import re

from detent import TYPE_CHECKING
from detent.budget.metrics import ISSUES, MEASURED, SQL, Metric, find_metric, list_metric_names
from detent.config.values import refuse_setting, suggest_spelling
from detent.core.errors import UsageError
from detent.core.namedtuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from typing import NoReturn

    from detent.config import Limit

_MOST_WILDCARDS = 4


class BudgetRule(NamedTuple):
    """A limit as it is written, with the single limits that it stands for."""

    written: Limit  # as set
    parts: tuple[tuple[Limit, Metric], ...]  # one for each metric that its name fits


def is_measured(name: str) -> bool:
    """Tell whether a metric is measured by running something."""
    return name.startswith(MEASURED)


def resolve_rules(limits: Iterable[Limit], codes: Collection[str]) -> tuple[BudgetRule, ...]:
    """Find the metrics that limits are on."""
    found = []
    for limit in limits:
        if is_measured(limit.metric):
            continue
        parts = tuple(_expand_limit(limit, codes))
        if not parts:
            _refuse_unknown(limit, codes)
        found.append(BudgetRule(limit, parts))
    return tuple(found)


def _expand_limit(limit: Limit, codes: Collection[str]) -> Iterator[tuple[Limit, Metric]]:
    pattern = _compile_pattern(limit.metric)
    if pattern is None or limit.metric.startswith(SQL):
        metric = find_metric(limit.metric, codes)
        if metric is None:
            _refuse_unknown(limit, codes)
        _require_meaning(limit, metric, codes)
        yield limit, metric
        return
    for name in list_metric_names(codes):
        if match := pattern.fullmatch(name):
            wild = iter(match.groups())
            other = re.sub(r"\*", lambda _: next(wild, "*"), limit.relative_to)  # noqa: B023
            one = limit._replace(metric=name, relative_to=other)
            metric = find_metric(name, codes)
            if metric is not None and _find_fault(one, metric, codes) is None:
                yield one, metric


def _compile_pattern(name: str) -> re.Pattern[str] | None:
    """Compile a name with wildcards; None where it has none."""
    if "*" not in name and "?" not in name:
        return None
    parts = re.split(r"(\*+|\?)", name)
    if len(parts) > _MOST_WILDCARDS * 2 + 1:
        return re.compile("(?!)")  # so many are no help to anybody, and can keep us busy
    wild = {"*": "(.*)", "?": "."}
    return re.compile("".join(wild.get(part[:1]) or re.escape(part) for part in parts))


def require_metric(name: str, codes: Collection[str], queries: Collection[str] = ()) -> Metric:
    """Find the metric that a person named."""
    metric = find_metric(name, codes)
    if metric is None or (name.startswith(SQL) and name not in queries):
        raise UsageError(
            f"{name!r} is no metric",
            suggest_spelling(name, [*list_metric_names(codes), *queries]) or _suggest_listing(),
        )
    return metric


def _refuse_unknown(limit: Limit, codes: Collection[str]) -> NoReturn:
    known = list_metric_names(codes)
    if _compile_pattern(limit.metric) is not None:
        _refuse_limit(
            limit, f": {limit.metric!r} fits no metric that it could limit", _suggest_listing()
        )
    hint = suggest_spelling(limit.metric, known) or _suggest_listing()
    _refuse_limit(limit, f": {limit.metric!r} is no metric", hint)


def _suggest_listing() -> str:
    return f"`detent budget metrics` lists them: {ISSUES}.new, {ISSUES} and others"


def _require_meaning(limit: Limit, metric: Metric, codes: Collection[str]) -> None:
    if fault := _find_fault(limit, metric, codes):
        _refuse_limit(limit, *fault)


def _find_fault(limit: Limit, metric: Metric, codes: Collection[str]) -> tuple[str, str] | None:
    """Say why a limit has no meaning, and what would; None where it has one."""
    return (
        _find_base_fault(limit, metric)
        or _find_group_fault(limit, metric)
        or _find_unit_fault(limit, metric)
        or _find_reference_fault(limit, metric, codes)
    )


def _find_base_fault(limit: Limit, metric: Metric) -> tuple[str, str] | None:
    name = metric.name
    if metric.higher_is_better and (limit.ratchet or limit.is_growth_limit):
        return (
            f": {name} falls when documented code is deleted, so it is no ratchet",
            'write metric = "docstring.undocumented" beside ratchet = "never-worse"',
        )
    if metric.scope == "index" and (
        limit.ratchet or (limit.is_growth_limit and not limit.relative_to)
    ):
        return f": {name} has no base to compare with, so it is no ratchet", "write max"
    if metric.scope == "change" and limit.is_growth_limit:
        return f": {name} is itself a difference from the base", "write max"
    return None


def _find_group_fault(limit: Limit, metric: Metric) -> tuple[str, str] | None:
    name = metric.name
    if limit.paths and metric.scope == "index":
        return f": {name} is of the index as a whole: it has no paths", "drop `paths`"
    if wrong := set(limit.by).difference(metric.by):
        can = f"it can be by {', '.join(metric.by)}" if metric.by else "drop `by`"
        return f": {name} cannot be grouped by {min(wrong)}", can
    return None


def _find_unit_fault(limit: Limit, metric: Metric) -> tuple[str, str] | None:
    unit = limit.increase.unit if limit.increase else ""
    if unit in ("", metric.unit):
        return None
    return f": {metric.name} is not measured in {unit}", f"its unit: {metric.unit or 'none'}"


def _find_reference_fault(
    limit: Limit, metric: Metric, codes: Collection[str]
) -> tuple[str, str] | None:
    other = limit.relative_to
    if not other:
        return None
    if not limit.is_growth_limit:
        return f": {metric.name} is compared with {other}, without a limit", "add max_ratio"
    if (reference := find_metric(other, codes)) is None or other.startswith(SQL):
        return f": {other!r} is no metric to compare with", suggest_spelling(
            other, list_metric_names(codes)
        ) or _suggest_listing()
    if wrong := set(limit.by).difference(reference.by):
        return f": {other} cannot be grouped by {min(wrong)}", "drop `by`"
    return None


def _refuse_limit(limit: Limit, message: str, hint: str) -> NoReturn:
    if limit.place is not None:
        refuse_setting(limit.place.at("metric"), message, hint, word=limit.metric)
    raise UsageError(f"the budget{message}", hint)
