"""Settings: ``detent.toml`` or ``[tool.detent]``, and those of numpydoc.

Every setting is data. None names a program, and none is a path outside the repository.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from detent.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

GATES = ("new", "touched", "all", "none")
RATCHET = "never-worse"

_CODE = re.compile(r"ALL|[A-Z]{2}\d{0,3}")
_LISTS = ("select", "ignore", "exclude", "missing")
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
    "test",
)


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
    places : dict of str to str
        Where each setting of `audit` stands, for messages.
    """

    gate: str = "new"
    audit: Mapping[str, Any] = {}
    limits: tuple[Limit, ...] = ()
    source: str = ""
    places: Mapping[str, str] = {}


def load(top: str) -> Config:
    """Read the settings of a repository.

    Parameters
    ----------
    top : str
        Root of the work tree.

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
    pyproject = _toml(directory / "pyproject.toml")
    place = "detent.toml"
    own: Mapping[str, Any] = _toml(directory / place)
    tools = _table(pyproject.get("tool", {}), "pyproject.toml [tool]")
    if not own:
        place = "pyproject.toml [tool.detent]"
        own = _table(tools.get("detent", {}), place)
    return _config(own, place, _numpydoc(directory, tools))


def _config(own: Mapping[str, Any], place: str, foreign: tuple[dict[str, Any], str]) -> Config:
    _known(own, (*_LISTS, "gate", "budget"), place)
    audit, checks = foreign
    places = dict.fromkeys(audit, checks)
    for name in _LISTS:
        if name in own:
            places[name] = f"{place} {name}"
            audit[name] = _strings(own[name], places[name])
    for name in ("select", "ignore"):
        for code in audit.get(name, ()):
            if not _CODE.fullmatch(code):
                hint = "a code looks like PR01, a prefix like PR"
                _fail(f"{places[name]}: {code!r} is no code", hint)
    if "missing" in own:
        for kind in audit["missing"]:
            _among(kind, _KINDS, f"{place} missing")
        audit["missing"], audit["numpydoc"] = frozenset(audit["missing"]), False
    gate = own.get("gate", "new")
    _among(gate, GATES, f"{place} gate")
    limits = _limits(own.get("budget", {}), place)
    return Config(gate, audit, limits, place if own else "", places)


def _limits(budget: object, place: str) -> tuple[Limit, ...]:
    place = f"{place} budget"
    table = _table(budget, place)
    _known(table, ("limit",), place)
    given = table.get("limit", [])
    if not isinstance(given, list):
        name = "tool.detent.budget.limit" if place.startswith("pyproject") else "budget.limit"
        _fail(f"{place}.limit must be an array of tables", f"write [[{name}]]")
    return tuple(_limit(one, f"{place}.limit {n}") for n, one in enumerate(given, 1))


def _limit(given: object, place: str) -> Limit:
    table = _table(given, place)
    _known(table, ("metric", "paths", "max", "min", "ratchet"), place)
    metric = table.get("metric")
    if not isinstance(metric, str):
        _fail(f"{place} names no metric", 'add metric = "docstring.coverage" or another')
    if "ratchet" in table:
        _among(table["ratchet"], (RATCHET,), f"{place} ratchet")
    most, least = table.get("max"), table.get("min")
    for bound in (most, least):
        if bound is not None and not _is_number(bound):
            _fail(f"{place}: {bound!r} is no number", "max and min take numbers")
    if most is None and least is None and "ratchet" not in table:
        _fail(f"{place} sets no limit", f'add max, min or ratchet = "{RATCHET}"')
    paths = _strings(table.get("paths", []), f"{place} paths")
    return Limit(metric, paths, most, least, ratchet="ratchet" in table)


def _is_number(value: object) -> bool:
    """Whether a value can be a bound; what is not even equal to itself bounds nothing."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and value == value  # noqa: PLR0124


def _numpydoc(directory: Path, tools: Mapping[str, Any]) -> tuple[dict[str, Any], str]:
    """Read numpydoc's own settings; like numpydoc, setup.cfg only without a pyproject.toml."""
    if (directory / "pyproject.toml").is_file():
        place = "pyproject.toml [tool.numpydoc_validation]"
        table = _table(tools.get("numpydoc_validation", {}), place)
    else:
        place = "setup.cfg [tool:numpydoc_validation]"
        table = _setup_cfg(directory / "setup.cfg")
    if not table:
        return {}, place
    checks = _strings(table.get("checks", ["all"]), f"{place} checks")
    everything = any(check.lower() == "all" for check in checks)
    codes = tuple(check.upper() for check in checks if check.lower() != "all")
    overrides = {
        name.removeprefix("override_").upper(): _patterns(value, f"{place} {name}")
        for name, value in table.items()
        if name.startswith("override_")
    }
    audit = {
        "numpydoc": True,
        "select": ("ALL",) if everything else (*codes, "DT"),
        "ignore": codes if everything else (),
        "exclude": (),
        "exclude_names": _patterns(table.get("exclude", []), f"{place} exclude"),
        "exclude_files": _patterns(table.get("exclude_files", []), f"{place} exclude_files"),
        "overrides": overrides,
    }
    return audit, f"{place} checks"


def _setup_cfg(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    from configparser import ConfigParser, Error

    parser = ConfigParser()
    try:
        parser.read(path, encoding="utf-8")
        has_section = parser.has_section("tool:numpydoc_validation")
        items = parser.items("tool:numpydoc_validation") if has_section else []
    except (Error, UnicodeError) as error:
        _fail(f"setup.cfg cannot be read: {str(error).splitlines()[0]}", "mend it")
    return {
        name: [part.strip() for part in re.split(r"[,\n]", value) if part.strip()]
        for name, value in items
    }


def _toml(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    try:
        values: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        _fail(f"{path.name} cannot be read: {error}", "mend it")
    return values


def _table(value: object, place: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        _fail(f"{place} must be a table", "see docs/settings.md")
    return value


def _strings(value: object, place: str) -> tuple[str, ...]:
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list) or not all(isinstance(one, str) for one in values):
        _fail(f"{place} must be a list of strings", 'such as ["PR01", "PR02"]')
    return tuple(values)


def _patterns(value: object, place: str) -> tuple[str, ...]:
    patterns = _strings(value, place)
    for pattern in patterns:
        try:
            re.compile(pattern)
        except (re.error, OverflowError, RecursionError) as error:
            _fail(f"{place}: {pattern!r} is no regular expression: {error}", "mend it")
    return patterns


def _known(table: Mapping[str, Any], names: Collection[str], place: str) -> None:
    for name in table:
        if name not in names:
            _among(name, names, place)


def _among(value: object, choices: Collection[str], place: str) -> None:
    if value in choices:
        return
    from difflib import get_close_matches

    near = get_close_matches(str(value), list(choices), 1)
    meant = f"did you mean {near[0]!r}?" if near else f"it takes {', '.join(choices)}"
    _fail(f"{place}: {value!r} is not known", meant)


def _fail(message: str, hint: str) -> NoReturn:
    raise UsageError(message, hint)
