"""Which findings count, by code, file, symbol and numpydoc's own settings.

By default all rules count but those that maintainers disagree about. Of numpydoc's these are four:

- ``ES01``, ``SA01`` and ``EX01`` ask for a section even where there is nothing to say: the text
  that satisfies them is filler;
- ``RT02`` forbids a name for a single return value. The format itself allows one, and it often
  says what the type cannot: numpy's public functions break this rule 595 times.

For symbols that are not public (private, nested and dunder names, setters, overloads, tests), only
the text that is there is checked: nobody has to document them, and a one-line docstring on a
private helper is never reported. A kind of symbol that `Selection.missing` names is checked like a
public one, and so is one that an override names, for the codes that the override selects.
"""

from __future__ import annotations

import re
from functools import cached_property
from types import MappingProxyType

from detent import TYPE_CHECKING, config
from detent.audit.codes import CODES, DEFAULT_SELECT, INHERITED, get_default_severity
from detent.audit.parse.lines import dedent_docstring
from detent.audit.selection.overrides import (
    IGNORED,
    REQUIRED,
    CompiledOverride,
    compile_override,
    decide_action,
    measure_longest_prefix,
    name_decorator,
)
from detent.core import globs
from detent.core.model import FindingFilter
from detent.core.namedtuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from typing import TypeVar

    from detent.config import Override
    from detent.core.model import Finding, FindingRow, Symbol

    AnyFinding = TypeVar("AnyFinding", Finding, FindingRow, Finding | FindingRow)
    Overrides = tuple[CompiledOverride, ...]

# Expressions of settings see no more of a longer name, which some would take long to search.
_LONGEST_NAME = 200

#: All kinds of symbols that `Selection.missing` can name.
KINDS = frozenset(config.KINDS)

#: Paths of tests.
TESTS = (
    "**/tests/**",
    "**/test/**",
    "**/*_tests/**",
    "**/test_*.py",
    "**/*_test.py",
    "**/*_tests.py",
    "**/tests.py",
    "**/conftest.py",
)

#: Paths that are not audited by default: tests, benchmarks, what builds the project or its
#: documentation, and copies of other projects.
DEFAULT_EXCLUDE = (
    *TESTS,
    "**/benchmarks/**",
    "**/asv_bench/**",
    "**/asv_benchmarks/**",
    "**/setup.py",
    "**/versioneer.py",
    "**/doc/**/conf.py",
    "**/docs/**/conf.py",
    "**/extern/**",
    "**/externals/**",
    "**/_external/**",
    "**/vendor/**",
    "**/_vendor/**",
    "**/vendored/**",
    "**/_vendored/**",
    "**/third_party/**",
)

#: Kinds of symbols that need a docstring by default: the public ones, in ``__all__`` or not.
DEFAULT_MISSING = frozenset({"module", "class", "function", "method", "unlisted"})

#: What `Symbol.role` can be.
ROLES = KINDS - {"override", "test"} | {"empty"}

# Rules that ask for more text: not for symbols that need no docstring.
_ADDITION_CODES = frozenset(
    code for code in CODES if code.startswith(("GL08", "ES01", "SA01", "EX01", "SS", "DT6"))
)

# Rules about titles that the format does not know.
_TITLE_CODES = frozenset({"GL06", "DT502"})
# What is said of a parameter that the docstring or the signature lacks.
_PARAMETER_CODES = frozenset({"PR01", "PR02", "DT110", "DT111"})

# Files that declare what other files define: nothing in them needs a docstring.
_DECLARATIONS = (".pyi", ".pxd", ".pxi")

_EXEMPT_ROLES = {"overload", "setter", "empty"}


