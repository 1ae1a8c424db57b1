"""What stands for one run: what git has said, and processes of git that can be asked again."""

from __future__ import annotations

from contextlib import contextmanager, suppress

from detent import TYPE_CHECKING

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Hashable, Iterator
    from typing import Any, TypeVar

    Result = TypeVar("Result")

_cached_answers: dict[tuple[str, ...], Any] | None = None
#: Processes that wait for whoever asks them next; and all that run.
_idle_processes: dict[Hashable, subprocess.Popen[bytes]] | None = None
_running_processes: set[subprocess.Popen[bytes]] = set()


@contextmanager
def session() -> Iterator[None]:
    """Take for unchanged, until the end of the block, what git has said of revisions and the index.

    So one run judges one state of git, and asks for it once. Processes that can answer more than
    one question end with the block, also where somebody is still reading from them.
    """
    global _cached_answers, _idle_processes  # noqa: PLW0603 - the block is the whole run of a process
    _cached_answers, _idle_processes = {}, {}
    try:
        yield
    finally:
        _cached_answers = _idle_processes = None
        while _running_processes:
            end_process(_running_processes.pop())


def invalidate() -> None:
    """Forget what git has said, or is about to, where another process turned out to be at work."""
    if _cached_answers:
        _cached_answers.clear()
    while _idle_processes:
        end_process(_idle_processes.popitem()[1])


def cached(key: tuple[str, ...], work: Callable[[], Result]) -> Result:
    """Do something, but in a block of `session` only the first time."""
    if _cached_answers is None:
        return work()
    if key not in _cached_answers:
        # Of two threads that ask for the same, neither must go on with what nobody else was told.
        return _cached_answers.setdefault(key, work())  # type: ignore[no-any-return]
    found: Result = _cached_answers[key]
    return found


def track_process(process: subprocess.Popen[bytes]) -> subprocess.Popen[bytes]:
    """Let a process end with this block of `session` at the latest."""
    if _idle_processes is not None:
        _running_processes.add(process)
    return process


def take_process(key: Hashable) -> subprocess.Popen[bytes] | None:
    """Take a process that was left in this block of `session`."""
    return _idle_processes.pop(key, None) if _idle_processes else None


def leave_process(key: Hashable, process: subprocess.Popen[bytes]) -> None:
    """Leave a process to whoever needs the next one like it in this block of `session`."""
    if _idle_processes is None or _idle_processes.setdefault(key, process) is not process:
        end_process(process)


def end_process(process: subprocess.Popen[bytes]) -> None:
    """End a process of `track_process`, whatever it is at."""
    _running_processes.discard(process)
    process.kill()
    for pipe in (process.stdin, process.stdout, process.stderr):
        # What could not be written to one that has ended is still to be written.
        with suppress(OSError):
            if pipe:
                pipe.close()
    process.wait()
