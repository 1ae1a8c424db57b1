"""Which of the stored findings count, by code, path, kind of symbol and numpydoc's own settings.

By default all rules count but those that maintainers disagree about. Of numpydoc's these are four:

- ``ES01``, ``SA01`` and ``EX01`` ask for a section whether or not there is something to say, and
  what is written to please them is filler;
- ``RT02`` forbids a name for a single return value, which the format itself allows and which often
  says what the type cannot: numpy's public functions break it 595 times.

Symbols that are not public (private, nested and dunder names, setters, overloads, tests) are judged
only for what is written: nobody has to document them, and a one-line note on a helper is welcome as
it is. A kind of symbol that `Selection.missing` names is judged like a public one.
"""

from __future__ import annotations

import re
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from detent import globs
from detent.audit.rules import RULES
from detent.audit.text import dedent
from detent.model import Unwanted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from detent.model import Finding, Owner, Symbol

#: Rules that are off unless asked for.
OPTIONAL = frozenset(code for code, rule in RULES.items() if rule.optional)

#: Rules that count by default.
DEFAULT_SELECT = tuple(code for code in RULES if code not in OPTIONAL)

#: Paths that are not audited by default.
DEFAULT_EXCLUDE = ("**/tests/**", "**/test_*.py", "**/*_test.py", "**/conftest.py")

#: Kinds of symbols that need a docstring by default: the public ones, in ``__all__`` or not.
DEFAULT_MISSING = frozenset({"module", "class", "function", "method", "unlisted"})

#: All kinds of symbols that `Selection.missing` can name.
KINDS = DEFAULT_MISSING | {
    *("private", "nested", "dunder", "init", "setter", "overload", "override", "test")
}

#: What `Symbol.role` can be.
ROLES = KINDS - {"override", "test"} | {"empty"}

# Not for symbols that are not public.
_NEVER = frozenset(
    {"GL08", "ES01", "SA01", "EX01", *(code for code in RULES if code.startswith(("SS", "DT6")))}
)

_NO_STUBS = frozenset({"overload", "setter", "empty"})


class _Place(NamedTuple):
    """What the settings say of one path."""

    skipped: bool
    is_stub: bool
    is_test: bool
    stem: str


class _Settings(NamedTuple):
    """What a `Selection` is made of; apart, since a named tuple itself can cache nothing."""

    select: tuple[str, ...] = DEFAULT_SELECT
    ignore: tuple[str, ...] = ()
    exclude: tuple[str, ...] = DEFAULT_EXCLUDE
    missing: frozenset[str] = DEFAULT_MISSING
    numpydoc: bool = False
    verbatim: bool = False
    exclude_names: tuple[str, ...] = ()
    exclude_files: tuple[str, ...] = ()
    overrides: Mapping[str, tuple[str, ...]] = MappingProxyType({})


