"""Docstrings that methods inherit from base classes in the same view."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice

from detent import TYPE_CHECKING
from detent.audit.codes import INHERITED
from detent.query.relations.class_resolver import NameResolver

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from detent.audit.selection.select import Selection
    from detent.core.model import FileFacts, Finding, Symbol
    from detent.query.relations.class_resolver import ClassKey
    from detent.query.relations.outlines import ViewOutlines

    #: Path and qualified name of a method without a docstring, and `Finding.open`.
    UndocumentedMethod = tuple[bytes, str, str]

_BASE = r"(?s)((?:\w+\.)*\w+)\s*(?:\[.*\])?"
_KEYWORD = r"\w+\s*="
#: General base classes; they document no method that people mean to override.
_ROOTS = frozenset({"object", "Generic", "typing.Generic", "Protocol", "typing.Protocol", "ABC"})
#: A limit against files that are made to take long; no real class has so many bases.
_MAX_BASES = 500
#: Number of files whose base classes are loaded together.
_BATCH = 100


class InheritedDocstrings:
    """Follows classes to their base classes."""

    def __init__(self, files: ViewOutlines) -> None:
        self._files = files
        self._names = NameResolver(files)
        self._bases: dict[ClassKey, list[ClassKey | None]] = {}
        self._meant: dict[tuple[bytes, str, str], list[ClassKey]] = {}
        self._above: dict[ClassKey, tuple[list[frozenset[str]], bool]] = {}

    def find_inheriting_methods(
        self, methods: Iterable[UndocumentedMethod], selection: Selection
    ) -> set[tuple[bytes, str]]:
        """Find the methods that inherit a docstring."""
        undocumented = {
            method
            for method in methods
            if "override" not in selection.resolve_file(_show(method[0])).settings.missing
        }
        if undocumented:
            self._files.load_outlines({path for path, _, _ in undocumented})
        return {
            (path, name)
            for path, name, pending_on in undocumented
            if self._is_inheriting(path, name, pending_on)
        }

    def _is_inheriting(self, path: bytes, qualname: str, pending_on: str) -> bool:
        owner, _, name = qualname.rpartition(".")
        outline = self._files.get_outline(path)
        numbers = outline.indices_by_name.get(owner, ()) if outline else ()
        found = [self.is_documented((path, number), name) for number in numbers]
        return True in found or (pending_on == "override" and None in found)

    def audit_methods(
        self, methods: Iterable[tuple[bytes, str]], selection: Selection
    ) -> Iterator[tuple[bytes, Symbol, Finding]]:
        """Check inherited docstrings against their overrides, if the settings select it."""
        by_path: dict[bytes, set[str]] = {}
        for path, name in methods:
            by_path.setdefault(path, set()).add(name)
        for path, names in sorted(by_path.items()):
            rules = selection.resolve_file(_show(path))
            if not any(map(rules.settings.is_selected, INHERITED)):
                continue
            for method, finding in self._audit_in_file(path, names, rules.settings):
                if rules.counts(finding, method):
                    yield path, method, finding

    def _audit_in_file(
        self, path: bytes, names: set[str], selection: Selection
    ) -> Iterator[tuple[Symbol, Finding]]:
        """Check the docstrings that methods of a file inherit."""
        from detent.audit.audit_symbol import audit_inherited

        facts = self._files.get_facts(path)
        for number, method in enumerate(facts.symbols if facts else ()):
            if method.qualname not in names or method.docstring is not None:
                continue
            base = self._find_source((path, method.parent), method.name)
            if base is not None and not selection.has_generated_docstring(base):
                findings = audit_inherited(number, method, base)
                yield from ((method, finding) for finding in findings)

    def _find_source(self, place: ClassKey, method: str) -> Symbol | None:
        """Find the method whose docstring is inherited; None if another may come before it."""
        for base in self._resolve_order(place):
            if base is None:
                return None
            if method in self._list_documented(base):
                return self._find_method(base, method)
        return None

    def _find_method(self, place: ClassKey, name: str) -> Symbol | None:
        """Find a documented method of a class; None if it is defined more than once."""
        facts = self._files.get_facts(place[0])
        found = [
            symbol
            for symbol in (facts.symbols if facts else ())
            if symbol.parent == place[1] and symbol.name == name and symbol.docstring
        ]
        return found[0] if len(found) == 1 else None

    def _resolve_order(self, place: ClassKey) -> list[ClassKey | None]:
        """List the method resolution order of a class without itself; None is an unknown base.

        Depth first, from left to right, each class at its last position: this is Python's order
        in all class hierarchies that people write.
        """
        found: list[ClassKey | None] = []
        pending: list[ClassKey | None] = [place]
        while pending:
            base = pending.pop()
            found.append(base)
            if len(found) == _MAX_BASES:
                return [None]
            if base is not None:
                pending += reversed(self._find_bases(base))
        last = {base: number for number, base in enumerate(found) if base is not None}
        order = enumerate(found)
        return [base for number, base in order if base is None or last[base] == number][1:]

    def is_documented(self, place: ClassKey, method: str) -> bool | None:
        """Tell whether a base class documents a method."""
        if place not in self._above:
            self._above[place] = self._collect_ancestors(place)
        known, is_certain = self._above[place]
        if any(method in names for names in known):
            return True
        return False if is_certain else None

    def _collect_ancestors(self, place: ClassKey) -> tuple[list[frozenset[str]], bool]:
        """List the methods that base classes document, and tell whether all bases are known."""
        seen: set[ClassKey | None] = {place}
        pending = [place]
        found: list[frozenset[str]] = []
        while pending and len(seen) < _MAX_BASES:
            new = set(self._find_bases(pending.pop())) - seen
            seen |= new
            known = [base for base in new if base is not None]
            found += map(self._list_documented, known)
            pending += known
        return found, not pending and None not in seen

    def _list_documented(self, place: ClassKey) -> frozenset[str]:
        outline = self._files.get_outline(place[0])
        return frozenset() if outline is None else outline.classes[place[1]].documented

    def _find_bases(self, place: ClassKey) -> list[ClassKey | None]:
        """List the base classes of a class; None comes before those that are uncertain."""
        if place not in self._bases:
            path, number = place
            outline = self._files.get_outline(path)
            class_outline = outline.classes.get(number) if outline else None
            found: list[ClassKey | None] = [None]
            if class_outline is not None:
                scope = class_outline.qualname.rpartition(".")[0]
                bases = map(_parse_base_name, class_outline.bases)
                names = [name for name in bases if name not in _ROOTS]
                found = [base for name in names for base in self._find_classes(place, scope, name)]
            self._bases[place] = found
        return self._bases[place]

    def _find_classes(self, place: ClassKey, scope: str, name: str) -> list[ClassKey | None]:
        """Find the classes that the name of a base class may mean."""
        key = (place[0], scope, name)
        found = self._meant.get(key)
        if found is None:
            found = self._meant[key] = self._names.find_classes(*key)
        # In ``class A(A)``, the base is an imported class.
        others = [other for other in found if other != place]
        return [*others] if len(others) == 1 else [None, *others]


@lru_cache
def _parse_base_name(base: str) -> str:
    """Reduce an expression among the bases to the name of a class; ``?`` if it has none."""
    if match := re.fullmatch(_BASE, base):
        return match[1]
    return "object" if re.match(_KEYWORD, base) else "?"


def _show(path: bytes) -> str:
    return path.decode("utf-8", "replace")


def resolve_inherited(
    files: Iterable[tuple[bytes, FileFacts]], outlines: ViewOutlines, selection: Selection
) -> Iterator[tuple[bytes, FileFacts]]:
    """Remove findings about docstrings that are inherited, and check the inherited ones."""
    inherited = InheritedDocstrings(outlines)
    rest = iter(files)
    while batch := list(islice(rest, _BATCH)):
        methods = [method for file in batch for method in _find_undecided(*file, selection)]
        excused = inherited.find_inheriting_methods(methods, selection)
        more: dict[bytes, list[Finding]] = {}
        for path, _, finding in inherited.audit_methods(excused, selection):
            more.setdefault(path, []).append(finding)
        paths = {path for path, _ in excused}
        for path, facts in batch:
            kept = _drop_inherited(path, facts, excused) if path in paths else facts.findings
            yield path, facts._replace(findings=(*kept, *more.get(path, ())))


def _find_undecided(
    path: bytes, facts: FileFacts, selection: Selection
) -> Iterator[UndocumentedMethod]:
    """Find the missing docstrings that may be inherited."""
    rules = selection.resolve_file(_show(path))
    for finding in facts.findings:
        symbol = facts.symbols[finding.symbol]
        if finding.pending_on and rules.needs_docstring(symbol):
            yield path, symbol.qualname, finding.pending_on


def _drop_inherited(
    path: bytes, facts: FileFacts, excused: set[tuple[bytes, str]]
) -> list[Finding]:
    return [
        finding
        for finding in facts.findings
        if not finding.pending_on or (path, facts.symbols[finding.symbol].qualname) not in excused
    ]
