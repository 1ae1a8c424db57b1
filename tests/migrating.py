"""What pydoclint finds, a snippet for each of its codes: for `test_migrating.py`."""

from __future__ import annotations

from textwrap import dedent
from typing import NamedTuple


class Case(NamedTuple):
    """A file on which pydoclint reports a code."""

    code: str
    source: str
    options: tuple[str, ...] = ()


def function(signature: str, sections: str = "", body: str = "return 1") -> str:
    """Write a function with a docstring."""
    doc = f'"""Do things.\n{_indented(sections)}    """' if sections else '"""Do things."""'
    return f'"""Do."""\n\n\ndef f({signature}:\n    {doc}\n    {body}\n'


def klass(sections: str, body: str, *, inner: str = "") -> str:
    """Write a class with a docstring and an ``__init__``."""
    doc = f'"""Hold things.\n{_indented(sections)}    """' if sections else '"""Hold things."""'
    inside = f'        """Set up.\n{_indented(inner, 8)}        """\n' if inner else ""
    return (
        f'"""Do."""\n\n\nclass C:\n    {doc}\n\n    def __init__(self, a: int) -> None:\n'
        f"{inside}        {body}\n"
    )


def attributes(entries: list[str], body: str) -> str:
    """Write a class with an Attributes section, if it has entries."""
    lines = section("Attributes", *(f"{one}\n    This." for one in entries)) if entries else "More."
    return f'"""Do."""\n\n\nclass C:\n    """Hold.\n{_indented(lines)}    """\n\n{body}'


def _indented(sections: str, width: int = 4) -> str:
    lines = dedent(sections).strip("\n").split("\n")
    return "\n" + "".join(f"{' ' * width}{line}\n" if line else "\n" for line in lines)


def section(title: str, *entries: str) -> str:
    """Write a section."""
    return "\n".join([title, "-" * len(title), *entries]) + "\n"


A = "a : int\n    First."
B = "b : int\n    Second."
RESULT = "int\n    One."
PARAMETERS = section("Parameters", A)
BOTH = section("Parameters", A, B)
UNTYPED = section("Parameters", "a\n    First.")
RETURNS = section("Returns", RESULT)
RAISES = section("Raises", "ValueError\n    If so.")
NOT_TYPED = ("--arg-type-hints-in-signature", "False", "--check-return-types", "False")

GOOGLE = "Args:\n    a (int): First.\n\nReturns:\n    int: One.\n"
INLINE = '    x: int = 1\n    """This."""\n'

CASES = [
    Case(
        "DOC001",
        function("a: int) -> int", "Parameters\n----------\n    a : int\n        First.\n"),
    ),
    Case("DOC003", function("a: int) -> int", GOOGLE), ("--check-style-mismatch", "True")),
    Case("DOC606", attributes(["x : int"], INLINE)),
    Case("DOC607", attributes(["x : int"], INLINE), ("--require-inline-class-var-docs", "True")),
    Case("DOC002", '"""Do."""\n\n\ndef f(:\n    pass\n'),
    Case("DOC101", function("a: int, b: int) -> int", f"{PARAMETERS}\n{RETURNS}")),
    Case("DOC102", function("a: int) -> int", f"{BOTH}\n{RETURNS}")),
    Case("DOC103", function("a: int, b: int) -> int", section("Parameters", A, "c : int\n    C."))),
    Case("DOC104", function("b: int, a: int) -> int", f"{BOTH}\n{RETURNS}")),
    Case("DOC105", function("a: str) -> int", f"{PARAMETERS}\n{RETURNS}")),
    Case("DOC106", function("a) -> int", f"{PARAMETERS}\n{RETURNS}")),
    Case("DOC107", function("a: int, b) -> int", f"{BOTH}\n{RETURNS}")),
    Case("DOC108", function("a: int) -> int", f"{PARAMETERS}\n{RETURNS}"), NOT_TYPED),
    Case(
        "DOC109",
        function("a: int) -> int", f"{UNTYPED}\n{RETURNS}"),
    ),
    Case(
        "DOC110",
        function("a: int, b: int) -> int", section("Parameters", A, "b\n    B.") + "\n" + RETURNS),
    ),
    Case(
        "DOC111",
        function("a: int) -> int", f"{PARAMETERS}\n{RETURNS}"),
        ("--arg-type-hints-in-docstring", "False"),
    ),
    Case("DOC201", function("a: int) -> int", PARAMETERS)),
    Case("DOC202", function("a: int)", f"{PARAMETERS}\n{RETURNS}", "print(a)")),
    Case("DOC203", function("a: int) -> str", f"{PARAMETERS}\n{RETURNS}")),
    Case("DOC301", klass("", "self.a = a", inner=PARAMETERS)),
    Case("DOC302", klass(f"{PARAMETERS}\n{RETURNS}", "self.a = a")),
    Case(
        "DOC303",
        klass("", "self.a = a", inner=f"{PARAMETERS}\n{RETURNS}"),
        ("--allow-init-docstring", "True"),
    ),
    Case(
        "DOC304",
        klass(PARAMETERS, "self.a = a", inner="More."),
        ("--allow-init-docstring", "True"),
    ),
    Case(
        "DOC305",
        klass(RAISES, "raise ValueError(a)", inner=PARAMETERS),
        ("--allow-init-docstring", "True"),
    ),
    Case("DOC306", klass(f"{PARAMETERS}\n{section('Yields', RESULT)}", "self.a = a")),
    Case(
        "DOC307",
        klass("", "self.a = a", inner=f"{PARAMETERS}\n{section('Yields', RESULT)}"),
        ("--allow-init-docstring", "True"),
    ),
    Case("DOC402", function("a: int)", PARAMETERS, "yield a")),
    Case("DOC403", function("a: int)", f"{PARAMETERS}\n{section('Yields', RESULT)}", "print(a)")),
    Case(
        "DOC404",
        function(
            "a: int) -> Iterator[str]", f"{PARAMETERS}\n{section('Yields', RESULT)}", "yield a"
        ),
    ),
    Case(
        "DOC405",
        function(
            "a: int) -> Iterator[int]",
            f"{PARAMETERS}\n{RETURNS}\n{section('Yields', RESULT)}",
            "yield a\n    return 1",
        ),
    ),
    Case("DOC501", function("a: int) -> None", PARAMETERS, "raise ValueError(a)")),
    Case("DOC502", function("a: int) -> None", f"{PARAMETERS}\n{RAISES}", "print(a)")),
    Case("DOC503", function("a: int) -> None", f"{PARAMETERS}\n{RAISES}", "raise KeyError(a)")),
    Case(
        "DOC504",
        function("a: int) -> None", PARAMETERS, "assert a"),
        ("--should-declare-assert-error-if-assert-statement-exists", "True"),
    ),
    Case("DOC601", attributes([], "    x: int = 1\n")),
    Case("DOC602", attributes(["x : int", "y : int"], "    x: int = 1\n")),
    Case("DOC603", attributes(["y : int"], "    x: int = 1\n")),
    Case("DOC604", attributes(["y : int", "x : int"], "    x: int = 1\n    y: int = 1\n")),
    Case("DOC605", attributes(["x : str"], "    x: int = 1\n")),
]
