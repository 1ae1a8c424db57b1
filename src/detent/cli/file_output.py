"""Files that a person or a service names."""

from __future__ import annotations

from pathlib import Path

from detent.core.errors import OutputError
from detent.core.files import write_atomically


def write_named_file(path: str | Path, text: str, what: str, *, append: bool = False) -> None:
    """Write a file, or raise an error that says what it was to be."""
    try:
        if append:
            with Path(path).open("a", encoding="utf-8", newline="\n") as file:
                file.write(text)
        else:
            write_atomically(Path(path), text.rstrip("\n") + "\n")
    except OSError as error:
        raise OutputError(
            f"the {what} {str(path)!r} cannot be written: {error.strerror}", "name another file"
        ) from error
