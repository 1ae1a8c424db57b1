"""Settings: ``detent.toml`` or ``[tool.detent]``, and those of numpydoc.

Every setting is data. None names a program, and none is a path outside the repository.
"""

from __future__ import annotations

import os.path

from detent import TYPE_CHECKING
from detent.config import audit
from detent.config.audit import KINDS, PRESETS, SEVERITIES, AuditOptions, Override
from detent.config.budget import Exemption, Limit, read_budget
from detent.config.numpydoc import read_numpydoc
from detent.config.values import (
    SettingLocation,
    check_choice,
    check_keys,
    parse_pyproject,
    parse_toml,
    read_toml,
    refuse_setting,
    require_table,
)
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
    "SETTINGS_FILES",
    "SEVERITIES",
    "AuditOptions",
    "Config",
    "Exemption",
    "Limit",
    "Override",
    "load_config",
]

GATES = ("new", "touched", "all", "none")
NUMPYDOC = "numpydoc"
ENGINES = ("detent", NUMPYDOC)

#: The files that can have settings.
SETTINGS_FILES = ("detent.toml", "pyproject.toml", "setup.cfg")

_DAY_SECONDS = 86_400


class Config(NamedTuple):
    """All settings."""

    gate: str = "new"  # one of `GATES`
    preset: str = "default"  # one of `PRESETS`; `audit` replaces parts of it
    # the arguments of `detent.audit.selection.select.Selection` that are set
    audit: Mapping[str, Any] = {}
    limits: tuple[Limit, ...] = ()  # the budget
    source: str = ""  # the file and table of detent's own settings; empty where there are none
    # codes and prefixes of codes, with their places
    codes: tuple[tuple[SettingLocation, tuple[str, ...]], ...] = ()
    notes: tuple[str, ...] = ()  # about settings that have no effect
    deadline: float | None = None  # seconds that a hook may take
    engine: str = "detent"  # one of `ENGINES`: what audits docstrings
    exemptions: tuple[Exemption, ...] = ()  # what may exceed its limits for a time


def load_config(top: str, options: AuditOptions | None = None) -> Config:
    """Read the settings of a repository."""
    tools = require_table(
        read_toml(os.path.join(top, "pyproject.toml"), parse_pyproject).get("tool", {}),
        SettingLocation(os.path.join(top, "pyproject.toml"), "tool"),
    )
    own, place, notes = _read_own_settings(top, tools)
    check_keys(own, (*audit.KEYS, "gate", "engine", "budget", "deadline"), place)
    options = options or AuditOptions()
    if options.preset:
        own = {name: value for name, value in own.items() if name not in audit.PRESET_KEYS}
    mentions: Mentions = []
    preset = audit.choose_preset(own, place, options)
    numpydoc = read_numpydoc(top, tools, preset)
    chosen = {**numpydoc.audit, **audit.read_selection(own, place, mentions)}
    gate = own.get("gate", "new")
    check_choice(gate, GATES, place.at("gate"))
    engine = own.get("engine", "detent")
    check_choice(engine, ENGINES, place.at("engine"))
    if engine == NUMPYDOC:
        chosen["verbatim"] = chosen.get("numpydoc", False)
    budget = read_budget(own.get("budget", {}), place.at("budget"))
    return Config(
        gate,
        preset or ("numpydoc" if numpydoc.audit else "default"),
        audit.apply_options(chosen, options, mentions),
        budget.limits,
        str(place) if own else "",
        tuple(mentions),
        (*notes, *numpydoc.notes),
        _read_deadline(own.get("deadline"), place.at("deadline")),
        engine,
        budget.exemptions,
    )


def _read_own_settings(
    top: str, tools: Mapping[str, Any]
) -> tuple[Mapping[str, Any], SettingLocation, list[str]]:
    """Read detent's own settings, with their place and notes about them."""
    place = SettingLocation(os.path.join(top, "detent.toml"))
    own = read_toml(place.file, parse_toml)
    if not own:
        place = SettingLocation(os.path.join(top, "pyproject.toml"), "tool.detent")
        return require_table(tools.get("detent", {}), place), place, []
    if "tool" in own and "detent" in require_table(own["tool"], place.at("tool")):
        hint = "remove [tool.detent], and the prefix tool.detent. of the other headings"
        message = ": detent.toml has its keys at the top level"
        refuse_setting(place.at("tool", "detent"), message, hint)
    if "detent" in tools:
        return (
            own,
            place,
            ["pyproject.toml [tool.detent] is ignored, because there is a detent.toml"],
        )
    return own, place, []


def _read_deadline(value: object, place: SettingLocation) -> float | None:
    number = value if isinstance(value, (int, float)) and not isinstance(value, bool) else 0
    if value is not None and not 0 < number <= _DAY_SECONDS:
        refuse_setting(
            place,
            f": invalid number of seconds {value!r}",
            f"write a number of at most {_DAY_SECONDS} (a day)",
            word=str(value),
        )
    return number or None
