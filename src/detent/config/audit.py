"""Which findings count: codes, paths, kinds and names of symbols, severities."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.config.values import (
    SettingLocation,
    check_choice,
    check_keys,
    refuse_setting,
    require_globs,
    require_short_strings,
    require_strings,
    require_table,
    require_tables,
)
from detent.core.namedtuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    #: Codes and beginnings of codes, with their place: only the audit knows which there are.
    Mentions = list[tuple[SettingLocation, tuple[str, ...]]]

PRESETS = ("default", "numpydoc", "strict")
SEVERITIES = ("error", "warning")
KINDS = (
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
# Whether a method overrides a documented one does not follow from its file alone.
_FILE_KINDS = tuple(kind for kind in KINDS if kind != "override")
#: The keys that replace parts of a preset.
PRESET_KEYS = ("select", "ignore", "missing")
#: The keys of detent's own settings that `read_selection` takes.
KEYS = (
    "preset",
    *PRESET_KEYS,
    "exclude",
    "per-file-ignores",
    "override",
    "severity",
    "doc-decorators",
    "sections",
)


class Override(NamedTuple):
    """Other codes for some files or symbols."""

    paths: tuple[str, ...] = ()  # globs of files; empty for all
    kinds: tuple[str, ...] = ()  # some of `KINDS`; empty for all
    symbols: tuple[str, ...] = ()  # globs of dotted names; empty for all
    select: tuple[str, ...] = ()  # codes or their beginnings
    ignore: tuple[str, ...] = ()
    decorators: tuple[str, ...] = ()  # globs of the names of decorators; empty for all
    parameters: tuple[str, ...] = ()  # that need no entry, and may have one without being there


class AuditOptions(NamedTuple):
    """What the command line asks for; it comes before the files of settings."""

    preset: str | None = None  # one of `PRESETS`
    select: tuple[str, ...] | None = None  # instead of `select` and `ignore` of the files
    ignore: tuple[str, ...] = ()  # besides those of the files
    default_preset: str | None = None


def read_selection(
    own: Mapping[str, Any], place: SettingLocation, mentions: Mentions
) -> dict[str, Any]:
    """Read which findings count from detent's own settings."""
    found: dict[str, Any] = {}
    for name in ("select", "ignore"):
        if name in own:
            found[name] = _read_codes(own[name], place.at(name), mentions)
    if found.get("select") == ():
        hint = 'name rules, such as ["PR01"], or set gate = "none"'
        refuse_setting(place.at("select"), " is empty, so that no rule would be checked", hint)
    if "exclude" in own:
        found["exclude"] = require_globs(own["exclude"], place.at("exclude"))
    if "sections" in own:
        found["sections"] = frozenset(require_strings(own["sections"], place.at("sections")))
    if "missing" in own:
        found["missing"] = frozenset(_read_kinds(own["missing"], place.at("missing")))
        found["numpydoc"] = False
    if "doc-decorators" in own:
        found["doc_decorators"] = frozenset(
            _read_decorators(own["doc-decorators"], place.at("doc-decorators"))
        )
    if overrides := _read_overrides(own, place, mentions):
        found["overrides"] = overrides
    if "severity" in own:
        found["severities"] = _read_severities(own["severity"], place.at("severity"), mentions)
    return found


def _read_names(
    given: object, place: SettingLocation, *, what: str, example: str, wildcards: str = ""
) -> tuple[str, ...]:
    """Read dotted names, in which some wildcards may stand."""
    names = require_strings(given, place)
    for name in names:
        plain = "".join("x" if letter in wildcards else letter for letter in name)
        if not all(part.isidentifier() for part in plain.split(".")):
            refuse_setting(place, f": invalid {what} name {name!r}", example, word=name)
    return names


def _read_decorators(given: object, place: SettingLocation, wildcards: str = "") -> tuple[str, ...]:
    hint = 'write it without @ and parentheses, such as "doc" or "util.doc"'
    return _read_names(given, place, what="decorator", example=hint, wildcards=wildcards)


def apply_options(
    chosen: Mapping[str, Any], options: AuditOptions, mentions: Mentions
) -> dict[str, Any]:
    """Put the options of the command line before the settings of the files."""
    found = dict(chosen)
    if options.select is not None:
        found["select"], found["ignore"] = options.select, ()
        mentions.append((SettingLocation("--select"), options.select))
    if options.ignore:
        found["ignore"] = (*found.get("ignore", ()), *options.ignore)
        mentions.append((SettingLocation("--ignore"), options.ignore))
    return found


def choose_preset(
    own: Mapping[str, Any], place: SettingLocation, options: AuditOptions
) -> str | None:
    """Read which preset is asked for."""
    named = own.get("preset")
    if named is not None:
        check_choice(named, PRESETS, place.at("preset"))
    return options.preset or named or options.default_preset


def _read_overrides(
    own: Mapping[str, Any], place: SettingLocation, mentions: Mentions
) -> tuple[Override, ...]:
    """Read the overrides, the short form first: of two that match, the later one counts."""
    found = []
    at = place.at("per-file-ignores")
    for glob, codes in require_table(own.get("per-file-ignores", {}), at).items():
        chosen = require_globs([glob], at.at(glob))
        found.append(Override(paths=chosen, ignore=_read_codes(codes, at.at(glob), mentions)))
    for given, its in require_tables(own.get("override", []), place.at("override")):
        found.append(_read_override(given, its, mentions))
    return tuple(found)


def _read_override(
    given: Mapping[str, Any], place: SettingLocation, mentions: Mentions
) -> Override:
    check_keys(given, Override._fields, place)
    if not given.keys() & {"select", "ignore", "parameters"}:
        message = " has neither select nor ignore nor parameters"
        refuse_setting(place, message, 'add ignore = ["PR01"], select or parameters')
    if not given.keys() & {"paths", "kinds", "symbols", "decorators"}:
        hint = "add paths, kinds, symbols or decorators, or set select and ignore for all"
        refuse_setting(place, " applies to everything", hint)
    for name, value in given.items():
        if not value:
            refuse_setting(place.at(name), " is empty", "remove it, or name something")
    return Override(
        require_globs(given.get("paths", []), place.at("paths")),
        _read_kinds(given.get("kinds", []), place.at("kinds"), _FILE_KINDS),
        require_short_strings(given.get("symbols", []), place.at("symbols")),
        _read_codes(given.get("select", []), place.at("select"), mentions),
        _read_codes(given.get("ignore", []), place.at("ignore"), mentions),
        _read_decorators(given.get("decorators", []), place.at("decorators"), "*?"),
        _read_parameters(given.get("parameters", []), place.at("parameters")),
    )


def _read_parameters(given: object, place: SettingLocation) -> tuple[str, ...]:
    hint = 'write the name in the signature, such as "draw" or "kwargs"'
    return _read_names(given, place, what="parameter", example=hint)


def _read_severities(value: object, place: SettingLocation, mentions: Mentions) -> dict[str, str]:
    given = require_table(value, place)
    for code, severity in given.items():
        check_choice(severity, SEVERITIES, place.at(code))
        mentions.append((place, (code,)))
    return dict(given)


def _read_codes(value: object, place: SettingLocation, mentions: Mentions) -> tuple[str, ...]:
    codes = require_strings(value, place)
    mentions.append((place, codes))
    return codes


def _read_kinds(
    value: object, place: SettingLocation, choices: tuple[str, ...] = KINDS
) -> tuple[str, ...]:
    kinds = require_strings(value, place)
    for kind in kinds:
        check_choice(kind, choices, place)
    return kinds
