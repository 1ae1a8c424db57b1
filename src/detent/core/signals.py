"""Signals that end a run: as exceptions, so that what is half done is undone."""

from __future__ import annotations

import _thread
import signal
from contextlib import contextmanager

from detent import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType
    from typing import NoReturn

#: The signals that end a run; Windows does not have all of them.
END_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")
#: Windows has no alarm.
_ALARM = getattr(signal, "SIGALRM", None) or signal.SIGBREAK  # type: ignore[attr-defined]


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


class TimeLimitExceeded(BaseException):
    """A limit of time has passed; like an interruption, it is no error that a handler may catch."""


@contextmanager
def limit_time(seconds: float) -> Iterator[None]:
    """Interrupt the block after some time, as soon as a call of C returns.

    Only the main thread can be interrupted; in others there is no limit.
    """
    try:
        before = signal.signal(_ALARM, _raise_time_limit)
    except ValueError:
        yield
        return
    try:
        with _set_alarm(seconds):
            yield
    finally:
        signal.signal(_ALARM, before)


@contextmanager
def _set_alarm(seconds: float) -> Iterator[None]:
    if hasattr(signal, "setitimer"):
        delay, interval = signal.setitimer(signal.ITIMER_REAL, seconds)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, delay, interval)
        return
    held = _thread.allocate_lock()
    held.acquire()
    _thread.start_new_thread(_interrupt_unless_free, (held, seconds))
    try:
        yield
    finally:
        held.release()


def _interrupt_unless_free(held: _thread.LockType, seconds: float) -> None:
    if not held.acquire(timeout=seconds):
        _thread.interrupt_main(_ALARM)


def _raise_time_limit(_number: int, _frame: FrameType | None) -> NoReturn:
    raise TimeLimitExceeded


def _list_signals(names: tuple[str, ...]) -> list[signal.Signals]:
    return [getattr(signal, name) for name in names if hasattr(signal, name)]
