"""What runs detent in a repository: git hooks of its own, frameworks, git's settings."""

from __future__ import annotations

import sys
from pathlib import Path

from detent import TYPE_CHECKING
from detent.git.settings import find_hooks_dir, list_config_hooks

if TYPE_CHECKING:
    from detent.git import Repo

MARK = "Put here by `detent install`"
FRAMEWORKS = (".pre-commit-config.yaml", ".pre-commit-config.yml", "prek.toml")


def is_detent_hook(hook: Path) -> bool:
    """Tell whether detent wrote a hook.

    Parameters
    ----------
    hook : Path
        The file.

    Returns
    -------
    bool
        False where it cannot be read.
    """
    return MARK in _read_text(hook)


def has_crlf(hook: Path) -> bool:
    """Tell whether the line that names the interpreter of a hook ends in a carriage return.

    Parameters
    ----------
    hook : Path
        The file.

    Returns
    -------
    bool
        False where it cannot be read.
    """
    try:
        first = hook.read_bytes().partition(b"\n")[0]
    except OSError:
        return False
    return first.startswith(b"#!") and first.endswith(b"\r")


def read_interpreter(hook: Path) -> str:
    """Read which Python a hook of detent calls.

    Parameters
    ----------
    hook : Path
        One that `is_detent_hook`.

    Returns
    -------
    str
        Its path; empty where the hook names none.
    """
    _, _, rest = _read_text(hook).partition("\npython='")
    return rest.partition("'\n")[0].replace("'\\''", "'")


def quote_for_shell(program: str) -> str:
    """Quote for a POSIX shell, which takes forward slashes on Windows too.

    Parameters
    ----------
    program : str
        A path.

    Returns
    -------
    str
        One word of the shell.
    """
    return "'" + program.replace("\\", "/").replace("'", "'\\''") + "'"


def is_this_python(hook: Path) -> bool:
    """Tell whether a hook of detent calls the Python that runs now.

    Parameters
    ----------
    hook : Path
        One that `is_detent_hook`.

    Returns
    -------
    bool
        True where it names the same path.
    """
    return quote_for_shell(read_interpreter(hook)) == quote_for_shell(sys.executable)


def has_framework(repo: Repo) -> bool:
    """Tell whether a repository is set up for pre-commit or prek.

    Parameters
    ----------
    repo : Repo
        The repository.

    Returns
    -------
    bool
        True where one of their files is there.
    """
    return any((Path(repo.top) / name).exists() for name in FRAMEWORKS)


def has_framework_entry(repo: Repo) -> bool:
    """Tell whether the settings of a framework name detent.

    Parameters
    ----------
    repo : Repo
        The repository.

    Returns
    -------
    bool
        True where one of its files does.
    """
    return any("detent" in _read_text(Path(repo.top) / name) for name in FRAMEWORKS)


def has_commit_check(repo: Repo) -> bool:
    """Tell whether a commit in a repository runs detent, as far as can be seen.

    Parameters
    ----------
    repo : Repo
        The repository.

    Returns
    -------
    bool
        True where a hook of detent's is there, or any other hook while a framework names detent, or
        where git's settings do.
    """
    hook = Path(find_hooks_dir(repo)) / "pre-commit"
    if is_detent_hook(hook):
        return True
    return (has_framework_entry(repo) and hook.exists()) or any(
        "detent" in one.command and "pre-commit" in one.events for one in list_config_hooks(repo)
    )


def _read_text(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace")
    except OSError:
        return ""
