"""Writing to standard output and standard error, and what a terminal can show."""

from __future__ import annotations

import os
import sys
import time
from contextlib import contextmanager
from itertools import islice

from detent import TYPE_CHECKING
from detent.core.errors import OutputError
from detent.core.escape import clean_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import TextIO

_REFRESH_S = 0.1
_LINES_AT_ONCE = 500
_WIDTH = 80
_LEAST_WIDTH = 20
_PLAIN = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/:")
_COLORS = {"red": 31, "green": 32, "yellow": 33, "cyan": 36, "dim": 2, "bold": 1}


def open_missing_streams() -> None:
    """Open standard streams that are closed, so that no other file gets their descriptors."""
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:
            lowest = os.open(os.devnull, os.O_RDWR)
            setattr(sys, name, os.fdopen(lowest, "r" if name == "stdin" else "w", closefd=False))


def write_line(text: str) -> None:
    """Write text to standard output."""
    _write_to_stream(sys.stdout, text)


def write_lines(lines: Iterable[str]) -> None:
    """Write lines to standard output."""
    # In parts: one text of all lines takes more memory and time.
    remaining = iter(lines)
    while part := list(islice(remaining, _LINES_AT_ONCE)):
        write_line("\n".join(part))


def print_note(text: str) -> None:
    """Write a line to standard error, wrapped on a terminal."""
    indent = " " * (len(text) - len(text.lstrip(" ")) + 2)
    width = measure_terminal(sys.stderr)
    clean = clean_text(text)
    lines = [clean] if width is None else wrap_words(clean, width - len(indent))
    _write_to_stream(sys.stderr, f"\n{indent}".join(lines))


def print_notes(notes: Iterable[str]) -> None:
    """Print notes for a person on standard error."""
    for text in notes:
        print_note(f"detent: {text}")


def flush() -> None:
    """Flush both streams, so that an error occurs before the exit status is set."""
    for stream in (sys.stdout, sys.stderr):
        with _guard_delivery(stream):
            stream.flush()


def _write_to_stream(stream: TextIO, text: str) -> None:
    line = text if text.endswith("\n") else f"{text}\n"
    encoding = stream.encoding or "utf-8"
    with _guard_delivery(stream):
        try:
            stream.write(line)
        except UnicodeEncodeError:  # raised before anything is written
            stream.write(line.encode(encoding, "backslashreplace").decode(encoding))


@contextmanager
def _guard_delivery(stream: TextIO) -> Iterator[None]:
    """Stop writing after an error; a closed pipe, as of ``head``, is no error."""
    try:
        yield
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        if not isinstance(error, BrokenPipeError):
            raise OutputError(
                f"the output cannot be written: {error.strerror}", "see that there is room for it"
            ) from error


def choose_colors(when: str) -> None:
    """Follow ``--color``: the variables of the environment say the same for what a run starts."""
    if when != "auto":
        os.environ.pop("NO_COLOR", None)
        os.environ["FORCE_COLOR" if when == "always" else "NO_COLOR"] = "1"


def make_painter() -> Callable[[str, str], str]:
    """Make a function that colours text for standard output."""
    if not _is_decorated():
        return lambda _, text: text
    return lambda colour, text: f"\x1b[{_COLORS[colour]}m{text}\x1b[0m" if text else text


def make_linker(top: str) -> Callable[[bytes, str], str]:
    """Make a function that links text to a file, for standard output."""
    # The Linux console shows links as text.
    if not top or not _is_decorated() or os.environ.get("TERM") == "linux":
        return lambda _, text: text
    host = os.uname().nodename if hasattr(os, "uname") else ""
    root = _escape_path(os.fsencode(f"{top}/").lstrip(b"/"))
    return lambda path, text: (
        f"\x1b]8;;file://{host}/{root}{_escape_path(path)}\x1b\\{text}\x1b]8;;\x1b\\"
    )


def measure_terminal(stream: TextIO | None = None) -> int | None:
    """Give the width of the terminal on standard output; None if it is no terminal."""
    stream = stream or sys.stdout
    if not stream.isatty():
        return None
    try:
        return os.get_terminal_size(stream.fileno()).columns or _WIDTH
    except OSError:
        return _WIDTH


def wrap_words(text: str, width: int) -> list[str]:
    """Break text into lines between words; a word that is too long has a line of its own."""
    lines: list[str] = []
    line: list[str] = []
    size = 0
    for word in text.split(" "):
        if line and size + len(word) > max(width - 1, _LEAST_WIDTH):
            lines.append(" ".join(line))
            line, size = [], 0
        line.append(word)
        size += len(word) + 1
    return [*lines, " ".join(line)]


def _is_decorated() -> bool:
    """Tell whether colours and links can be shown and are wanted."""
    wanted = os.environ.get
    if wanted("NO_COLOR"):
        return False
    return bool(wanted("FORCE_COLOR")) or (sys.stdout.isatty() and wanted("TERM") != "dumb")


def _escape_path(path: bytes) -> str:
    """Escape a path for a URI."""
    return "".join(chr(byte) if byte in _PLAIN else f"%{byte:02X}" for byte in path)


def make_step_progress() -> Callable[[str, int, int], None] | None:
    """Make a progress line on the terminal; None if standard error is no terminal."""
    if not sys.stderr.isatty():
        return None
    last = time.monotonic()

    def show(step: str, done: int, total: int) -> None:
        nonlocal last
        now = time.monotonic()
        if done == total:
            sys.stderr.write("\r\x1b[K")
        elif now - last > _REFRESH_S:
            last = now
            sys.stderr.write(f"\r{step}: {done:,} of {total:,} files")
        else:
            return
        sys.stderr.flush()

    return show


def make_progress(label: str) -> Callable[[int, int], None] | None:
    """Make the progress line of one step."""
    show = make_step_progress()
    return None if show is None else lambda done, total: show(label, done, total)
