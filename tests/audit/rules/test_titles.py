from __future__ import annotations

import pytest

from ..support import findings, function, places

BAD = [
    ("DT501", function("Do.\n\nParameters\nx : int\n    It.\n"), [(4, 5, "Parameters")]),
    ("DT501", function("Do.\n\nReturns\n\nint\n"), [(4, 5, "Returns")]),
    ("DT501", function("Do.\n\nParameters\n\n----------\nx : int\n"), [(4, 5, "Parameters")]),
    ("DT501", function("Do.\n\nArgs:\n    x: It.\n"), [(4, 5, "Google")]),
    ("DT501", function("Do.\nArgs:\n    x: It.\n"), [(3, 5, "Google")]),
    ("DT501", function("Do.\n\n:param x: It.\n:returns: It.\n"), [(4, 5, "Sphinx")]),
    ("DT501", function("Do.\n\n@param x: It.\n@return: It.\n"), [(4, 5, "Epytext")]),
    ("DT501", function("Do.\n\nArgs:\n\n    x: It.\n"), [(4, 5, "Parameters")]),
    (
        "DT501",
        function("Do.\n\nReturns:\n    It.\n\nRaises:\n    E: It.\n"),
        [(4, 5, "Google")],
    ),
    ("DT501", function("Do.\n\nParameters:\n-----------\nx : int\n"), []),
    ("DT502", function("Do.\n\nReturns\n---------\nint\n    It.\n"), [(4, 5, "Returns")]),
    ("DT502", function("Do.\n\nReturns\n=======\nint\n    It.\n"), [(4, 5, "Returns")]),
    ("DT502", function("Do.\n\nParamters\n----------\nx : int\n"), [(4, 5, "Paramters")]),
    ("DT503", function("Do.\n\nNotes\n-----\n\nExamples\n--------\n>>> f()\n"), [(4, 5, "Notes")]),
    ("DT503", function("Do.\n\nExamples\n--------\n"), [(4, 5, "Examples")]),
]
GOOD = [
    ("DT501", function("Do.\n\nReturns\n-------\nint\n    It.\n")),
    ("DT501", function("Do.\n\nNotes:\n- one\n\nExample:\n\n>>> f()\n")),
    ("DT501", function("Do.\n\nNotes\n-----\nIt:\n\n    Returns\n    it.\n")),
    ("DT501", function("Do.\n\n>>> ds\nAttributes:\n    x: 1\n")),
    ("DT501", function("Returns")),
    ("DT502", function("Do.\n\nReturns\n-------\nint\n    It.\n")),
    ("DT502", function("Do.\n\nReturns\n----\nint\n    It.\n")),
    ("DT502", function("Do.\n\nSome Heading\n============\nint\n")),
    ("DT502", function("Do.\n\nReturns\n-------%(x)s\n")),
    ("DT502", '"""Do.\n\nNotes\n=====\nIt.\n"""\n'),
    ("DT503", function("Do.\n\nHeading\n-------\n")),
]


@pytest.mark.parametrize(("code", "source", "expected"), BAD)
def test_found(code: str, source: str, expected: list[tuple[int, int, str]]) -> None:
    assert places(source, code) == expected


@pytest.mark.parametrize(("code", "source"), GOOD)
def test_not_found(code: str, source: str) -> None:
    assert not findings(source, code)


def test_the_message_says_what_to_write() -> None:
    (finding,) = findings(function("Do.\n\nArgs:\n\n    x: It.\n"), "DT501")
    assert finding.message.endswith(
        '"Args:" has no underline and is not seen as a section; write "Parameters" over dashes'
    )
    (finding,) = findings(function("Do.\n\nParamters\n----------\nx\n"), "DT502")
    assert finding.message == 'Unknown section "Paramters"; did you mean "Parameters"?'


@pytest.mark.parametrize(
    "text", ["Notes\n\n" * 20_000, "Args:\n\n" * 20_000, "Notes\n=====\n\n" * 5_000]
)
def test_time_is_linear(text: str) -> None:
    findings(function(f"Do.\n\n{text}"))
