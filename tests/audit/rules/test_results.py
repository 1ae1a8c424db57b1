from __future__ import annotations

import pytest

from ..support import findings, function, places

RETURNS = "Do.\n\nReturns\n-------\nint\n    It.\n"
YIELDS = "Do.\n\nYields\n------\nint\n    It.\n"


def indented(source: str) -> str:
    return "".join(f"    {line}" for line in source.splitlines(keepends=True))


BAD = [
    ("DT201", function(RETURNS, body="x.sort()"), [(4, 5, "Returns")]),
    ("DT201", function(RETURNS, body="x.sort()\n    return"), [(4, 5, "Returns")]),
    ("DT201", function(RETURNS, body="raise ValueError"), [(4, 5, "Returns")]),
    ("DT202", function(YIELDS, body="x.sort()"), [(4, 5, "Yields")]),
    ("DT204", function(RETURNS, body="yield 1"), [(4, 5, "Returns")]),
    (
        "DT205",
        'class A:\n    """Do.\n\n    Returns\n    -------\n    A\n    """',
        [(4, 5, "Returns")],
    ),
    (
        "DT205",
        "class A:\n" + indented(function(YIELDS)).replace("f(", "__init__("),
        [(5, 9, "Yields")],
    ),
    ("DT206", "@property\n" + function(RETURNS, body="return 1"), [(5, 5, "Returns")]),
    ("DT207", function("Do.\n\nYields\n------\nx : int\n"), [(6, 5, "x")]),
    ("DT207", function("Do.\n\nReceives\n--------\nx : int\n"), [(6, 5, "x")]),
    ("DT207", function("Do.\n\nYields\n------\nAll the\nvalues.\n"), [(6, 5, "All the")]),
]

GOOD = [
    ("DT201", function(RETURNS, body="return 1")),
    ("DT201", function(RETURNS, body="...")),
    ("DT201", function(RETURNS, body="return None")),
    ("DT201", function(RETURNS, body="raise NotImplementedError")),
    ("DT201", function(RETURNS, body="m = 1\n    raise NotImplementedError(m)")),
    ("DT201", "@abc.abstractmethod\n" + function(RETURNS, body="x.sort()")),
    ("DT201", "@overload\n" + function(RETURNS, body="x.sort()")),
    ("DT201", function("Do.\n\nReturns\n-------\nNone\n", body="x.sort()")),
    ("DT201", function("Do.\n\nReturns\n-------\n`None`\n    It.\n", body="x.sort()")),
    ("DT201", function(RETURNS, body="yield 1")),
    ("DT202", function(YIELDS, body="yield 1")),
    ("DT202", function(YIELDS, body="return g()")),
    ("DT202", function(YIELDS, body="pass")),
    ("DT204", function(RETURNS, body="yield 1\n    return 2")),
    ("DT204", "@contextmanager\n" + function(RETURNS, body="yield 1")),
    ("DT204", "@pytest.fixture\n" + function(RETURNS, body="yield 1")),
    ("DT204", function(RETURNS.replace("int", "generator of int"), body="yield 1")),
    ("DT204", function(RETURNS.replace("int", "Iterator"), body="yield 1")),
    ("DT204", function(YIELDS, body="yield 1")),
    ("DT205", function(RETURNS)),
    ("DT205", 'class A:\n    """Do.\n\n    Returns\n    -------\n    None\n    """'),
    ("DT206", function(RETURNS)),
    ("DT207", function(YIELDS)),
    ("DT207", function("Do.\n\nYields\n------\nNone\n")),
]


@pytest.mark.parametrize(("code", "source", "expected"), BAD)
def test_found(code: str, source: str, expected: list[tuple[int, int, str]]) -> None:
    assert places(source, code) == expected


@pytest.mark.parametrize(("code", "source"), GOOD)
def test_not_found(code: str, source: str) -> None:
    assert not findings(source, code)


def test_a_generator_with_both_sections_is_not_told_to_rename_one() -> None:
    (alone,) = findings(function(RETURNS, body="yield 1"), "DT204")
    assert alone.message.endswith("; write Yields")
    both = RETURNS + "\nYields\n------\nint\n    It.\n"
    (finding,) = findings(function(both, body="yield 1"), "DT204")
    assert finding.message == "Returns section in a generator that returns no value"
