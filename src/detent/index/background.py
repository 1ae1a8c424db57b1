"""Work that goes on when a hook has returned: one process at most for each work tree.

Whoever wants it leaves a mark, and starts a process where none is at work. That process takes the
mark away before it begins, and looks for a new one before it ends and once more after it has let go
of the lock: what is asked for meanwhile is not lost.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from detent import TYPE_CHECKING
from detent.store.lock import try_lock

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from detent.git import Repo

_MARK, _LOCK = "refresh-wanted", "refresh-lock"

# The empty entry of sys.path is the process's directory: a json.py there is not ours to import.
_SCRIPT = """\
import sys
sys.path = [place for place in sys.path if place]
from detent.cli.main import entry
entry()
"""


def request_refresh(repo: Repo, store: str) -> None:
    """Have the views of a work tree brought up to date, and do not wait for it."""
    place = _locate_directory(repo)
    place.mkdir(parents=True, exist_ok=True)
    (place / _MARK).touch()
    with try_lock(str(place / _LOCK)) as free:
        pass
    if free:
        _start_process(
            place, ["hook", "background", "-C", repo.top, "--store", str(Path(store).absolute())]
        )


def serve_requests(repo: Repo, work: Callable[[], None]) -> None:
    """Do what was asked for, unless another process is at it."""
    place = _locate_directory(repo)
    while (place / _MARK).exists():
        with try_lock(str(place / _LOCK)) as mine:
            if not mine:
                return
            while _remove_mark(place / _MARK):
                work()


def _locate_directory(repo: Repo) -> Path:
    return Path(repo.git_dir) / "detent"


def _remove_mark(mark: Path) -> bool:
    try:
        mark.unlink()
    except FileNotFoundError:
        return False
    return True


def _start_process(place: Path, arguments: list[str]) -> None:
    """Start a process that neither the terminal nor git waits for."""
    options: dict[str, Any] = {"start_new_session": True}
    if os.name == "nt":
        flags = ("CREATE_NEW_PROCESS_GROUP", "CREATE_NO_WINDOW")
        options = {"creationflags": sum(getattr(subprocess, flag) for flag in flags)}
    process = subprocess.Popen(
        [sys.executable, "-c", _SCRIPT, *arguments],
        cwd=place,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        **options,
    )
    # Nobody waits for it, and that is meant.
    process.returncode = 0
