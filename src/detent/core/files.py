"""Files replaced as a whole; none of the work tree is reached by a symbolic link."""

from __future__ import annotations

import os
import os.path
import stat
from contextlib import suppress

from detent.core.signals import held_back


class Unchanged(Exception):
    """A file that is left as it is; says why."""


def read(top: str, path: bytes) -> bytes:
    """Read a file of the work tree.

    Parameters
    ----------
    top : str
        Root of the work tree.
    path : bytes
        As git has it.

    Returns
    -------
    bytes
        The content.

    Raises
    ------
    Unchanged
        If it is not a regular file that can be replaced.
    """
    place = _place(top, path)
    try:
        mode = os.lstat(place).st_mode
        if not stat.S_ISREG(mode):
            raise Unchanged("it is no regular file")
        if not mode & 0o222:
            raise Unchanged("it is read-only")
        with open(place, "rb") as stream:
            return stream.read()
    except OSError as error:
        raise Unchanged(f"it cannot be read: {error.strerror}") from error


def replace(top: str, path: bytes, *, old: bytes, new: bytes) -> None:
    """Give a file of the work tree other content: at every moment it has the one or the other.

    Parameters
    ----------
    top : str
        Root of the work tree.
    path : bytes
        As git has it.
    old, new : bytes
        What it has, and what it is to have.

    Raises
    ------
    Unchanged
        If it has something else meanwhile, or cannot be written.
    """
    from tempfile import mkstemp

    place = _place(top, path)
    beside = ""
    try:
        # Between the look and the replacement nothing may come that can be helped.
        with held_back():
            handle, beside = mkstemp(dir=os.path.dirname(place), prefix=".detent-", suffix=".tmp")
            with os.fdopen(handle, "wb") as stream:
                stream.write(new)
            os.chmod(beside, stat.S_IMODE(os.lstat(place).st_mode))
            if read(top, path) != old:
                raise Unchanged("it was changed meanwhile: run this again")
            os.replace(beside, place)
            beside = ""
    except OSError as error:
        raise Unchanged(f"it cannot be written: {error.strerror}") from error
    finally:
        if beside:
            _take_away(beside)


def write_whole(path: str | os.PathLike[str], content: str, *, mode: int | None = None) -> None:
    """Write beside and move into place, so that nobody ever finds half a file.

    Parameters
    ----------
    path : str or PathLike
        Where to; what is there is replaced.
    content : str
        All of it.
    mode : int, optional
        Its permissions.

    Raises
    ------
    OSError
        If that fails; what was there is then as it was.
    """
    beside = f"{os.fspath(path)}.{os.getpid()}.detent-new"
    try:
        with open(beside, "wb") as stream:
            stream.write(content.encode())
        if mode is not None:
            os.chmod(beside, mode)
        os.replace(beside, path)
    except BaseException:
        _take_away(beside)
        raise


def _take_away(path: str) -> None:
    with suppress(FileNotFoundError):
        os.unlink(path)


def _place(top: str, path: bytes) -> str:
    """Find a file; none that a link leads to."""
    place = os.path.join(os.path.realpath(top), os.path.normpath(os.fsdecode(path)))
    parent = os.path.dirname(place)
    if os.path.realpath(parent) != parent:
        raise Unchanged("a symbolic link leads to it")
    return place
