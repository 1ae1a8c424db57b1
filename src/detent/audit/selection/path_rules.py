"""What the settings and its name say of a file."""

from __future__ import annotations

import re

from detent import TYPE_CHECKING
from detent.audit.selection.presets import DEFAULT_EXCLUDE
from detent.core import globs
from detent.core.namedtuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from detent.audit.selection.overrides import Group


class Place(NamedTuple):
    """What the settings and its name say of a file.

    Attributes
    ----------
    skipped, is_stub, is_test : bool
        Whether it is not audited, has signatures only, or is a test.
    stem, module : str
        Its name without the ending, and the module that it is.
    group : Group or None
        The overrides that are for it.
    """

    skipped: bool
    is_stub: bool
    is_test: bool
    stem: str
    module: str
    group: Group | None = None


def place_of(path: str, excluded: re.Pattern[str] | None, files: re.Pattern[str] | None) -> Place:
    """Judge a path.

    Parameters
    ----------
    path : str
        The file, from the top of the repository, with slashes.
    excluded, files : re.Pattern or None
        What is not audited by the setting ``exclude``, and by numpydoc's ``exclude_files``.

    Returns
    -------
    Place
        Without overrides.
    """
    is_excluded = bool(excluded and excluded.match(path))
    tests = globs.compiled(DEFAULT_EXCLUDE)
    is_test = is_excluded if excluded is tests else bool(tests and tests.match(path))
    skipped = is_excluded or bool(files and files.match(path))
    folder, _, name = path.rpartition("/")
    stem = name.rpartition(".")[0] or name
    inside = folder if stem == "__init__" else f"{folder}/{stem}"
    module = inside.strip("/").replace("/", ".")
    return Place(skipped, path.endswith(".pyi"), is_test, stem, module)


def any_of(patterns: Iterable[str]) -> re.Pattern[str] | None:
    """Join expressions as numpydoc does.

    Parameters
    ----------
    patterns : iterable of str
        Regular expressions.

    Returns
    -------
    re.Pattern or None
        None where there is none.
    """
    joined = "|".join(pattern for pattern in patterns if pattern)
    return re.compile(joined) if joined else None