class _Settings(NamedTuple):
    """The settings of a `Selection`; a class of its own, since a named tuple can cache nothing."""

    select: tuple[str, ...] | None = None  # codes or their beginnings; None for those of `base`
    ignore: tuple[str, ...] = ()
    exclude: tuple[str, ...] = DEFAULT_EXCLUDE  # globs of files
    missing: frozenset[str] = DEFAULT_MISSING  # kinds of symbols that need a docstring
    numpydoc: bool = False  # whether all kinds need one, as numpydoc's hook has it
    verbatim: bool = False  # whether numpydoc itself has decided which docstrings are missing
    exclude_names: tuple[str, ...] = ()  # numpydoc's ``exclude``
    exclude_files: tuple[str, ...] = ()  # numpydoc's ``exclude_files``
    docstring_overrides: Mapping[str, tuple[str, ...]] = MappingProxyType({})  # ``override_XX``
    doc_decorators: frozenset[str] = frozenset()  # decorators that make the docstring
    overrides: tuple[Override, ...] = ()
    severities: Mapping[str, str] = MappingProxyType({})  # by codes or their beginnings
    base: tuple[str, ...] = DEFAULT_SELECT  # codes of the preset
    judges_as_numpydoc: bool = False  # whether findings with `Finding.numpydoc_only` count
    sections: frozenset[str] = frozenset()  # titles of sections besides those of the format


