"""Signals that end a run: as exceptions, so that what is half done is undone."""

from __future__ import annotations

import signal
from contextlib import contextmanager

from detent import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

#: The signals that end a run; Windows does not have all of them.
END_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")


def install_handlers() -> None:
    """Turn these signals into exceptions, as Ctrl-C is one, unless the caller has them ignored."""
    for number in _list_signals(END_SIGNALS):
        if signal.getsignal(number) == signal.SIG_DFL:
            signal.signal(number, _exit_on_signal)


def _exit_on_signal(number: int, _frame: FrameType | None) -> None:
    """Exit with the status that a shell gives to a process that died of the signal."""
    raise SystemExit(128 + number)


@contextmanager
def defer_signals(*names: str) -> Iterator[None]:
    """Block signals until the end of the block, also in processes that are started inside."""
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
