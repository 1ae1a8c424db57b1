"""Signals that end a run: each undoes what is half done, as an error would."""

from __future__ import annotations

import signal
from contextlib import contextmanager

from detent import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

#: What ends a run; Windows does not have all of them.
ENDS = ("SIGINT", "SIGTERM", "SIGHUP")


def end_cleanly() -> None:
    """Let a request to end be an exception, as Ctrl-C is, unless whoever started us ignores it."""
    for number in _numbers(ENDS):
        if signal.getsignal(number) == signal.SIG_DFL:
            signal.signal(number, _end)


def _end(number: int, _frame: FrameType | None) -> None:
    """Exit with the status that a shell gives to a process that died of the signal."""
    raise SystemExit(128 + number)


@contextmanager
def held_back(*names: str) -> Iterator[None]:
    """Do something whole: a signal waits for its end, and processes started inside never see it.

    Parameters
    ----------
    *names : str
        The signals; all that end a run, and the alarm of a deadline, where none is named.

    Yields
    ------
    None
        Once.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _numbers(names or (*ENDS, "SIGALRM")))
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _numbers(names: tuple[str, ...]) -> list[signal.Signals]:
    return [getattr(signal, name) for name in names if hasattr(signal, name)]
