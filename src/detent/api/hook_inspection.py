"""The files that git runs as hooks: which are detent's, and who else runs it."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

from detent import TYPE_CHECKING
from detent.api.hook_names import HOOKS
from detent.core.files import read_small_file
from detent.git.settings import find_hooks_dir, list_config_hooks

if TYPE_CHECKING:
    from detent.git import Repo

#: How the name of a hook ends that was there before.
CHAINED = ".detent-chained"
_MARK = "Put here by `detent install`"
_FRAMEWORKS = (".pre-commit-config.yaml", ".pre-commit-config.yml", "prek.toml")


def list_hook_paths(repo: Repo) -> list[Path]:
    """List where git looks for the hooks that detent has."""
    return [Path(find_hooks_dir(repo)) / name for name in HOOKS]


def is_detent_hook(hook: Path) -> bool:
    """Tell whether detent wrote a hook; false if it cannot be read."""
    return _MARK in _read_text(hook)


def has_crlf(hook: Path) -> bool:
    """Tell whether the line that names the interpreter of a hook ends in a carriage return."""
    try:
        first = read_small_file(hook).partition(b"\n")[0]
    except OSError:
        return False
    return first.startswith(b"#!") and first.endswith(b"\r")


def read_interpreter(hook: Path) -> str:
    """Read which Python a hook of detent calls; empty if it names none."""
    quoted = re.search(r"\npython=('[^']*'(?:\\''[^']*')*)\n", _read_text(hook))
    return quoted[1][1:-1].replace("'\\''", "'") if quoted else ""


def quote_for_shell(program: str) -> str:
    """Quote a path for a POSIX shell, which takes forward slashes on Windows too."""
    path = program.replace("\\", "/") if os.name == "nt" else program
    return "'" + path.replace("'", "'\\''") + "'"


def is_this_python(hook: Path) -> bool:
    """Tell whether a hook of detent calls the Python that runs now."""
    return quote_for_shell(read_interpreter(hook)) == quote_for_shell(sys.executable)


def has_framework(repo: Repo) -> bool:
    """Tell whether a repository is set up for pre-commit or prek."""
    return any((Path(repo.top) / name).exists() for name in _FRAMEWORKS)


def find_framework_entry(repo: Repo) -> str:
    """Find the settings of a framework that name detent; empty if there are none."""
    named = (name for name in _FRAMEWORKS if "detent" in _read_text(Path(repo.top) / name))
    return next(named, "")


def calls_framework(hook: Path) -> bool:
    """Tell whether a hook is that of pre-commit or prek."""
    text = _read_text(hook)
    return "pre-commit" in text or "prek" in text


def calls_detent(hook: Path) -> bool:
    """Tell whether a hook that another program or a person wrote names detent."""
    return "detent" in _read_text(hook)


def has_commit_check(repo: Repo) -> bool:
    """Tell whether a commit runs detent, as far as files and settings of git show it."""
    hook = Path(find_hooks_dir(repo)) / "pre-commit"
    if calls_detent(hook) or (calls_framework(hook) and find_framework_entry(repo)):
        return True
    return any(
        "detent" in configured.command and "pre-commit" in configured.events
        for configured in list_config_hooks(repo)
    )


def _read_text(path: Path) -> str:
    try:
        return read_small_file(path).decode("utf-8", "surrogateescape")
    except OSError:
        return ""
