"""Rules about the attributes of a class: DT401 to DT403."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.audit.parse.docstring import PARAMETERS
from detent.audit.rule import Mark, Target, register_rule
from detent.audit.symbol_tree import PLAIN_BASES
from detent.core.escape import quote_name, sanitize_name
from detent.core.names import normalize_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from detent.audit.parse.entries import Entry
    from detent.audit.symbol_tree import SymbolTree

# Decorators that add no attributes to a class.
_PLAIN_DECORATORS = frozenset(
    {"dataclass", "final", "runtime_checkable", "set_module", "total_ordering"}
)
# A class with one of these in its code may have attributes that the code does not show.
_DYNAMIC = frozenset(
    {"__dict__", "__getattr__", "__getattribute__", "__new__", "__setattr__", "setattr", "vars"}
)
# A limit on the bases of a class, which may form a circle.
_MAX_CLASSES = 20


@register_rule("DT401", "Documented attribute does not exist", sections=("Attributes",))
def _find_unknown_attributes(target: Target) -> Iterator[Mark]:
    """Find attributes in the Attributes section of a class that its code never mentions.

    The rule checks only classes that the file shows in full: their bases are in the same file, none
    of them has ``__getattr__`` or ``__new__`` or calls ``setattr``, and no decorator can add
    attributes.

    Notes
    -----
    Users who follow the docstring get an ``AttributeError``.

    On numpy, scipy and five other packages it has 3 findings; all of them are right.

    Examples
    --------
    For a class that sets ``self.shape``, instead of ``shpae : tuple``, write ``shape : tuple``.
    """
    known = _collect_class_words(target) if target.symbol.kind == "class" else []
    names = [name for entry in target.doc.read_entries("Attributes") for name in entry.names]
    for name in names if known else ():
        if name.text.isidentifier() and not any(name.text in words for words in known):
            message = f"Attribute {quote_name(name.text)} is not in the class"
            yield Mark((name.line, name.column), sanitize_name(name.text), message)


@register_rule(
    "DT402",
    "Attribute is not documented",
    sections=("Attributes",),
)
def _find_undocumented_attributes(target: Target) -> Iterator[Mark]:
    """Find public attributes that are missing from the Attributes section of their class.

    Attributes are the names that the body of the class assigns or annotates (also fields of a
    dataclass) and the names that its ``__init__`` sets on ``self``. The rule does not report
    properties and other attributes that have a docstring or a comment ``#:`` of their own, nor
    names that are documented as parameters. It skips classes without the section.

    Off by default: many names without an underscore are public by accident.

    Notes
    -----
    Readers expect a list to be complete.

    In a sample of 59 of its 285 findings on numpy, scipy and five other packages, 26 were right.
    The others are internals.

    Examples
    --------
    For ``self.shape = shape``, next to ``dtype : type``, add ``shape : tuple`` with a description.
    """
    symbol, doc = target.symbol, target.doc
    section = doc.find_section("Attributes")
    if not symbol.attributes or section is None or "Attributes" not in doc.filled_sections:
        return
    known = _collect_names(doc.read_entries("Attributes", *PARAMETERS))
    children = target.tree.children.get(target.number, ())
    known.update(target.tree.symbols[number].name for number in children)
    place = (section.line, doc.text.indents[section.line])
    for name in symbol.attributes:
        if name not in known and name[0] != "_" and name not in symbol.described:
            yield Mark(
                place, sanitize_name(name), f"Attribute {quote_name(name)} is not documented"
            )


@register_rule("DT403", "Attribute has no description", sections=("Attributes",))
def _find_undescribed_attributes(target: Target) -> Iterator[Mark]:
    """Find attributes that have a type and no description.

    The rule checks only attributes that the class itself assigns. A property, or an attribute with
    a text below it, has a docstring of its own, so its name is enough in the list.

    Notes
    -----
    A name and a type do not say what the value means.

    On numpy, scipy and five other packages it has 27 findings; all of them are right.

    Examples
    --------
    Below ``shape : tuple`` add, indented, ``Length of each axis.``
    """
    if not target.symbol.attributes or "Attributes" not in target.doc.filled_sections:
        return
    for entry in target.doc.read_entries("Attributes"):
        described = entry.description is not None or not entry.type.text
        for name in () if described else entry.names:
            if name.text in target.symbol.attributes and name.text not in target.symbol.described:
                message = f"Attribute {quote_name(name.text)} has no description"
                yield Mark((name.line, name.column), sanitize_name(name.text), message)


def _collect_names(entries: list[Entry]) -> set[str]:
    """Collect the names that some entries describe."""
    return {name.text for entry in entries for name in entry.names}


def _collect_class_words(target: Target) -> list[frozenset[str]]:
    """Collect the words of a class and of each base; empty where it may have other attributes."""
    tree = target.tree
    found: list[frozenset[str]] = []
    todo = [target.number]
    while todo:
        number = todo.pop()
        words = tree.collect_words(number)
        bases = _find_bases(tree, number)
        if bases is None or len(found) == _MAX_CLASSES or not _DYNAMIC.isdisjoint(words):
            return []
        found.append(frozenset(map(normalize_name, words)))
        todo += bases
    return found


def _find_bases(tree: SymbolTree, number: int) -> list[int] | None:
    """Find the bases of a class; None where others, or a decorator, may add attributes."""
    symbol = tree.symbols[number]
    if not all(_strip_qualifier(name) in _PLAIN_DECORATORS for name in symbol.decorators):
        return None
    found: list[int] = []
    for base in symbol.bases:
        name = base.partition("[")[0]
        if _strip_qualifier(name) in PLAIN_BASES:
            continue
        classes = tree.classes.get((symbol.parent, name), [])
        if len(classes) != 1:
            return None
        found += classes
    return found


def _strip_qualifier(name: str) -> str:
    """Return the last part of a dotted name, without the arguments of a call."""
    return name.partition("(")[0].rpartition(".")[2]
