"""The one place that writes to a terminal or a pipe."""

from __future__ import annotations

import os
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from detent.errors import OutputError
from detent.report.clean import clean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TextIO

_REFRESH_S = 0.1
_COLOURS = {"red": 31, "green": 32, "yellow": 33, "cyan": 36, "dim": 2, "bold": 1}


def stand_in() -> None:
    """Open what the process was started without, so that no pipe or index takes its place."""
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:
            lowest = os.open(os.devnull, os.O_RDWR)
            setattr(sys, name, os.fdopen(lowest, "r" if name == "stdin" else "w", closefd=False))


def write(text: str) -> None:
    """Write text to standard output.

    Parameters
    ----------
    text : str
        One line or several, already `clean`; what the encoding cannot show is escaped.

    Raises
    ------
    OutputError
        If it cannot be delivered; a reader that has gone away is no error.
    """
    _write(sys.stdout, text)


def note(text: str) -> None:
    """Write a line for the person in front of it to standard error.

    Parameters
    ----------
    text : str
        Anything; it is made safe to print.

    Raises
    ------
    OutputError
        As for `write`.
    """
    _write(sys.stderr, clean(text))


def flush() -> None:
    """Hand over all that was written, so that what fails does so before the exit status is set."""
    for stream in (sys.stdout, sys.stderr):
        with _delivery(stream):
            stream.flush()


def _write(stream: TextIO, text: str) -> None:
    line = text if text.endswith("\n") else f"{text}\n"
    encoding = stream.encoding or "utf-8"
    with _delivery(stream):
        stream.write(line.encode(encoding, "backslashreplace").decode(encoding))


@contextmanager
def _delivery(stream: TextIO) -> Iterator[None]:
    """Write no more where that fails; a reader that has seen enough is no reason to stop."""
    try:
        yield
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        if not isinstance(error, BrokenPipeError):
            raise OutputError(
                f"the output cannot be written: {error.strerror}", "see that there is room for it"
            ) from error


def painter() -> Callable[[str, str], str]:
    """Choose how to colour what goes to standard output.

    Returns
    -------
    callable
        Takes a colour and a text; gives the text as it is where nobody would see the colour.
    """
    if not sys.stdout.isatty() or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return lambda _, text: text
    return lambda colour, text: f"\x1b[{_COLOURS[colour]}m{text}\x1b[0m" if text else text


def progress(label: str) -> Callable[[int, int], None] | None:
    """Make a line that counts up on a terminal.

    Parameters
    ----------
    label : str
        What is being done.

    Returns
    -------
    callable or None
        Takes what is done and what there is; None where standard error is no terminal.
    """
    if not sys.stderr.isatty():
        return None
    shown = [time.monotonic()]

    def show(done: int, total: int) -> None:
        now = time.monotonic()
        if done == total:
            sys.stderr.write("\r\x1b[K")
        elif now - shown[0] > _REFRESH_S:
            shown[0] = now
            sys.stderr.write(f"\r{label}: {done:,} of {total:,} files")
        else:
            return
        sys.stderr.flush()

    return show
