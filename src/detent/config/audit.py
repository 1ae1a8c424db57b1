"""Which findings count: codes, paths, kinds and names of symbols, severities."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.config.values import Place, among, known, paths, refuse, strings, table, tables
from detent.core.namedtuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    #: Codes and beginnings of codes, with their place: only the audit knows which there are.
    Mentions = list[tuple[Place, tuple[str, ...]]]

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
# Whether a method overrides a documented one, no file can say by itself.
_BY_FILE = tuple(kind for kind in KINDS if kind != "override")
#: The keys that say otherwise than a preset.
PRESET_KEYS = ("select", "ignore", "missing")
#: The keys of detent's own settings that `read` takes.
KEYS = (
    "preset",
    *PRESET_KEYS,
    "exclude",
    "per-file-ignores",
    "override",
    "severity",
    "doc-decorators",
)


class Override(NamedTuple):
    """What is otherwise for some files or symbols.

    Attributes
    ----------
    paths : tuple of str
        Globs of files; empty for all.
    kinds : tuple of str
        Some of `KINDS`; empty for all.
    symbols : tuple of str
        Globs of dotted names; empty for all.
    select, ignore : tuple of str
        Codes or their beginnings; of those that fit, the longest decides, and `ignore` wins a tie.
    """

    paths: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    symbols: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()


class Wish(NamedTuple):
    """What the command line asks for, before the files.

    Attributes
    ----------
    preset : str or None
        One of `PRESETS`; `select`, `ignore` and `missing` of the files are then left out.
    select : tuple of str or None
        Instead of `select` and `ignore` of the files.
    ignore : tuple of str
        Besides those of the files.
    otherwise : str or None
        The preset where the files name none.
    """

    preset: str | None = None
    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] = ()
    otherwise: str | None = None


def read(own: Mapping[str, Any], place: Place, mentions: Mentions) -> dict[str, Any]:
    """Read which findings count from detent's own settings.

    Parameters
    ----------
    own : mapping of str
        All of detent's own settings.
    place : Place
        Where they stand.
    mentions : list
        The codes that are met are added to it.

    Returns
    -------
    dict of str
        The arguments of `detent.audit.selection.select.Selection` that are set.
    """
    found: dict[str, Any] = {}
    for name in ("select", "ignore"):
        if name in own:
            found[name] = _codes(own[name], place.at(name), mentions)
    if "exclude" in own:
        found["exclude"] = paths(own["exclude"], place.at("exclude"))
    if "missing" in own:
        found["missing"] = frozenset(_kinds(own["missing"], place.at("missing")))
        found["numpydoc"] = False
    if "doc-decorators" in own:
        found["doc_decorators"] = _decorators(own["doc-decorators"], place.at("doc-decorators"))
    if local := _local(own, place, mentions):
        found["local"] = local
    if "severity" in own:
        found["severities"] = _severities(own["severity"], place.at("severity"), mentions)
    return found


def _decorators(given: object, place: Place) -> frozenset[str]:
    names = strings(given, place)
    for name in names:
        if not all(part.isidentifier() for part in name.split(".")):
            hint = 'write it without @ and parentheses, such as "doc" or "util.doc"'
            refuse(place, f": {name!r} is no name of a decorator", hint)
    return frozenset(names)


def narrowed(chosen: Mapping[str, Any], wish: Wish, mentions: Mentions) -> dict[str, Any]:
    """Put what the command line asks for before what the files say.

    Parameters
    ----------
    chosen : mapping of str
        What the files say.
    wish : Wish
        What is asked for.
    mentions : list
        The codes that are met are added to it.

    Returns
    -------
    dict of str
        The arguments of `detent.audit.selection.select.Selection`.
    """
    found = dict(chosen)
    if wish.select is not None:
        found["select"], found["ignore"] = wish.select, ()
        mentions.append((Place("--select"), wish.select))
    if wish.ignore:
        found["ignore"] = (*found.get("ignore", ()), *wish.ignore)
        mentions.append((Place("--ignore"), wish.ignore))
    return found


def preset_of(own: Mapping[str, Any], place: Place, wish: Wish) -> str | None:
    """Read which preset is asked for.

    Parameters
    ----------
    own : mapping of str
        All of detent's own settings.
    place : Place
        Where they stand.
    wish : Wish
        What goes before and after them.

    Returns
    -------
    str or None
        One of `PRESETS`; None where none is named.
    """
    named = own.get("preset")
    if named is not None:
        among(named, PRESETS, place.at("preset"))
    return wish.preset or named or wish.otherwise


def _local(own: Mapping[str, Any], place: Place, mentions: Mentions) -> tuple[Override, ...]:
    """Read what is otherwise somewhere: the short form first, so that the long one goes before."""
    found = []
    at = place.at("per-file-ignores")
    for glob, codes in table(own.get("per-file-ignores", {}), at).items():
        chosen = paths([glob], at.at(glob))
        found.append(Override(paths=chosen, ignore=_codes(codes, at.at(glob), mentions)))
    for given, its in tables(own.get("override", []), place.at("override")):
        found.append(_override(given, its, mentions))
    return tuple(found)


def _override(given: Mapping[str, Any], place: Place, mentions: Mentions) -> Override:
    known(given, Override._fields, place)
    if not given.keys() & {"select", "ignore"}:
        refuse(place, " neither selects nor ignores anything", 'add ignore = ["PR01"] or select')
    if not given.keys() & {"paths", "kinds", "symbols"}:
        hint = "add paths, kinds or symbols, or set select and ignore for all"
        refuse(place, " is for everything", hint)
    for name, value in given.items():
        if not value:
            refuse(place.at(name), " is empty", "leave it out, or say what it is about")
    return Override(
        paths(given.get("paths", []), place.at("paths")),
        _kinds(given.get("kinds", []), place.at("kinds"), _BY_FILE),
        strings(given.get("symbols", []), place.at("symbols")),
        _codes(given.get("select", []), place.at("select"), mentions),
        _codes(given.get("ignore", []), place.at("ignore"), mentions),
    )


def _severities(value: object, place: Place, mentions: Mentions) -> dict[str, str]:
    given = table(value, place)
    for code, severity in given.items():
        among(severity, SEVERITIES, place.at(code))
        mentions.append((place, (code,)))
    return dict(given)


def _codes(value: object, place: Place, mentions: Mentions) -> tuple[str, ...]:
    codes = strings(value, place)
    mentions.append((place, codes))
    return codes


def _kinds(value: object, place: Place, choices: tuple[str, ...] = KINDS) -> tuple[str, ...]:
    kinds = strings(value, place)
    for kind in kinds:
        among(kind, choices, place)
    return kinds
