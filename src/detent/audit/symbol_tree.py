"""The symbols of a file as a tree: the children of each symbol, and the classes by name."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.core.namedtuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from detent.core.model import Param, Symbol

# Names of a first parameter that Python passes itself.
_IMPLICIT_NAMES = frozenset({"self", "cls", "mcs", "mcls", "metacls"})
#: Bases that add no attributes and no parameters to a class.
PLAIN_BASES = frozenset({"object", "ABC", "Protocol", "Generic", "NamedTuple"})
# A limit on the bases of a class in one file.
_MAX_CLASSES = 20
_STARS = {"args": "*", "kwargs": "**"}


class SymbolTree(NamedTuple):
    """The symbols of one file, by index."""

    symbols: Sequence[Symbol]  # in document order
    children: dict[int, list[int]]  # the symbols directly inside another
    classes: dict[tuple[int, str], list[int]]  # by parent and name
    words: dict[int, frozenset[str]]  # results of `collect_words`

    def collect_words(self, number: int) -> frozenset[str]:
        """Collect the words in a symbol's code, and in that of everything nested in it."""
        found = self.words.get(number)
        if found is None:
            words: set[str] = set()
            pending = [number]
            while pending:
                index = pending.pop()
                pending += self.children.get(index, ())
                symbol = self.symbols[index]
                words.add(symbol.name)
                words.update(symbol.uses.replace(".", " ").split(" "), symbol.attributes)
            found = self.words[number] = frozenset(words)
        return found


def build_symbol_tree(symbols: Sequence[Symbol]) -> SymbolTree:
    """Group the symbols of a file by their parents."""
    children: dict[int, list[int]] = {}
    classes: dict[tuple[int, str], list[int]] = {}
    for number, symbol in enumerate(symbols):
        children.setdefault(symbol.parent, []).append(number)
        if symbol.kind == "class":
            classes.setdefault((symbol.parent, symbol.name), []).append(number)
    return SymbolTree(symbols, children, classes, {})


def find_constructor(tree: SymbolTree, number: int) -> Symbol | None:
    """Find what has the parameters of a class without ``__init__``: ``__new__`` or its fields."""
    symbol = tree.symbols[number]
    for child in tree.children.get(number, ()):
        if tree.symbols[child].name == "__new__":
            is_plain = not any(param.kind in _STARS for param in tree.symbols[child].params)
            is_enum = any(base.endswith(("Enum", "Flag")) for base in symbol.bases)
            return tree.symbols[child] if is_plain and not is_enum else None
    params = _list_fields(tree, number, set()) if symbol.params else None
    return None if params is None else symbol._replace(params=tuple(params.values()))


def _list_fields(tree: SymbolTree, number: int, seen: set[int]) -> dict[str, Param] | None:
    """List the fields of a class and of its bases; None where another file has a base."""
    symbol = tree.symbols[number]
    seen.add(number)
    fields: dict[str, Param] = {}
    for base in reversed(symbol.bases):
        name = base.partition("[")[0].rpartition(".")[2]
        classes = tree.classes.get((symbol.parent, name), [])
        if name in PLAIN_BASES or "=" in base or (classes and classes[0] in seen):
            continue
        is_known = len(classes) == 1 and len(seen) < _MAX_CLASSES
        inherited = _list_fields(tree, classes[0], seen) if is_known else None
        if inherited is None:
            return None
        fields.update(inherited)
    return {**fields, **{param.name: param for param in symbol.params}}


def find_partners(symbols: Sequence[Symbol]) -> dict[int, int]:
    """Pair each class with its ``__init__``: one docstring is enough for both."""
    found: dict[int, int] = {}
    for index, symbol in enumerate(symbols):
        if symbol.name == "__init__" and symbol.kind == "method":
            found[index] = symbol.parent
            found[symbol.parent] = index
    return found


def list_expected_parameters(symbol: Symbol) -> tuple[str, ...]:
    """List the parameters that a docstring should name, without those that Python passes itself."""
    params = symbol.params
    if not params:
        return ()
    names = [_STARS.get(param.kind, "") + param.name for param in params]
    if symbol.kind == "method" and _is_implicit(names[0], symbol):
        del names[0]
    return tuple(names)


def needs_documentation(symbol: Symbol | None, name: str) -> bool:
    """Tell whether a parameter is one that callers pass: by its name they do not need others."""
    if name.lstrip("*")[:1] == "_":
        return False
    if symbol is None or symbol.kind != "method" or symbol.params[0].name != name:
        return True
    return any("staticmethod" in decorator for decorator in symbol.decorators)


def _is_implicit(name: str, symbol: Symbol) -> bool:
    """Tell whether Python itself passes the first parameter of a method."""
    if name in _IMPLICIT_NAMES:
        return True
    return symbol.name == "__new__" or "classmethod" in symbol.decorators
