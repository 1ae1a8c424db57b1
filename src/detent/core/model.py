"""The plain data that passes between the packages: facts of one file, findings, keys of blobs.

Everything here is immutable and knows nothing of git, SQL or terminals. Lines and columns are
counted from 1, columns in characters, as editors show them.
"""

from __future__ import annotations

from detent.core.namedtuple import NamedTuple

#: The kinds of facts. Each has a version of its own for each language, so that a new rule does not
#: throw away what it does not change.
STRUCTURE = "structure"  # symbols, calls, bindings, exports, size
FINDINGS = "findings"  # what all rules report
KINDS = (STRUCTURE, FINDINGS)
#: A further kind, which is derived only when a question needs it: see `detent.core.references`.
REFERENCES = "references"


class BlobKey(NamedTuple):
    """What facts belong to: the same bytes have other facts in another language.

    Attributes
    ----------
    oid : str
        The object id that git gives the bytes.
    language : str
        The language that they are read as, such as ``python``.
    """

    oid: str
    language: str


class Param(NamedTuple):
    """One parameter of a function, as written.

    Attributes
    ----------
    name : str
        The name without stars.
    kind : str
        ``positional``, ``normal``, ``args``, ``keyword`` or ``kwargs``: what stands before ``/``,
        what stands before ``*``, ``*name``, what follows ``*``, ``**name``.
    annotation, default : str or None
        The source text of the expression, or None where there is none.
    """

    name: str
    kind: str = "normal"
    annotation: str | None = None
    default: str | None = None


class Docstring(NamedTuple):
    r"""A docstring as Python evaluates it, and as it is written.

    Attributes
    ----------
    text : str
        The value of the literal, newlines as ``\n``, not dedented.
    source : str
        The literal as written, from its prefix to its last quote; with implicit concatenation, the
        whole expression.
    line, column : int
        Where `source` begins in the file.
    """

    text: str
    source: str
    line: int
    column: int


class Directive(NamedTuple):
    """A ``# detent: ignore[...]`` comment.

    Attributes
    ----------
    line, column : int
        Where it begins.
    codes : tuple of str
        What stands in the brackets, as written; empty without any.
    """

    line: int
    column: int
    codes: tuple[str, ...]


class Shape(NamedTuple):
    """How big a definition is, and how involved.

    Attributes
    ----------
    lines : int
        From its keyword to its last line, with what is nested in it, without its docstring.
    parameters : int
        Those of a function, without the ``self`` or ``cls`` of a method.
    complexity : int
        McCabe's, of its own code: one, and one for each ``if``, ``elif``, conditional expression,
        loop, ``except``, ``assert``, ``and`` or ``or``, loop and condition of a comprehension,
        ``case`` that may fail, and guard.
    nesting : int
        Blocks of ``if``, loops, ``with``, ``try`` and ``match`` inside one another, in its own
        code; ``elif`` adds nothing.
    """

    lines: int = 0
    parameters: int = 0
    complexity: int = 1
    nesting: int = 0


