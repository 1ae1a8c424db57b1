"""The settings of numpydoc, as numpydoc itself reads them."""

from __future__ import annotations

import os.path
import re

from detent import TYPE_CHECKING
from detent.config.values import (
    SettingLocation,
    require_patterns,
    require_strings,
    require_table,
    suggest_spelling,
)
from detent.core.errors import UsageError
from detent.core.namedtuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any


#: How many checks numpydoc has of each kind, by the last number; there is no GL04.
_LAST_NUMBERS = {"GL": 10, "SS": 6, "ES": 1, "PR": 10, "RT": 5, "YD": 1, "SA": 4, "EX": 1}

#: All codes of numpydoc.
CODES = frozenset(
    f"{kind}{number:02}" for kind, last in _LAST_NUMBERS.items() for number in range(1, last + 1)
) - {"GL04"}

_LISTS = ("checks", "exclude", "exclude_files")
_OVERRIDE = "override_"


class NumpydocSettings(NamedTuple):
    """The settings of numpydoc."""

    audit: dict[str, Any]  # the arguments of `Selection` that they set; empty where there are none
    notes: tuple[str, ...] = ()  # settings without effect, which numpydoc ignores too


def read_numpydoc(
    top: str, tools: Mapping[str, Any], preset: str | None = None
) -> NumpydocSettings:
    """Read numpydoc's settings; like numpydoc, setup.cfg only without a pyproject.toml."""
    if preset not in (None, "numpydoc"):
        return NumpydocSettings({})
    if os.path.isfile(os.path.join(top, "pyproject.toml")):
        place = SettingLocation(os.path.join(top, "pyproject.toml"), "tool.numpydoc_validation")
        given = require_table(tools.get("numpydoc_validation", {}), place)
    else:
        place = SettingLocation(os.path.join(top, "setup.cfg"), "tool:numpydoc_validation")
        given = _read_setup_cfg(place)
    if not given and preset is None:
        return NumpydocSettings({})
    return NumpydocSettings(_translate_settings(given, place), tuple(_list_notes(given, place)))


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


def _read_setup_cfg(place: SettingLocation) -> dict[str, Any]:
    if not os.path.isfile(place.file):
        return {}
    from configparser import ConfigParser, Error

    parser = ConfigParser()
    try:
        parser.read(place.file, encoding="utf-8")
        has_section = parser.has_section(place.table)
        items = parser.items(place.table) if has_section else []
    except (Error, UnicodeError) as error:
        message = f"invalid setup.cfg: {str(error).splitlines()[0]}"
        raise UsageError(message, "fix the file") from error
    return {
        name: [part.strip() for part in re.split(r"[,\n]", value) if part.strip()]
        for name, value in items
    }
