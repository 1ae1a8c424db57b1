"""Signals that end a run: each undoes what is half done, as an error would."""

from __future__ import annotations

import signal
from contextlib import contextmanager

from detent import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

#: What ends a run; Windows does not have all of them.
END_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")


def install_handlers() -> None:
    """Let a request to end be an exception, as Ctrl-C is, unless whoever started us ignores it."""
    for number in _list_signals(END_SIGNALS):
        if signal.getsignal(number) == signal.SIG_DFL:
            signal.signal(number, _exit_on_signal)


def _exit_on_signal(number: int, _frame: FrameType | None) -> None:
    """Exit with the status that a shell gives to a process that died of the signal."""
    raise SystemExit(128 + number)


@contextmanager
def defer_signals(*names: str) -> Iterator[None]:
    """Do something whole: a signal waits for its end, and processes started inside never see it."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(
        signal.SIG_BLOCK, _list_signals(names or (*END_SIGNALS, "SIGALRM"))
    )
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _list_signals(names: tuple[str, ...]) -> list[signal.Signals]:
    return [getattr(signal, name) for name in names if hasattr(signal, name)]
