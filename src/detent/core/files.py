"""Replace files atomically; files of the work tree are never reached by a symbolic link."""

from __future__ import annotations

import errno
import os
import os.path
import stat
from contextlib import contextmanager, suppress

from detent import TYPE_CHECKING
from detent.core.signals import defer_signals

if TYPE_CHECKING:
    from collections.abc import Iterator

# Fails where anything has the name already, a symbolic link included.
_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
_NEW_FILE |= getattr(os, "O_BINARY", 0)


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


def read_small_file(path: str | os.PathLike[str], most: int = 1_000_000) -> bytes:
    """Read a regular file of limited size; a pipe, a device or a larger file is an error."""
    if not os.path.isfile(path):  # to open a pipe would be to wait for its other end
        raise OSError("it is not a regular file")
    with open(path, "rb") as stream:
        content = stream.read(most + 1)
    if len(content) > most:
        raise OSError(f"it is larger than {most:,} bytes")
    return content


def replace_file(top: str, path: bytes, *, old: bytes, new: bytes) -> None:
    """Replace the content of a file of the work tree; it is never half written."""
    place = _resolve_path(top, path)
    try:
        # As little time as possible between the last look at the file and its replacement.
        with defer_signals(), _write_beside(place, new, mode=0o600) as beside:
            if read_regular_file(top, path) != old:
                raise ReplaceError("it was changed meanwhile: run this again")
            os.replace(beside, place)
    except OSError as error:
        raise ReplaceError(f"it cannot be written: {error.strerror}") from error


def write_atomically(path: str | os.PathLike[str], content: str, *, mode: int = 0o666) -> None:
    """Write a new file and move it into place; a symbolic link there is replaced, not followed."""
    place = os.fspath(path)
    if os.path.exists(place) and not os.path.isfile(place):
        raise OSError(errno.EINVAL, "it is not a regular file")
    with _write_beside(place, content.encode("utf-8", "surrogateescape"), mode=mode) as beside:
        os.replace(beside, place)


@contextmanager
def _write_beside(place: str, content: bytes, *, mode: int) -> Iterator[str]:
    """Write a new file beside another one, with its mode if there is one."""
    beside = os.path.join(os.path.dirname(place), f".detent-{os.urandom(8).hex()}.tmp")
    try:
        with os.fdopen(os.open(beside, _NEW_FILE, mode), "wb") as stream:
            with suppress(FileNotFoundError):
                _copy_mode(place, beside, executable=mode & 0o111)
            stream.write(content)
        yield beside
    finally:
        with suppress(FileNotFoundError):  # it is in its place
            os.unlink(beside)


def _copy_mode(place: str, beside: str, *, executable: int) -> None:
    """Copy the mode of a file, but not the bits that run a program with the rights of its owner."""
    old = os.lstat(place).st_mode
    if stat.S_ISREG(old):
        # What is to be executable is so for those who may read it.
        os.chmod(beside, old & 0o777 | old >> 2 & executable)


def try_writing(directory: str, size: int) -> None:
    """Write a file of some bytes and delete it; an `OSError` says why that is not possible."""
    trial = os.path.join(directory, f".detent-trial-{os.getpid()}")
    write_atomically(trial, "x" * size)
    os.unlink(trial)


def find_inside(top: str, path: str | os.PathLike[str]) -> str:
    """Give the path of a file from the root of a work tree; empty if it is outside of it.

    Raises `OSError` if a symbolic link in the work tree leads to the file's directory.
    """
    place = os.path.normpath(os.path.join(os.path.realpath("."), path))
    root = os.path.join(os.path.realpath(top), "")
    if not place.startswith(root):
        return ""
    parent = os.path.dirname(place)
    if os.path.realpath(parent) != parent:
        raise OSError(errno.ELOOP, "a symbolic link leads to it")
    return place[len(root) :]


def make_directory(path: str) -> None:
    """Make a directory that is open to those to whom the directory around it is."""
    if os.path.isdir(path):
        return
    parent = os.path.dirname(os.path.abspath(path))
    make_directory(parent)
    mode = os.stat(parent).st_mode & 0o777
    with suppress(FileExistsError):
        os.mkdir(path, mode)
        _open_to_group(path, mode)


def create_file(path: str) -> None:
    """Create an empty file, if there is none, that is open to those to whom its directory is."""
    mode = os.stat(os.path.dirname(os.path.abspath(path))).st_mode & 0o666
    with suppress(FileExistsError):
        os.close(os.open(path, _NEW_FILE, mode))
        _open_to_group(path, mode)


def _open_to_group(path: str, mode: int) -> None:
    """Open a new file to its group, whatever the umask: `core.sharedRepository` of git does so."""
    if mode & 0o020 and not mode & 0o002:
        os.chmod(path, stat.S_IMODE(os.stat(path).st_mode) | mode & 0o070)


def _resolve_path(top: str, path: bytes) -> str:
    """Give the path of a file, unless a symbolic link leads to it."""
    place = os.path.join(os.path.realpath(top), os.path.normpath(os.fsdecode(path)))
    parent = os.path.dirname(place)
    if os.path.realpath(parent) != parent:
        raise ReplaceError("a symbolic link leads to it")
    return place
