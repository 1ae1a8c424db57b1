"""Replace files atomically; files of the work tree are never reached by a symbolic link."""

from __future__ import annotations

import os
import os.path
import stat
from contextlib import suppress

from detent.core.signals import defer_signals


class ReplaceError(Exception):
    """The reason why a file is left as it is."""


def read_regular_file(top: str, path: bytes) -> bytes:
    """Read a file of the work tree."""
    place = _resolve_path(top, path)
    try:
        mode = os.lstat(place).st_mode
        if not stat.S_ISREG(mode):
            raise ReplaceError("it is not a regular file")
        if not mode & 0o222:
            raise ReplaceError("it is read-only")
        with open(place, "rb") as stream:
            return stream.read()
    except OSError as error:
        raise ReplaceError(f"it cannot be read: {error.strerror}") from error


def replace_file(top: str, path: bytes, *, old: bytes, new: bytes) -> None:
    """Replace the content of a file of the work tree; it is never half written."""
    from tempfile import mkstemp

    place = _resolve_path(top, path)
    beside = ""
    try:
        # As little time as possible between the last look at the file and its replacement.
        with defer_signals():
            handle, beside = mkstemp(dir=os.path.dirname(place), prefix=".detent-", suffix=".tmp")
            with os.fdopen(handle, "wb") as stream:
                stream.write(new)
            os.chmod(beside, stat.S_IMODE(os.lstat(place).st_mode))
            if read_regular_file(top, path) != old:
                raise ReplaceError("it was changed meanwhile: run this again")
            os.replace(beside, place)
            beside = ""
    except OSError as error:
        raise ReplaceError(f"it cannot be written: {error.strerror}") from error
    finally:
        if beside:
            _remove_file(beside)


def write_atomically(
    path: str | os.PathLike[str], content: str, *, mode: int | None = None
) -> None:
    """Write a new file beside the old one and move it into place."""
    beside = f"{os.fspath(path)}.{os.getpid()}.detent-new"
    try:
        with open(beside, "wb") as stream:
            stream.write(content.encode())
        if mode is not None:
            os.chmod(beside, mode)
        os.replace(beside, path)
    except BaseException:
        _remove_file(beside)
        raise


def _remove_file(path: str) -> None:
    with suppress(FileNotFoundError):
        os.unlink(path)


def _resolve_path(top: str, path: bytes) -> str:
    """Give the path of a file, unless a symbolic link leads to it."""
    place = os.path.join(os.path.realpath(top), os.path.normpath(os.fsdecode(path)))
    parent = os.path.dirname(place)
    if os.path.realpath(parent) != parent:
        raise ReplaceError("a symbolic link leads to it")
    return place