class Symbol(NamedTuple):
    """A module, class or function, and what its own body says of it.

    Attributes
    ----------
    parent : int
        Index of the enclosing symbol in the file; -1 for the module, which is symbol 0.
    kind : str
        ``module``, ``class``, ``function`` or ``method`` (a function directly in a class).
    name, qualname : str
        The name, and the dotted name inside the module; both empty for the module.
    visibility : str
        ``public``, ``unlisted`` (``__all__`` leaves it out), ``private`` (it or an enclosing symbol
        has a leading underscore and is not in ``__all__``), ``dunder`` or ``nested`` (inside a
        function).
    line, column, end_line : int
        Where the ``def`` or ``class`` keyword (module: the file) begins, and the last line.
    decorators : tuple of str
        The expressions as written, without ``@``, outermost first.
    bases : tuple of str
        Base classes and keywords as written; empty for what is not a class.
    params : tuple of Param
        All parameters, including ``self``. For a class, the fields that a decorator or a base makes
        parameters of its constructor: those of dataclasses, named tuples and attrs classes.
    returns : str or None
        The return annotation as written.
    flags : frozenset of str
        What belongs to the function's own body, not to functions nested in it: ``async``;
        ``returns`` (a ``return`` with a value that is not the literal None), ``returns-none`` (a
        bare ``return`` or ``return None``); ``yields`` (any ``yield``), ``yields-value`` (a
        ``yield`` with a value, or ``yield from``); ``stub`` (the body is only a docstring, ``...``,
        ``pass`` or ``raise NotImplementedError``); ``empty`` (a module without any statement);
        ``computed-docstring`` (the body begins with a string that Python takes for no docstring,
        such as an f-string); ``declared`` (it is in a block for type checkers and only declares).
    raises : tuple of str
        What the body's own ``raise`` statements name, as written, sorted, each once; what the
        ``except`` catches where they name nothing, and ``...`` where they cannot be read.
    caught : tuple of str
        The same for what the function itself catches, and ``AssertionError`` for an ``assert``.
    attributes : tuple of str
        For a class, the names that its body assigns or annotates, then those that its ``__init__``
        sets on the instance, each once; empty for what is no class. With those in ``__slots__``,
        without fields of type ``InitVar``.
    described : tuple of str
        The attributes with a string below them or a comment ``#:``.
    ignores : frozenset of str
        Codes that comments on this symbol ignore, ``# numpydoc ignore=`` as well as our own.
    directives : tuple of Directive
        Our own comments on this symbol, in document order.
    docstring : Docstring or None
        None where there is none.
    body : str
        Hash of the definition after its name, dedented: what a move or a rename leaves alone.
    own : str
        The same without the definitions nested in it: what an edit of this symbol changes.
    uses : str
        Dotted names that occur in the symbol's own code, as written, sorted, each once, separated
        by spaces: one string, since there are hundreds of thousands of them.
    shape : Shape
        How big it is, and how involved.
    """

    parent: int
    kind: str
    name: str
    qualname: str
    visibility: str
    line: int
    column: int
    end_line: int
    decorators: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()
    params: tuple[Param, ...] = ()
    returns: str | None = None
    flags: frozenset[str] = frozenset()
    raises: tuple[str, ...] = ()
    caught: tuple[str, ...] = ()
    attributes: tuple[str, ...] = ()
    described: tuple[str, ...] = ()
    ignores: frozenset[str] = frozenset()
    directives: tuple[Directive, ...] = ()
    docstring: Docstring | None = None
    body: str = ""
    own: str = ""
    uses: str = ""
    shape: Shape = Shape()

    @property
    def role(self) -> str:
        """What it is to whoever decides which symbols need a docstring.

        Where several fit, the one that best excuses a missing docstring: ``overload`` (what
        is only declared for type checkers too), ``setter`` (deleters too), ``nested``, ``private``,
        ``init``, ``dunder``, ``unlisted``, ``empty`` (a module without any statement), or else its
        `kind`.
        """
        for decorator in self.decorators:
            if found := _ROLE_BY_DECORATOR.get(decorator.rpartition(".")[2]):
                return found
        if "declared" in self.flags:
            return "overload"
        if self.visibility == "dunder":
            return "init" if self.name == "__init__" else "dunder"
        if self.visibility != "public":
            return self.visibility
        return "empty" if "empty" in self.flags else self.kind

    @property
    def docstring_text(self) -> str | None:
        """The value of the docstring; None where there is none."""
        return None if self.docstring is None else self.docstring.text


_ROLE_BY_DECORATOR = {"overload": "overload", "setter": "setter", "deleter": "setter"}


class Call(NamedTuple):
    """A call in the code, as written and not resolved.

    Attributes
    ----------
    symbol : int
        Index of the symbol whose own code makes the call.
    name : str
        The callee as a dotted name; ``.name`` where what stands before the dot is no plain name.
    line, column : int
        Where the callee begins.
    """

    symbol: int
    name: str
    line: int
    column: int


class Binding(NamedTuple):
    """A name that an import binds.

    Attributes
    ----------
    symbol : int
        Index of the symbol in whose own code the import stands.
    name : str
        The local name; ``*`` for a star import.
    module : str
        The module as written, with its leading dots.
    target : str
        The imported name inside `module`; empty where the module itself is bound.
    line : int
        Where the statement begins.
    """

    symbol: int
    name: str
    module: str
    target: str
    line: int