class Selection(_Settings):
    """Settings of the audit, all of them already validated."""

    #: The settings of directories below; None where there can be none.
    directories: DirectorySelections | None = None

    def resolve_file(self, path: str) -> FileRules:
        """Work out, once, how the settings apply to a file."""
        rules = self._files.get(path)
        if rules is None:
            settings, inside = self.find_nearest(path)
            rules = self._files[path] = FileRules(settings, path, inside)
        return rules

    def find_nearest(self, path: str) -> tuple[Selection, str]:
        """Find the settings that apply to a file, and its path from their directory."""
        return self.directories.find_nearest(path) if self.directories else (self, path)

    def is_audited(self, path: str) -> bool:
        """Tell whether a file is audited at all."""
        settings, inside = self.find_nearest(path)
        return not settings.excludes(inside)

    def excludes(self, path: str) -> bool:
        """Tell whether these settings, without those of directories below, exclude a file."""
        patterns = (self._exclude_pattern, self._exclude_files_pattern)
        return any(pattern and pattern.match(path) for pattern in patterns)

    def explain_exclusion(self, path: str) -> str:
        """Name the setting that excludes a file; empty where none does."""
        settings, inside = self.find_nearest(path)
        return settings._explain_exclusion(inside) if settings.excludes(inside) else ""  # noqa: SLF001

    def _explain_exclusion(self, path: str) -> str:
        for glob in self.exclude:
            if globs.has_match((glob,), path):
                default = ", the default" if self.exclude == DEFAULT_EXCLUDE else ""
                return f'`exclude` has "{glob}"{default}'
        for pattern in self.exclude_files:
            if pattern and re.compile(pattern).match(path):
                return f"numpydoc's `exclude_files` has {pattern!r}"
        return "the settings exclude it"

    def is_selected(self, code: str) -> bool:
        """Tell whether findings of a code count where no override names it."""
        if self.select is None:
            selected = 0 if code in self.base else -1
        else:
            selected = measure_longest_prefix(code, self.select)
        # A problem of the file as such counts unless it is ignored.
        least = 0 if code[:3] == "DT9" else -1
        return max(selected, least) > measure_longest_prefix(code, self.ignore)

    def get_severity(self, code: str) -> str:
        """Return ``error`` or ``warning``: how severe findings of a code are."""
        lengths = {prefix: measure_longest_prefix(code, [prefix]) for prefix in self.severities}
        longest = max(lengths, key=lengths.__getitem__, default="")
        fits = bool(longest) and lengths[longest] >= 0
        return self.severities[longest] if fits else get_default_severity(code)

    def has_generated_docstring(self, symbol: Symbol | FindingRow) -> bool:
        """Tell whether a decorator makes the docstring: users read another text than is written."""
        if not self.doc_decorators:
            return False
        names = map(name_decorator, symbol.decorators)
        return any({name, name.rpartition(".")[2]} & self.doc_decorators for name in names)

    @property
    def finding_filter(self) -> FindingFilter:
        """The findings that count nowhere, for a store to leave out."""
        below = self.directories.selections if self.directories else ()
        filters = [self._make_finding_filter()]
        filters += [selection.finding_filter for selection in below]
        return FindingFilter(
            codes=frozenset.intersection(*(each.codes for each in filters)),
            roles=frozenset.intersection(*(each.roles for each in filters)),
            addition_codes=_ADDITION_CODES,
            quoted_codes=frozenset().union(*(each.quoted_codes for each in filters)),
            with_decorators=any(each.with_decorators for each in filters),
        )

    def _make_finding_filter(self) -> FindingFilter:
        selected = [code for override in self.overrides for code in override.select]
        demanding = {
            kind for override in self.overrides if override.select for kind in override.kinds
        }
        unselected = {
            code
            for code in CODES
            if not self.is_selected(code) and measure_longest_prefix(code, selected) < 0
        }
        if not unselected.issuperset(INHERITED):
            # Inherited docstrings are judged where the method's own one is missing.
            unselected.discard("GL08")
        return FindingFilter(
            codes=frozenset(unselected),
            roles=ROLES - self.addition_roles - demanding,
            addition_codes=_ADDITION_CODES,
            quoted_codes=frozenset(self.docstring_patterns),
            with_decorators=self._reads_decorators,
        )

    @property
    def _reads_decorators(self) -> bool:
        return bool(self.doc_decorators) or any(each.decorators for each in self.overrides)

    @cached_property
    def addition_roles(self) -> frozenset[str]:
        """Roles of the symbols that rules may ask for more text."""
        return ROLES | KINDS if self.numpydoc else DEFAULT_MISSING | self.missing

    @cached_property
    def name_pattern(self) -> re.Pattern[str] | None:
        """Numpydoc's ``exclude``: names of symbols that are not audited."""
        return _join_patterns(self.exclude_names)

    @cached_property
    def docstring_patterns(self) -> dict[str, re.Pattern[str]]:
        """Numpydoc's ``override_XX``: by code, docstrings in which it does not count."""
        compiled = {
            code: _join_patterns(patterns) for code, patterns in self.docstring_overrides.items()
        }
        if not self.verbatim:
            compiled.pop("GL08", None)
        return {code: pattern for code, pattern in compiled.items() if pattern}

    @cached_property
    def compiled_overrides(self) -> Overrides:
        """The overrides, with their globs compiled."""
        return tuple(map(compile_override, self.overrides))

    @cached_property
    def has_exceptions(self) -> bool:
        """Whether the name, the decorators or the docstring of a symbol can excuse it."""
        return bool(self.doc_decorators or self.name_pattern or self.docstring_patterns)

    def find_table(self, overrides: Overrides) -> SeverityTable:
        """Find the table of all symbols that these overrides are for."""
        if overrides not in self._tables:
            self._tables[overrides] = SeverityTable(self, overrides)
        return self._tables[overrides]

    @cached_property
    def _tables(self) -> dict[Overrides, SeverityTable]:
        return {}

    @cached_property
    def _files(self) -> dict[str, FileRules]:
        return {}

    @cached_property
    def _exclude_pattern(self) -> re.Pattern[str] | None:
        return globs.compile_globs(self.exclude)

    @cached_property
    def _exclude_files_pattern(self) -> re.Pattern[str] | None:
        return _join_patterns(self.exclude_files)


