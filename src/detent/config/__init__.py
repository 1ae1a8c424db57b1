"""Settings: ``detent.toml`` or ``[tool.detent]``, and those of numpydoc.

Every setting is data. None names a program, and none is a path outside the repository.
"""

from __future__ import annotations

import os.path

from detent import TYPE_CHECKING
from detent.config import audit
from detent.config.audit import KINDS, PRESETS, SEVERITIES, Override, Wish
from detent.config.budget import Budget, Exemption, Limit, budget
from detent.config.numpydoc import numpydoc
from detent.config.values import Place, among, known, parsed, refuse, shared, table, toml
from detent.core.errors import UsageError
from detent.core.namedtuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from detent.config.audit import Mentions

__all__ = [
    "ENGINES",
    "GATES",
    "KINDS",
    "NUMPYDOC",
    "PRESETS",
    "SEVERITIES",
    "Config",
    "Exemption",
    "Limit",
    "Override",
    "Wish",
    "budget_of",
    "load",
]

GATES = ("new", "touched", "all", "none")
NUMPYDOC = "numpydoc"
ENGINES = ("detent", NUMPYDOC)

_DAY = 86_400


class Config(NamedTuple):
    """All settings.

    Attributes
    ----------
    gate : str
        One of `GATES`.
    preset : str
        One of `PRESETS`: what is not in `audit` is as there.
    audit : dict
        The arguments of `detent.audit.selection.select.Selection` that are set.
    limits : tuple of Limit
        The budget.
    source : str
        The file and table of detent's own settings; empty where there are none.
    codes : tuple of (Place, tuple of str)
        Codes and beginnings of codes, with their places: only the audit knows which there are.
    notes : tuple of str
        What a person should know of settings that have no effect.
    deadline : float or None
        Seconds that a hook may take.
    engine : str
        One of `ENGINES`: who judges.
    exemptions : tuple of Exemption
        What may exceed its limits for a time.
    """

    gate: str = "new"
    preset: str = "default"
    audit: Mapping[str, Any] = {}
    limits: tuple[Limit, ...] = ()
    source: str = ""
    codes: tuple[tuple[Place, tuple[str, ...]], ...] = ()
    notes: tuple[str, ...] = ()
    deadline: float | None = None
    engine: str = "detent"
    exemptions: tuple[Exemption, ...] = ()


def load(top: str, wish: Wish | None = None) -> Config:
    """Read the settings of a repository.

    Parameters
    ----------
    top : str
        Root of the work tree.
    wish : Wish, optional
        What goes before them.

    Returns
    -------
    Config
        Defaults where nothing is set.

    Raises
    ------
    UsageError
        If a file cannot be read, or a setting is unknown or of the wrong kind.
    """
    tools = table(
        toml(os.path.join(top, "pyproject.toml"), shared).get("tool", {}),
        Place(os.path.join(top, "pyproject.toml"), "tool"),
    )
    own, place, notes = _own(top, tools)
    known(own, (*audit.KEYS, "gate", "engine", "budget", "deadline"), place)
    wish = wish or Wish()
    if wish.preset:
        own = {name: value for name, value in own.items() if name not in audit.PRESET_KEYS}
    mentions: Mentions = []
    preset = audit.preset_of(own, place, wish)
    foreign = numpydoc(top, tools, preset)
    chosen = {**foreign.audit, **audit.read(own, place, mentions)}
    gate = own.get("gate", "new")
    among(gate, GATES, place.at("gate"))
    engine = own.get("engine", "detent")
    among(engine, ENGINES, place.at("engine"))
    if engine == NUMPYDOC:
        chosen["verbatim"] = chosen.get("numpydoc", False)
    held = budget(own.get("budget", {}), place.at("budget"))
    return Config(
        gate,
        preset or ("numpydoc" if foreign.audit else "default"),
        audit.narrowed(chosen, wish, mentions),
        held.limits,
        str(place) if own else "",
        tuple(mentions),
        (*notes, *foreign.notes),
        _deadline(own.get("deadline"), place.at("deadline")),
        engine,
        held.exemptions,
    )


def budget_of(detent: str, pyproject: str) -> Budget:
    """Read the budget from settings that are not on disk.

    Parameters
    ----------
    detent, pyproject : str
        What is in ``detent.toml`` and ``pyproject.toml``; empty where there is none.

    Returns
    -------
    Budget
        Empty where the settings cannot be followed: they have held nobody.
    """
    try:
        given = parsed(detent) or shared(pyproject).get("tool", {}).get("detent", {})
        return budget(given.get("budget", {}), Place("detent.toml"))
    except (ValueError, RecursionError, AttributeError, UsageError):
        return Budget()


def _own(top: str, tools: Mapping[str, Any]) -> tuple[Mapping[str, Any], Place, list[str]]:
    """Read detent's own settings: what they are, where they stand, and what to know of that."""
    place = Place(os.path.join(top, "detent.toml"))
    own = toml(place.file, parsed)
    if not own:
        place = Place(os.path.join(top, "pyproject.toml"), "tool.detent")
        return table(tools.get("detent", {}), place), place, []
    if "tool" in own and "detent" in table(own["tool"], place.at("tool")):
        hint = "take [tool.detent] away, and tool.detent. out of the other headings"
        refuse(place.at("tool", "detent"), ": keys stand at the top level in this file", hint)
    if "detent" in tools:
        return own, place, ["pyproject.toml [tool.detent] is not read: there is a detent.toml"]
    return own, place, []


def _deadline(value: object, place: Place) -> float | None:
    number = value if isinstance(value, (int, float)) and not isinstance(value, bool) else 0
    if value is not None and not 0 < number <= _DAY:
        refuse(place, f": {value!r} is no time", "it takes seconds, at most a day", word=str(value))
    return number or None
