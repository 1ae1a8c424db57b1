"""Write a script that completes detent's commands, options and their values in a shell.

Examples
--------
eval "$(detent completion bash)"                            # in ~/.bashrc
eval "$(detent completion zsh)"                             # in ~/.zshrc, after compinit
detent completion fish > ~/.config/fish/completions/detent.fish
"""

from __future__ import annotations

import argparse
import sys

from detent import TYPE_CHECKING
from detent.api.budget import list_metrics
from detent.api.explain import list_rules
from detent.api.hook_names import HOOKS
from detent.cli.completed_words import complete_list, complete_revisions, complete_words
from detent.cli.parser import build_parser
from detent.core.errors import UsageError
from detent.report import console

if TYPE_CHECKING:
    from collections.abc import Mapping

SHELLS = ("bash", "zsh", "fish")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("shell", choices=SHELLS, help="the shell that is to complete")


def run(namespace: argparse.Namespace) -> int:
    """Run the command."""
    try:
        import shtab
    except ImportError:
        raise UsageError(
            "shell completion needs shtab, which is not installed",
            f"{sys.executable} -I -m pip install 'git-detent[completion]'",
        ) from None
    codes = list(list_rules())
    kinds = {
        "DIR": shtab.DIRECTORY,
        "FILE": shtab.FILE,
        "FILE.svg": shtab.FILE,
        "PATH": shtab.FILE,
        "REV": complete_revisions("revisions"),
        "VIEW": complete_revisions("views", "staged", "worktree"),
        "CODE": complete_words("code", codes),
        "CODES": complete_list("codes", codes),
        "METRIC": complete_words("metric", _list_metric_names(codes)),
        "NAME,…": complete_list("hooks", HOOKS),
    }
    parser = build_parser()
    _add_completions(parser, kinds)
    console.write_line(shtab.complete(parser, namespace.shell))
    return 0


def _list_metric_names(codes: list[str]) -> list[str]:
    """List the metrics that every repository has."""
    names = [metric.name for metric in list_metrics() if metric.name != "sql.NAME"]
    by_code = [name.removesuffix("CODE") for name in names if name.endswith(".CODE")]
    found = [name for name in names if not name.endswith(".CODE")]
    return [*found, *(f"{prefix}{code}" for prefix in by_code for code in codes)]


def _add_completions(parser: argparse.ArgumentParser, kinds: Mapping[str, object]) -> None:
    """Tell `shtab` what the placeholders of the help stand for."""
    # argparse lists its arguments nowhere else.
    for action in parser._actions:  # noqa: SLF001
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            for subparser in action.choices.values():
                _add_completions(subparser, kinds)
        elif str(action.metavar) in kinds and not action.choices:
            vars(action)["complete"] = kinds[str(action.metavar)]
