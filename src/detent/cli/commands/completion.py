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
from detent.cli.parser import build_parser
from detent.core.errors import UsageError
from detent.report import console

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

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
        "REV": _complete_revisions("revisions"),
        "VIEW": _complete_revisions("views", "staged", "worktree"),
        "CODE": _complete_words("code", codes),
        "CODES": _complete_list("codes", codes),
        "METRIC": _complete_words("metric", _list_metric_names(codes)),
        "NAME,…": _complete_list("hooks", HOOKS),
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


def _complete_revisions(name: str, *words: str) -> dict[str, object]:
    """Offer some words, branches and tags.

    The name of a branch is somebody else's and may hold ``$(...)``, so no shell gets it as text to
    evaluate, as from `shtab.cmd`.
    """
    listing = "git for-each-ref --format='%(refname:short)' refs/heads refs/remotes refs/tags"
    listing = f"printf '%s\\n' {' '.join(words)}; {listing}" if words else listing
    bash = f"""
_detent_{name}() {{
  local name
  while IFS= read -r name; do
    if [[ $name == "$1"* ]]; then printf '%q\\n' "$name"; fi
  done < <({listing} 2>/dev/null)
}}
"""
    zsh = f"""
_detent_{name}() {{
  local -a names=("${{(@f)$({listing} 2>/dev/null)}}")
  compadd -a names
}}
"""
    function = f"_detent_{name}"
    return {
        "bash": function,
        "zsh": function,
        "fish": f"({listing} 2>/dev/null)",
        "preamble": {"bash": bash, "zsh": zsh},
    }


def _complete_words(name: str, words: Iterable[str]) -> dict[str, object]:
    """Offer words."""
    listed = " ".join(words)
    function = f"_detent_{name}"
    bash = f"""
{function}() {{
  compgen -W "{listed}" -- "$1"
}}
"""
    zsh = f"""
{function}() {{
  compadd -- {listed}
}}
"""
    preamble = {"bash": bash, "zsh": zsh}
    return {"bash": function, "zsh": function, "fish": listed, "preamble": preamble}


def _complete_list(name: str, words: Iterable[str]) -> dict[str, object]:
    """Offer words for the last item of a list with commas."""
    listed = " ".join(words)
    bash = f"""
_detent_{name}() {{
  local before=""
  if [[ $1 == *,* ]]; then before="${{1%,*}},"; fi
  compgen -P "$before" -W "{listed}" -- "${{1##*,}}"
}}
"""
    zsh = f"""
_detent_{name}() {{
  compset -P '*,'
  compadd -S '' -- {listed}
}}
"""
    function = f"_detent_{name}"
    before = (
        r"(string replace -r '[^,]*\z' '' -- (commandline -ct))"  # a dollar would be a variable
    )
    return {
        "bash": function,
        "zsh": function,
        "fish": f"{before}{{{listed.replace(' ', ',')}}}",
        "preamble": {"bash": bash, "zsh": zsh},
    }


def _add_completions(parser: argparse.ArgumentParser, kinds: Mapping[str, object]) -> None:
    """Tell `shtab` what the placeholders of the help stand for."""
    # argparse lists its arguments nowhere else.
    for action in parser._actions:  # noqa: SLF001
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            for subparser in action.choices.values():
                _add_completions(subparser, kinds)
        elif str(action.metavar) in kinds and not action.choices:
            vars(action)["complete"] = kinds[str(action.metavar)]
