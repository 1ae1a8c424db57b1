"""The limits of the budget, and what is exempted from them."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.config.amounts import Increase, increase, is_number
from detent.config.values import among, known, paths, refuse, strings, table, tables
from detent.core.namedtuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from typing import Any

    from detent.config.values import Place

RATCHET = "never-worse"
#: What the values of a metric can be grouped by.
GROUPS = ("package", "code", "kind")

_BOUNDS = ("max", "min", "max_increase", "max_ratio", "ratchet")
_KEYS = ("metric", "paths", "by", *_BOUNDS, "relative_to", "sql", "method")


class Method(NamedTuple):
    """How times are measured: both sides in turn.

    Attributes
    ----------
    pairs, most : int
        How often at first, and at the most while the outcome is open.
    """

    pairs: int = 10
    most: int = 20


class Limit(NamedTuple):
    """One limit of the budget.

    Attributes
    ----------
    metric : str
        What is measured, such as ``docstring.coverage``; ``*`` and ``?`` are wild.
    paths : tuple of str
        Globs that choose the files; empty for all.
    most, least : float or None
        The limits ``max`` and ``min``, in the metric's unit.
    ratchet : bool
        Whether the metric must not be worse than in the base.
    increase : Increase or None
        The limit ``max_increase``, above the reference.
    ratio : float or None
        The limit ``max_ratio``, times the reference.
    relative_to : str
        The metric that is the reference; empty for the same metric in the base.
    by : tuple of str
        Some of `GROUPS`: each group is held by itself.
    sql : str
        The query of a metric ``sql.NAME``, else empty.
    method : Method or None
        How it is measured, for times.
    place : Place or None
        Where it stands.
    """

    metric: str
    paths: tuple[str, ...] = ()
    most: float | None = None
    least: float | None = None
    ratchet: bool = False
    increase: Increase | None = None
    ratio: float | None = None
    relative_to: str = ""
    by: tuple[str, ...] = ()
    sql: str = ""
    method: Method | None = None
    place: Place | None = None

    @property
    def grows(self) -> bool:
        """Whether it limits the growth above a reference."""
        return self.increase is not None or self.ratio is not None


class Exemption(NamedTuple):
    """A metric that may exceed its limits until a day.

    Attributes
    ----------
    metric : str
        As in `Limit`.
    reason : str
        Why, for a person.
    expires : date or None
        The last day on which it holds.
    fault : str
        Why it exempts nothing at all; empty where it is well formed.
    place : Place or None
        Where it stands.
    """

    metric: str
    reason: str = ""
    expires: date | None = None
    fault: str = ""
    place: Place | None = None


class Budget(NamedTuple):
    """The table of the budget.

    Attributes
    ----------
    limits : tuple of Limit
        In the order in which they stand there.
    exemptions : tuple of Exemption
        Likewise.
    """

    limits: tuple[Limit, ...] = ()
    exemptions: tuple[Exemption, ...] = ()


def budget(given: object, place: Place) -> Budget:
    """Read the table of the budget.

    Parameters
    ----------
    given : object
        As read.
    place : Place
        Where it stands.

    Returns
    -------
    Budget
        Whether there are such metrics is for others to say.
    """
    found = table(given, place)
    known(found, ("limit", "exempt"), place)
    limits = tables(found.get("limit", []), place.at("limit"))
    exempt = tables(found.get("exempt", []), place.at("exempt"))
    return Budget(tuple(_limit(*one) for one in limits), tuple(_exemption(*one) for one in exempt))


def _limit(given: Mapping[str, Any], place: Place) -> Limit:
    known(given, _KEYS, place)
    metric = given.get("metric")
    if not isinstance(metric, str):
        refuse(place, " names no metric", 'add metric = "docstring.coverage" or another')
    if "ratchet" in given:
        among(given["ratchet"], (RATCHET,), place.at("ratchet"))
    if not any(name in given for name in _BOUNDS):
        refuse(place, " sets no limit", f'add max, min, max_increase or ratchet = "{RATCHET}"')
    grouped = strings(given.get("by", []), place.at("by"))
    for one in grouped:
        among(one, GROUPS, place.at("by"))
    return Limit(
        metric,
        paths(given.get("paths", []), place.at("paths")),
        _number(given, "max", place),
        _number(given, "min", place),
        ratchet="ratchet" in given,
        increase=increase(given.get("max_increase"), place.at("max_increase")),
        ratio=_number(given, "max_ratio", place),
        relative_to=_word(given, "relative_to", place),
        by=tuple(name for name in GROUPS if name in grouped),
        sql=_query(given, metric, place),
        method=_method(given.get("method"), place.at("method")),
        place=place,
    )


def _number(given: Mapping[str, Any], name: str, place: Place) -> float | None:
    value = given.get(name)
    if value is not None and not is_number(value):
        hint = "max, min and max_ratio take numbers"
        refuse(place.at(name), f": {value!r} is no number", hint, word=str(value))
    return value


def _word(given: Mapping[str, Any], name: str, place: Place) -> str:
    value = given.get(name, "")
    if not isinstance(value, str):
        refuse(place.at(name), f": {value!r} is no text", "write it in quotes", word=str(value))
    return value


def _query(given: Mapping[str, Any], metric: str, place: Place) -> str:
    query = _word(given, "sql", place)
    if metric.startswith("sql.") and not query.strip():
        hint = 'add sql = "select count(*) from public_symbol"'
        refuse(place, f": {metric!r} has no query", hint, word=metric)
    if query and not metric.startswith("sql."):
        hint = f'call it metric = "sql.{metric.rpartition(".")[2]}"'
        refuse(place, f": {metric!r} takes no sql", hint, word=metric)
    return query


def _method(given: object, place: Place) -> Method | None:
    if given is None:
        return None
    values = table(given, place)
    known(values, ("paired", "pairs", "max_pairs"), place)
    if values.get("paired", True) is not True:
        refuse(place.at("paired"), ": times are measured in pairs only", "write paired = true")
    pairs = values.get("pairs", Method().pairs)
    most = values.get("max_pairs", max(Method().most, pairs if isinstance(pairs, int) else 0))
    for name, value in (("pairs", pairs), ("max_pairs", most)):
        if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= 1000:
            hint = "it takes a whole number from 1 to 1000"
            refuse(place.at(name), f": {value!r} is no number of pairs", hint, word=str(value))
    if most < pairs:
        refuse(place, ": max_pairs is less than pairs", "exchange them", word=str(most))
    return Method(pairs, most)


def _exemption(given: Mapping[str, Any], place: Place) -> Exemption:
    """Read an exemption; what is wrong with it only costs its effect."""
    metric, reason = given.get("metric"), given.get("reason")
    expires = _day(given.get("expires"))
    others = [name for name in given if name not in ("metric", "reason", "expires")]
    faults = (
        ("it names no metric", not (metric and isinstance(metric, str))),
        ("it gives no reason", not (isinstance(reason, str) and reason.strip())),
        ("it has no day in `expires`, such as 2026-12-31 without quotes", expires is None),
        (f"it takes metric, reason and expires, and not {others}", bool(others)),
    )
    fault = next((text for text, is_so in faults if is_so), "")
    return Exemption(str(metric or ""), str(reason or "").strip(), expires, fault, place)


def _day(value: object) -> date | None:
    """Take what TOML gives for a date, with a time or without."""
    found: Any = value.date() if hasattr(value, "date") else value
    day: date | None = found if hasattr(found, "toordinal") else None
    return day
