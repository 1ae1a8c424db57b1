"""The outline of a file, for other files: its classes, its imports and its exports."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.core.namedtuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from detent.core.model import FileFacts

    #: A class or a documented method, as `build_outline` takes it.
    Definition = tuple[int, int, str, str, tuple[str, ...], tuple[str, ...]]

# Further definitions of the same name, whose docstrings do not describe the method.
_SECONDARY_DECORATORS = frozenset({"overload", "setter", "deleter"})


class ClassOutline(NamedTuple):
    """A class in its own file."""

    qualname: str  # the dotted name inside the module
    bases: tuple[str, ...]  # base classes and keywords as written
    documented: frozenset[str]  # names of the methods that have a docstring


class Outline(NamedTuple):
    """The part of a file that other files depend on."""

    classes: dict[int, ClassOutline]  # by the index of the symbol
    indices_by_name: dict[str, list[int]]
    imports: dict[str, list[tuple[str, str]]]  # what the module's own imports bind to a name
    stars: list[str]  # modules from which everything is imported, the last one first
    exports: tuple[str, ...] | None  # as in `detent.core.model.FileFacts`


def build_outline(
    definitions: Iterable[Definition],
    imports: Iterable[tuple[str, str, str]],
    exports: tuple[str, ...] | None,
) -> Outline:
    """Make an outline from definitions and imports."""
    found: dict[int, tuple[str, tuple[str, ...]]] = {}
    named: dict[str, list[int]] = {}
    documented: dict[int, set[str]] = {}
    for number, parent, kind, name, decorators, bases in definitions:
        if kind == "class":
            found[number] = name, bases
            named.setdefault(name, []).append(number)
        elif not (
            decorators and _SECONDARY_DECORATORS.intersection(map(_strip_qualifier, decorators))
        ):
            documented.setdefault(parent, set()).add(name)
    classes = {
        number: ClassOutline(*head, frozenset(documented.get(number, ())))
        for number, head in found.items()
    }
    bound: dict[str, list[tuple[str, str]]] = {}
    for name, module, target in imports:
        bound.setdefault(name, []).append((module, target))
    stars = [module for module, _ in reversed(bound.pop("*", ()))]
    return Outline(classes, named, bound, stars, exports)


def _strip_qualifier(decorator: str) -> str:
    return decorator.rpartition(".")[2]


def derive_outline(facts: FileFacts) -> Outline:
    """Reduce the facts of a file to its outline."""
    definitions = [
        (
            number,
            symbol.parent,
            symbol.kind,
            symbol.qualname if symbol.kind == "class" else symbol.name,
            symbol.decorators,
            symbol.bases,
        )
        for number, symbol in enumerate(facts.symbols)
        if symbol.kind == "class"
        or (symbol.kind == "method" and symbol.docstring is not None and symbol.docstring.text)
    ]
    own = [
        (binding.name, binding.module, binding.target)
        for binding in facts.bindings
        if binding.symbol == 0
    ]
    return build_outline(definitions, own, facts.exports)
