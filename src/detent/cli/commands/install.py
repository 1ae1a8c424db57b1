"""Install the git hooks, beside what is there already.

Examples
--------
detent install                    # all hooks
detent install --hooks pre-commit,post-commit
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

from detent import TYPE_CHECKING
from detent.api.hook_files import is_detent_hook, quote_for_shell
from detent.cli.commands.hook import CHECK_HOOKS, HOOKS, PUSH_HOOK
from detent.cli.context import add_location_arguments, open_repo
from detent.core.errors import GitError, UsageError
from detent.core.escape import clean_text
from detent.core.files import write_atomically
from detent.git.settings import find_hooks_dir
from detent.report import console

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

#: What the name of a hook that was there before ends in.
CHAINED = ".detent-chained"
#: Left in a directory of hooks that was made for them: how many levels of it were.
_MADE = ".detent-made"
#: Where detent is installed; beside it is what pip knows of it.
_PACKAGE = Path(__file__).resolve().parents[2]


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_location_arguments(parser, store=False)
    parser.add_argument(
        "--hooks",
        metavar="NAME,…",
        type=_parse_hook_names,
        default=[name for name in HOOKS if name != PUSH_HOOK],
        help=f"only these (default: all but {PUSH_HOOK}): {', '.join(HOOKS)}",
    )


def run(namespace: Namespace) -> int:
    """Run the command."""
    for hook in list_hooks(namespace.directory):
        if hook.name in namespace.hooks:
            console.write_line(clean_text(_install_hook(hook)))
    return 0


def _parse_hook_names(text: str) -> list[str]:
    """Take a list of hooks apart."""
    names = [name.strip() for name in text.split(",") if name.strip()]
    unknown = [name for name in names if name not in HOOKS]
    if unknown or not names:
        raise UsageError(f"no hook of detent: {text!r}", f"there are {', '.join(HOOKS)}")
    return names


def list_hooks(directory: str | None) -> list[Path]:
    """List where git looks for the hooks that detent has."""
    repo = open_repo(directory)
    return [Path(find_hooks_dir(repo)) / name for name in HOOKS]


def _install_hook(hook: Path) -> str:
    chained = hook.with_name(hook.name + CHAINED)
    text = _render_hook(hook.name)
    try:
        _make_hooks_directory(hook.parent)
        before = ""
        if os.path.lexists(hook):
            if is_detent_hook(hook):
                before = "anew "
            elif os.path.lexists(chained) and not _is_same_hook(hook, chained):
                raise UsageError(
                    f"both {hook} and {chained} exist and neither is detent's",
                    f"see which of them is wanted, and remove {chained.name}",
                )
            else:
                hook.replace(chained)
        write_atomically(hook, text, mode=0o755)
    except OSError as error:
        raise GitError(
            f"{hook} cannot be written: {error.strerror}", "see its permissions"
        ) from error
    done = f"installed {before}{hook}"
    if os.path.lexists(chained):
        done += f"; the hook that was there runs first, as {chained.name}"
    return done


def _make_hooks_directory(directory: Path) -> None:
    """Make the directory of the hooks where there is none, and note how many levels of it."""
    missing = [one for one in (directory, *directory.parents) if not os.path.lexists(one)]
    directory.mkdir(parents=True, exist_ok=True)
    if missing:
        write_atomically(directory / _MADE, f"{len(missing)}\n")


def remove_hooks_directory(directory: Path) -> None:
    """Remove the directory of the hooks where `install` has made it and it is empty."""
    made = directory / _MADE
    with suppress(OSError, ValueError):
        levels = int(made.read_bytes())
        made.unlink()
        for one in (directory, *directory.parents)[:levels]:
            one.rmdir()


def _is_same_hook(hook: Path, chained: Path) -> bool:
    """Whether another program has only written its own hook once more."""
    try:
        return hook.read_bytes() == chained.read_bytes()
    except OSError:
        return False


def uninstall_hook(hook: Path) -> str:
    """Take one hook away and put back what was there before."""
    chained = hook.with_name(hook.name + CHAINED)
    if not hook.exists():
        return f"{hook} is not there: nothing to do"
    if not is_detent_hook(hook):
        return f"{hook} is not detent's: nothing to do"
    try:
        if not os.path.lexists(chained):
            hook.unlink()
            return f"removed {hook}"
        chained.replace(hook)
    except OSError as error:
        raise GitError(
            f"{hook} cannot be removed: {error.strerror}", "see the permissions of its directory"
        ) from error
    return f"removed detent's hook; {hook} is the one that was there before"


def is_current(hook: Path) -> bool:
    """Tell whether a hook is what `detent install` would write now."""
    return hook.read_bytes() == _render_hook(hook.name).encode()


def _render_hook(name: str) -> str:
    """Write a hook for the Python that runs now."""
    body = "gate.sh" if name in CHECK_HOOKS else "push.sh" if name == PUSH_HOOK else "refresh.sh"
    text = _read_template("head.sh") + _read_template(body)
    for word, value in (("@PYTHON@", sys.executable), ("@PACKAGES@", str(_PACKAGE.parent))):
        text = text.replace(f"'{word}'", quote_for_shell(value))
    return text.replace("@HOOK@", name)


def _read_template(name: str) -> str:
    """Read the hook as it is shipped: in the package, or in the repository of detent itself."""
    for place in (_PACKAGE / "hooks", _PACKAGE.parent.parent / "hooks"):
        if (place / name).is_file():
            return (place / name).read_text("utf-8")
    raise GitError(
        f"the script {name} is missing from this installation of detent", "install it anew"
    )
