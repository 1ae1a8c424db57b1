"""The limits of the budget."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from detent.config.values import among, known, paths, refuse, table, tables

if TYPE_CHECKING:
    from collections.abc import Mapping

    from detent.config.values import Place

RATCHET = "never-worse"


class Limit(NamedTuple):
    """One limit of the budget.

    Attributes
    ----------
    metric : str
        What is measured, such as ``docstring.coverage``.
    paths : tuple of str
        Globs that choose the files; empty for all.
    most, least : float or None
        The limits ``max`` and ``min``, in the metric's unit.
    ratchet : bool
        Whether the metric must not be worse than in the base.
    """

    metric: str
    paths: tuple[str, ...] = ()
    most: float | None = None
    least: float | None = None
    ratchet: bool = False


def limits(budget: object, place: Place) -> tuple[Limit, ...]:
    """Read the table of the budget.

    Parameters
    ----------
    budget : object
        As read.
    place : Place
        Where it stands.

    Returns
    -------
    tuple of Limit
        In the order in which they stand there.
    """
    given = table(budget, place)
    known(given, ("limit",), place)
    return tuple(_limit(*one) for one in tables(given.get("limit", []), place.at("limit")))


def _limit(given: Mapping[str, Any], place: Place) -> Limit:
    known(given, ("metric", "paths", "max", "min", "ratchet"), place)
    metric = given.get("metric")
    if not isinstance(metric, str):
        refuse(place, " names no metric", 'add metric = "docstring.coverage" or another')
    if "ratchet" in given:
        among(given["ratchet"], (RATCHET,), place.at("ratchet"))
    most, least = given.get("max"), given.get("min")
    for bound in (most, least):
        if bound is not None and not _is_number(bound):
            hint = "max and min take numbers"
            refuse(place, f": {bound!r} is no number", hint, word=str(bound))
    if most is None and least is None and "ratchet" not in given:
        refuse(place, " sets no limit", f'add max, min or ratchet = "{RATCHET}"')
    chosen = paths(given.get("paths", []), place.at("paths"))
    return Limit(metric, chosen, most, least, ratchet="ratchet" in given)


def _is_number(value: object) -> bool:
    """Whether a value can be a bound; what is not even equal to itself bounds nothing."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and value == value  # noqa: PLR0124
