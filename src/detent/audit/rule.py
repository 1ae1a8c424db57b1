"""Rules: the target that they check, the marks that they return, and their registry."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from detent import TYPE_CHECKING
from detent.audit.codes import CODES
from detent.audit.parse.lines import dedent_docstring
from detent.core.namedtuple import NamedTuple

if TYPE_CHECKING:
    from detent.audit.parse.docstring import ParsedDocstring
    from detent.audit.parse.entries import Name
    from detent.audit.symbol_tree import SymbolTree
    from detent.core.model import Symbol


class Target(NamedTuple):
    """A documented symbol with the symbols around it."""

    symbol: Symbol
    doc: ParsedDocstring  # its docstring
    signature: tuple[str, ...] | None  # parameters that the docstring should name, with their stars
    documented_names: dict[str, Name]  # by name, the first mention of each
    is_documented_elsewhere: bool  # whether the other half, class or ``__init__``, names parameters
    owner: Symbol | None  # the function that has these parameters
    tree: SymbolTree
    number: int  # the symbol's index in the tree

    @property
    def is_function(self) -> bool:
        """Whether it is a function or a method."""
        return self.symbol.kind in {"function", "method"}

    @property
    def known_names(self) -> set[str]:
        """The parameters, as documented and as in the signature, without their stars."""
        return {name.strip("*") for name in (*self.documented_names, *(self.signature or ()))}

    @property
    def is_property(self) -> bool:
        """Whether a decorator makes the function a property."""
        for decorator in self.symbol.decorators:
            name = decorator.partition("(")[0].rpartition(".")[2]
            if name.endswith("property") or name in {"getter", "cache_readonly"}:
                return True
        return False


class Mark(NamedTuple):
    """A place in a docstring that breaks a rule."""

    place: tuple[int, int]  # line and column in the docstring's text, counted from 0
    subject: str  # the section or parameter; empty for the whole docstring
    message: str  # one line
    numpydoc_only: bool = False  # see `Finding.numpydoc_only`


Check = Callable[[Target], Iterable[Mark]]


class Rule(NamedTuple):
    """A rule with its page of documentation."""

    code: str
    title: str  # what it finds, in a few words
    doc: str  # the page: the docstring of the rule's function
    check: Check | None  # the function; None for rules that do not check docstrings
    sections: tuple[str, ...] = ()  # the only sections that it reads; empty for any


_rules: dict[str, Rule] = {}


def register_rule(
    code: str, title: str, *, sections: tuple[str, ...] = ()
) -> Callable[[Check], Check]:
    """Register the decorated function as a rule."""

    def register(check: Check) -> Check:
        _rules[code] = Rule(code, title, dedent_docstring(check.__doc__ or ""), check, sections)
        return check

    return register


def register_page(code: str, title: str, doc: str) -> None:
    """Register a rule that does not check docstrings."""
    _rules[code] = Rule(code, title, dedent_docstring(doc), None)


def collect_rules() -> dict[str, Rule]:
    """Return the rules registered so far, sorted by code."""
    if strange := _rules.keys() ^ set(CODES):
        raise LookupError(f"rule without code, or code without rule: {', '.join(sorted(strange))}")
    return {code: _rules[code] for code in CODES}
