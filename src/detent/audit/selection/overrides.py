"""What is otherwise for some files or symbols: overrides of the settings, ready to be asked."""

from __future__ import annotations

import re
from fnmatch import translate

from detent import TYPE_CHECKING
from detent.core import globs
from detent.core.namedtuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from detent.config import Override

#: What overrides can say of a code on a symbol; they may also say nothing.
IGNORED, SELECTED, REQUIRED = "ignored", "selected", "demanded"


class CompiledOverride(NamedTuple):
    """An override with its expressions."""

    override: Override
    names: tuple[re.Pattern[str], ...]  # its `symbols`; each fits from any dot on

    @property
    def is_by_symbol(self) -> bool:
        """Whether it is not for all symbols of its files."""
        return bool(self.override.kinds or self.override.symbols)

    def is_for_path(self, path: str) -> bool:
        """Say whether it is for a file."""
        return not self.override.paths or globs.has_match(self.override.paths, path)

    def is_for_symbol(self, role: str, name: str) -> bool:
        """Say whether it is for a symbol of its files."""
        if self.override.kinds and role not in self.override.kinds:
            return False
        return not self.names or any(one.match(name) for one in self.names)

    def decide_action(self, code: str) -> str | None:
        """Say what it does with a code."""
        chosen, ignored = (
            measure_longest_prefix(code, self.override.select),
            measure_longest_prefix(code, self.override.ignore),
        )
        if chosen > ignored:
            return REQUIRED if self.override.kinds else SELECTED
        return IGNORED if ignored >= 0 else None


class OverrideGroup:
    """The overrides that are for the same files."""

    def __init__(self, members: Sequence[CompiledOverride]) -> None:
        self.is_by_symbol = any(one.is_by_symbol for one in members)
        self._members = tuple(reversed(members))
        self._actions: dict[str, str | None] = {}

    def decide_action(self, code: str, role: str, name: str) -> str | None:
        """Say what is done with a code on a symbol."""
        if self.is_by_symbol:
            return self._find_action(code, role, name)
        if code not in self._actions:
            self._actions[code] = self._find_action(code, role, name)
        return self._actions[code]

    def _find_action(self, code: str, role: str, name: str) -> str | None:
        for one in self._members:
            said = one.decide_action(code)
            if said and one.is_for_symbol(role, name):
                return said
        return None


def compile_override(override: Override) -> CompiledOverride:
    """Translate an override."""
    names = [re.compile(rf"(?s:.*\.)?{translate(glob)}") for glob in override.symbols]
    return CompiledOverride(override, tuple(names))


def measure_longest_prefix(code: str, prefixes: Iterable[str]) -> int:
    """Find the longest beginning that fits a code."""
    fits = [
        0 if prefix == "ALL" else len(prefix)
        for prefix in prefixes
        if prefix == "ALL" or code.startswith(prefix)
    ]
    return max(fits, default=-1)
