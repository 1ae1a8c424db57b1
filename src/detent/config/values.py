"""Files of settings to values of the right kind; every mistake is told with its place."""

from __future__ import annotations

import os.path
import re
from functools import lru_cache

from detent import TYPE_CHECKING
from detent.config.lines import find_line
from detent.core import globs
from detent.core.errors import UsageError
from detent.core.namedtuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping
    from typing import Any, NoReturn

_BARE = r"[\w-]+"


class SettingLocation(NamedTuple):
    """Where a setting stands."""

    file: str  # the file
    table: str = ""  # the heading of the table; empty for what stands at the top
    keys: tuple[str | int, ...] = ()  # what leads from there to the setting

    def at(self, *keys: str | int) -> SettingLocation:
        """Go on to a setting in the table that stands here."""
        return self._replace(keys=(*self.keys, *keys))

    def format_with_line(self, word: str = "") -> str:
        """Name the place for a person, with the line where it can be found."""
        line = find_line(_read_settings_text(self.file), self.table, self.keys, word=word)
        return f"{os.path.basename(self.file)}:{line}{self._key_path}" if line else str(self)

    def __str__(self) -> str:
        """Name the place without its line, which takes reading the file again."""
        return f"{os.path.basename(self.file)}{self._key_path}"

    @property
    def _key_path(self) -> str:
        words: list[str] = [f"[{self.table}]"] if self.table else []
        dotted = False
        for key in map(str, self.keys):
            if dotted and not key.isdigit() and re.fullmatch(_BARE, key):
                words[-1] += f".{key}"
            else:
                words.append(key if re.fullmatch(_BARE, key) else f'"{key}"')
            dotted = not key.isdigit()
        return "".join(f" {word}" for word in words)


def refuse_setting(place: SettingLocation, message: str, hint: str, *, word: str = "") -> NoReturn:
    """Stop for a mistake in the settings."""
    raise UsageError(f"{place.format_with_line(word)}{message}", hint)


def read_toml(path: str, parse: Callable[[str], dict[str, Any]]) -> dict[str, Any]:
    """Read a file of settings."""
    if not os.path.isfile(path):
        return {}
    try:
        with open(path, encoding="utf-8") as file:
            return parse(file.read())
    except (OSError, ValueError, RecursionError) as error:
        raise UsageError(f"{os.path.basename(path)} cannot be read: {error}", "mend it") from error


@lru_cache(maxsize=4)
def parse_toml(text: str) -> dict[str, Any]:
    """Parse TOML; the settings of the base are mostly those of the head."""
    if not text:  # as of a file that is not there: to import a parser takes longer than to look
        return {}
    import tomllib

    values: dict[str, Any] = tomllib.loads(text)
    return values


def parse_pyproject(text: str) -> dict[str, Any]:
    r"""Parse a ``pyproject.toml``, if it may hold settings of detent or numpydoc.

    Most hold none. To import ``tomllib`` and parse one of them takes longer than to ask git what is
    staged.
    """
    names = ("detent", "numpydoc_validation", "\\u", "\\U")
    return parse_toml(text) if any(name in text for name in names) else {}


def require_table(value: object, place: SettingLocation) -> Mapping[str, Any]:
    """Take a value for a table."""
    if not isinstance(value, dict):
        refuse_setting(place, " must be a table", "see docs/settings.md")
    return value


def require_tables(
    value: object, place: SettingLocation
) -> Iterable[tuple[Mapping[str, Any], SettingLocation]]:
    """Take a value for an array of tables."""
    if not isinstance(value, list):
        name = ".".join([place.table, *map(str, place.keys)]).lstrip(".")
        refuse_setting(place, " must be an array of tables", f"write [[{name}]]")
    each = [(one, place.at(number)) for number, one in enumerate(value, 1)]
    return [(require_table(one, its), its) for one, its in each]


def require_strings(value: object, place: SettingLocation) -> tuple[str, ...]:
    """Take a value for a list of strings; a single one will do."""
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list) or not all(isinstance(one, str) for one in values):
        refuse_setting(place, " must be a list of strings", 'such as ["PR01", "PR02"]')
    return tuple(values)


def require_globs(value: object, place: SettingLocation) -> tuple[str, ...]:
    """Take a value for a list of globs."""
    values = require_strings(value, place)
    for one in values:
        if not one.strip("/"):
            refuse_setting(place, f": {one!r} fits no file", 'all files are "**"', word=one)
        # Nothing but a set of characters can be wrong, and to compile costs time.
        if "[" in one:
            try:
                globs.compile_globs((one,))
            except re.error as error:
                hint = "a set of characters looks like [a-z]"
                refuse_setting(place, f": {one!r} is no glob: {error}", hint, word=one)
    return values


def require_patterns(value: object, place: SettingLocation) -> tuple[str, ...]:
    """Take a value for a list of regular expressions."""
    values = require_strings(value, place)
    for one in values:
        try:
            re.compile(one)
        except (re.error, OverflowError, RecursionError) as error:
            refuse_setting(
                place, f": {one!r} is no regular expression: {error}", "mend it", word=one
            )
    return values


def check_keys(given: Mapping[str, Any], names: Collection[str], place: SettingLocation) -> None:
    """Refuse keys that a table does not take."""
    for name in given:
        if name not in names:
            refuse_word(name, names, place)


def check_choice(value: object, choices: Collection[str], place: SettingLocation) -> None:
    """Refuse a value that is none of the choices."""
    if not isinstance(value, str) or value not in choices:
        refuse_word(value, choices, place)


def refuse_word(
    value: object, choices: Collection[str], place: SettingLocation, *, what: str = "known"
) -> NoReturn:
    """Stop for a word that is none of the choices, and name the nearest."""
    hint = suggest_spelling(str(value), choices) or f"it takes {', '.join(choices)}"
    refuse_setting(place, f": {value!r} is not {what}", hint, word=str(value))


def suggest_spelling(word: str, choices: Collection[str]) -> str:
    """Guess what was meant by a misspelt word."""
    from difflib import get_close_matches

    near = get_close_matches(word, list(choices), 1)
    return f"did you mean {near[0]!r}?" if near else ""


def _read_settings_text(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:
        return ""
