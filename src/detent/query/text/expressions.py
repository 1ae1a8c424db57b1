"""Regular expressions of Python, applied to each line as `git grep` does.

An expression is a person's: it may take years. It is applied in a process that can be ended.
"""

from __future__ import annotations

import re
import warnings
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]

from detent import TYPE_CHECKING
from detent.core.errors import UsageError
from detent.query.text.lines import LineMatch, find_lines
from detent.store.text.trigrams import Need

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any

    #: An operation of a parsed expression, with its arguments.
    Operation = tuple[Any, Any]
    FindMatches = Callable[[str], Iterator[LineMatch]]

_MOST_CHARACTERS = 10_000
_ANYTHING = Need()
_NEWLINE = ord("\n")
_WITH_NEWLINE = {codes.CATEGORY_SPACE, codes.CATEGORY_NOT_DIGIT, codes.CATEGORY_NOT_WORD}
_ENDS = {codes.AT_BEGINNING, codes.AT_END, codes.AT_BOUNDARY, codes.AT_NON_BOUNDARY}
_REPEATS = {codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT}


class ParsedExpression:
    """An expression that is valid, but not compiled yet: that may take long."""

    def __init__(self, text: str) -> None:
        self.text = text
        if len(text) > _MOST_CHARACTERS:
            raise _make_error(f"it has more than {_MOST_CHARACTERS:,} characters")
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                self._parsed = parser.parse(text, re.MULTILINE)
        except (re.error, OverflowError, RecursionError) as error:
            raise _make_error(str(error) or "it is too deep") from error

    def find_need(self) -> Need:
        """Find what a text must have to match."""
        if self._parsed.state.flags & re.IGNORECASE:
            return _ANYTHING
        return _join_needs(_list_needs(self._parsed))

    def make_finder(self) -> FindMatches:
        """Compile it to a function that finds the lines of a text."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                pattern = re.compile(self.text, re.MULTILINE)
        except (re.error, OverflowError, RecursionError) as error:
            raise _make_error(str(error)) from error
        if self._parsed.state.flags & re.DOTALL or _may_cross_lines(self._parsed):
            return lambda text: _find_line_by_line(pattern, text)
        return lambda text: _find_in_whole(pattern, text)


def _make_error(reason: str) -> UsageError:
    return UsageError(f"not a regular expression: {reason}", "it is read as Python's `re` does")


def _find_in_whole(pattern: re.Pattern[str], text: str) -> Iterator[LineMatch]:
    """Find the lines of a text at once: no match crosses the end of a line."""
    # What follows the last newline is no line.
    end = len(text) - text.endswith("\n")

    def find_next(_: str, position: int) -> int:
        match = pattern.search(text, position, end) if text else None
        return -1 if match is None else match.start()

    return find_lines(text, find_next)


def _find_line_by_line(pattern: re.Pattern[str], text: str) -> Iterator[LineMatch]:
    for number, line in enumerate(text.removesuffix("\n").split("\n") if text else (), 1):
        if match := pattern.search(line):
            yield LineMatch(number, match.start() + 1, line)


# ---- what an expression needs


def _join_needs(needs: Iterable[Need]) -> Need:
    return Need(parts=tuple(needs))


def _list_needs(operations: Iterable[Operation]) -> Iterator[Need]:
    """List the literals, and the parts that are needed, of a sequence."""
    run: list[int] = []
    for code, argument in operations:
        if code is codes.LITERAL:
            run.append(argument)
        elif code is not codes.AT:  # which takes no characters
            yield from _make_literal(run)
            run = []
            yield from _list_inner_needs(code, argument)
    yield from _make_literal(run)


def _make_literal(run: list[int]) -> Iterator[Need]:
    if run:
        yield Need("".join(map(chr, run)).encode("utf-8", "surrogateescape"))


def _list_inner_needs(code: Any, argument: Any) -> Iterator[Need]:
    if code is codes.BRANCH:
        yield Need(parts=tuple(_join_needs(_list_needs(x)) for x in argument[1]), is_any=True)
    elif code is codes.SUBPATTERN:
        _, added_flags, _, inner = argument
        if not added_flags & re.IGNORECASE:
            yield from _list_needs(inner)
    elif code in _REPEATS:
        least, _, inner = argument
        if least:
            yield from _list_needs(inner)
    elif code is codes.ATOMIC_GROUP:
        yield from _list_needs(argument)
    elif code is codes.ASSERT:
        yield from _list_needs(argument[1])


# ---- whether a match can cross the end of a line


def _may_cross_lines(operations: Iterable[Operation]) -> bool:
    return any(_may_take_newline(code, argument) for code, argument in operations)


def _may_take_newline(code: Any, argument: Any) -> bool:
    """Tell whether anything in it can be a newline; what is not known here may."""
    if code is codes.LITERAL:
        return bool(argument == _NEWLINE)
    if code is codes.NOT_LITERAL:
        return bool(argument != _NEWLINE)
    if code is codes.IN:
        return _set_has_newline(argument)
    if code is codes.AT:
        return argument not in _ENDS
    if code in (codes.ANY, codes.GROUPREF):
        return False
    return _may_inner_take_newline(code, argument)


def _may_inner_take_newline(code: Any, argument: Any) -> bool:
    if code is codes.BRANCH:
        return any(map(_may_cross_lines, argument[1]))
    if code is codes.SUBPATTERN:
        return bool(argument[1] & re.DOTALL) or _may_cross_lines(argument[3])
    if code in _REPEATS:
        return _may_cross_lines(argument[2])
    if code is codes.ATOMIC_GROUP:
        return _may_cross_lines(argument)
    if code in (codes.ASSERT, codes.ASSERT_NOT):
        return _may_cross_lines(argument[1])
    return True


def _set_has_newline(members: list[Operation]) -> bool:
    negated = members[0][0] is codes.NEGATE
    has_newline = any(_member_has_newline(*member) for member in members)
    return negated is not has_newline


def _member_has_newline(code: Any, argument: Any) -> bool:
    if code is codes.LITERAL:
        return bool(argument == _NEWLINE)
    if code is codes.RANGE:
        return bool(argument[0] <= _NEWLINE <= argument[1])
    return code is codes.CATEGORY and argument in _WITH_NEWLINE
