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
from detent.audit.codes import CODES, INHERITED, severity
from detent.audit.parse.lines import dedent
from detent.audit.selection.overrides import DEMANDED, IGNORED, Group, Local, local, longest
from detent.audit.selection.path_rules import any_of, place_of
from detent.audit.selection.presets import DEFAULT_EXCLUDE, DEFAULT_MISSING, DEFAULT_SELECT
from detent.core import globs
from detent.core.model import Unwanted
from detent.core.namedtuple import NamedTuple

if TYPE_CHECKING:
    import re
    from collections.abc import Mapping

    from detent.audit.selection.path_rules import Place
    from detent.config import Override
    from detent.core.model import Finding, Listed, Symbol

#: All kinds of symbols that `Selection.missing` can name.
KINDS = frozenset(config.KINDS)

#: What `Symbol.role` can be.
ROLES = KINDS - {"override", "test"} | {"empty"}

# Not for symbols that are not public.
_SUMMARY = {code for code in CODES if code.startswith(("SS", "DT6"))}
_NEVER = frozenset({"GL08", "ES01", "SA01", "EX01", *_SUMMARY})

_NO_STUBS = {"overload", "setter", "empty"}


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
    """Settings of the audit, all of them already validated.

    Parameters
    ----------
    select, ignore : tuple of str
        Codes or their beginnings, such as ``GL``; ``ALL`` means every code. The longest one that
        fits a code decides, and `ignore` wins a tie. Problems of a file as such (``DT9``) need no
        selecting. Without `select`, the rules of `base` count that `ignore` does not fit.
    exclude : tuple of str
        Globs of paths that are not audited, as `detent.core.globs` reads them.
    missing : frozenset of str
        Which `KINDS` of symbols need a docstring. ``override`` is up to `detent.index.inherited`.
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
    doc_decorators : frozenset of str
        Names of decorators, dotted or only the last part, that make the docstring at run time.
    local : tuple of Override
        What is otherwise for some files or symbols; of those that fit and say something of a code,
        the last one decides.
    severities : mapping of str to str
        Codes or their beginnings to ``error`` or ``warning``; the longest one that fits decides.
    base : tuple of str
        The codes that count where `select` is None.
    """

    def keeps(self, finding: Finding | Listed, symbol: Symbol | Listed, path: str) -> bool:
        """Say whether a finding counts.

        Parameters
        ----------
        finding : Finding or Listed
            As stored.
        symbol : Symbol or Listed
            What it is about; its docstring matters only for the codes in `Unwanted.quoted`.
        path : str
            The file, from the top of the repository, with slashes.

        Returns
        -------
        bool
            Whether it is to be reported.
        """
        code, place = finding.code, self._place(path)
        said = self._said(code, symbol, path) if place.group else None
        if place.skipped or not self._admits(code, said):
            return False
        if code == "GL08" and not self.verbatim:
            return self.needs_docstring(symbol, path)
        if self._is_excused(code, symbol, path):
            return False
        is_demand = finding.demand or code in _NEVER
        return not is_demand or said == DEMANDED or self.role(symbol, path) in self._heard

    def kind(self, path: str) -> tuple[bool, ...] | None:
        """Say what of a file decides which of its findings count.

        Parameters
        ----------
        path : str
            The file, from the top of the repository, with slashes.

        Returns
        -------
        tuple of bool or None
            In files of the same kind, findings count alike that have the same code and demand, of
            symbols with the same role, unless their names make tests of them; None where more
            decides.
        """
        place = self._place(path)
        if place.group or self.exclude_names or self.overrides or self.doc_decorators:
            return None
        return place[:3]

    @property
    def unwanted(self) -> Unwanted:
        """What never counts, wherever it stands."""
        selected = [code for one in self.local for code in one.select]
        demanding = {kind for one in self.local if one.select for kind in one.kinds}
        unselected = {
            code for code in CODES if not self.selects(code) and longest(code, selected) < 0
        }
        if not unselected.issuperset(INHERITED):
            # What is said of an inherited docstring hangs on the missing one.
            unselected.discard("GL08")
        return Unwanted(
            codes=frozenset(unselected),
            roles=ROLES - self._heard - demanding,
            demands=_NEVER,
            quoted=frozenset(self._overrides),
            decorated=bool(self.doc_decorators),
        )

    def needs_docstring(self, symbol: Symbol | Listed, path: str) -> bool:
        """Say whether a symbol is one that needs a docstring: it counts for the coverage.

        Of those, the ones that lack it are the ones with a ``GL08`` among their findings: one
        docstring does for a class and its ``__init__``.

        Parameters
        ----------
        symbol : Symbol or Listed
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
        said = self._said("GL08", symbol, path) if place.group else None
        if said == IGNORED:
            return False
        role = self.role(symbol, path)
        if said != DEMANDED and not self._lacks(role):
            return False
        return not (self._is_named(symbol, path) or self.is_made(symbol))

    def role(self, symbol: Symbol | Listed, path: str) -> str:
        """Say which of the `KINDS` a symbol is, with what its path tells.

        Parameters
        ----------
        symbol : Symbol or Listed
            Any symbol.
        path : str
            The file, from the top of the repository, with slashes.

        Returns
        -------
        str
            Its `detent.core.model.Symbol.role`, unless that makes it a test.
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
            # A problem of the file as such counts unless it is ignored.
            chosen = 0 if code in self.base or code[:3] == "DT9" else -1
            if self.select is not None:
                chosen = max(longest(code, self.select), 0 if code[:3] == "DT9" else -1)
            known = self._codes[code] = chosen > longest(code, self.ignore)
        return known

    def severity(self, code: str) -> str:
        """Say how severe findings of a code are.

        Parameters
        ----------
        code : str
            The code, such as ``PR01``.

        Returns
        -------
        str
            ``error`` or ``warning``.
        """
        known = self._severities.get(code)
        if known is None:
            fitting = [one for one in self.severities if longest(code, [one]) >= 0]
            known = severity(code)
            if fitting:
                known = self.severities[max(fitting, key=lambda one: longest(code, [one]))]
            self._severities[code] = known
        return known

    @cached_property
    def _severities(self) -> dict[str, str]:
        return {}

    @cached_property
    def _local(self) -> list[Local]:
        return [local(one) for one in self.local]

    @cached_property
    def _groups(self) -> dict[tuple[int, ...], Group]:
        return {}

    def _group(self, path: str) -> Group | None:
        """Find the overrides that are for a file, together."""
        fitting = tuple(n for n, one in enumerate(self._local) if one.fits_path(path))
        if fitting and fitting not in self._groups:
            self._groups[fitting] = Group([self._local[n] for n in fitting])
        return self._groups.get(fitting)

    def _admits(self, code: str, said: str | None) -> bool:
        """Tell whether a code counts, knowing what overrides say of it."""
        return self.selects(code) if said is None else said != IGNORED

    def _said(self, code: str, symbol: Symbol | Listed, path: str) -> str | None:
        """Tell what overrides say of a code on a symbol."""
        place = self._place(path)
        if place.group is None:
            return None
        if not place.group.is_by_symbol:
            return place.group.says(code, "", "")
        name = f"{place.module}.{symbol.qualname}".strip(".")
        return place.group.says(code, self.role(symbol, path), name)

    def _lacks(self, role: str) -> bool:
        """Whether symbols of a role need a docstring where no override says otherwise."""
        return role in self.missing or (self.numpydoc and role not in _NO_STUBS)

    @cached_property
    def _heard(self) -> frozenset[str]:
        """Roles of symbols that more is asked of than what is written."""
        return ROLES | KINDS if self.numpydoc else DEFAULT_MISSING | self.missing

    @cached_property
    def _codes(self) -> dict[str, bool]:
        return {}

    @cached_property
    def _places(self) -> dict[str, Place]:
        return {}

    @cached_property
    def _excluded(self) -> re.Pattern[str] | None:
        return globs.compiled(self.exclude)

    @cached_property
    def _files(self) -> re.Pattern[str] | None:
        return any_of(self.exclude_files)

    @cached_property
    def _names(self) -> re.Pattern[str] | None:
        return any_of(self.exclude_names)

    @cached_property
    def _overrides(self) -> dict[str, re.Pattern[str]]:
        compiled = {code: any_of(patterns) for code, patterns in self.overrides.items()}
        return {code: pattern for code, pattern in compiled.items() if pattern}

    def _place(self, path: str) -> Place:
        """Judge a path, once."""
        place = self._places.get(path)
        if place is None:
            place = place_of(path, self._excluded, self._files)
            if self.local and not place.skipped:
                place = place._replace(group=self._group(path))
            self._places[path] = place
        return place

    def _is_named(self, symbol: Symbol | Listed, path: str) -> bool:
        """Whether numpydoc's ``exclude`` names the symbol."""
        if self._names is None:
            return False
        stem = self._place(path).stem
        name = f"{stem}.{symbol.qualname}" if symbol.qualname else stem
        return self._names.search(name) is not None

    def is_made(self, symbol: Symbol | Listed) -> bool:
        """Say whether a decorator makes the docstring: what is written is not what is read.

        Parameters
        ----------
        symbol : Symbol or Listed
            Any symbol.

        Returns
        -------
        bool
            Whether one of `doc_decorators` is on it.
        """
        if not self.doc_decorators:
            return False
        names = (one.partition("(")[0].rstrip() for one in symbol.decorators)
        return any({name, name.rpartition(".")[2]} & self.doc_decorators for name in names)

    def _is_excused(self, code: str, symbol: Symbol | Listed, path: str) -> bool:
        """Whether a decorator or numpydoc's own settings excuse the symbol."""
        is_made = code[:3] != "DT9" and self.is_made(symbol)
        return is_made or self._is_named(symbol, path) or self._is_overridden(code, symbol)

    def _is_overridden(self, code: str, symbol: Symbol | Listed) -> bool:
        """Whether numpydoc's ``override_XX`` excuses the symbol."""
        pattern = self._overrides.get(code)
        if pattern is None or symbol.docstring is None:
            return False
        return pattern.search(dedent(symbol.docstring.text)) is not None
