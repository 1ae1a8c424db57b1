"""A deadline for a run, which holds for code that never returns too.

Code in C handles no signal until it returns, and a file can be made so that its analysis takes
hours. So a child process does the work wherever processes can fork, and this one ends it in time.
"""

from __future__ import annotations

import _thread
import os
import select
import signal
import threading
from contextlib import contextmanager, suppress

from detent import TYPE_CHECKING
from detent.core.errors import MeasurementError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

#: Seconds that a child has, after the deadline, to undo what is half done.
GRACE_SECONDS = 5.0


class DeadlineExceeded(BaseException):
    """The deadline has passed; like an interruption, it is no error that a handler may catch."""


@contextmanager
def enforce_deadline(seconds: float | None, *, alone: bool) -> Iterator[None]:
    """Run a block before a deadline; in a child process if this process runs nothing else."""
    if seconds is None:
        yield
        return
    try:
        if alone and hasattr(os, "fork"):
            _continue_in_child(seconds)
            yield
        else:
            with _interrupt_after(seconds):
                yield
    except DeadlineExceeded:
        raise MeasurementError(
            f"the deadline of {seconds:g} s passed: no verdict",
            "what was analysed is kept: `detent index` does the rest; or set a later `deadline`",
        ) from None


def _continue_in_child(seconds: float) -> None:
    """Return in a child process; in this one, end with the child or at the deadline."""
    ends_with_child, held_by_child = os.pipe()
    # Python runs functions of its own after a fork, and must not be interrupted in them.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT, signal.SIGTERM))
    try:
        child = os.fork()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    if not child:
        os.close(ends_with_child)
        os.setpgid(0, 0)  # a group of its own, to be ended with all that it has started
        signal.signal(signal.SIGTTOU, signal.SIG_IGN)  # it may write to the terminal all the same
        return
    os.close(held_by_child)
    with suppress(OSError):  # the child does it too, and one of the two comes first
        os.setpgid(child, child)
    try:
        ended = _wait_for_child(ends_with_child, seconds)
    except BaseException:  # a signal to this process
        _end_child(child, ends_with_child)
        raise
    if not ended:
        _end_child(child, ends_with_child)
        raise DeadlineExceeded
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    raise SystemExit(code if code >= 0 else 128 - code)


def _end_child(child: int, ends_with_child: int) -> None:
    """Ask the child to end, and end it with all that it has started."""
    os.kill(child, signal.SIGTERM)
    _wait_for_child(ends_with_child, GRACE_SECONDS)
    with suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)


def _wait_for_child(ends_with_child: int, seconds: float) -> bool:
    """Wait for the end of the child; false if it does not come in time."""
    return bool(select.select([ends_with_child], [], [], seconds)[0])


@contextmanager
def _interrupt_after(seconds: float) -> Iterator[None]:
    """Interrupt the block as soon as the call of C that it is in returns; also on Windows."""
    has_passed = threading.Event()

    def interrupt() -> None:
        has_passed.set()
        _interrupt_main_thread()

    def handle(number: int, frame: FrameType | None) -> None:
        if has_passed.is_set():
            raise DeadlineExceeded
        if callable(before):  # somebody else ends this process
            before(number, frame)
        else:
            signal.signal(number, before)
            signal.raise_signal(number)

    before = signal.signal(signal.SIGTERM, handle)
    timer = threading.Timer(seconds, interrupt)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        signal.signal(signal.SIGTERM, before)


def _interrupt_main_thread() -> None:
    if hasattr(signal, "pthread_kill"):  # a real signal ends the wait for a pipe, too
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGTERM)
    else:
        _thread.interrupt_main(signal.SIGTERM)