class Selection(_Settings):
    """Settings of the audit, all of them already validated.

    Parameters
    ----------
    select, ignore : tuple of str
        Codes or their beginnings, such as ``GL``; ``ALL`` means every code. The longest one that
        fits a code decides, and `ignore` wins a tie. Problems of a file as such (``DT9``) need no
        selecting.
    exclude : tuple of str
        Globs of paths that are not audited, as `detent.globs` reads them.
    missing : frozenset of str
        Which `KINDS` of symbols need a docstring. ``override`` is up to `detent.query.inherited`.
    numpydoc : bool, default False
        Judge every symbol, as numpydoc's hook does; `missing` then only adds setters, overloads
        and overrides.
    verbatim : bool, default False
        Keep every GL08: the findings are numpydoc's own.
    exclude_names, exclude_files : tuple of str
        What numpydoc calls ``exclude``, searched in ``filestem.Class.function``, and
        ``exclude_files``, matched from the beginning of the path.
    overrides : mapping of str to tuple of str
        What numpydoc calls ``override_XX``: a finding of that code is dropped where one of the
        expressions is found in the dedented docstring.
    """

    def keeps(self, finding: Finding, symbol: Symbol | Owner, path: str) -> bool:
        """Say whether a finding counts.

        Parameters
        ----------
        finding : Finding
            As stored.
        symbol : Symbol or Owner
            What it is about; its docstring matters only for the codes in `Unwanted.quoted`.
        path : str
            The file, from the top of the repository, with slashes.

        Returns
        -------
        bool
            Whether it is to be reported.
        """
        code = finding.code
        if not self.selects(code) or self._place(path).skipped:
            return False
        if code == "GL08" and not self.verbatim:
            return self.needs_docstring(symbol, path)
        if self._is_named(symbol, path) or self._is_overridden(code, symbol):
            return False
        if self.numpydoc or not (finding.demand or code in _NEVER):
            return True
        return self.role(symbol, path) in self._heard

    @property
    def unwanted(self) -> Unwanted:
        """What never counts, wherever it stands."""
        return Unwanted(
            codes=frozenset(code for code in RULES if not self.selects(code)),
            roles=frozenset() if self.numpydoc else ROLES - self._heard,
            demands=_NEVER,
            quoted=frozenset(self._overrides),
        )

    def needs_docstring(self, symbol: Symbol | Owner, path: str) -> bool:
        """Say whether a symbol is one that needs a docstring: it counts for the coverage.

        Of those, the ones that lack it are the ones with a ``GL08`` among their findings: one
        docstring does for a class and its ``__init__``.

        Parameters
        ----------
        symbol : Symbol or Owner
            Any symbol, documented or not.
        path : str
            The file, from the top of the repository, with slashes.

        Returns
        -------
        bool
            Whether it needs one.
        """
        place = self._place(path)
        if place.skipped or place.is_stub:
            return False
        role = self.role(symbol, path)
        if role not in self.missing and (not self.numpydoc or role in _NO_STUBS):
            return False
        return not self._is_named(symbol, path)

    def role(self, symbol: Symbol | Owner, path: str) -> str:
        """Say which of the `KINDS` a symbol is, with what its path tells.

        Parameters
        ----------
        symbol : Symbol or Owner
            Any symbol.
        path : str
            The file, from the top of the repository, with slashes.

        Returns
        -------
        str
            Its `detent.model.Symbol.role`, unless that makes it a test.
        """
        role = symbol.role
        if role in DEFAULT_MISSING:
            is_function = role not in {"module", "class"}
            name = symbol.qualname.rpartition(".")[2]
            if self._place(path).is_test or (is_function and name.startswith("test_")):
                return "test"
        return role

    def audits(self, path: str) -> bool:
        """Say whether a file is audited at all.

        Parameters
        ----------
        path : str
            The file, from the top of the repository, with slashes.

        Returns
        -------
        bool
            Whether no setting excludes it.
        """
        return not self._place(path).skipped

    def selects(self, code: str) -> bool:
        """Say whether findings of a code count at all.

        Parameters
        ----------
        code : str
            The code, such as ``PR01``.

        Returns
        -------
        bool
            Whether `select` and `ignore` let it through.
        """
        known = self._codes.get(code)
        if known is None:
            # What is no rule is a problem of the file as such: it counts unless it is ignored.
            chosen = max(_longest(code, self.select), -1 if code in RULES else 0)
            known = self._codes[code] = chosen > _longest(code, self.ignore)
        return known

    @cached_property
    def _heard(self) -> frozenset[str]:
        """Roles of symbols that more is asked of than what is written."""
        return DEFAULT_MISSING | self.missing

    @cached_property
    def _codes(self) -> dict[str, bool]:
        return {}

    @cached_property
    def _places(self) -> dict[str, _Place]:
        return {}

    @cached_property
    def _excluded(self) -> re.Pattern[str] | None:
        return globs.compiled(self.exclude)

    @cached_property
    def _files(self) -> re.Pattern[str] | None:
        return _any_of(self.exclude_files)

    @cached_property
    def _names(self) -> re.Pattern[str] | None:
        return _any_of(self.exclude_names)

    @cached_property
    def _overrides(self) -> dict[str, re.Pattern[str]]:
        compiled = {code: _any_of(patterns) for code, patterns in self.overrides.items()}
        return {code: pattern for code, pattern in compiled.items() if pattern}

    def _place(self, path: str) -> _Place:
        """Judge a path, once."""
        place = self._places.get(path)
        if place is None:
            skipped = bool(self._excluded and self._excluded.match(path))
            skipped = skipped or bool(self._files and self._files.match(path))
            name = path.rpartition("/")[2]
            stem = name.rpartition(".")[0] or name
            is_test = globs.fits(DEFAULT_EXCLUDE, path)
            place = self._places[path] = _Place(skipped, path.endswith(".pyi"), is_test, stem)
        return place

    def _is_named(self, symbol: Symbol | Owner, path: str) -> bool:
        """Whether numpydoc's ``exclude`` names the symbol."""
        if self._names is None:
            return False
        stem = self._place(path).stem
        name = f"{stem}.{symbol.qualname}" if symbol.qualname else stem
        return self._names.search(name) is not None

    def _is_overridden(self, code: str, symbol: Symbol | Owner) -> bool:
        """Whether numpydoc's ``override_XX`` excuses the symbol."""
        pattern = self._overrides.get(code)
        if pattern is None or symbol.docstring is None:
            return False
        return pattern.search(dedent(symbol.docstring.text)) is not None


def _longest(code: str, prefixes: Iterable[str]) -> int:
    """Length of the longest prefix of a code, counting ``ALL`` as 0; -1 where none fits."""
    fits = [0 if prefix == "ALL" else len(prefix) for prefix in prefixes if _fits(code, prefix)]
    return max(fits, default=-1)


def _fits(code: str, prefix: str) -> bool:
    """Whether a prefix means a code."""
    return prefix == "ALL" or code.startswith(prefix)


def _any_of(patterns: Iterable[str]) -> re.Pattern[str] | None:
    """Join expressions as numpydoc does; None where there is none."""
    joined = "|".join(pattern for pattern in patterns if pattern)
    return re.compile(joined) if joined else None
