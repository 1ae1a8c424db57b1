"""Read files of settings into checked values; errors name the line of the setting."""

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
# Headings of tables whose name may be a misspelt `tool.detent`; others cost no comparison.
_HEADING = r"(?m)^[ \t]*\[\[?[ \t]*(tool[ \t]*\.[ \t]*)?\"?([dD][\w-]{3,7})(?![\w-])"
#: What no path of git has: an empty name, the names `.` and `..`, or backslashes for slashes.
_UNMATCHED = r"\S//|(^|/)\.\.?(/|$)|\\"
_SIMILAR = 0.75
#: Longest glob or expression: no path is longer, and reading a longer one takes long.
_LONGEST_PATTERN = 4096
#: To read a larger file of settings would take seconds.
_MOST_CHARACTERS = 1_000_000


class SettingLocation(NamedTuple):
    """Where a setting is."""

    file: str  # path of the file
    table: str = ""  # the heading of the table; empty for the top level
    keys: tuple[
        str | int, ...
    ] = ()  # keys, and numbers of tables from 1, from there to the setting
    directory: str = ""  # where the file is, from the root of the repository

    def at(self, *keys: str | int) -> SettingLocation:
        """Give the place of a setting in the table at this place."""
        return self._replace(keys=(*self.keys, *keys))

    def find_line(self, word: str = "") -> int | None:
        """Find the line of the setting, or of the nearest heading; None if there is neither."""
        return find_line(_read_settings_text(self.file), self.table, self.keys, word=word)

    def format_with_line(self, word: str = "") -> str:
        """Name the place with its line."""
        line = self.find_line(word)
        return f"{self.name}:{line}{self._key_path}" if line else str(self)

    def __str__(self) -> str:
        """Name the place without its line, for which the file must be read again."""
        return f"{self.name}{self._key_path}"

    @property
    def name(self) -> str:
        """The file as messages name it."""
        base = os.path.basename(self.file)
        return f"{self.directory}/{base}" if self.directory else base

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


class SettingsDirectory(NamedTuple):
    """A directory that may have settings of its own."""

    path: str
    inside: str = ""  # the path from the root of the repository, with slashes; empty for the root

    def locate(self, name: str, table: str = "") -> SettingLocation:
        """Give the place of a file of settings, or of a table in it."""
        return SettingLocation(os.path.join(self.path, name), table, (), self.inside)


def refuse_setting(place: SettingLocation, message: str, hint: str, *, word: str = "") -> NoReturn:
    """Raise an error for a setting."""
    raise UsageError(f"{place.format_with_line(word)}{message}", hint)


def read_toml(place: SettingLocation, parse: Callable[[str], dict[str, Any]]) -> dict[str, Any]:
    """Read a file of settings."""
    if not os.path.isfile(place.file):
        return {}
    try:
        with open(place.file, encoding="utf-8") as file:
            text = file.read(_MOST_CHARACTERS + 1)
        if len(text) > _MOST_CHARACTERS:
            message = f"cannot read {place.name}: it has more than {_MOST_CHARACTERS:,} characters"
            raise UsageError(message, "make it smaller")
        return parse(text)
    except (OSError, UnicodeError) as error:
        raise UsageError(f"cannot read {place.name}: {error}", "fix the file") from error
    except (ValueError, RecursionError) as error:
        line = re.search(r"at (line \d+)", str(error))
        hint = f"fix the syntax at {line[1]}" if line else "fix the syntax"
        raise UsageError(f"invalid TOML in {place.name}: {error}", hint) from error


@lru_cache(maxsize=4)
def parse_toml(text: str) -> dict[str, Any]:
    """Parse TOML; mostly the base of a change has the same settings as its head."""
    if not text:  # a file that is missing needs no parser, which takes long to import
        return {}
    import tomllib

    values: dict[str, Any] = tomllib.loads(text)
    return values


def parse_pyproject(text: str) -> dict[str, Any]:
    r"""Parse a ``pyproject.toml``, if it may hold settings of detent or numpydoc.

    Most hold none, and parsing one takes longer than asking git what is staged.
    """
    _refuse_misspelt_tables(text)
    names = ("detent", "numpydoc_validation", "\\u", "\\U")
    return parse_toml(text) if any(name in text for name in names) else {}


