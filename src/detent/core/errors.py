"""The errors that a user can meet.

`DetentError` is caught in one place, `detent.cli.main`, which prints it and takes the exit status::

    DetentError
    ├── UsageError      2  wrong arguments or settings
    ├── GitError        3  git cannot say what is needed
    ├── StoreError      3  the index cannot be read or written
    ├── OutputError     3  the output cannot be written
    └── NotMeasured     3  there is nothing to compare with
"""

from __future__ import annotations

from detent import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import ClassVar


class DetentError(Exception):
    """What happened, to which file, and the command that mends it.

    Parameters
    ----------
    message : str
        One sentence that names the file.
    hint : str, default ""
        The command or the edit that mends it.

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
    """Arguments or settings that cannot be followed."""

    slug = "usage"
    status = 2


class GitError(DetentError):
    """The program git is missing, or cannot say what was asked."""

    slug = "git"


class StoreError(DetentError):
    """The index cannot be opened, read or written."""

    slug = "store"


class OutputError(DetentError):
    """The output cannot be written, so that nobody will read the verdict."""

    slug = "output"


class MeasurementError(DetentError):
    """There is nothing to compare with, so no verdict can be given."""

    slug = "not-measured"