class DirectorySelections:
    """The settings of directories below the root; the nearest ones apply, and only these."""

    def __init__(self, root: Selection, load: Callable[[str], Selection | None]) -> None:
        self._load = load
        # By directory: the settings that apply there, and how long the path to them is.
        self._nearest: dict[str, tuple[Selection, int]] = {"": (root, 0)}

    def find_nearest(self, path: str) -> tuple[Selection, str]:
        """Find the settings that apply to a file, and its path from their directory."""
        directory = path.rpartition("/")[0]
        settings, start = self._nearest.get(directory) or self._resolve_directory(directory)
        return settings, path[start:]

    @property
    def selections(self) -> list[Selection]:
        """The settings of all directories that were asked for and have their own."""
        found = {id(settings): settings for settings, start in self._nearest.values() if start}
        return list(found.values())

    def _resolve_directory(self, directory: str) -> tuple[Selection, int]:
        nearest = self._nearest[""]
        for end in [*(match.start() for match in re.finditer("/", directory)), len(directory)]:
            inside = directory[:end]
            found = self._nearest.get(inside)
            if found is None:
                settings, start = nearest
                # In a directory that is excluded, such as one of test data, nothing is read.
                own = None if settings.excludes(f"{inside[start:]}/") else self._load(inside)
                found = self._nearest[inside] = nearest if own is None else (own, end + 1)
            nearest = found
        return nearest


class SeverityTable(dict[tuple[str, str, bool, bool], str]):
    """Severity by code, role and two fields of `Finding`, where the same overrides apply.

    It is ``error``, ``warning``, or empty where such findings do not count.
    """

    def __init__(self, settings: Selection, overrides: Overrides) -> None:
        self._settings = settings
        self._overrides = overrides
        #: Parameters that a decorator fills in or takes away.
        self.parameters = frozenset(
            name for override in overrides for name in override.override.parameters
        )

    def __missing__(self, key: tuple[str, str, bool, bool]) -> str:
        code, role, requires_addition, numpydoc_only = key
        is_shared = self._settings.judges_as_numpydoc or not numpydoc_only
        counts = is_shared and self._counts(code, role, requires_addition=requires_addition)
        self[key] = severity = self._settings.get_severity(code) if counts else ""
        return severity

    @cached_property
    def documented_roles(self) -> frozenset[str]:
        """Roles of the symbols that need a docstring."""
        return frozenset(role for role in ROLES | KINDS if self._requires_docstring(role))

    def _requires_docstring(self, role: str) -> bool:
        action = decide_action(self._overrides, "GL08", role)
        if action in (IGNORED, REQUIRED):
            return action == REQUIRED
        settings = self._settings
        return role in settings.missing or (settings.numpydoc and role not in _EXEMPT_ROLES)

    def _counts(self, code: str, role: str, *, requires_addition: bool) -> bool:
        settings, action = self._settings, decide_action(self._overrides, code, role)
        if action == IGNORED or (action is None and not settings.is_selected(code)):
            return False
        if code == "GL08" and not settings.verbatim:
            return role in self.documented_roles
        if not requires_addition and code not in _ADDITION_CODES:
            return True
        return action == REQUIRED or role in settings.addition_roles


