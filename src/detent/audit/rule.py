"""What a rule is, what it is given, and what it gives back."""

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
    """A documented symbol, and what other symbols of the file say of it."""

    symbol: Symbol  # what is judged
    doc: ParsedDocstring  # its docstring
    # the parameters that the docstring is to name, with their stars
    signature: tuple[str, ...] | None
    documented_names: dict[str, Name]
    is_documented_elsewhere: bool
    owner: Symbol | None  # the function whose parameters the docstring is to name
    tree: SymbolTree
    number: int  # which of them is judged

    @property
    def is_function(self) -> bool:
        """Whether it is a function or a method."""
        return self.symbol.kind in {"function", "method"}

    @property
    def is_property(self) -> bool:
        """Whether a decorator makes an attribute of the function."""
        for decorator in self.symbol.decorators:
            name = decorator.partition("(")[0].rpartition(".")[2]
            if name.endswith("property") or name in {"getter", "cache_readonly"}:
                return True
        return False


class Mark(NamedTuple):
    """What a rule found."""

    place: tuple[int, int]  # line and column in the docstring's text, counted from 0
    subject: str  # the section or parameter; empty where it is about the whole docstring
    message: str  # one line for a person


Check = Callable[[Target], Iterable[Mark]]


class Rule(NamedTuple):
    """A rule with its page of documentation."""

    code: str  # the code and what it stands for, in a few words
    title: str
    doc: str  # the page: the docstring of the rule's function
    check: Check | None  # the function; None for what is found elsewhere than in a docstring
    sections: tuple[str, ...] = ()  # what it reads


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
    """Register what is found elsewhere than in a docstring."""
    _rules[code] = Rule(code, title, dedent_docstring(doc), None)


def collect_rules() -> dict[str, Rule]:
    """Return the rules registered so far, sorted by code."""
    if strange := _rules.keys() ^ set(CODES):
        raise LookupError(f"rule or code alone: {', '.join(sorted(strange))}")
    return {code: _rules[code] for code in CODES}
