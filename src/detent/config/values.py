"""Files of settings to values of the right kind; every mistake is told with its place."""

from __future__ import annotations

import os.path
import re
import sys
from functools import lru_cache

from detent import TYPE_CHECKING
from detent.config.lines import line_of
from detent.core import globs
from detent.core.errors import UsageError
from detent.core.namedtuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping
    from typing import Any, NoReturn

_BARE = r"[\w-]+"


class Place(NamedTuple):
    """Where a setting stands.

    Attributes
    ----------
    file : str
        The file.
    table : str
        The heading of the table; empty for what stands at the top.
    keys : tuple of str or int
        What leads from there to the setting; a number counts the tables of an array from 1.
    """

    file: str
    table: str = ""
    keys: tuple[str | int, ...] = ()

    def at(self, *keys: str | int) -> Place:
        """Go on to a setting in the table that stands here.

        Parameters
        ----------
        *keys : str or int
            What leads there.

        Returns
        -------
        Place
            Of that setting.
        """
        return self._replace(keys=(*self.keys, *keys))

    def shown(self, word: str = "") -> str:
        """Name the place for a person, with the line where it can be found.

        Parameters
        ----------
        word : str, default ""
            What is written there, to tell the line of a list that is meant.

        Returns
        -------
        str
            Such as ``pyproject.toml:12 [tool.detent] budget.limit 1 max``.
        """
        line = line_of(_text(self.file), self.table, self.keys, word=word)
        return f"{os.path.basename(self.file)}:{line}{self._inside}" if line else str(self)

    def __str__(self) -> str:
        """Name the place without its line, which takes reading the file again."""
        return f"{os.path.basename(self.file)}{self._inside}"

    @property
    def _inside(self) -> str:
        words: list[str] = [f"[{self.table}]"] if self.table else []
        dotted = False
        for key in map(str, self.keys):
            if dotted and not key.isdigit() and re.fullmatch(_BARE, key):
                words[-1] += f".{key}"
            else:
                words.append(key if re.fullmatch(_BARE, key) else f'"{key}"')
            dotted = not key.isdigit()
        return "".join(f" {word}" for word in words)


def refuse(place: Place, message: str, hint: str, *, word: str = "") -> NoReturn:
    """Stop for a mistake in the settings.

    Parameters
    ----------
    place : Place
        Where it is.
    message : str
        What is wrong, to be read behind the place.
    hint : str
        What mends it.
    word : str, default ""
        What is written there.

    Raises
    ------
    UsageError
        Always.
    """
    raise UsageError(f"{place.shown(word)}{message}", hint)


def toml(path: str, parse: Callable[[str], dict[str, Any]]) -> dict[str, Any]:
    """Read a file of settings.

    Parameters
    ----------
    path : str
        The file.
    parse : callable
        Takes its text: `parsed` or `shared`.

    Returns
    -------
    dict of str
        Empty where there is no such file.

    Raises
    ------
    UsageError
        If it cannot be read.
    """
    if not os.path.isfile(path):
        return {}
    try:
        with open(path, encoding="utf-8") as file:
            return parse(file.read())
    except (OSError, ValueError, RecursionError) as error:
        raise UsageError(f"{os.path.basename(path)} cannot be read: {error}", "mend it") from error


@lru_cache(maxsize=4)
def parsed(text: str) -> dict[str, Any]:
    """Parse TOML; the settings of the base are mostly those of the head.

    Parameters
    ----------
    text : str
        The whole file.

    Returns
    -------
    dict of str
        Its values, which are not to be changed.
    """
    if not text:  # as of a file that is not there: to import a parser takes longer than to look
        return {}
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    values: dict[str, Any] = tomllib.loads(text)
    return values


def shared(text: str) -> dict[str, Any]:
    r"""Parse a ``pyproject.toml``, if it may hold settings of detent or numpydoc.

    Most hold none. To import ``tomllib`` and parse one of them takes longer than to ask git what is
    staged.

    Parameters
    ----------
    text : str
        The whole file.

    Returns
    -------
    dict of str
        As `parsed` has it; empty where neither name is written, not even with ``\u``.
    """
    names = ("detent", "numpydoc_validation", "\\u", "\\U")
    return parsed(text) if any(name in text for name in names) else {}


