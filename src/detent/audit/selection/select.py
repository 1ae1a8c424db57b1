"""Which of the stored findings count, by code, path, symbol and numpydoc's own settings.

By default all rules count but those that maintainers disagree about. Of numpydoc's these are four:

- ``ES01``, ``SA01`` and ``EX01`` ask for a section whether or not there is something to say, and
  what is written to please them is filler;
- ``RT02`` forbids a name for a single return value, which the format itself allows and which often
  says what the type cannot: numpy's public functions break it 595 times.

Symbols that are not public (private, nested and dunder names, setters, overloads, tests) are judged
only for what is written: nobody has to document them, and a one-line note on a helper is welcome as
it is. A kind of symbol that `Selection.missing` names is judged like a public one, and so is one
that an override names, for the codes that it selects.
"""

from __future__ import annotations

from functools import cached_property
from types import MappingProxyType

from detent import TYPE_CHECKING, config
from detent.audit.codes import CODES, INHERITED, get_default_severity
from detent.audit.parse.lines import dedent_docstring
from detent.audit.selection.overrides import (
    IGNORED,
    REQUIRED,
    CompiledOverride,
    OverrideGroup,
    compile_override,
    measure_longest_prefix,
)
from detent.audit.selection.path_rules import classify_path, join_patterns
from detent.audit.selection.presets import DEFAULT_EXCLUDE, DEFAULT_MISSING, DEFAULT_SELECT
from detent.core import globs
from detent.core.model import FindingFilter
from detent.core.namedtuple import NamedTuple

if TYPE_CHECKING:
    import re
    from collections.abc import Mapping

    from detent.audit.selection.path_rules import PathRules
    from detent.config import Override
    from detent.core.model import Finding, FindingRow, Symbol

#: All kinds of symbols that `Selection.missing` can name.
KINDS = frozenset(config.KINDS)

#: What `Symbol.role` can be.
ROLES = KINDS - {"override", "test"} | {"empty"}

# Not for symbols that are not public.
_SUMMARY_CODES = {code for code in CODES if code.startswith(("SS", "DT6"))}
_ADDITION_CODES = frozenset({"GL08", "ES01", "SA01", "EX01", *_SUMMARY_CODES})

_EXEMPT_ROLES = {"overload", "setter", "empty"}


class _Settings(NamedTuple):
    """What a `Selection` is made of; apart, since a named tuple itself can cache nothing."""

    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] = ()
    exclude: tuple[str, ...] = DEFAULT_EXCLUDE
    missing: frozenset[str] = DEFAULT_MISSING
    numpydoc: bool = False
    verbatim: bool = False
    exclude_names: tuple[str, ...] = ()
    exclude_files: tuple[str, ...] = ()
    overrides: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    doc_decorators: frozenset[str] = frozenset()
    local: tuple[Override, ...] = ()
    severities: Mapping[str, str] = MappingProxyType({})
    base: tuple[str, ...] = DEFAULT_SELECT


