"""Git's settings: its hooks, and how the file system compares names."""

from __future__ import annotations

import os
import unicodedata

from detent import TYPE_CHECKING
from detent.core.namedtuple import NamedTuple
from detent.git.process import call_git, run_git

if TYPE_CHECKING:
    from collections.abc import Callable

    from detent.git.process import Repo

#: The first version of git that runs the hooks of its settings.
CONFIG_HOOKS_SINCE = (2, 54)


class ConfigHook(NamedTuple):
    """A hook in git's settings, under ``hook.NAME``."""

    name: str  # as a person chose it, or the event where all its hooks are meant
    command: str = ""  # the last one that is set; empty where there is none
    events: tuple[str, ...] = ()  # the hooks for which it is called
    enabled: bool = True  # whether it is not switched off


def find_hooks_dir(repo: Repo) -> str:
    """Ask git where it looks for hooks."""
    directory = os.fsdecode(run_git(repo, ["rev-parse", "--git-path", "hooks"])).removesuffix("\n")
    return os.path.join(repo.top, directory.rstrip("/"))


def find_shared_hooks_dir(repo: Repo) -> str:
    """Find the directory of hooks that `core.hooksPath` shares with other repositories."""
    directory = os.path.realpath(find_hooks_dir(repo))
    places = {repo.git_dir, repo.common_dir} if repo.bare else {repo.common_dir, repo.top}
    roots = [os.path.join(os.path.realpath(place), "") for place in places]
    setting = call_git(repo, ["config", "--show-scope", "--type=path", "--get", "core.hooksPath"])
    scope, _, value = os.fsdecode(setting.stdout).rstrip("\n").partition("\t")
    is_shared = scope in {"global", "system"} and os.path.isabs(value)
    return directory if is_shared or not directory.startswith(tuple(roots)) else ""


def list_config_hooks(repo: Repo) -> list[ConfigHook]:
    """List the hooks of git's settings, whether this version of git runs them or not."""
    names = r"^hook\..*\.(command|event|enabled)$"
    listing = os.fsdecode(call_git(repo, ["config", "-z", "--get-regexp", names]).stdout)
    found: dict[str, ConfigHook] = {}
    for setting in listing.split("\0")[:-1]:
        key, _, value = setting.partition("\n")
        name, _, word = key.removeprefix("hook.").rpartition(".")
        hook = found.get(name, ConfigHook(name))
        if word == "command":
            hook = hook._replace(command=value)
        elif word == "event":
            hook = hook._replace(events=(*hook.events, value) if value else ())
        else:
            hook = hook._replace(enabled=value.lower() not in {"false", "no", "off", "0"})
        found[name] = hook
    return [found[name] for name in sorted(found)]


def make_path_normalizer(repo: Repo) -> Callable[[bytes], bytes]:
    """Make a function that gives equal bytes for spellings of a path that name the same file."""
    names = r"^core\.(ignorecase|precomposeunicode)$"
    done = call_git(repo, ["config", "--type=bool", "--get-regexp", names])
    settings = set(done.stdout.decode("utf-8", "replace").splitlines())
    ignores_case = "core.ignorecase true" in settings
    if not ignores_case and "core.precomposeunicode true" not in settings:
        return bytes

    def normalize(path: bytes) -> bytes:
        name = unicodedata.normalize("NFC", path.decode("utf-8", "surrogateescape"))
        return (name.casefold() if ignores_case else name).encode("utf-8", "surrogateescape")

    return normalize
