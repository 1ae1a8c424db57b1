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
GRACE = 5.0


class Overdue(BaseException):
    """The deadline has passed; like an interruption, nothing but its end may stop it."""


@contextmanager
def within(seconds: float, *, alone: bool) -> Iterator[None]:
    """Do something before a deadline.

    Parameters
    ----------
    seconds : float
        From now on.
    alone : bool
        Whether the process is detent's own, so that it may become two: the original one then
        never enters the block, but ends with the status of the other.

    Yields
    ------
    None
        Once.

    Raises
    ------
    Overdue
        When the time is over.
    """
    if alone and hasattr(os, "fork"):
        _go_on_in_a_child(seconds + GRACE)
    # Windows has no alarm; there the signal waits for the end of a call of git.
    alarm = getattr(signal, "SIGALRM", signal.SIGTERM)
    before = signal.signal(alarm, _overdue)
    stop = _alarm_after(seconds)
    try:
        yield
    finally:
        stop()
        signal.signal(alarm, before)


def _overdue(_number: int, _frame: FrameType | None) -> NoReturn:
    raise Overdue


def _alarm_after(seconds: float) -> Callable[[], object]:
    """Set the alarm; give what takes it away again."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)
        return lambda: signal.setitimer(signal.ITIMER_REAL, 0)
    timer = threading.Timer(seconds, _thread.interrupt_main, [signal.SIGTERM])
    timer.daemon = True
    timer.start()
    return timer.cancel


def _go_on_in_a_child(seconds: float) -> None:
    """Return in a child process; in this one, end with it, or end it."""
    ends_with_child, held_by_child = os.pipe()
    child = os.fork()
    if not child:
        os.close(ends_with_child)
        return
    os.close(held_by_child)
    try:
        over = not _wait(ends_with_child, seconds)
    except BaseException:  # a signal: it is the child that has something to undo
        os.kill(child, signal.SIGTERM)
        if not _wait(ends_with_child, GRACE):
            os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        raise
    if over:
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if over:
        raise Overdue
    code = os.waitstatus_to_exitcode(status)
    raise SystemExit(code if code >= 0 else 128 - code)


def _wait(ends_with_child: int, seconds: float) -> bool:
    """Wait for the end of the child; false if it does not come in time."""
    return bool(select.select([ends_with_child], [], [], seconds)[0])
