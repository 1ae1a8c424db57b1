"""The settings of numpydoc, as numpydoc itself reads them."""

from __future__ import annotations

import os.path
import re

from detent import TYPE_CHECKING
from detent.config.values import (
    require_patterns,
    require_strings,
    require_table,
    suggest_spelling,
)
from detent.core.errors import UsageError
from detent.core.namedtuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Any

    from detent.config.values import SettingLocation, SettingsDirectory


#: How many checks numpydoc has of each kind, by the last number; there is no GL04.
_LAST_NUMBERS = {"GL": 10, "SS": 6, "ES": 1, "PR": 10, "RT": 5, "YD": 1, "SA": 4, "EX": 1}

#: All codes of numpydoc.
CODES = frozenset(
    f"{kind}{number:02}" for kind, last in _LAST_NUMBERS.items() for number in range(1, last + 1)
) - {"GL04"}

#: Ten levels of two references each are a thousand values.
_MOST_REFERENCES = 20
_LONGEST_VALUES = 10_000
_LISTS = ("checks", "exclude", "exclude_files")
_OVERRIDE = "override_"


class NumpydocSettings(NamedTuple):
    """The settings of numpydoc."""

    audit: dict[str, Any]  # the arguments of `Selection` that they set; empty where there are none
    notes: tuple[str, ...] = ()  # settings without effect, which numpydoc ignores too
    written: tuple[tuple[SettingLocation, object], ...] = ()  # the settings as they are written


def find_numpydoc_table(
    directory: SettingsDirectory, tools: Mapping[str, Any]
) -> tuple[SettingLocation, Mapping[str, Any] | None]:
    """Find numpydoc's settings; like numpydoc, in setup.cfg only without a pyproject.toml."""
    place = directory.locate("pyproject.toml", "tool.numpydoc_validation")
    if os.path.isfile(place.file):
        given = tools.get("numpydoc_validation")
        return place, None if given is None else require_table(given, place)
    place = directory.locate("setup.cfg", "tool:numpydoc_validation")
    return place, _read_setup_cfg(place)


def read_numpydoc(
    directory: SettingsDirectory, tools: Mapping[str, Any], preset: str | None = None
) -> NumpydocSettings:
    """Read numpydoc's settings, where the preset does not replace them."""
    if preset not in (None, "numpydoc"):
        return NumpydocSettings({})
    place, given = find_numpydoc_table(directory, tools)
    if not given and preset is None:
        return NumpydocSettings({})
    given = given or {}
    notes = tuple(_list_notes(given, place))
    written = tuple((place.at(name), value) for name, value in given.items())
    return NumpydocSettings(_translate_settings(given, place), notes, written)


def _translate_settings(given: Mapping[str, Any], place: SettingLocation) -> dict[str, Any]:
    """Translate a table of numpydoc's settings; an empty table means its defaults."""
    checks = require_strings(given.get("checks", ["all"]), place.at("checks"))
    everything = any(check.lower() == "all" for check in checks)
    codes = tuple(check.upper() for check in checks if check.upper() in CODES)
    return {
        "numpydoc": True,
        "select": tuple(_LAST_NUMBERS) if everything else codes,
        "ignore": codes if everything else (),
        "exclude": (),
        "exclude_names": require_patterns(given.get("exclude", []), place.at("exclude")),
        "exclude_files": require_patterns(
            given.get("exclude_files", []), place.at("exclude_files")
        ),
        "docstring_overrides": {
            name.removeprefix(_OVERRIDE).upper(): require_patterns(value, place.at(name))
            for name, value in given.items()
            if name.startswith(_OVERRIDE)
        },
    }


def _list_notes(given: Mapping[str, Any], place: SettingLocation) -> Iterator[str]:
    """Note the settings that numpydoc does not know and ignores."""
    for check in require_strings(given.get("checks", []), place.at("checks")):
        if check.upper() not in CODES and check.lower() != "all":
            line = place.at("checks").format_with_line(check)
            yield _format_note(line, f"check {check!r}", suggest_spelling(check.upper(), CODES))
    for name in given:
        code = name.removeprefix(_OVERRIDE)
        if name.startswith(_OVERRIDE):
            if code.upper() not in CODES:
                line = place.at(name).format_with_line()
                yield _format_note(line, f"check {code!r}", suggest_spelling(code.upper(), CODES))
        elif name not in _LISTS:
            line = place.at(name).format_with_line()
            yield _format_note(line, "setting", suggest_spelling(name, _LISTS))


def _format_note(place: str, what: str, hint: str) -> str:
    return f"{place}: numpydoc has no such {what} and ignores it{': ' if hint else ''}{hint}"


def _read_setup_cfg(place: SettingLocation) -> dict[str, Any] | None:
    if not os.path.isfile(place.file):
        return None
    from configparser import ConfigParser, Error

    parser = ConfigParser()
    try:
        parser.read(place.file, encoding="utf-8")
        if not parser.has_section(place.table):
            return None
        _check_references(parser.items(place.table, raw=True), place)
        items = parser.items(place.table)
    except (Error, UnicodeError) as error:
        message = f"invalid {place.name}: {str(error).splitlines()[0]}"
        raise UsageError(message, "fix the file") from error
    return {
        name: [part.strip() for part in re.split(r"[,\n]", value) if part.strip()]
        for name, value in items
    }


def _check_references(items: Iterable[tuple[str, str]], place: SettingLocation) -> None:
    """Refuse values that refer to others so often that to write them out takes long."""
    values = [value for _, value in items if "%(" in value]
    count, size = sum(value.count("%(") for value in values), sum(map(len, values))
    if count > _MOST_REFERENCES or size > _LONGEST_VALUES:
        message = f"invalid {place.name}: {count} references of the form %(name)s"
        raise UsageError(message, f"write at most {_MOST_REFERENCES}, in short values")
