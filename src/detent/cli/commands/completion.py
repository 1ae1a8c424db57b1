"""Write a script that completes detent's commands, options and their values in a shell.

Examples
--------
eval "$(detent completion bash)"                            # in ~/.bashrc
eval "$(detent completion zsh)"                             # in ~/.zshrc, after compinit
detent completion fish > ~/.config/fish/completions/detent.fish
"""

from __future__ import annotations

from argparse import Action, ArgumentParser, _SubParsersAction

from detent import TYPE_CHECKING
from detent.audit.rules import RULES
from detent.report import console
from detent.report.shells import (
    DIRECTORIES,
    FILES,
    NOTHING,
    OTHER,
    REVISIONS,
    SHELLS,
    VIEWS,
    WORDS,
    Argument,
    Command,
    render_script,
)

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterator

#: What the placeholders of the help stand for.
_KINDS = {
    "DIR": DIRECTORIES,
    "FILE": FILES,
    "FILE.svg": FILES,
    "PATH": FILES,
    "REV": REVISIONS,
    "VIEW": VIEWS,
    "CODE": WORDS,
    "CODES": WORDS,
}


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("shell", choices=tuple(SHELLS), help="the shell that is to complete")


def run(namespace: Namespace) -> int:
    """Run the command."""
    console.write_line(render_script(namespace.shell, list(list_commands(namespace.whole()))))
    return 0


def list_commands(
    parser: ArgumentParser, words: tuple[str, ...] = (), meaning: str = ""
) -> Iterator[Command]:
    """List a parser and the parsers below it."""
    # argparse lists its arguments nowhere else.
    actions = parser._actions  # noqa: SLF001
    below = [one for one in actions if isinstance(one, _SubParsersAction)]
    yield Command(
        words, meaning, tuple(_describe_argument(one) for one in actions if one not in below)
    )
    for one in below:
        told = {choice.dest: choice.help or "" for choice in one._choices_actions}  # noqa: SLF001
        for name, sub in one.choices.items():
            yield from list_commands(sub, (*words, name), told.get(name, ""))


def _describe_argument(action: Action) -> Argument:
    kind = _choose_kind(action)
    choices = tuple(RULES) if action.metavar in ("CODE", "CODES") else action.choices or ()
    return Argument(
        tuple(action.option_strings),
        kind,
        tuple(map(str, choices)) if kind == WORDS else (),
        action.help or "",
    )


def _choose_kind(action: Action) -> str:
    if action.nargs == 0:
        return NOTHING
    if action.choices:
        return WORDS
    return _KINDS.get(str(action.metavar), OTHER)
