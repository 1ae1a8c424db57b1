"""Overrides: settings that differ for some files or symbols."""

from __future__ import annotations

import re
from fnmatch import translate

from detent import TYPE_CHECKING
from detent.core import globs
from detent.core.namedtuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from detent.config import Override

#: What an override does with a code: the last one also asks for docstrings that are missing.
IGNORED, SELECTED, REQUIRED = "ignored", "selected", "required"


class CompiledOverride(NamedTuple):
    """An override with its globs compiled."""

    override: Override
    names: tuple[re.Pattern[str], ...]  # its `symbols`; each may match after any dot
    decorators: tuple[re.Pattern[str], ...] = ()  # each may match after any dot

    def is_for_path(self, path: str) -> bool:
        """Tell whether it applies to a file."""
        return not self.override.paths or globs.has_match(self.override.paths, path)

    def is_for_name(self, name: str) -> bool:
        """Tell whether it applies to a symbol of this dotted name."""
        return not self.names or any(pattern.match(name) for pattern in self.names)

    def is_for_decorators(self, decorators: Iterable[str]) -> bool:
        """Tell whether it applies to a symbol with these decorators, as they are written."""
        return not self.decorators or any(
            pattern.match(name_decorator(decorator))
            for decorator in decorators
            for pattern in self.decorators
        )

    def is_for_role(self, role: str) -> bool:
        """Tell whether it applies to symbols of this role."""
        return not self.override.kinds or role in self.override.kinds

    def decide_action(self, code: str) -> str | None:
        """Choose what it does with a code; None where it does not name the code."""
        selected = measure_longest_prefix(code, self.override.select)
        ignored = measure_longest_prefix(code, self.override.ignore)
        if selected > ignored:
            return REQUIRED if self.override.kinds else SELECTED
        return IGNORED if ignored >= 0 else None


def compile_override(override: Override) -> CompiledOverride:
    """Compile the globs of an override."""
    names, decorators = map(_compile_names, (override.symbols, override.decorators))
    return CompiledOverride(override, names, decorators)


def name_decorator(decorator: str) -> str:
    """Reduce a decorator to its name: ``click.option`` of ``click.option("--all")``."""
    return decorator.partition("(")[0].rstrip()


def _compile_names(globs_of_names: Iterable[str]) -> tuple[re.Pattern[str], ...]:
    return tuple(
        re.compile(f"{translate(glob)}|{translate(f'*.{glob}')}") for glob in globs_of_names
    )


def decide_action(overrides: Iterable[CompiledOverride], code: str, role: str) -> str | None:
    """Choose what the last override for a role that names a code does with it."""
    action = None
    for override in overrides:
        if override.is_for_role(role):
            action = override.decide_action(code) or action
    return action


def measure_longest_prefix(code: str, prefixes: Iterable[str]) -> int:
    """Measure the longest prefix that fits a code: 0 for ``ALL``, -1 for none."""
    fits = [
        0 if prefix == "ALL" else len(prefix)
        for prefix in prefixes
        if prefix == "ALL" or code.startswith(prefix)
    ]
    return max(fits, default=-1)
