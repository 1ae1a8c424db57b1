"""The settings of numpydoc, as numpydoc itself reads them."""

from __future__ import annotations

import os.path
import re

from detent import TYPE_CHECKING
from detent.config.values import Place, meant, patterns, strings, table
from detent.core.errors import UsageError
from detent.core.namedtuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any


#: How many checks numpydoc has of each kind, by the last number; there is no GL04.
_LAST = {"GL": 10, "SS": 6, "ES": 1, "PR": 10, "RT": 5, "YD": 1, "SA": 4, "EX": 1}

#: All codes of numpydoc.
CODES = frozenset(
    f"{kind}{number:02}" for kind, last in _LAST.items() for number in range(1, last + 1)
) - {"GL04"}

_LISTS = ("checks", "exclude", "exclude_files")
_OVERRIDE = "override_"


class Foreign(NamedTuple):
    """The settings of numpydoc.

    Attributes
    ----------
    audit : dict of str
        The arguments of `Selection` that they set; empty where there are none.
    notes : tuple of str
        What in them has no meaning; numpydoc passes it over, too.
    """

    audit: dict[str, Any]
    notes: tuple[str, ...] = ()


def numpydoc(top: str, tools: Mapping[str, Any], preset: str | None = None) -> Foreign:
    """Read numpydoc's settings; like numpydoc, setup.cfg only without a pyproject.toml.

    Parameters
    ----------
    top : str
        Root of the work tree.
    tools : mapping of str
        The tables ``tool`` of pyproject.toml.
    preset : str, optional
        The one that is asked for: by ``numpydoc`` its defaults are meant where nothing is set; by
        any other its settings are not.

    Returns
    -------
    Foreign
        The settings.
    """
    if preset not in (None, "numpydoc"):
        return Foreign({})
    if os.path.isfile(os.path.join(top, "pyproject.toml")):
        place = Place(os.path.join(top, "pyproject.toml"), "tool.numpydoc_validation")
        given = table(tools.get("numpydoc_validation", {}), place)
    else:
        place = Place(os.path.join(top, "setup.cfg"), "tool:numpydoc_validation")
        given = _setup_cfg(place)
    if not given and preset is None:
        return Foreign({})
    return Foreign(_settings(given, place), tuple(_notes(given, place)))


def _settings(given: Mapping[str, Any], place: Place) -> dict[str, Any]:
    """Make a table of numpydoc's our own settings; an empty one stands for its defaults."""
    checks = strings(given.get("checks", ["all"]), place.at("checks"))
    everything = any(check.lower() == "all" for check in checks)
    codes = tuple(check.upper() for check in checks if check.upper() in CODES)
    return {
        "numpydoc": True,
        "select": tuple(_LAST) if everything else codes,
        "ignore": codes if everything else (),
        "exclude": (),
        "exclude_names": patterns(given.get("exclude", []), place.at("exclude")),
        "exclude_files": patterns(given.get("exclude_files", []), place.at("exclude_files")),
        "overrides": {
            name.removeprefix(_OVERRIDE).upper(): patterns(value, place.at(name))
            for name, value in given.items()
            if name.startswith(_OVERRIDE)
        },
    }


def _notes(given: Mapping[str, Any], place: Place) -> Iterator[str]:
    """Tell what numpydoc does not know and passes over."""
    for check in strings(given.get("checks", []), place.at("checks")):
        if check.upper() not in CODES and check.lower() != "all":
            hint = meant(check.upper(), CODES)
            yield _note(place.at("checks").shown(check), f"{check!r} is no check", hint)
    for name in given:
        code = name.removeprefix(_OVERRIDE)
        if name.startswith(_OVERRIDE):
            if code.upper() not in CODES:
                hint = meant(code.upper(), CODES)
                yield _note(place.at(name).shown(), f"{code!r} is no check", hint)
        elif name not in _LISTS:
            yield _note(place.at(name).shown(), "is no setting", meant(name, _LISTS))


def _note(place: str, what: str, hint: str) -> str:
    return f"{place}: {what} of numpydoc, and is passed over{': ' if hint else ''}{hint}"


def _setup_cfg(place: Place) -> dict[str, Any]:
    if not os.path.isfile(place.file):
        return {}
    from configparser import ConfigParser, Error

    parser = ConfigParser()
    try:
        parser.read(place.file, encoding="utf-8")
        has_section = parser.has_section(place.table)
        items = parser.items(place.table) if has_section else []
    except (Error, UnicodeError) as error:
        message = f"setup.cfg cannot be read: {str(error).splitlines()[0]}"
        raise UsageError(message, "mend it") from error
    return {
        name: [part.strip() for part in re.split(r"[,\n]", value) if part.strip()]
        for name, value in items
    }
