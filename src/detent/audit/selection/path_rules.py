"""What the settings and its name say of a file."""

from __future__ import annotations

import re

from detent import TYPE_CHECKING
from detent.audit.selection.presets import DEFAULT_EXCLUDE
from detent.core import globs
from detent.core.namedtuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from detent.audit.selection.overrides import OverrideGroup


class PathRules(NamedTuple):
    """What the settings and its name say of a file."""

    is_excluded: bool
    is_stub: bool
    is_test: bool
    stem: str  # its name without the ending, and the module that it is
    module: str
    group: OverrideGroup | None = None  # the overrides that are for it


def classify_path(
    path: str, excluded: re.Pattern[str] | None, files: re.Pattern[str] | None
) -> PathRules:
    """Judge a path."""
    is_excluded = bool(excluded and excluded.match(path))
    tests = globs.compile_globs(DEFAULT_EXCLUDE)
    is_test = is_excluded if excluded is tests else bool(tests and tests.match(path))
    skipped = is_excluded or bool(files and files.match(path))
    folder, _, name = path.rpartition("/")
    stem = name.rpartition(".")[0] or name
    inside = folder if stem == "__init__" else f"{folder}/{stem}"
    module = inside.strip("/").replace("/", ".")
    return PathRules(skipped, path.endswith(".pyi"), is_test, stem, module)


def join_patterns(patterns: Iterable[str]) -> re.Pattern[str] | None:
    """Join expressions as numpydoc does."""
    joined = "|".join(pattern for pattern in patterns if pattern)
    return re.compile(joined) if joined else None
