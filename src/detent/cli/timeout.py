"""A deadline for a run: it ends by itself, whole; where it cannot, it is ended from outside.

What runs in C heeds no signal until it returns, and a file can be made so that its analysis takes
hours. So the work is done by a child process wherever there are such, and the parent waits.
"""

from __future__ import annotations

import _thread
import os
import select
import signal
import threading
from contextlib import contextmanager

from detent import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType
    from typing import NoReturn

#: Seconds that a run has, after its deadline, to undo what is half done.
GRACE_SECONDS = 5.0


class DeadlineExceeded(BaseException):
    """The deadline has passed; like an interruption, nothing but its end may stop it."""


@contextmanager
def enforce_deadline(seconds: float, *, alone: bool) -> Iterator[None]:
    """Do something before a deadline."""
    if alone and hasattr(os, "fork"):
        _continue_in_child(seconds + GRACE_SECONDS)
    # Windows has no alarm; there the signal waits for the end of a call of git.
    alarm = getattr(signal, "SIGALRM", signal.SIGTERM)
    before = signal.signal(alarm, _raise_exceeded)
    stop = _set_alarm(seconds)
    try:
        yield
    finally:
        stop()
        signal.signal(alarm, before)


def _raise_exceeded(_number: int, _frame: FrameType | None) -> NoReturn:
    raise DeadlineExceeded


def _set_alarm(seconds: float) -> Callable[[], object]:
    """Set the alarm; give what takes it away again."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)
        return lambda: signal.setitimer(signal.ITIMER_REAL, 0)
    timer = threading.Timer(seconds, _thread.interrupt_main, [signal.SIGTERM])
    timer.daemon = True
    timer.start()
    return timer.cancel


def _continue_in_child(seconds: float) -> None:
    """Return in a child process; in this one, end with it, or end it."""
    ends_with_child, held_by_child = os.pipe()
    child = os.fork()
    if not child:
        os.close(ends_with_child)
        return
    os.close(held_by_child)
    try:
        over = not _wait_for_child(ends_with_child, seconds)
    except BaseException:  # a signal: it is the child that has something to undo
        os.kill(child, signal.SIGTERM)
        if not _wait_for_child(ends_with_child, GRACE_SECONDS):
            os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        raise
    if over:
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if over:
        raise DeadlineExceeded
    code = os.waitstatus_to_exitcode(status)
    raise SystemExit(code if code >= 0 else 128 - code)


def _wait_for_child(ends_with_child: int, seconds: float) -> bool:
    """Wait for the end of the child; false if it does not come in time."""
    return bool(select.select([ends_with_child], [], [], seconds)[0])
