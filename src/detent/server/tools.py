"""What an assistant can ask: a few questions, with short answers that say how sure they are.

The docstrings are what the assistant reads.
"""

from __future__ import annotations

import time
from contextlib import contextmanager

from detent import TYPE_CHECKING
from detent.api import open_repository
from detent.api.explain import explain_rule
from detent.api.search import LITERAL, RANKED, REGEX, SearchOptions
from detent.core.errors import DetentError
from detent.core.escape import clean_path, clean_text
from detent.server.budgeted_text import (
    describe_code,
    describe_state,
    describe_symbol,
    join_lines,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from detent.api import Repository

_MOST_MATCHES = 500


class QuestionError(Exception):
    """A question that cannot be answered, with what to do instead."""


class Tools:
    """Answers questions about one repository; it is opened for each of them, so no state is old."""

    def __init__(self, directory: str) -> None:
        self._directory = directory

    def list_tools(self) -> list[Callable[..., str]]:
        """List the tools."""
        return [
            self.search_text,
            self.find_symbol,
            self.find_references,
            self.find_impact,
            self.find_context,
            self.check_change,
            self.explain_rule,
            self.show_history,
        ]

    @contextmanager
    def _open(self) -> Iterator[Repository]:
        try:
            with open_repository(self._directory) as repository:
                yield repository
        except DetentError as error:
            hint = f" ({error.hint})" if error.hint else ""
            raise QuestionError(f"{error.message}{hint}") from error

    def search_text(
        self,
        text: str,
        *,
        how: str = LITERAL,
        path: str = "",
        at: str = "worktree",
        budget: int = 2000,
    ) -> str:
        """Find text in the files of the repository: exact lines, or the definitions that fit words.

        how: "literal", "regex" (Python, by line) or "ranked" (words; the best definitions first).
        path: only below this file or directory. at: "worktree", "staged" or a git revision.
        """
        if how not in (LITERAL, REGEX, RANKED):
            raise QuestionError(f"unknown how {how!r}: literal, regex or ranked")
        options = SearchOptions(syntax=how, limit=20 if how == RANKED else _MOST_MATCHES)
        with self._open() as repository:
            paths = [path] if path else []
            found = repository.search(text, at=at, paths=paths, options=options)
        lines = [
            f"{clean_path(x.path)}:{x.line}: {clean_text(x.name or x.text)}" for x in found.matches
        ]
        rest = "" if found.is_complete else " (there are more matches)"
        stamp = describe_state(found.view, found.tree, found.different)
        return join_lines(lines, f"{stamp}{rest}", budget)

    def find_symbol(self, name: str, *, at: str = "worktree", budget: int = 2000) -> str:
        """Find functions, methods and classes by name, such as fit, Model.fit or *_fit."""
        with self._open() as repository:
            found = repository.symbols(name, at=at)
        lines = [describe_symbol(path, symbol) for path, symbol in found.symbols]
        if found.suggestion:
            lines = [f"no symbol {name!r}: did you mean {found.suggestion!r}?"]
        stamp = describe_state(found.view, found.tree, found.different)
        return join_lines(lines, stamp, budget)

    def find_references(self, name: str, *, at: str = "worktree", budget: int = 2000) -> str:
        """Find who calls, imports or otherwise refers to a symbol.

        Each line says how sure it is: exact (by scopes and imports), inferred (through a type or
        value) or name-only (the receiver is not known).
        """
        with self._open() as repository:
            found = repository.find_references(name, at=at, least="name-only")
        lines = [
            f"{clean_path(x.owner.path)}:{x.line}: {x.kind} of {describe_code(x.target)} in "
            f"{clean_text(x.owner.name) or '(module)'} ({x.confidence})"
            for x in found.references
        ]
        if found.suggestion:
            lines = [f"no symbol {name!r}: did you mean {found.suggestion!r}?"]
        stamp = describe_state(found.view, found.tree, found.different)
        return join_lines(lines, stamp, budget)

    def find_impact(self, name: str = "", *, at: str = "staged", budget: int = 2000) -> str:
        """Find what a change may break: all code, and the tests, that reach it by calls.

        name: a symbol, or a file from the root. Without it: what the change in `at` ("staged",
        "worktree" or a revision, against HEAD) changes or removes. The nearest code comes first.
        """
        with self._open() as repository:
            found = (
                repository.find_impact(name, at=at)
                if name
                else repository.find_change_impact(at=at)
            )
        lines = [
            f"{x.hops} {'call' if x.hops == 1 else 'calls'} away: {describe_code(x.code)}"
            f"{' [test]' if x.is_test else ''}, through {describe_code(x.through)}"
            for x in found.reaching
        ]
        if found.suggestion:
            lines = [f"no symbol {name!r}: did you mean {found.suggestion!r}?"]
        stamp = describe_state(found.view, found.tree, found.different)
        return join_lines(lines, f"{len(lines)} in all. {stamp}", budget)

    def find_context(self, question: str, *, at: str = "worktree", budget: int = 2000) -> str:
        """Find the code that fits a question in words: the best symbols, and their neighbours.

        Ask this first when you do not know the names.
        """
        with self._open() as repository:
            found = repository.find_context(question, at=at, budget=budget)
        lines = []
        for symbol in found.symbols:
            summary = f"  # {clean_text(symbol.summary)}" if symbol.summary else ""
            lines.append(f"{describe_symbol(symbol.path, symbol.symbol)}{summary}")
        stamp = describe_state(found.view, found.tree, found.different)
        return join_lines(lines, stamp, budget)

    def check_change(self, *, at: str = "staged", budget: int = 2000) -> str:
        """Check the docstrings and limits of a change: what `detent check` would fail it for.

        at: "staged", "worktree" or a revision. explain_rule says what a code means.
        """
        with self._open() as repository:
            found = repository.check(at=at)
        lines = [
            f"{clean_path(x.path)}:{x.line}: {x.code} {clean_text(x.message)} "
            f"[{clean_text(x.qualname)}]"
            for x in found.gated_findings
        ]
        verdict = "clean" if found.is_clean else "failed"
        stamp = describe_state(found.view, found.tree or "(not indexed)")
        return join_lines(lines or [verdict], f"{verdict}. {stamp}", budget)

    def explain_rule(self, code: str) -> str:
        """Explain a rule of the docstring audit, such as PR01, with an example."""
        try:
            page = explain_rule(code)
        except DetentError as error:
            raise QuestionError(f"{error.message} ({error.hint})") from error
        return f"{page.code}: {page.title}\n\n{page.text}"

    def show_history(self, name: str, *, budget: int = 2000) -> str:
        """List the commits that changed a symbol, through renames and moves, the newest first."""
        with self._open() as repository:
            found = repository.trace_symbol(name)
        lines = [
            f"{x.commit[:10]} {_format_day(x.seconds)} {x.change} {clean_path(x.path)}:"
            f"{clean_text(x.name)}: {clean_text(x.subject)}"
            for x in found.commits
        ]
        return join_lines(lines, describe_state(found.view, found.tree), budget)


def _format_day(seconds: int) -> str:
    return time.strftime("%Y-%m-%d", time.gmtime(seconds))