class Selection(_Settings):
    """Settings of the audit, all of them already validated."""

    def counts(self, finding: Finding | FindingRow, symbol: Symbol | FindingRow, path: str) -> bool:
        """Say whether a finding counts."""
        code, place = finding.code, self._get_path_rules(path)
        said = self._find_action(code, symbol, path) if place.group else None
        if place.is_excluded or not self._is_admitted(code, said):
            return False
        if code == "GL08" and not self.verbatim:
            return self.needs_docstring(symbol, path)
        if self._is_excused(code, symbol, path):
            return False
        is_demand = finding.demand or code in _ADDITION_CODES
        return (
            not is_demand
            or said == REQUIRED
            or self.resolve_role(symbol, path) in self._addition_roles
        )

    def classify_file(self, path: str) -> tuple[bool, ...] | None:
        """Say what of a file decides which of its findings count."""
        place = self._get_path_rules(path)
        if place.group or self.exclude_names or self.overrides or self.doc_decorators:
            return None
        return place[:3]

    @property
    def finding_filter(self) -> FindingFilter:
        """What never counts, wherever it stands."""
        selected = [code for one in self.local for code in one.select]
        demanding = {kind for one in self.local if one.select for kind in one.kinds}
        unselected = {
            code
            for code in CODES
            if not self.is_selected(code) and measure_longest_prefix(code, selected) < 0
        }
        if not unselected.issuperset(INHERITED):
            # What is said of an inherited docstring hangs on the missing one.
            unselected.discard("GL08")
        return FindingFilter(
            codes=frozenset(unselected),
            roles=ROLES - self._addition_roles - demanding,
            demands=_ADDITION_CODES,
            quoted=frozenset(self._override_patterns),
            decorated=bool(self.doc_decorators),
        )

    def needs_docstring(self, symbol: Symbol | FindingRow, path: str) -> bool:
        """Say whether a symbol is one that needs a docstring: it counts for the coverage.

        Of those, the ones that lack it are the ones with a ``GL08`` among their findings: one
        docstring does for a class and its ``__init__``.
        """
        place = self._get_path_rules(path)
        if place.is_excluded or place.is_stub:
            return False
        said = self._find_action("GL08", symbol, path) if place.group else None
        if said == IGNORED:
            return False
        role = self.resolve_role(symbol, path)
        if said != REQUIRED and not self._is_required_role(role):
            return False
        return not (self._is_excluded_name(symbol, path) or self.has_generated_docstring(symbol))

    def resolve_role(self, symbol: Symbol | FindingRow, path: str) -> str:
        """Say which of the `KINDS` a symbol is, with what its path tells."""
        role = symbol.role
        if role in DEFAULT_MISSING:
            is_function = role not in {"module", "class"}
            name = symbol.qualname.rpartition(".")[2]
            if self._get_path_rules(path).is_test or (is_function and name.startswith("test_")):
                return "test"
        return role

    def is_audited(self, path: str) -> bool:
        """Say whether a file is audited at all."""
        return not self._get_path_rules(path).is_excluded

    def is_selected(self, code: str) -> bool:
        """Say whether findings of a code count at all."""
        known = self._selected_codes.get(code)
        if known is None:
            # A problem of the file as such counts unless it is ignored.
            chosen = 0 if code in self.base or code[:3] == "DT9" else -1
            if self.select is not None:
                chosen = max(
                    measure_longest_prefix(code, self.select), 0 if code[:3] == "DT9" else -1
                )
            known = self._selected_codes[code] = chosen > measure_longest_prefix(code, self.ignore)
        return known

    def get_severity(self, code: str) -> str:
        """Say how severe findings of a code are."""
        known = self._severity_cache.get(code)
        if known is None:
            fitting = [one for one in self.severities if measure_longest_prefix(code, [one]) >= 0]
            known = get_default_severity(code)
            if fitting:
                known = self.severities[
                    max(fitting, key=lambda one: measure_longest_prefix(code, [one]))
                ]
            self._severity_cache[code] = known
        return known

    @cached_property
    def _severity_cache(self) -> dict[str, str]:
        return {}

    @cached_property
    def _compiled_overrides(self) -> list[CompiledOverride]:
        return [compile_override(one) for one in self.local]

    @cached_property
    def _override_groups(self) -> dict[tuple[int, ...], OverrideGroup]:
        return {}

    def _find_group(self, path: str) -> OverrideGroup | None:
        """Find the overrides that are for a file, together."""
        fitting = tuple(
            n for n, one in enumerate(self._compiled_overrides) if one.is_for_path(path)
        )
        if fitting and fitting not in self._override_groups:
            self._override_groups[fitting] = OverrideGroup(
                [self._compiled_overrides[n] for n in fitting]
            )
        return self._override_groups.get(fitting)

    def _is_admitted(self, code: str, said: str | None) -> bool:
        """Tell whether a code counts, knowing what overrides say of it."""
        return self.is_selected(code) if said is None else said != IGNORED

    def _find_action(self, code: str, symbol: Symbol | FindingRow, path: str) -> str | None:
        """Tell what overrides say of a code on a symbol."""
        place = self._get_path_rules(path)
        if place.group is None:
            return None
        if not place.group.is_by_symbol:
            return place.group.decide_action(code, "", "")
        name = f"{place.module}.{symbol.qualname}".strip(".")
        return place.group.decide_action(code, self.resolve_role(symbol, path), name)

    def _is_required_role(self, role: str) -> bool:
        """Whether symbols of a role need a docstring where no override says otherwise."""
        return role in self.missing or (self.numpydoc and role not in _EXEMPT_ROLES)

    @cached_property
    def _addition_roles(self) -> frozenset[str]:
        """Roles of symbols that more is asked of than what is written."""
        return ROLES | KINDS if self.numpydoc else DEFAULT_MISSING | self.missing

    @cached_property
    def _selected_codes(self) -> dict[str, bool]:
        return {}

    @cached_property
    def _path_rules(self) -> dict[str, PathRules]:
        return {}

    @cached_property
    def _exclude_pattern(self) -> re.Pattern[str] | None:
        return globs.compile_globs(self.exclude)

    @cached_property
    def _exclude_files_pattern(self) -> re.Pattern[str] | None:
        return join_patterns(self.exclude_files)

    @cached_property
    def _exclude_names_pattern(self) -> re.Pattern[str] | None:
        return join_patterns(self.exclude_names)

    @cached_property
    def _override_patterns(self) -> dict[str, re.Pattern[str]]:
        compiled = {code: join_patterns(patterns) for code, patterns in self.overrides.items()}
        return {code: pattern for code, pattern in compiled.items() if pattern}

    def _get_path_rules(self, path: str) -> PathRules:
        """Judge a path, once."""
        place = self._path_rules.get(path)
        if place is None:
            place = classify_path(path, self._exclude_pattern, self._exclude_files_pattern)
            if self.local and not place.is_excluded:
                place = place._replace(group=self._find_group(path))
            self._path_rules[path] = place
        return place

    def _is_excluded_name(self, symbol: Symbol | FindingRow, path: str) -> bool:
        """Whether numpydoc's ``exclude`` names the symbol."""
        if self._exclude_names_pattern is None:
            return False
        stem = self._get_path_rules(path).stem
        name = f"{stem}.{symbol.qualname}" if symbol.qualname else stem
        return self._exclude_names_pattern.search(name) is not None

    def has_generated_docstring(self, symbol: Symbol | FindingRow) -> bool:
        """Say whether a decorator makes the docstring: what is written is not what is read."""
        if not self.doc_decorators:
            return False
        names = (one.partition("(")[0].rstrip() for one in symbol.decorators)
        return any({name, name.rpartition(".")[2]} & self.doc_decorators for name in names)

    def _is_excused(self, code: str, symbol: Symbol | FindingRow, path: str) -> bool:
        """Whether a decorator or numpydoc's own settings excuse the symbol."""
        is_made = code[:3] != "DT9" and self.has_generated_docstring(symbol)
        return is_made or self._is_excluded_name(symbol, path) or self._is_overridden(code, symbol)

    def _is_overridden(self, code: str, symbol: Symbol | FindingRow) -> bool:
        """Whether numpydoc's ``override_XX`` excuses the symbol."""
        pattern = self._override_patterns.get(code)
        if pattern is None or symbol.docstring_text is None:
            return False
        return pattern.search(dedent_docstring(symbol.docstring_text)) is not None
