"""What stands for one run: what git has said, and processes of git that can be asked again."""

from __future__ import annotations

from contextlib import contextmanager, suppress

from detent import TYPE_CHECKING

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Hashable, Iterator
    from typing import Any, TypeVar

    Result = TypeVar("Result")

_said: dict[tuple[str, ...], Any] | None = None
#: Processes that wait for whoever asks them next; and all that run.
_idle: dict[Hashable, subprocess.Popen[bytes]] | None = None
_running: set[subprocess.Popen[bytes]] = set()


@contextmanager
def standing() -> Iterator[None]:
    """Take for unchanged, until the end of the block, what git has said of revisions and the index.

    So one run judges one state of git, and asks for it once. Processes that can answer more than
    one question end with the block, also where somebody is still reading from them.

    Yields
    ------
    None
        Once.
    """
    global _said, _idle  # noqa: PLW0603 - the block is the whole run of a process
    _said, _idle = {}, {}
    try:
        yield
    finally:
        _said = _idle = None
        while _running:
            end(_running.pop())


def look_again() -> None:
    """Forget what git has said, or is about to, where another process turned out to be at work."""
    if _said:
        _said.clear()
    while _idle:
        end(_idle.popitem()[1])


def once(key: tuple[str, ...], work: Callable[[], Result]) -> Result:
    """Do something, but in a block of `standing` only the first time.

    Parameters
    ----------
    key : tuple of str
        Tells one thing from another.
    work : callable
        Gives what is to be known; must depend on git and `key` alone.

    Returns
    -------
    object
        What `work` returned, now or before; not to be changed.
    """
    if _said is None:
        return work()
    if key not in _said:
        # Of two threads that ask for the same, neither must go on with what nobody else was told.
        return _said.setdefault(key, work())  # type: ignore[no-any-return]
    found: Result = _said[key]
    return found


def begun(process: subprocess.Popen[bytes]) -> subprocess.Popen[bytes]:
    """Let a process end with this block of `standing` at the latest.

    Parameters
    ----------
    process : subprocess.Popen of bytes
        It has been started, and nobody has waited for its end.

    Returns
    -------
    subprocess.Popen of bytes
        The same.
    """
    if _idle is not None:
        _running.add(process)
    return process


def take(key: Hashable) -> subprocess.Popen[bytes] | None:
    """Take a process that was left in this block of `standing`.

    Parameters
    ----------
    key : hashable
        What `leave` was given with it.

    Returns
    -------
    subprocess.Popen of bytes or None
        Nobody else's until it is left again; it may have ended by itself.
    """
    return _idle.pop(key, None) if _idle else None


def leave(key: Hashable, process: subprocess.Popen[bytes]) -> None:
    """Leave a process to whoever needs the next one like it in this block of `standing`.

    Parameters
    ----------
    key : hashable
        Says what can be asked of it, and where.
    process : subprocess.Popen of bytes
        All that it was asked has been read; it is ended where nobody can need it.
    """
    if _idle is None or _idle.setdefault(key, process) is not process:
        end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    """End a process of `begun`, whatever it is at.

    Parameters
    ----------
    process : subprocess.Popen of bytes
        It may have ended already.
    """
    _running.discard(process)
    process.kill()
    for pipe in (process.stdin, process.stdout, process.stderr):
        # What could not be written to one that has ended is still to be written.
        with suppress(OSError):
            if pipe:
                pipe.close()
    process.wait()
