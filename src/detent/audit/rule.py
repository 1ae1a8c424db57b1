"""What a rule is, what it is given, and what it gives back."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from detent import TYPE_CHECKING
from detent.audit.codes import CODES
from detent.audit.parse.lines import dedent
from detent.core.namedtuple import NamedTuple

if TYPE_CHECKING:
    from detent.audit.parse.docstring import Doc
    from detent.audit.parse.entries import Name
    from detent.audit.symbol_tree import Family
    from detent.core.model import Symbol


class Target(NamedTuple):
    """A documented symbol, and what other symbols of the file say of it.

    Attributes
    ----------
    symbol : Symbol
        What is judged.
    doc : Doc
        Its docstring.
    signature : tuple of str or None
        The parameters that the docstring is to name, with their stars; None where the file does not
        say which they are.
    named : dict of str to Name
        The parameters that the docstring names; the first mention of each.
    elsewhere : bool
        Whether the parameters are documented in the class of this ``__init__``, or in the
        ``__init__`` of this class.
    owner : Symbol or None
        The function whose parameters the docstring is to name: for a class its own ``__init__``.
    family : Family
        All symbols of the file.
    number : int
        Which of them is judged.
    """

    symbol: Symbol
    doc: Doc
    signature: tuple[str, ...] | None
    named: dict[str, Name]
    elsewhere: bool
    owner: Symbol | None
    family: Family
    number: int

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
    """What a rule found.

    Attributes
    ----------
    place : tuple of int
        Line and column in the docstring's text, counted from 0.
    subject : str
        The section or parameter; empty where it is about the whole docstring.
    message : str
        One line for a person.
    """

    place: tuple[int, int]
    subject: str
    message: str


Check = Callable[[Target], Iterable[Mark]]


class Rule(NamedTuple):
    """A rule with its page of documentation.

    Attributes
    ----------
    code, title : str
        The code and what it stands for, in a few words.
    doc : str
        The page: the docstring of the rule's function.
    check : Check or None
        The function; None for what is found elsewhere than in a docstring.
    sections : tuple of str
        What it reads: it is not run where none of these sections has content. Empty for a rule that
        is always run.
    """

    code: str
    title: str
    doc: str
    check: Check | None
    sections: tuple[str, ...] = ()


_rules: dict[str, Rule] = {}


def rule(code: str, title: str, *, sections: tuple[str, ...] = ()) -> Callable[[Check], Check]:
    """Register the decorated function as a rule.

    Parameters
    ----------
    code : str
        The code, such as ``PR01``; `detent.audit.codes` says in which presets it is.
    title : str
        What it stands for, in a few words.
    sections : tuple of str, default ()
        What it reads: it is not run where none of these sections has content. By default it is
        always run.

    Returns
    -------
    callable
        A decorator that returns the function as it is.
    """

    def register(check: Check) -> Check:
        _rules[code] = Rule(code, title, dedent(check.__doc__ or ""), check, sections)
        return check

    return register


def page(code: str, title: str, doc: str) -> None:
    """Register what is found elsewhere than in a docstring.

    Parameters
    ----------
    code : str
        The code, such as ``DT901``.
    title : str
        What it stands for, in a few words.
    doc : str
        Its page.
    """
    _rules[code] = Rule(code, title, dedent(doc), None)


def registered() -> dict[str, Rule]:
    """Return the rules registered so far, sorted by code.

    Returns
    -------
    dict of str to Rule
        A copy.

    Raises
    ------
    LookupError
        If they are not those of `detent.audit.codes`.
    """
    if strange := _rules.keys() ^ set(CODES):
        raise LookupError(f"rule or code alone: {', '.join(sorted(strange))}")
    return {code: _rules[code] for code in CODES}
