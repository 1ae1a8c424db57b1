"""The arguments of the command line: a parser for all commands, or for one of them."""

from __future__ import annotations

import argparse
import importlib

from detent import TYPE_CHECKING, __version__
from detent.cli.context import GLOBAL_OPTIONS, add_global_arguments
from detent.config.values import suggest_spelling
from detent.core.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from types import ModuleType
    from typing import Any

#: Every command, in the order of the help; the module is imported when the command is asked for.
COMMANDS = {
    "check": "check what is staged: new findings and limits (the main command)",
    "index": "bring the index of a view up to date",
    "audit": "list findings: of a whole view, or those that are new since a revision",
    "lint": "check files as `numpydoc lint` does, to replace it in a hook",
    "coverage": "show docstring coverage by package, kind or file; write a badge",
    "ci": "check a commit against the base that the CI service names, and write reports",
    "budget": "check the limits of the settings, and explain or propose them",
    "init": "propose settings that fit the code, with what each choice costs",
    "rule": "show what rules mean, and how to change where they count",
    "config": "show the settings that apply to a path, and where each comes from",
    "sym": "find symbols by name",
    "symlist": "list the symbols of files",
    "calls": "find the calls that a function makes, or those of it",
    "refs": "find the places that refer to a symbol",
    "edges": "list all calls of a view, as JSON Lines or DOT",
    "impact": "find what a change may affect, by calls, and which tests reach it",
    "cycles": "list code that reaches itself by calls, or modules by imports",
    "hotspots": "rank functions that are complex, much used and changed often",
    "clusters": "divide the code into clusters by its calls",
    "sql": "ask a question in SQL about the symbols, calls and findings of a view",
    "search": "find text in the files of a view",
    "diff": "show how symbols differ between two states, or what users of a package see of it",
    "history": "list the commits that changed a symbol, through renames and moves",
    "ctx": "find the symbols that fit a question best, within a number of tokens",
    "stats": "show how much there is in a view, and what the index knows of it",
    "mcp": "answer the questions of an assistant over MCP",
    "verify": "check that the index is intact and matches git",
    "stages": "show the time and memory of the last builds of the index, or compare two",
    "gc": "delete cached results that are no longer needed",
    "doctor": "find what is wrong with this set-up, and how to fix it",
    "export": "write facts and findings as JSON Lines",
    "install": "install the git hooks, beside what is there already",
    "uninstall": "remove the git hooks, and restore what was there before",
    "hook": "what the git hooks call",
    "completion": "write a script that completes commands and options in a shell",
}
#: What each exit status means, of every command.
EXIT_STATUSES = {
    0: "clean",
    1: "findings, or a limit is exceeded",
    2: "wrong arguments or settings",
    3: "not measured: something is missing or cannot be read",
    4: "a defect in detent",
    130: "interrupted",
}


def _make_narrow_formatter(prog: str) -> argparse.HelpFormatter:
    """Format without asking for the width of the terminal, for which much is imported."""
    return argparse.HelpFormatter(prog, width=80)


class CommandParser(argparse.ArgumentParser):
    """A parser whose help ends with examples."""

    examples: str = ""  # lines for a shell, with comments; empty where there are none

    def __init__(self, **settings: Any) -> None:
        # While arguments are added argparse makes formatters, and throws them away.
        super().__init__(**settings, formatter_class=_make_narrow_formatter)

    def describe(self, module: ModuleType) -> None:
        """Take the description and the examples from the docstring of a module."""
        text, _, examples = (module.__doc__ or "").partition("\nExamples\n--------\n")
        self.description, self.examples = text.rstrip(), examples.rstrip()

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        """Refuse an unknown word with the nearest known one."""
        if action.choices is not None and value not in action.choices:
            known = list(action.choices)
            hint = suggest_spelling(str(value), known) or f"choose from {', '.join(known)}"
            raise argparse.ArgumentError(action, f"unknown {value!r}: {hint}")

    def format_usage(self) -> str:
        """Write the usage."""
        self.formatter_class = argparse.HelpFormatter
        return super().format_usage()

    def format_help(self) -> str:
        """Write the help."""
        self.formatter_class = argparse.HelpFormatter
        lines = "".join(f"  {line}\n" for line in self.examples.splitlines())
        examples = f"\nexamples:\n{lines}" if lines else ""
        statuses = "".join(f"  {number:<4} {means}\n" for number, means in EXIT_STATUSES.items())
        return f"{super().format_help()}{examples}\nexit status:\n{statuses}"


def build_parser(only: str | None = None) -> CommandParser:
    """Build the parser of the command line."""
    parser = CommandParser(
        prog="detent",
        description="An exact code index, a docstring audit and budgets, for git hooks and CI.",
        epilog="`detent COMMAND --help` shows the options of a command, with examples.",
    )
    parser.add_argument("--version", action="version", version=f"detent {__version__}")
    add_global_arguments(parser, is_before_command=True)
    subparsers = parser.add_subparsers(metavar="COMMAND", dest="command", required=True)
    for name, summary in COMMANDS.items():
        if only in (None, name):
            module = importlib.import_module(f"detent.cli.commands.{name}")
            sub = subparsers.add_parser(name, help=summary)
            sub.describe(module)
            module.add_arguments(sub)
            sub.set_defaults(run=module.run)
    return parser


def parse_arguments(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the arguments of a run; ends the process where they are wrong, or ask for help."""
    words = list(arguments) or ["help"]
    if words[0] == "help":
        words = [*words[1:], "--help"]
    parser = build_parser(_find_command(words))
    namespace, unknown = parser.parse_known_args(words)
    if unknown:
        raise UsageError(
            f"detent {namespace.command}: unknown argument {unknown[0]!r}",
            suggest_spelling(unknown[0].partition("=")[0], _list_options(parser))
            or f"`detent {namespace.command} --help` lists the options",
        )
    return namespace


def _find_command(words: Iterable[str]) -> str | None:
    """Find the command behind the arguments of all commands, so that only its module is read."""
    rest = iter(words)
    for word in rest:
        if not word.startswith("-"):
            return word if word in COMMANDS else None
        if word in GLOBAL_OPTIONS:
            next(rest, None)
    return None


def _list_options(parser: argparse.ArgumentParser) -> list[str]:
    """List the options of a parser and of its commands."""
    options: list[str] = []
    for action in parser._actions:  # noqa: SLF001 - argparse has no other way to list them
        options += action.option_strings
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            for sub in action.choices.values():
                options += _list_options(sub)
    return options
