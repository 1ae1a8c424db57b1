"""Which symbols of a file belong together: what is nested in what, and which class a name means."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.core.namedtuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from detent.core.model import Symbol

# Names of a first parameter that Python fills in.
_IMPLICIT_NAMES = frozenset({"self", "cls", "mcs", "mcls", "metacls"})
_STARS = {"args": "*", "kwargs": "**"}


class SymbolTree(NamedTuple):
    """The symbols of one file, to be asked by number."""

    symbols: Sequence[Symbol]  # in document order
    children: dict[int, list[int]]  # the symbols directly in another; none for one that has none
    classes: dict[tuple[int, str], list[int]]  # the classes by parent and name
    words: dict[int, frozenset[str]]  # what `collect_words` has already found

    def collect_words(self, number: int) -> frozenset[str]:
        """Collect the words in a symbol's code, and in that of everything nested in it."""
        found = self.words.get(number)
        if found is None:
            words: set[str] = set()
            todo = [number]
            while todo:
                index = todo.pop()
                todo += self.children.get(index, ())
                words.add(self.symbols[index].name)
                words.update(self.symbols[index].uses.replace(".", " ").split(" "))
            found = self.words[number] = frozenset(words)
        return found


def build_symbol_tree(symbols: Sequence[Symbol]) -> SymbolTree:
    """Sort the symbols of a file by what they are nested in."""
    children: dict[int, list[int]] = {}
    classes: dict[tuple[int, str], list[int]] = {}
    for number, symbol in enumerate(symbols):
        children.setdefault(symbol.parent, []).append(number)
        if symbol.kind == "class":
            classes.setdefault((symbol.parent, symbol.name), []).append(number)
    return SymbolTree(symbols, children, classes, {})


def find_partners(symbols: Sequence[Symbol]) -> dict[int, int]:
    """Find the other half of what is documented in one place: a class and its ``__init__``."""
    found: dict[int, int] = {}
    for index, symbol in enumerate(symbols):
        if symbol.name == "__init__" and symbol.kind == "method":
            found[index] = symbol.parent
            found[symbol.parent] = index
    return found


def list_expected_parameters(symbol: Symbol) -> tuple[str, ...]:
    """List the parameters that a docstring is to name, without those that Python fills in."""
    params = symbol.params
    if not params:
        return ()
    names = [_STARS.get(param.kind, "") + param.name for param in params]
    if symbol.kind == "method" and _is_implicit(names[0], symbol):
        del names[0]
    return tuple(names)


def _is_implicit(name: str, symbol: Symbol) -> bool:
    """Whether Python fills in the first parameter of a method."""
    if name in _IMPLICIT_NAMES:
        return True
    return symbol.name == "__new__" or "classmethod" in symbol.decorators
