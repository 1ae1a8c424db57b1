"""Docstrings that a method has from a base class of the same view."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice

from detent import TYPE_CHECKING
from detent.audit.codes import INHERITED
from detent.query.relations.resolver import Names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from detent.audit.selection.select import Selection
    from detent.core.model import FileFacts, Finding, Symbol
    from detent.query.relations.outlines import Outlines
    from detent.query.relations.resolver import Place

    #: Path and qualified name of a method without a docstring, and `Finding.open`.
    Bare = tuple[bytes, str, str]

_BASE = r"(?s)((?:\w+\.)*\w+)\s*(?:\[.*\])?"
_KEYWORD = r"\w+\s*="
#: Names of what is above every class and documents no method that anybody overrides by intent.
_ROOTS = frozenset({"object", "Generic", "typing.Generic", "Protocol", "typing.Protocol", "ABC"})
#: Nobody has so many base classes, but somebody may want to keep us busy.
_MOST = 500
#: So many files are looked at together.
_BATCH = 100


class Inherited:
    """Follows classes to their bases.

    Parameters
    ----------
    files : Outlines
        The view.
    """

    def __init__(self, files: Outlines) -> None:
        self._files = files
        self._names = Names(files)
        self._bases: dict[Place, list[Place | None]] = {}
        self._meant: dict[tuple[bytes, str, str], list[Place]] = {}
        self._above: dict[Place, tuple[list[frozenset[str]], bool]] = {}

    def excused(self, methods: Iterable[Bare], selection: Selection) -> set[tuple[bytes, str]]:
        """Choose the methods that need no docstring of their own.

        Parameters
        ----------
        methods : iterable of (bytes, str, str)
            Path, qualified name, and `Finding.open` of the missing docstring.
        selection : Selection
            Says whether overrides need one.

        Returns
        -------
        set of (bytes, str)
            Path and qualified name of those whose docstring a base class has; where that cannot be
            known, of those whose decorator says that they override something.
        """
        if "override" in selection.missing:
            return set()
        asked = set(methods)
        if asked:
            self._files.fetch({path for path, _, _ in asked})
        return {(path, name) for path, name, what in asked if self._excuses(path, name, what)}

    def _excuses(self, path: bytes, qualname: str, what: str) -> bool:
        owner, _, name = qualname.rpartition(".")
        outline = self._files.outline(path)
        numbers = outline.named.get(owner, ()) if outline else ()
        found = [self.documented((path, number), name) for number in numbers]
        return True in found or (what == "override" and None in found)

    def judged(
        self, methods: Iterable[tuple[bytes, str]], selection: Selection
    ) -> Iterator[tuple[bytes, Symbol, Finding]]:
        """Judge the docstrings that methods inherit, as far as the settings ask for it.

        Parameters
        ----------
        methods : iterable of (bytes, str)
            Path and qualified name, as `excused` gives them.
        selection : Selection
            Says which findings count.

        Yields
        ------
        (bytes, Symbol, Finding)
            Path and method, and what is wrong.
        """
        if not any(map(selection.selects, INHERITED)):
            return
        by_path: dict[bytes, set[str]] = {}
        for path, name in methods:
            by_path.setdefault(path, set()).add(name)
        for path, names in sorted(by_path.items()):
            shown = path.decode("utf-8", "replace")
            for method, finding in self._judged_in(path, names, selection):
                if selection.keeps(finding, method, shown):
                    yield path, method, finding

    def _judged_in(
        self, path: bytes, names: set[str], selection: Selection
    ) -> Iterator[tuple[Symbol, Finding]]:
        """Judge what some methods of a file inherit."""
        from detent.audit.audit_symbol import audit_inherited

        facts = self._files.facts(path)
        for number, method in enumerate(facts.symbols if facts else ()):
            if method.qualname not in names or method.docstring is not None:
                continue
            base = self._source((path, method.parent), method.name)
            if base is not None and not selection.is_made(base):
                yield from ((method, one) for one in audit_inherited(number, method, base))

    def _source(self, place: Place, method: str) -> Symbol | None:
        """Find the method whose docstring is inherited; None where another may come before it."""
        for one in self._order(place):
            if one is None:
                return None
            if method in self._documented_in(one):
                return self._method(one, method)
        return None

    def _method(self, place: Place, name: str) -> Symbol | None:
        """Find a documented method of a class; None where it is defined more than once."""
        facts = self._files.facts(place[0])
        found = [
            symbol
            for symbol in (facts.symbols if facts else ())
            if symbol.parent == place[1] and symbol.name == name and symbol.docstring
        ]
        return found[0] if len(found) == 1 else None

    def _order(self, place: Place) -> list[Place | None]:
        """List what comes after a class in its method resolution order; None is not known.

        Depth first, from left to right, each class where it comes for the last time: that is
        Python's order wherever people mean it.
        """
        found: list[Place | None] = []
        pending: list[Place | None] = [place]
        while pending:
            one = pending.pop()
            found.append(one)
            if len(found) == _MOST:
                return [None]
            if one is not None:
                pending += reversed(self._bases_of(one))
        last = {one: number for number, one in enumerate(found) if one is not None}
        return [one for number, one in enumerate(found) if one is None or last[one] == number][1:]

    def documented(self, place: Place, method: str) -> bool | None:
        """Tell whether a base class documents a method.

        Parameters
        ----------
        place : (bytes, int)
            Path and symbol of the class that has the method.
        method : str
            Its name.

        Returns
        -------
        bool or None
            None where none of the base classes in the view does, and others are not known.
        """
        if place not in self._above:
            self._above[place] = self._ancestors(place)
        known, is_certain = self._above[place]
        if any(method in names for names in known):
            return True
        return False if is_certain else None

    def _ancestors(self, place: Place) -> tuple[list[frozenset[str]], bool]:
        """List what each base class in the view documents, and whether these are all there are."""
        seen: set[Place | None] = {place}
        pending = [place]
        found: list[frozenset[str]] = []
        while pending and len(seen) < _MOST:
            new = set(self._bases_of(pending.pop())) - seen
            seen |= new
            known = [base for base in new if base is not None]
            found += map(self._documented_in, known)
            pending += known
        return found, not pending and None not in seen

    def _documented_in(self, place: Place) -> frozenset[str]:
        outline = self._files.outline(place[0])
        return frozenset() if outline is None else outline.classes[place[1]].documented

    def _bases_of(self, place: Place) -> list[Place | None]:
        """List the base classes of a class; None before those that are not known for certain."""
        if place not in self._bases:
            path, number = place
            outline = self._files.outline(path)
            one = outline.classes.get(number) if outline else None
            found: list[Place | None] = [None]
            if one is not None:
                scope = one.qualname.rpartition(".")[0]
                names = [name for name in map(_name, one.bases) if name not in _ROOTS]
                found = [base for name in names for base in self._classes(place, scope, name)]
            self._bases[place] = found
        return self._bases[place]

    def _classes(self, place: Place, scope: str, name: str) -> list[Place | None]:
        """Find what the name of a base class means."""
        key = (place[0], scope, name)
        found = self._meant.get(key)
        if found is None:
            found = self._meant[key] = self._names.classes(*key)
        # ``class A(A)`` takes up a name that was imported.
        others = [other for other in found if other != place]
        return [*others] if len(others) == 1 else [None, *others]


@lru_cache
def _name(base: str) -> str:
    """Reduce what stands among the bases to the name of a class; ``?`` where that is none."""
    if match := re.fullmatch(_BASE, base):
        return match[1]
    return "object" if re.match(_KEYWORD, base) else "?"


def settled(
    files: Iterable[tuple[bytes, FileFacts]], outlines: Outlines, selection: Selection
) -> Iterator[tuple[bytes, FileFacts]]:
    """Take out the missing docstrings that are inherited, and judge those that are.

    Parameters
    ----------
    files : iterable of (bytes, FileFacts)
        Files of a view.
    outlines : Outlines
        The whole view; not asked for anything where no finding depends on it.
    selection : Selection
        Says which symbols need a docstring.

    Yields
    ------
    (bytes, FileFacts)
        The same files in the same order.
    """
    inherited = Inherited(outlines)
    rest = iter(files)
    while batch := list(islice(rest, _BATCH)):
        methods = [method for file in batch for method in _undecided(*file, selection)]
        excused = inherited.excused(methods, selection)
        more: dict[bytes, list[Finding]] = {}
        for path, _, finding in inherited.judged(excused, selection):
            more.setdefault(path, []).append(finding)
        paths = {path for path, _ in excused}
        for path, facts in batch:
            kept = _without(path, facts, excused) if path in paths else facts.findings
            yield path, facts._replace(findings=(*kept, *more.get(path, ())))


def _undecided(path: bytes, facts: FileFacts, selection: Selection) -> Iterator[Bare]:
    """Find the missing docstrings that may be inherited."""
    shown = path.decode("utf-8", "replace")
    for one in facts.findings:
        if one.open and selection.needs_docstring(facts.symbols[one.symbol], shown):
            yield path, facts.symbols[one.symbol].qualname, one.open


def _without(path: bytes, facts: FileFacts, excused: set[tuple[bytes, str]]) -> list[Finding]:
    return [
        one
        for one in facts.findings
        if not one.open or (path, facts.symbols[one.symbol].qualname) not in excused
    ]
