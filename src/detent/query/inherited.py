"""Docstrings that a method has from a base class, in the same view."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from detent.query.names import Names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from detent.audit.select import Selection
    from detent.model import FileFacts
    from detent.query.names import Place
    from detent.query.outlines import Outlines

    #: Path and qualified name of a method without a docstring, and `Finding.open`.
    Bare = tuple[bytes, str, str]

_BASE = re.compile(r"((?:\w+\.)*\w+)\s*(?:\[.*\])?", re.DOTALL)
_KEYWORD = re.compile(r"\w+\s*=")
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
        self._bases: dict[Place, tuple[list[Place], bool]] = {}

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
        seen = {place}
        pending = [place]
        complete = True
        while pending and len(seen) < _MOST:
            bases, known = self._bases_of(pending.pop())
            complete = complete and known
            for path, number in bases:
                if (path, number) in seen:
                    continue
                seen.add((path, number))
                pending.append((path, number))
                outline = self._files.outline(path)
                if outline is not None and method in outline.classes[number].documented:
                    return True
        return False if complete and not pending else None

    def _bases_of(self, place: Place) -> tuple[list[Place], bool]:
        """List the base classes of a class, and say whether these are all."""
        if place not in self._bases:
            path, number = place
            outline = self._files.outline(path)
            one = outline.classes.get(number) if outline else None
            found: list[Place] = []
            complete = one is not None
            for base in map(_name, one.bases if one else ()):
                if base not in _ROOTS:
                    scope = one.qualname.rpartition(".")[0] if one else ""
                    classes = self._names.classes(path, scope, base)
                    # ``class A(A)`` takes up a name that was imported.
                    others = [other for other in classes if other != place]
                    found += others
                    complete = complete and bool(others)
            self._bases[place] = found, complete
        return self._bases[place]


def _name(base: str) -> str:
    """Reduce what stands among the bases to the name of a class; ``?`` where that is none."""
    if match := _BASE.fullmatch(base):
        return match[1]
    return "object" if _KEYWORD.match(base) else "?"


def settled(
    files: Iterable[tuple[bytes, FileFacts]], outlines: Outlines, selection: Selection
) -> Iterator[tuple[bytes, FileFacts]]:
    """Take out the missing docstrings that are inherited.

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
        paths = {path for path, _ in excused}
        for path, facts in batch:
            yield path, _without(path, facts, excused) if path in paths else facts


def _undecided(path: bytes, facts: FileFacts, selection: Selection) -> Iterator[Bare]:
    """Find the missing docstrings that may be inherited."""
    shown = path.decode("utf-8", "replace")
    for one in facts.findings:
        if one.open and selection.needs_docstring(facts.symbols[one.symbol], shown):
            yield path, facts.symbols[one.symbol].qualname, one.open


def _without(path: bytes, facts: FileFacts, excused: set[tuple[bytes, str]]) -> FileFacts:
    kept = [
        one
        for one in facts.findings
        if not one.open or (path, facts.symbols[one.symbol].qualname) not in excused
    ]
    return facts._replace(findings=tuple(kept))
