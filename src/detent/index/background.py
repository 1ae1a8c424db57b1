"""Work that goes on after a hook has returned: at most one process for each work tree.

A hook that wants a refresh writes a mark, and starts a process if none is running. The process
removes the mark before it begins. It looks for a new mark before it ends, and again after it has
released its lock, so that no request is lost.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from detent import TYPE_CHECKING
from detent.core.errors import StoreError
from detent.core.files import create_file, make_directory
from detent.core.python_command import build_python_command
from detent.store.lock import try_lock

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from detent.git import Repo

_MARK, _LOCK = "refresh-wanted", "refresh-lock"
_SCRIPT = "from detent.cli.main import entry; entry()"


def request_refresh(repo: Repo, store: str) -> None:
    """Ask for a refresh of the views of a work tree, without waiting for it."""
    place = _locate_directory(repo)
    make_directory(str(place))
    for name in (_MARK, _LOCK):
        create_file(str(place / name))
    with try_lock(str(place / _LOCK)) as free:
        pass
    if free:
        _start_process(
            place, ["hook", "background", "-C", repo.top, "--store", str(Path(store).absolute())]
        )


def serve_requests(repo: Repo, work: Callable[[], None]) -> None:
    """Do the work while it is asked for, unless another process does it."""
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
    except OSError as error:
        raise StoreError(f"{mark} cannot be removed: {error.strerror}", "remove it") from error
    return True


def _start_process(place: Path, arguments: list[str]) -> None:
    """Start a process that neither the terminal nor git waits for."""
    options: dict[str, Any] = {"start_new_session": True}
    if os.name == "nt":
        flags = ("CREATE_NEW_PROCESS_GROUP", "CREATE_NO_WINDOW")
        options = {"creationflags": sum(getattr(subprocess, flag) for flag in flags)}
    process = subprocess.Popen(
        [*build_python_command(_SCRIPT), *arguments],
        cwd=place,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        **options,
    )
    # Without a return code, Popen would warn that nobody has waited for the process.
    process.returncode = 0
