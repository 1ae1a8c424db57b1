"""Files that a person or a service names."""

from __future__ import annotations

from pathlib import Path

from detent.core.errors import OutputError
from detent.core.files import find_inside, write_atomically


def write_named_file(path: str | Path, text: str, what: str, *, work_tree: str) -> None:
    """Write a file, or raise an error that says what it was to be."""
    try:
        if work_tree:
            find_inside(work_tree, path)
        write_atomically(path, text.rstrip("\n") + "\n")
    except OSError as error:
        raise _describe_error(error, path, what) from error


def append_to_file(path: str, text: str, what: str) -> None:
    """Append to a file that a service names."""
    try:
        with Path(path).open("a", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except OSError as error:
        raise _describe_error(error, path, what) from error


def _describe_error(error: OSError, path: str | Path, what: str) -> OutputError:
    return OutputError(
        f"the {what} {str(path)!r} cannot be written: {error.strerror}", "name another file"
    )
