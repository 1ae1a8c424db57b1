"""Settings: ``detent.toml`` or ``[tool.detent]``, and those of numpydoc.

Every setting is data. None names a program, and none is a path outside the repository.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from detent.config.budget import Limit, limits
from detent.config.numpydoc import numpydoc
from detent.config.values import Place, among, known, paths, refuse, strings, table, toml

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["ENGINES", "GATES", "NUMPYDOC", "Config", "Limit", "load"]

GATES = ("new", "touched", "all", "none")
NUMPYDOC = "numpydoc"
ENGINES = ("detent", NUMPYDOC)

_KINDS = (
    "module",
    "class",
    "function",
    "method",
    "unlisted",
    "private",
    "nested",
    "dunder",
    "init",
    "setter",
    "overload",
    "override",
    "test",
)
_CODES = ("select", "ignore")
_LISTS = (*_CODES, "exclude", "missing")


class Config(NamedTuple):
    """All settings.

    Attributes
    ----------
    gate : str
        One of `GATES`.
    audit : dict
        The arguments of `detent.audit.select.Selection` that are set.
    limits : tuple of Limit
        The budget.
    source : str
        The file and table of detent's own settings; empty where there are none.
    codes : tuple of (Place, tuple of str)
        Codes and beginnings of codes, with their places: only the audit knows which there are.
    engine : str
        One of `ENGINES`: who judges.
    """

    gate: str = "new"
    audit: Mapping[str, Any] = {}
    limits: tuple[Limit, ...] = ()
    source: str = ""
    codes: tuple[tuple[Place, tuple[str, ...]], ...] = ()
    engine: str = "detent"


def load(top: str, *, as_numpydoc: bool = False) -> Config:
    """Read the settings of a repository.

    Parameters
    ----------
    top : str
        Root of the work tree.
    as_numpydoc : bool, default False
        Whether the defaults are numpydoc's own.

    Returns
    -------
    Config
        Defaults where nothing is set.

    Raises
    ------
    UsageError
        If a file cannot be read, or a setting is unknown or of the wrong kind.
    """
    directory = Path(top)
    pyproject = toml(directory / "pyproject.toml")
    place = Place(directory / "detent.toml")
    own: Mapping[str, Any] = toml(place.file)
    tools = table(pyproject.get("tool", {}), Place(directory / "pyproject.toml", "tool"))
    if not own:
        place = Place(directory / "pyproject.toml", "tool.detent")
        own = table(tools.get("detent", {}), place)
    elif "tool" in own and "detent" in table(own["tool"], place.at("tool")):
        hint = "take [tool.detent] away, and tool.detent. out of the other headings"
        refuse(place.at("tool", "detent"), ": keys stand at the top level in this file", hint)
    return _config(own, place, numpydoc(directory, tools, always=as_numpydoc))


def _config(own: Mapping[str, Any], place: Place, foreign: tuple[dict[str, Any], Place]) -> Config:
    known(own, (*_LISTS, "gate", "engine", "budget"), place)
    audit, checks = foreign
    places = dict.fromkeys(_CODES, checks)
    for name in _CODES:
        if name in own:
            places[name] = place.at(name)
            audit[name] = strings(own[name], places[name])
    if "exclude" in own:
        audit["exclude"] = paths(own["exclude"], place.at("exclude"))
    if "missing" in own:
        audit["missing"] = frozenset(strings(own["missing"], place.at("missing")))
        audit["numpydoc"] = False
        for kind in audit["missing"]:
            among(kind, _KINDS, place.at("missing"))
    gate = own.get("gate", "new")
    among(gate, GATES, place.at("gate"))
    engine = own.get("engine", "detent")
    among(engine, ENGINES, place.at("engine"))
    if engine == NUMPYDOC:
        audit["verbatim"] = audit.get("numpydoc", False)
    return Config(
        gate,
        audit,
        limits(own.get("budget", {}), place.at("budget")),
        str(place) if own else "",
        tuple((places[name], audit[name]) for name in _CODES if name in audit),
        engine,
    )
