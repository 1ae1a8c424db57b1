"""What one file says of names: every reference in it, and how values flow between its names.

An expression is a number: its position in `FileReferences.expressions`. Its parts come before it,
and of two expressions of one scope, the first one is evaluated first. So a number is also a time:
an assignment is seen by what is read later.
"""

from __future__ import annotations

from detent.core.namedtuple import NamedTuple

#: Stands for an expression of which nothing is known, such as a sum.
UNKNOWN = -1
_NAMED = ("name", "attribute", "import")


class Expression(NamedTuple):
    """A part of the code that a value comes from or goes to.

    Attributes
    ----------
    kind : str
        ``name``, ``attribute``, ``call``, ``item`` (``x[key]``), ``element`` (of an iteration),
        ``enter`` (what ``with`` gives), ``instance`` (of an annotation or a caught exception),
        ``sequence``, ``mapping``, ``choice`` (one of several), ``constant``, ``define`` (a
        function, class or lambda), ``decorated``, ``import``, ``parameter`` or ``yielded``.
    name : str
        Its own name: the last part of a dotted one; the key of an item; the keys of a mapping and
        the keywords of a call, separated by blanks; the number of the scope that is defined; module
        and target of an import, with a colon between them.
    parts : tuple of int
        The expressions that it is made of; `UNKNOWN` for those without any.
    scope : int
        The scope that evaluates it.
    role : str
        The kind of reference: ``call``, ``read``, ``write``, ``inherit``, ``decorate``,
        ``annotate``, ``import`` or ``re-export``; empty for what is none.
    line, column : int
        Where its own name begins.
    """

    kind: str
    name: str
    parts: tuple[int, ...]
    scope: int
    role: str
    line: int
    column: int


class Flow(NamedTuple):
    """A value that goes to a target.

    Attributes
    ----------
    scope : int
        The scope that has the name, or where the target is evaluated.
    target, value : int
        The expressions.
    until : int
        The end of the block: what is evaluated before it and after the target sees this value and
        none before. 0 for all of the scope; negative for a name that exists only in the block.
    loop : int
        Where the outermost loop around it begins, whose next round sees it too; -1 for none.
    """

    scope: int
    target: int
    value: int
    until: int
    loop: int


class LocalScope(NamedTuple):
    """A module, class, function or lambda.

    Attributes
    ----------
    parent : int
        The scope around it; -1 for the module.
    kind : str
        ``module``, ``class``, ``function``, ``method`` or ``lambda``.
    name, qualname : str
        As in `Symbol`; a lambda has ``<lambdaN>``, the N-th of the scope around it.
    line, end_line : int
        Where it begins and ends.
    parameters : tuple of int
        Expressions of kind ``parameter``.
    stars : str
        A letter for each of them: ``p`` positional only, ``n`` normal, ``a`` ``*args``, ``k``
        keyword only, ``w`` ``**kwargs``.
    bases : tuple of int
        Base classes.
    returns : tuple of int
        What it returns, with what the annotation says.
    flags : str
        Words: ``generator``, ``async``, ``static``, ``classmethod``, ``property``, ``wraps`` (it
        calls itself what it wraps) and ``annotated``.
    """

    parent: int
    kind: str
    name: str
    qualname: str
    line: int
    end_line: int
    parameters: tuple[int, ...] = ()
    stars: str = ""
    bases: tuple[int, ...] = ()
    returns: tuple[int, ...] = ()
    flags: str = ""


class FileReferences(NamedTuple):
    """All references of one file.

    Attributes
    ----------
    scopes : tuple of LocalScope
        In document order; the first is the module.
    expressions : tuple of Expression
        By number.
    flows : tuple of Flow
        In the order of their targets.
    exports : tuple of str or None
        As in `FileFacts`.
    """

    scopes: tuple[LocalScope, ...] = ()
    expressions: tuple[Expression, ...] = ()
    flows: tuple[Flow, ...] = ()
    exports: tuple[str, ...] | None = None


def list_words(references: FileReferences) -> set[str]:
    """List the names that references mention."""
    found: set[str] = set()
    for expression in references.expressions:
        if expression.kind in _NAMED and expression.role:
            found.update(expression.name.replace(":", ".").split("."))
    found.discard("")
    return found
