"""The errors that a user can meet.

`DetentError` is caught in one place, `detent.cli.main`, which prints it and takes the exit status::

    DetentError
    ├── UsageError        2  wrong arguments or settings
    ├── GitError          3  git is missing or fails
    ├── StoreError        3  the index cannot be opened, read or written
    ├── OutputError       3  the output cannot be written
    └── MeasurementError  3  something that the answer needs is not there
"""

from __future__ import annotations

from detent import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import ClassVar


class DetentError(Exception):
    """An error that a user can do something about.

    Parameters
    ----------
    message : str
        One sentence that names the file.
    hint : str, default ""
        The command or the edit that fixes it.

    Attributes
    ----------
    slug : str
        Anchor of the page about this error in ``docs/errors.md``.
    status : int
        The exit status of the process.
    """

    slug: ClassVar[str] = "error"
    status: ClassVar[int] = 3

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(DetentError):
    """Wrong arguments or settings."""

    slug = "usage"
    status = 2


class GitError(DetentError):
    """The program git is missing or fails."""

    slug = "git"


class StoreError(DetentError):
    """The index cannot be opened, read or written."""

    slug = "store"


class OutputError(DetentError):
    """The output cannot be written, so nobody would read the result."""

    slug = "output"


class MeasurementError(DetentError):
    """Something that the answer needs is not there, such as the base to compare with."""

    slug = "not-measured"