class Finding(NamedTuple):
    """One thing that is wrong, at one place.

    Attributes
    ----------
    symbol : int
        Index of the symbol in the file.
    code : str
        The rule's code, such as ``PR01``.
    line, column : int
        The place inside the docstring (inside the signature where there is none).
    subject : str
        The section or parameter that it is about; empty where it is about the whole docstring.
    message : str
        One line for a person, without line numbers: it is part of the finding's identity.
    requires_addition : bool
        Whether it asks for a part that the docstring does not even begin: to name a parameter
        where none is named, or to describe the return value where there is no such section.
    pending_on : str
        What in other files may remove it, else empty: ``base`` (a base class may have the
        docstring) or ``override`` (a decorator says in addition that there is a base method).
    numpydoc_only : bool
        Whether it counts only with the settings of numpydoc: detent has another opinion.
    """

    symbol: int
    code: str
    line: int
    column: int
    subject: str
    message: str
    requires_addition: bool = False
    pending_on: str = ""
    numpydoc_only: bool = False


class FindingRow(NamedTuple):
    """A finding with its file and its symbol: the one record that is listed, matched and reported.

    Attributes
    ----------
    path : bytes
        The file.
    severity : str
        ``error`` or ``warning``. It comes from the settings, so a store gives ``error`` for all.
    qualname, role : str
        As in `Symbol`.
    code, line, column, subject, message, requires_addition, pending_on, numpydoc_only
        As in `Finding`.
    docstring_text : str or None
        The symbol's docstring. None where there is none or where it was not asked for.
    decorators : tuple of str
        As in `Symbol`. Empty where they were not asked for.
    body : str
        As in `Symbol`, for matching. Empty in lists of a whole view.
    symbol_line : int
        The line of the symbol. 0 in lists of a whole view.
    docstring_line : int
        The line where the docstring begins. 0 without one, and in lists of a whole view.
    """

    path: bytes
    severity: str
    qualname: str
    role: str
    code: str
    line: int
    column: int
    subject: str
    message: str
    requires_addition: bool
    pending_on: str
    numpydoc_only: bool = False
    docstring_text: str | None = None
    decorators: tuple[str, ...] = ()
    body: str = ""
    symbol_line: int = 0
    docstring_line: int = 0

    @property
    def name(self) -> str:
        """The symbol's own name; empty for the module."""
        return self.qualname.rpartition(".")[2]


class FindingFilter(NamedTuple):
    """Findings that a list leaves out, and what it needs of the symbols of the others.

    Attributes
    ----------
    codes : frozenset of str
        Codes that are left out.
    roles, addition_codes : frozenset of str
        For symbols with these roles, findings of these codes are left out, and those with
        `Finding.requires_addition`.
    quoted_codes : frozenset of str
        Only findings of these codes come with the docstring.
    with_decorators : bool
        Whether findings come with the decorators.
    """

    codes: frozenset[str]
    roles: frozenset[str]
    addition_codes: frozenset[str]
    quoted_codes: frozenset[str]
    with_decorators: bool


class FileFacts(NamedTuple):
    """All that can be known from the bytes of one file alone.

    Attributes
    ----------
    symbols : tuple of Symbol
        In document order; the first is the module.
    calls : tuple of Call
        In document order.
    bindings : tuple of Binding
        In document order.
    exports : tuple of str or None
        The names in ``__all__`` where it is a literal; None where there is none or it is computed.
    findings : tuple of Finding
        What is wrong, sorted by place and code.
    size, lines : int
        Bytes and lines.
    """

    symbols: tuple[Symbol, ...]
    calls: tuple[Call, ...] = ()
    bindings: tuple[Binding, ...] = ()
    exports: tuple[str, ...] | None = None
    findings: tuple[Finding, ...] = ()
    size: int = 0
    lines: int = 0


def drop_docstring_sources(facts: FileFacts) -> FileFacts:
    """Give facts as a store returns them: without the source text of docstrings.

    Parameters
    ----------
    facts : FileFacts
        Facts that analysis has just made.

    Returns
    -------
    FileFacts
        The same with an empty `Docstring.source` everywhere.
    """
    symbols = (
        symbol._replace(docstring=symbol.docstring._replace(source=""))
        if symbol.docstring
        else symbol
        for symbol in facts.symbols
    )
    return facts._replace(symbols=tuple(symbols))
