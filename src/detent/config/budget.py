"""The limits of the budget, and what is exempted from them."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.config.amounts import Increase, is_number, read_increase
from detent.config.values import (
    check_choice,
    check_keys,
    refuse_setting,
    require_globs,
    require_strings,
    require_table,
    require_tables,
)
from detent.core.namedtuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from typing import Any

    from detent.config.values import SettingLocation

RATCHET = "never-worse"
#: What the values of a metric can be grouped by.
GROUPS = ("package", "code", "kind")

_BOUNDS = ("max", "min", "max_increase", "max_ratio", "ratchet")
_KEYS = ("metric", "paths", "by", *_BOUNDS, "relative_to", "sql", "method")


class TimingMethod(NamedTuple):
    """How times are measured: base and head in turn."""

    pairs: int = 10  # how often at first, and at the most while the outcome is open
    most: int = 20


class Limit(NamedTuple):
    """One limit of the budget."""

    metric: str  # what is measured, such as ``docstring.coverage``; ``*`` and ``?`` are wild
    paths: tuple[str, ...] = ()  # globs that choose the files; empty for all
    most: float | None = None  # the limits ``max`` and ``min``, in the metric's unit
    least: float | None = None
    ratchet: bool = False  # whether the metric must not be worse than in the base
    increase: Increase | None = None  # the limit ``max_increase``, above the reference
    ratio: float | None = None  # the limit ``max_ratio``, times the reference
    relative_to: str = ""  # the metric that is the reference; empty for the same metric in the base
    by: tuple[str, ...] = ()  # some of `GROUPS`: the limit holds for each group by itself
    sql: str = ""  # the query of a metric ``sql.NAME``, else empty
    method: TimingMethod | None = None  # how it is measured, for times
    place: SettingLocation | None = None  # where it is set

    @property
    def is_growth_limit(self) -> bool:
        """Whether it limits the growth above a reference."""
        return self.increase is not None or self.ratio is not None


class Exemption(NamedTuple):
    """A metric that may exceed its limits until a day."""

    metric: str  # as in `Limit`
    reason: str = ""  # why, for a person
    expires: date | None = None  # the last day on which it holds
    fault: str = ""  # why it exempts nothing at all; empty where it is well formed
    place: SettingLocation | None = None  # where it is set


class Budget(NamedTuple):
    """The table of the budget."""

    limits: tuple[Limit, ...] = ()  # in the order of the file
    exemptions: tuple[Exemption, ...] = ()  # likewise


def read_budget(given: object, place: SettingLocation) -> Budget:
    """Read the table of the budget."""
    found = require_table(given, place)
    check_keys(found, ("limit", "exempt"), place)
    limits = require_tables(found.get("limit", []), place.at("limit"))
    exempt = require_tables(found.get("exempt", []), place.at("exempt"))
    return Budget(
        tuple(_read_limit(given, at) for given, at in limits),
        tuple(_read_exemption(given, at) for given, at in exempt),
    )


def _read_limit(given: Mapping[str, Any], place: SettingLocation) -> Limit:
    check_keys(given, _KEYS, place)
    metric = given.get("metric")
    if not isinstance(metric, str):
        refuse_setting(place, " has no metric", 'add metric = "docstring.coverage" or another')
    if "ratchet" in given:
        check_choice(given["ratchet"], (RATCHET,), place.at("ratchet"))
    if not any(name in given for name in _BOUNDS):
        refuse_setting(
            place, " has no limit", f'add max, min, max_increase or ratchet = "{RATCHET}"'
        )
    grouped = require_strings(given.get("by", []), place.at("by"))
    for group in grouped:
        check_choice(group, GROUPS, place.at("by"))
    return Limit(
        metric,
        require_globs(given.get("paths", []), place.at("paths")),
        _read_number(given, "max", place),
        _read_number(given, "min", place),
        ratchet="ratchet" in given,
        increase=read_increase(given.get("max_increase"), place.at("max_increase")),
        ratio=_read_number(given, "max_ratio", place),
        relative_to=_read_string(given, "relative_to", place),
        by=tuple(name for name in GROUPS if name in grouped),
        sql=_read_query(given, metric, place),
        method=_read_method(given.get("method"), place.at("method")),
        place=place,
    )


def _read_number(given: Mapping[str, Any], name: str, place: SettingLocation) -> float | None:
    value = given.get(name)
    if value is not None and not is_number(value):
        hint = "max, min and max_ratio take numbers"
        refuse_setting(place.at(name), f": {value!r} is not a number", hint, word=str(value))
    return value


def _read_string(given: Mapping[str, Any], name: str, place: SettingLocation) -> str:
    value = given.get(name, "")
    if not isinstance(value, str):
        refuse_setting(
            place.at(name), f": {value!r} is not a string", "write it in quotes", word=str(value)
        )
    return value


def _read_query(given: Mapping[str, Any], metric: str, place: SettingLocation) -> str:
    query = _read_string(given, "sql", place)
    if metric.startswith("sql.") and not query.strip():
        hint = 'add sql = "select count(*) from public_symbol"'
        refuse_setting(place, f": {metric!r} has no query", hint, word=metric)
    if query and not metric.startswith("sql."):
        hint = f'call it metric = "sql.{metric.rpartition(".")[2]}"'
        refuse_setting(place, f": {metric!r} cannot have sql", hint, word=metric)
    return query


def _read_method(given: object, place: SettingLocation) -> TimingMethod | None:
    if given is None:
        return None
    values = require_table(given, place)
    check_keys(values, ("paired", "pairs", "max_pairs"), place)
    if values.get("paired", True) is not True:
        refuse_setting(
            place.at("paired"), ": times are measured in pairs only", "write paired = true"
        )
    pairs = values.get("pairs", TimingMethod().pairs)
    most = values.get("max_pairs", max(TimingMethod().most, pairs if isinstance(pairs, int) else 0))
    for name, value in (("pairs", pairs), ("max_pairs", most)):
        if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= 1000:
            hint = "write an integer from 1 to 1000"
            refuse_setting(
                place.at(name), f": invalid number of pairs {value!r}", hint, word=str(value)
            )
    if most < pairs:
        refuse_setting(place, ": max_pairs is less than pairs", "swap them", word=str(most))
    return TimingMethod(pairs, most)


def _read_exemption(given: Mapping[str, Any], place: SettingLocation) -> Exemption:
    """Read an exemption; one with a mistake has no effect, and a note says so."""
    metric, reason = given.get("metric"), given.get("reason")
    expires = _read_date(given.get("expires"))
    others = [name for name in given if name not in ("metric", "reason", "expires")]
    faults = (
        ("it has no metric", not (metric and isinstance(metric, str))),
        ("it has no reason", not (isinstance(reason, str) and reason.strip())),
        ("it has no date in `expires`, such as 2026-12-31 without quotes", expires is None),
        (f"it takes only metric, reason and expires, not {others}", bool(others)),
    )
    fault = next((text for text, is_so in faults if is_so), "")
    return Exemption(str(metric or ""), str(reason or "").strip(), expires, fault, place)


def _read_date(value: object) -> date | None:
    """Read a date, with a time or without."""
    found: Any = value.date() if hasattr(value, "date") else value
    day: date | None = found if hasattr(found, "toordinal") else None
    return day
