"""What one run keeps of git: answers, and processes that can be asked again."""

from __future__ import annotations

from contextlib import suppress

from detent import TYPE_CHECKING

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Hashable
    from typing import Any, TypeVar

    Result = TypeVar("Result")


class GitSession:
    """Per-run cache of git's answers, and long-lived git processes; both belong to one repository.

    Until the session is closed, revisions and the index count as unchanged. So a run judges one
    state of git and asks each question once.
    """

    def __init__(self) -> None:
        self._is_open = True
        self._answers: dict[Hashable, Any] = {}
        self._idle: list[subprocess.Popen[bytes]] = []
        self._running: set[subprocess.Popen[bytes]] = set()

    def remember(self, key: Hashable, work: Callable[[], Result]) -> Result:
        """Do some work, but only the first time that it is asked for under a key."""
        if not self._is_open:
            return work()
        if key not in self._answers:
            # Two threads that ask for the same at once must go on with the same answer.
            return self._answers.setdefault(key, work())  # type: ignore[no-any-return]
        found: Result = self._answers[key]
        return found

    def invalidate(self) -> None:
        """Forget all answers, where another process turned out to have changed something."""
        self._answers.clear()

    def take_process(self, start: Callable[[], subprocess.Popen[bytes]]) -> subprocess.Popen[bytes]:
        """Take a process that nobody uses, or start one; it ends with the session at the latest."""
        with suppress(IndexError):  # another thread may have taken the last one
            return self._idle.pop()
        process = start()
        self._running.add(process)
        return process

    def return_process(self, process: subprocess.Popen[bytes], *, usable: bool) -> None:
        """Keep a process for the next question; end it where there will be none."""
        if usable and self._is_open:
            self._idle.append(process)
        else:
            self._running.discard(process)
            end_process(process)

    def close(self) -> None:
        """End all processes, also those that somebody is still reading from."""
        self._is_open = False
        self._answers.clear()
        self._idle.clear()
        while self._running:
            end_process(self._running.pop())


def end_process(process: subprocess.Popen[bytes]) -> None:
    """End a process, whatever it is doing."""
    process.kill()
    for pipe in (process.stdin, process.stdout, process.stderr):
        # To close a pipe writes what is left in its buffer, which fails where the reader has ended.
        with suppress(OSError):
            if pipe:
                pipe.close()
    process.wait()