def table(value: object, place: Place) -> Mapping[str, Any]:
    """Take a value for a table.

    Parameters
    ----------
    value : object
        As read.
    place : Place
        Where it stands.

    Returns
    -------
    mapping of str
        The same.
    """
    if not isinstance(value, dict):
        refuse(place, " must be a table", "see docs/settings.md")
    return value


def tables(value: object, place: Place) -> Iterable[tuple[Mapping[str, Any], Place]]:
    """Take a value for an array of tables.

    Parameters
    ----------
    value : object
        As read.
    place : Place
        Where it stands.

    Returns
    -------
    iterable of (mapping, Place)
        Each table, and where it stands.
    """
    if not isinstance(value, list):
        name = ".".join([place.table, *map(str, place.keys)]).lstrip(".")
        refuse(place, " must be an array of tables", f"write [[{name}]]")
    each = [(one, place.at(number)) for number, one in enumerate(value, 1)]
    return [(table(one, its), its) for one, its in each]


def strings(value: object, place: Place) -> tuple[str, ...]:
    """Take a value for a list of strings; a single one will do.

    Parameters
    ----------
    value : object
        As read.
    place : Place
        Where it stands.

    Returns
    -------
    tuple of str
        The strings.
    """
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list) or not all(isinstance(one, str) for one in values):
        refuse(place, " must be a list of strings", 'such as ["PR01", "PR02"]')
    return tuple(values)


def paths(value: object, place: Place) -> tuple[str, ...]:
    """Take a value for a list of globs.

    Parameters
    ----------
    value : object
        As read.
    place : Place
        Where it stands.

    Returns
    -------
    tuple of str
        The globs.
    """
    values = strings(value, place)
    for one in values:
        if not one.strip("/"):
            refuse(place, f": {one!r} fits no file", 'all files are "**"', word=one)
        # Nothing but a set of characters can be wrong, and to compile costs time.
        if "[" in one:
            try:
                globs.compiled((one,))
            except re.error as error:
                hint = "a set of characters looks like [a-z]"
                refuse(place, f": {one!r} is no glob: {error}", hint, word=one)
    return values


def patterns(value: object, place: Place) -> tuple[str, ...]:
    """Take a value for a list of regular expressions.

    Parameters
    ----------
    value : object
        As read.
    place : Place
        Where it stands.

    Returns
    -------
    tuple of str
        The expressions.
    """
    values = strings(value, place)
    for one in values:
        try:
            re.compile(one)
        except (re.error, OverflowError, RecursionError) as error:
            refuse(place, f": {one!r} is no regular expression: {error}", "mend it", word=one)
    return values


def known(given: Mapping[str, Any], names: Collection[str], place: Place) -> None:
    """Refuse keys that a table does not take.

    Parameters
    ----------
    given : mapping of str
        The table.
    names : collection of str
        The keys that it takes.
    place : Place
        Where it stands.
    """
    for name in given:
        if name not in names:
            refuse_word(name, names, place)


def among(value: object, choices: Collection[str], place: Place) -> None:
    """Refuse a value that is none of the choices.

    Parameters
    ----------
    value : object
        As read.
    choices : collection of str
        What it may be.
    place : Place
        Where it stands.
    """
    if not isinstance(value, str) or value not in choices:
        refuse_word(value, choices, place)


def refuse_word(
    value: object, choices: Collection[str], place: Place, *, what: str = "known"
) -> NoReturn:
    """Stop for a word that is none of the choices, and name the nearest.

    Parameters
    ----------
    value : object
        As read.
    choices : collection of str
        What it may be.
    place : Place
        Where it stands.
    what : str, default "known"
        What it is not.
    """
    hint = meant(str(value), choices) or f"it takes {', '.join(choices)}"
    refuse(place, f": {value!r} is not {what}", hint, word=str(value))


def meant(word: str, choices: Collection[str]) -> str:
    """Guess what was meant by a misspelt word.

    Parameters
    ----------
    word : str
        As written.
    choices : collection of str
        What it may be.

    Returns
    -------
    str
        A question; empty where nothing is near.
    """
    from difflib import get_close_matches

    near = get_close_matches(word, list(choices), 1)
    return f"did you mean {near[0]!r}?" if near else ""


def _text(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:
        return ""
