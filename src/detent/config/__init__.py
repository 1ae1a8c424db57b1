"""Settings: ``detent.toml`` or ``[tool.detent]``, and those of numpydoc.

Every setting is data. None names a program, and none is a path outside the repository.
"""

from __future__ import annotations

import os.path

from detent import TYPE_CHECKING
from detent.config import audit
from detent.config.audit import KINDS, PRESETS, SEVERITIES, AuditOptions, Override
from detent.config.budget import Exemption, Limit, read_budget
from detent.config.numpydoc import find_numpydoc_table, read_numpydoc
from detent.config.values import (
    SettingLocation,
    SettingsDirectory,
    check_choice,
    check_keys,
    parse_pyproject,
    parse_toml,
    read_toml,
    refuse_setting,
    require_table,
)
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
    "ROOT_KEYS",
    "SETTINGS_FILES",
    "SEVERITIES",
    "AuditOptions",
    "Config",
    "Exemption",
    "Limit",
    "Override",
    "is_directory_settings",
    "load_config",
    "load_directory_config",
]

GATES = ("new", "touched", "all", "none")
NUMPYDOC = "numpydoc"
ENGINES = ("detent", NUMPYDOC)

_DAY_SECONDS = 86_400
#: Seconds that a run may take where the settings do not say.
RUN_SECONDS = 1800.0


#: Settings of the whole repository: only its root can have them.
ROOT_KEYS = ("gate", "engine", "budget", "deadline", "store")
#: The files that can have settings.
SETTINGS_FILES = ("detent.toml", "pyproject.toml", "setup.cfg")
_SETTINGS_NAMES = tuple(name.encode() for name in SETTINGS_FILES)


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
    # what is set in files, as it is written, with its place
    written: tuple[tuple[SettingLocation, object], ...] = ()
    directory: SettingsDirectory | None = None  # where these settings are
    options: AuditOptions = AuditOptions()
    store: str = "sqlite"  # the kind of the index, which installed packages may add to


class _Tables(NamedTuple):
    """What the files of a directory have about detent and numpydoc, as it is written."""

    own: Mapping[str, Any]  # detent's own settings
    place: SettingLocation  # and where they are
    is_own: bool  # whether there is such a file or table, even an empty one
    tools: Mapping[str, Any]  # the tables of `tool` in pyproject.toml
    notes: tuple[str, ...] = ()


def load_config(top: str, options: AuditOptions | None = None) -> Config:
    """Read the settings of a repository: those at its root."""
    directory = SettingsDirectory(top)
    return _read_config(directory, _read_tables(directory), options or AuditOptions())


def load_directory_config(root: Config, inside: str) -> Config | None:
    """Read the settings of a directory below the root; None where it has none of its own."""
    if root.directory is None:
        return None
    directory = SettingsDirectory(os.path.join(root.directory.path, inside), inside)
    if not _has_settings_files(directory, root.directory.path):
        return None
    tables = _read_tables(directory)
    if not tables.is_own and find_numpydoc_table(directory, tables.tools)[1] is None:
        return None
    for key in filter(tables.own.__contains__, ROOT_KEYS):
        hint = "move it to the settings at the root of the repository"
        refuse_setting(tables.place.at(key), " is a setting of the whole repository", hint)
    return _read_config(directory, tables, root.options, engine=root.engine)


def _has_settings_files(directory: SettingsDirectory, top: str) -> bool:
    """Tell whether there are files of settings; a link must not lead out of the repository."""
    names = [name for name in SETTINGS_FILES if os.path.isfile(os.path.join(directory.path, name))]
    inside = os.path.join(os.path.realpath(top), "") if names else ""
    for place in map(directory.locate, names):
        if not os.path.realpath(place.file).startswith(inside):
            message = f"{place.name} is a link to a file outside of the repository"
            raise UsageError(message, "replace it with a file")
    return bool(names)


def is_directory_settings(path: bytes) -> bool:
    """Tell whether a path is that of a file of settings below the root."""
    directory, _, name = path.rpartition(b"/")
    return bool(directory) and name in _SETTINGS_NAMES


def _read_config(
    directory: SettingsDirectory, tables: _Tables, options: AuditOptions, *, engine: str = ""
) -> Config:
    own, place = tables.own, tables.place
    check_keys(own, (*audit.KEYS, *ROOT_KEYS), place)
    if options.preset:
        own = {name: value for name, value in own.items() if name not in audit.PRESET_KEYS}
    mentions: Mentions = []
    preset = audit.choose_preset(own, place, options)
    numpydoc = read_numpydoc(directory, tables.tools, preset)
    chosen = {**numpydoc.audit, **audit.read_selection(own, place, mentions)}
    gate = own.get("gate", "new")
    check_choice(gate, GATES, place.at("gate"))
    engine = engine or own.get("engine", "detent")
    check_choice(engine, ENGINES, place.at("engine"))
    if engine == NUMPYDOC:
        chosen["verbatim"] = chosen.get("numpydoc", False)
    budget = read_budget(own.get("budget", {}), place.at("budget"))
    return Config(
        gate,
        preset or ("numpydoc" if numpydoc.audit else "default"),
        audit.apply_options(chosen, options, mentions),
        budget.limits,
        str(place) if tables.is_own else "",
        tuple(mentions),
        (*tables.notes, *numpydoc.notes),
        _read_deadline(own.get("deadline"), place.at("deadline")),
        engine,
        budget.exemptions,
        (*numpydoc.written, *((place.at(key), value) for key, value in own.items())),
        directory,
        options,
        _read_store(own.get("store", "sqlite"), place.at("store")),
    )


def _read_tables(directory: SettingsDirectory) -> _Tables:
    """Read the files of a directory, with notes about tables that have no effect."""
    place = directory.locate("pyproject.toml", "tool")
    tools = require_table(read_toml(place, parse_pyproject).get("tool", {}), place)
    place = directory.locate("detent.toml")
    own: Mapping[str, Any] = read_toml(place, parse_toml)
    if not own:
        is_own = os.path.isfile(place.file)
        if "detent" in tools or not is_own:
            is_own = "detent" in tools
            place = directory.locate("pyproject.toml", "tool.detent")
            own = require_table(tools.get("detent", {}), place)
        return _Tables(own, place, is_own, tools)
    if "tool" in own and "detent" in require_table(own["tool"], place.at("tool")):
        hint = "remove [tool.detent], and the prefix tool.detent. of the other headings"
        message = f": {place.name} has its keys at the top level"
        refuse_setting(place.at("tool", "detent"), message, hint)
    if "detent" not in tools:
        return _Tables(own, place, is_own=True, tools=tools)
    ignored = directory.locate("pyproject.toml", "tool.detent")
    note = f"{ignored} is ignored, because there is a detent.toml"
    return _Tables(own, place, is_own=True, tools=tools, notes=(note,))


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


def _read_store(value: object, place: SettingLocation) -> str:
    if not (isinstance(value, str) and value.isidentifier()):
        hint = "write sqlite, duckdb, or the name of a store that is installed"
        refuse_setting(place, f": {value!r} is no name of a store", hint, word=str(value))
    return value
