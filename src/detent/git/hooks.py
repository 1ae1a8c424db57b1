"""Where git looks for hooks: a directory, and since 2.54 its settings too."""

from __future__ import annotations

import os
from pathlib import Path

from detent import TYPE_CHECKING
from detent.core.namedtuple import NamedTuple
from detent.git.process import call_git, run_git

if TYPE_CHECKING:
    from detent.git.process import Repo

#: The first version of git that runs the hooks of its settings.
CONFIG_HOOKS_SINCE = (2, 54)


class ConfigHook(NamedTuple):
    """What git's settings say under ``hook.NAME``."""

    name: str  # as a person chose it, or the event where all its hooks are meant
    command: str = ""  # the last one that is set; empty where none is
    events: tuple[str, ...] = ()  # the hooks for which it is called
    enabled: bool = True  # whether it is not switched off


def find_hooks_dir(repo: Repo) -> str:
    """Ask git where it looks for hooks."""
    said = os.fsdecode(run_git(repo, ["rev-parse", "--git-path", "hooks"])).removesuffix("\n")
    return str(Path(repo.top) / said)


def list_config_hooks(repo: Repo) -> list[ConfigHook]:
    """List the hooks of git's settings, whether this git knows of them or not."""
    names = r"^hook\..*\.(command|event|enabled)$"
    said = os.fsdecode(call_git(repo.env, repo.top, ["config", "-z", "--get-regexp", names]).stdout)
    found: dict[str, ConfigHook] = {}
    for setting in said.split("\0")[:-1]:
        key, _, value = setting.partition("\n")
        name, _, word = key.removeprefix("hook.").rpartition(".")
        one = found.get(name, ConfigHook(name))
        if word == "command":
            one = one._replace(command=value)
        elif word == "event":
            one = one._replace(events=(*one.events, value) if value else ())
        else:
            one = one._replace(enabled=value.lower() not in {"false", "no", "off", "0"})
        found[name] = one
    return [found[name] for name in sorted(found)]