def _refuse_misspelt_tables(text: str) -> None:
    """Raise an error for a table of detent under another name, which would have no effect."""
    for match in re.finditer(_HEADING, text):
        prefix, name = match.groups()
        if name == "detent" if prefix else name != "detent":
            continue
        if not prefix or suggest_spelling(name.lower(), ["detent"], cutoff=_SIMILAR):
            line = text.count("\n", 0, match.start(2)) + 1
            message = f"pyproject.toml:{line}: unknown table [{prefix or ''}{name}]"
            raise UsageError(message, "did you mean [tool.detent]?")


def require_table(value: object, place: SettingLocation) -> Mapping[str, Any]:
    """Check that a value is a table."""
    if not isinstance(value, dict):
        refuse_setting(place, " must be a table", "see docs/settings.md")
    return value


def require_tables(
    value: object, place: SettingLocation
) -> Iterable[tuple[Mapping[str, Any], SettingLocation]]:
    """Check that a value is an array of tables, and give them with their places."""
    if not isinstance(value, list):
        name = ".".join([place.table, *map(str, place.keys)]).lstrip(".")
        refuse_setting(place, " must be an array of tables", f"write [[{name}]]")
    places = [place.at(number) for number in range(1, len(value) + 1)]
    return [(require_table(given, at), at) for given, at in zip(value, places, strict=True)]


def require_strings(value: object, place: SettingLocation) -> tuple[str, ...]:
    """Check that a value is a list of strings; a single string counts as one."""
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list) or not all(isinstance(text, str) for text in values):
        refuse_setting(place, " must be a list of strings", 'such as ["PR01", "PR02"]')
    return tuple(values)


def require_short_strings(value: object, place: SettingLocation) -> tuple[str, ...]:
    """Check that a value is a list of strings, none of them longer than a path can be."""
    values = require_strings(value, place)
    for text in values:
        if len(text) > _LONGEST_PATTERN:
            message = f": {text[:20]!r}... is longer than {_LONGEST_PATTERN:,} characters"
            refuse_setting(place, message, "shorten it", word=text)
    return values


def require_globs(value: object, place: SettingLocation) -> tuple[str, ...]:
    """Check that a value is a list of globs."""
    values = require_short_strings(value, place)
    for glob in values:
        if not glob.strip("/"):
            hint = 'for all files write "**"'
            refuse_setting(place, f": {glob!r} matches no file", hint, word=glob)
        if glob.startswith("./") or re.search(_UNMATCHED, glob):
            hint = "write it from the root of the repository, with single slashes and without .."
            refuse_setting(place, f": {glob!r} matches no file", hint, word=glob)
        # Only a set of characters can be wrong, and compiling takes time.
        if "[" in glob:
            try:
                globs.compile_globs((glob,))
            except re.error as error:
                hint = "write a set of characters like [a-z]"
                refuse_setting(place, f": invalid glob {glob!r}: {error}", hint, word=glob)
    return values


def require_patterns(value: object, place: SettingLocation) -> tuple[str, ...]:
    """Check that a value is a list of regular expressions."""
    values = require_short_strings(value, place)
    if values:
        from detent.config.patterns import is_slow_pattern
    for pattern in values:
        try:
            re.compile(pattern)
        except (re.error, OverflowError, RecursionError) as error:
            message = f": invalid regular expression {pattern!r}: {error}"
            refuse_setting(place, message, "fix the expression", word=pattern)
        if is_slow_pattern(pattern):
            message = f": the regular expression {pattern!r} may take very long"
            hint = (
                "let no * or + repeat what has another, and write a++ or (?>a|b)+ for a+ or (a|b)+"
            )
            refuse_setting(place, message, hint, word=pattern)
    return values


def check_keys(given: Mapping[str, Any], names: Collection[str], place: SettingLocation) -> None:
    """Raise an error for keys that a table does not take."""
    for name in given:
        if name not in names:
            _refuse_word(name, names, place, what="key")


def check_choice(value: object, choices: Collection[str], place: SettingLocation) -> None:
    """Raise an error for a value that is not one of the choices."""
    if not isinstance(value, str) or value not in choices:
        _refuse_word(value, choices, place, what="value")


def _refuse_word(
    value: object, choices: Collection[str], place: SettingLocation, *, what: str
) -> NoReturn:
    hint = suggest_spelling(str(value), choices) or f"choose from {', '.join(choices)}"
    refuse_setting(place, f": unknown {what} {value!r}", hint, word=str(value))


def suggest_spelling(word: str, choices: Collection[str], *, cutoff: float = 0.6) -> str:
    """Guess what was meant by a misspelt word."""
    from difflib import get_close_matches

    near = get_close_matches(word, list(choices), 1, cutoff)
    return f"did you mean {near[0]!r}?" if near else ""


def _read_settings_text(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:
        return ""
