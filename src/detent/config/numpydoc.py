"""The settings of numpydoc, as numpydoc itself reads them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from detent.config.values import Place, patterns, strings, table
from detent.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


#: How numpydoc's codes begin, and no others.
_CODES = ("GL", "SS", "ES", "PR", "RT", "YD", "SA", "EX")


def numpydoc(
    directory: Path, tools: Mapping[str, Any], *, always: bool = False
) -> tuple[dict[str, Any], Place]:
    """Read numpydoc's settings; like numpydoc, setup.cfg only without a pyproject.toml.

    Parameters
    ----------
    directory : Path
        Root of the work tree.
    tools : mapping of str
        The tables ``tool`` of pyproject.toml.
    always : bool, default False
        Whether numpydoc's defaults hold where nothing is set.

    Returns
    -------
    dict of str
        The arguments of `detent.audit.select.Selection` that they set; empty where there are none.
    Place
        Where they stand.
    """
    if (directory / "pyproject.toml").is_file():
        place = Place(directory / "pyproject.toml", "tool.numpydoc_validation")
        given = table(tools.get("numpydoc_validation", {}), place)
    else:
        place = Place(directory / "setup.cfg", "tool:numpydoc_validation")
        given = _setup_cfg(place)
    if not (given or always):
        return {}, place
    checks = strings(given.get("checks", ["all"]), place.at("checks"))
    everything = any(check.lower() == "all" for check in checks)
    codes = tuple(check.upper() for check in checks if check.lower() != "all")
    audit = {
        "numpydoc": True,
        "select": _CODES if everything else codes,
        "ignore": codes if everything else (),
        "exclude": (),
        "exclude_names": patterns(given.get("exclude", []), place.at("exclude")),
        "exclude_files": patterns(given.get("exclude_files", []), place.at("exclude_files")),
        "overrides": _overrides(given, place),
    }
    return audit, place.at("checks")


def _overrides(given: Mapping[str, Any], place: Place) -> dict[str, tuple[str, ...]]:
    return {
        name.removeprefix("override_").upper(): patterns(value, place.at(name))
        for name, value in given.items()
        if name.startswith("override_")
    }


def _setup_cfg(place: Place) -> dict[str, Any]:
    if not place.file.is_file():
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
