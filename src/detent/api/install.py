"""Install the git hooks beside what is there already, and remove them again."""

from __future__ import annotations

import os
import re
import sys
from contextlib import suppress
from pathlib import Path

from detent import TYPE_CHECKING
from detent.api.hook_inspection import CHAINED, is_detent_hook, list_hook_paths, quote_for_shell
from detent.api.hook_names import CHECK_HOOKS, PUSH_HOOK
from detent.core.errors import GitError, UsageError
from detent.core.files import read_small_file, write_atomically
from detent.core.namedtuple import NamedTuple
from detent.git.settings import find_shared_hooks_dir
from detent.languages import SUFFIXES

if TYPE_CHECKING:
    from collections.abc import Collection

    from detent.git import Repo

#: Left in a directory of hooks that was made for them: how many levels of it are new.
_MADE = ".detent-made"
#: Where detent is installed.
_PACKAGE = Path(__file__).resolve().parents[1]

#: What became of a hook.
INSTALLED, REWRITTEN = "installed", "rewritten"
REMOVED, RESTORED, MISSING, FOREIGN = "removed", "restored", "missing", "foreign"


class HookChange(NamedTuple):
    """What became of one hook.

    Attributes
    ----------
    path : str
        The file that git runs.
    action : str
        ``installed``, ``rewritten`` (it was detent's before), ``removed``, ``restored`` (the hook
        that was there before detent's is back), ``missing`` or ``foreign`` (nothing was done: there
        is no hook, or it is not detent's).
    chained : str
        Name of the hook that was there before and is called first; empty if there is none.
    """

    path: str
    action: str
    chained: str = ""


def install_hooks(repo: Repo, names: Collection[str]) -> list[HookChange]:
    """Install hooks; what is there already is called first."""
    if repo.bare:
        hint = "install them in each clone; `detent ci` checks pushed commits"
        raise UsageError(f"{repo.git_dir} has no work tree, so git runs none of these hooks", hint)
    if shared := find_shared_hooks_dir(repo):
        raise UsageError(
            f"core.hooksPath names {shared}, whose hooks run in other repositories too",
            "give this repository hooks of its own with `git config --local core.hooksPath "
            ".git/hooks`, call `detent hook pre-commit` in the hook there, or use pre-commit",
        )
    return [_install_hook(hook) for hook in list_hook_paths(repo) if hook.name in names]


def uninstall_hooks(repo: Repo) -> list[HookChange]:
    """Remove all hooks of detent, and put back what was there before."""
    hooks = list_hook_paths(repo)
    changes = [_uninstall_hook(hook) for hook in hooks]
    _remove_hooks_directory(hooks[0].parent)
    return changes


def _install_hook(hook: Path) -> HookChange:
    chained = hook.with_name(hook.name + CHAINED)
    text, action = _render_hook(hook.name), INSTALLED
    try:
        _make_hooks_directory(hook.parent)
        if os.path.lexists(hook):
            if is_detent_hook(hook):
                action = REWRITTEN
            elif os.path.lexists(chained) and not _is_same_hook(hook, chained):
                raise UsageError(
                    f"both {hook} and {chained} exist and neither is detent's",
                    f"decide which one to keep, and remove {chained.name}",
                )
            else:
                hook.replace(chained)
        write_atomically(hook, text, mode=0o777)
    except OSError as error:
        raise GitError(
            f"{hook} cannot be written: {error.strerror}", "check its permissions"
        ) from error
    return HookChange(str(hook), action, chained.name if os.path.lexists(chained) else "")


def _make_hooks_directory(directory: Path) -> None:
    """Make the directory of the hooks if there is none, and note how many levels of it."""
    missing = [level for level in (directory, *directory.parents) if not os.path.lexists(level)]
    directory.mkdir(parents=True, exist_ok=True)
    if missing:
        write_atomically(directory / _MADE, f"{len(missing)}\n")


def _remove_hooks_directory(directory: Path) -> None:
    """Remove the directory of the hooks if it was made for them and is empty."""
    made = directory / _MADE
    with suppress(OSError, ValueError):
        levels = int(read_small_file(made))
        made.unlink()
        for level in (directory, *directory.parents)[:levels]:
            level.rmdir()


def _is_same_hook(hook: Path, chained: Path) -> bool:
    """Tell whether another program has only written its own hook once more."""
    try:
        return read_small_file(hook) == read_small_file(chained)
    except OSError:
        return False


def _uninstall_hook(hook: Path) -> HookChange:
    chained = hook.with_name(hook.name + CHAINED)
    if not hook.exists():
        return HookChange(str(hook), MISSING)
    if not is_detent_hook(hook):
        return HookChange(str(hook), FOREIGN)
    try:
        if not os.path.lexists(chained):
            hook.unlink()
            return HookChange(str(hook), REMOVED)
        chained.replace(hook)
    except OSError as error:
        raise GitError(
            f"{hook} cannot be removed: {error.strerror}", "check the permissions of its directory"
        ) from error
    return HookChange(str(hook), RESTORED)


def is_current(hook: Path) -> bool:
    """Tell whether a hook is what this installation of detent would write."""
    return read_small_file(hook) == _render_hook(hook.name).encode("utf-8", "surrogateescape")


def _render_hook(name: str) -> str:
    """Write a hook for the Python that runs now."""
    body = "gate.sh" if name in CHECK_HOOKS else "push.sh" if name == PUSH_HOOK else "refresh.sh"
    text = _read_template("head.sh") + _read_template(body)
    values = {
        "'@PYTHON@'": quote_for_shell(sys.executable),
        "@HOOK@": name,
        "@FILES@": " | ".join(f"*{suffix.decode()}*" for suffix in sorted(SUFFIXES)),
    }
    # In one pass: a value may have one of the words in it.
    return re.sub("|".join(values), lambda match: values[match[0]], text)


def _read_template(name: str) -> str:
    """Read a script from the package, or from the checkout of detent itself."""
    for place in (_PACKAGE / "hooks", _PACKAGE.parent.parent / "hooks"):
        if (place / name).is_file():
            return (place / name).read_text("utf-8")
    raise GitError(
        f"the script {name} is missing from this installation of detent", "install detent again"
    )
