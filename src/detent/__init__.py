"""An exact code index, a NumPy docstring audit and regression budgets, in git hooks and CI."""

# No `from __future__`: as `python -m detent` imports this file, that would come from the current
# directory.
__version__ = "0.1.0"
#: As `typing` has it, which takes 2 ms to import: docs/decisions/0013-start.md.
TYPE_CHECKING = False

if TYPE_CHECKING:
    import os

    from detent.api import Repository

__all__ = ["__version__", "open"]


def open(  # noqa: A001 - it is called as `detent.open`
    path: "str | os.PathLike[str] | None" = None, *, store: "str | os.PathLike[str] | None" = None
) -> "Repository":
    """Open the repository around a directory, for any question about it.

    Nothing is read or written before the first question.

    Parameters
    ----------
    path : str or path-like, optional
        A directory in the repository. By default the current directory, where git's environment
        variables (``GIT_DIR``, ``GIT_INDEX_FILE`` and others) are followed too.
    store : str or path-like, optional
        The file of the index; ``"memory:"`` keeps none. By default it is in the git directory.

    Returns
    -------
    Repository
        Close it, or use it in a ``with`` block.

    Raises
    ------
    GitError
        If there is no repository, or git cannot read it.

    Examples
    --------
    >>> import detent
    >>> with detent.open("pkg") as repository:
    ...     result = repository.check()
    >>> result.is_clean
    True
    """
    from detent.api import open_repository

    return open_repository(path, store=store)
