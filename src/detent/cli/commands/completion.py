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
    Command,
    Taken,
    script,
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
    """Add the arguments of the command.

    Parameters
    ----------
    parser : ArgumentParser
        The parser of ``detent completion``.
    """
    parser.add_argument("shell", choices=tuple(SHELLS), help="the shell that is to complete")


def run(namespace: Namespace) -> int:
    """Run the command.

    Parameters
    ----------
    namespace : Namespace
        Has `shell`, and `whole`, which builds the parser of all commands.

    Returns
    -------
    int
        The exit status: always 0.
    """
    console.write(script(namespace.shell, list(commands(namespace.whole()))))
    return 0


def commands(
    parser: ArgumentParser, words: tuple[str, ...] = (), meaning: str = ""
) -> Iterator[Command]:
    """List a parser and the parsers below it.

    Parameters
    ----------
    parser : ArgumentParser
        The parser.
    words : tuple of str
        What calls it.
    meaning : str
        What it does, in a line.

    Yields
    ------
    Command
        What it takes; then its commands, and theirs.
    """
    # argparse lists its arguments nowhere else.
    actions = parser._actions  # noqa: SLF001
    below = [one for one in actions if isinstance(one, _SubParsersAction)]
    yield Command(words, meaning, tuple(_taken(one) for one in actions if one not in below))
    for one in below:
        told = {choice.dest: choice.help or "" for choice in one._choices_actions}  # noqa: SLF001
        for name, sub in one.choices.items():
            yield from commands(sub, (*words, name), told.get(name, ""))


def _taken(action: Action) -> Taken:
    kind = _kind(action)
    choices = tuple(RULES) if action.metavar in ("CODE", "CODES") else action.choices or ()
    return Taken(
        tuple(action.option_strings),
        kind,
        tuple(map(str, choices)) if kind == WORDS else (),
        action.help or "",
    )


def _kind(action: Action) -> str:
    if action.nargs == 0:
        return NOTHING
    if action.choices:
        return WORDS
    return _KINDS.get(str(action.metavar), OTHER)