class FileRules:
    """How the settings apply to one file."""

    def __init__(self, settings: Selection, path: str, inside: str) -> None:
        self.is_excluded = settings.excludes(inside)
        self.settings = settings
        self._path = inside  # from the directory of the settings
        self._is_stub = path.endswith(_DECLARATIONS)
        self._is_test = globs.has_match(TESTS, path)
        self._overrides = tuple(
            override for override in settings.compiled_overrides if override.is_for_path(inside)
        )
        self._is_by_symbol = any(
            override.names or override.decorators for override in self._overrides
        )
        self._table = settings.find_table(self._overrides)
        self._may_excuse = bool(
            self.is_excluded or self._is_stub or settings.has_exceptions or settings.sections
        )

    def counts(self, finding: Finding | FindingRow, symbol: Symbol | FindingRow) -> bool:
        """Tell whether a finding counts."""
        return bool(self.get_severity(finding, symbol))

    def get_severity(self, finding: Finding | FindingRow, symbol: Symbol | FindingRow) -> str:
        """Return ``error`` or ``warning``, or nothing where the finding does not count."""
        return next(self.grade_findings((finding,), symbol))[1]

    def grade_findings(
        self, findings: Iterable[AnyFinding], symbol: Symbol | FindingRow
    ) -> Iterator[tuple[AnyFinding, str]]:
        """Give the findings of one symbol, each with what `get_severity` says of it."""
        role = self.resolve_role(symbol)
        table = self._find_table(symbol) if self._is_by_symbol else self._table
        may_excuse = self._may_excuse or table.parameters
        for finding in findings:
            severity = table[finding.code, role, finding.requires_addition, finding.numpydoc_only]
            if severity and may_excuse and self._excuses_finding(finding, symbol, table):
                severity = ""
            yield finding, severity

    def _excuses_finding(
        self, finding: Finding | FindingRow, symbol: Symbol | FindingRow, table: SeverityTable
    ) -> bool:
        code = finding.code
        if self.is_excluded or self._is_left_out(finding):
            return True
        if code in _PARAMETER_CODES and finding.subject.lstrip("*") in table.parameters:
            return True
        return self.settings.has_exceptions and self._is_excused(code, symbol)

    def _is_left_out(self, finding: Finding | FindingRow) -> bool:
        """Tell whether the kind of file or a title of the settings excuses a finding."""
        if finding.code == "GL08":
            return self._is_stub and not self.settings.verbatim
        return finding.code in _TITLE_CODES and finding.subject in self.settings.sections

    def needs_docstring(self, symbol: Symbol | FindingRow) -> bool:
        """Tell whether a symbol needs a docstring: these are the ones that coverage counts.

        Those of them that lack it have a ``GL08`` among their findings: one docstring is enough
        for a class and its ``__init__``.
        """
        if self.is_excluded or self._is_stub:
            return False
        table = self._find_table(symbol) if self._is_by_symbol else self._table
        if self.resolve_role(symbol) not in table.documented_roles:
            return False
        return not (self.settings.has_exceptions and self._is_excused("", symbol))

    def resolve_role(self, symbol: Symbol | FindingRow) -> str:
        """Choose the kind, of `KINDS`, that the settings know a symbol by."""
        role = symbol.role
        if not (self._is_test or "test_" in symbol.qualname) or role not in DEFAULT_MISSING:
            return role
        is_function = role not in {"module", "class"}
        name = symbol.qualname.rpartition(".")[2]
        return "test" if self._is_test or (is_function and name.startswith("test_")) else role

    def _find_table(self, symbol: Symbol | FindingRow) -> SeverityTable:
        """Find the table of a symbol by its decorators and its dotted name."""
        folder, _, file = self._path.rpartition("/")
        stem = _get_stem(file)
        module = folder if stem == "__init__" else f"{folder}/{stem}"
        name = f"{module.strip('/').replace('/', '.')}.{symbol.qualname}".strip(".")
        return self.settings.find_table(
            tuple(
                override
                for override in self._overrides
                if override.is_for_name(name) and override.is_for_decorators(symbol.decorators)
            )
        )

    def _is_excused(self, code: str, symbol: Symbol | FindingRow) -> bool:
        """Tell whether a decorator or numpydoc's own settings excuse the symbol."""
        settings = self.settings
        if code[:3] != "DT9" and settings.has_generated_docstring(symbol):
            return True
        if settings.name_pattern is not None:
            stem = _get_stem(self._path.rpartition("/")[2])
            name = f"{stem}.{symbol.qualname}" if symbol.qualname else stem
            if settings.name_pattern.search(name[:_LONGEST_NAME]):
                return True
        pattern = settings.docstring_patterns.get(code)
        text = symbol.docstring_text if pattern else None
        return bool(pattern and text is not None and pattern.search(dedent_docstring(text)))


def _get_stem(name: str) -> str:
    return name.rpartition(".")[0] or name


def _join_patterns(patterns: Iterable[str]) -> re.Pattern[str] | None:
    """Join expressions as numpydoc does."""
    joined = "|".join(pattern for pattern in patterns if pattern)
    return re.compile(joined) if joined else None
