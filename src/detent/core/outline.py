"""What other files need to know of a file: its classes, what it imports and what it lets out."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.core.namedtuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from detent.core.model import FileFacts

    #: A class or a documented method, as `outline` takes it.
    Definition = tuple[int, int, str, str, tuple[str, ...], tuple[str, ...]]

# What further definitions of the same name are for; their docstrings describe nothing.
_SATELLITES = frozenset({"overload", "setter", "deleter"})


class Class(NamedTuple):
    """A class, as its own file has it.

    Attributes
    ----------
    qualname : str
        The dotted name inside the module.
    bases : tuple of str
        Base classes and keywords as written.
    documented : frozenset of str
        Names of the methods that have a docstring.
    """

    qualname: str
    bases: tuple[str, ...]
    documented: frozenset[str]


class Outline(NamedTuple):
    """A file, as far as other files depend on it.

    Attributes
    ----------
    classes : dict of int to Class
        By the index of the symbol.
    named : dict of str to list of int
        Indices of the classes by qualified name; a name may be defined more than once.
    imports : dict of str to list of (str, str)
        What the module's own imports bind to a name: module and target, as in
        `detent.core.model.Binding`.
    stars : list of str
        Modules from which everything is imported, the last one first.
    exports : tuple of str or None
        As in `detent.core.model.FileFacts`.
    """

    classes: dict[int, Class]
    named: dict[str, list[int]]
    imports: dict[str, list[tuple[str, str]]]
    stars: list[str]
    exports: tuple[str, ...] | None


def outline(
    definitions: Iterable[Definition],
    imports: Iterable[tuple[str, str, str]],
    exports: tuple[str, ...] | None,
) -> Outline:
    """Make an outline of its parts.

    Parameters
    ----------
    definitions : iterable of (int, int, str, str, tuple of str, tuple of str)
        Index of the symbol and of what encloses it; kind, qualified name (of a method, its name),
        decorators and bases of the classes and the documented methods of a file.
    imports : iterable of (str, str, str)
        Name, module and target of what the module's own imports bind, in document order.
    exports : tuple of str or None
        As in `detent.core.model.FileFacts`.

    Returns
    -------
    Outline
        The outline.
    """
    found: dict[int, tuple[str, tuple[str, ...]]] = {}
    named: dict[str, list[int]] = {}
    documented: dict[int, set[str]] = {}
    for number, parent, kind, name, decorators, bases in definitions:
        if kind == "class":
            found[number] = name, bases
            named.setdefault(name, []).append(number)
        elif not (decorators and _SATELLITES.intersection(map(_last, decorators))):
            documented.setdefault(parent, set()).add(name)
    classes = {
        number: Class(*head, frozenset(documented.get(number, ())))
        for number, head in found.items()
    }
    bound: dict[str, list[tuple[str, str]]] = {}
    for name, module, target in imports:
        bound.setdefault(name, []).append((module, target))
    stars = [module for module, _ in reversed(bound.pop("*", ()))]
    return Outline(classes, named, bound, stars, exports)


def _last(decorator: str) -> str:
    return decorator.rpartition(".")[2]


def outline_of(facts: FileFacts) -> Outline:
    """Reduce facts to what other files need.

    Parameters
    ----------
    facts : FileFacts
        Read in full.

    Returns
    -------
    Outline
        The rest.
    """
    definitions = [
        (
            number,
            one.parent,
            one.kind,
            one.qualname if one.kind == "class" else one.name,
            one.decorators,
            one.bases,
        )
        for number, one in enumerate(facts.symbols)
        if one.kind == "class"
        or (one.kind == "method" and one.docstring is not None and one.docstring.text)
    ]
    own = [(one.name, one.module, one.target) for one in facts.bindings if one.symbol == 0]
    return outline(definitions, own, facts.exports)
