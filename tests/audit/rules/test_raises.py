from __future__ import annotations

import pytest

from ..support import findings, function, places


def section(*lines: str, body: str = "pass", title: str = "Raises") -> str:
    return function("\n".join(["Do.", "", title, "-" * len(title), *lines, ""]), "", body)


KEY = ("KeyError", "    If not there.")
BAD = [
    ("DT301", function("Do.", body="raise KeyError(1)"), [(2, 8, "KeyError")]),
    ("DT301", section(*KEY, body="raise a.OddError"), [(4, 5, "OddError")]),
    ("DT301", section(*KEY, body="raise _OddError"), [(4, 5, "_OddError")]),
    ("DT301", section(*KEY, body="raise HTTPError"), [(4, 5, "HTTPError")]),
    ("DT301", section(*KEY, body="raise EXIT"), [(4, 5, "EXIT")]),
    ("DT302", section(*KEY, body="raise ValueError"), [(6, 5, "KeyError")]),
    ("DT303", section("KeyError"), [(6, 5, "KeyError")]),
    ("DT303", section("KeyError or a.ValueError"), [(6, 5, "KeyError or a.ValueError")]),
    ("DT303", section(":exc:`~a.KeyError`"), [(6, 5, ":exc:`~a.KeyError`")]),
    ("DT303", section("UserWarning", title="Warns"), [(6, 5, "UserWarning")]),
    ("DT304", section("KeyError: if not there."), [(6, 5, "KeyError: if not there.")]),
    ("DT304", section("If there is none,", "it fails."), [(6, 5, "If there is none,")]),
    ("DT304", section(*KEY, "Some error", "    If not."), [(8, 5, "Some error")]),
]
GOOD = [
    ("DT301", section(*KEY, body="raise KeyError(1)")),
    ("DT301", section("LookupError", "    If not there.", body="raise KeyError(1)")),
    ("DT301", section("ValueError, KeyError", "    It.", body="raise KeyError(1)")),
    ("DT301", section("KeyError: if not there.", body="raise KeyError(1)")),
    ("DT301", function("Do.", body="raise error")),
    ("DT301", function("Do.", body="raise _TYPE_ERROR")),
    ("DT301", function("Do.", body="raise a.E_1")),
    ("DT301", function("Do.", body="raise NotImplementedError")),
    ("DT302", section(*KEY, body="raise KeyError")),
    ("DT302", section("OSError", "    If not.", body="raise FileNotFoundError")),
    ("DT302", section(*KEY, body="g()")),
    ("DT302", section(*KEY, body="raise error")),
    ("DT303", section(*KEY)),
    ("DT303", section("KeyError : if not there.")),
    ("DT304", section(*KEY, "pytest.skip", "    If not.", "_Error, B and :class:`C`", "    It.")),
    ("DT304", section("KeyError", "If not there.")),
    ("DT304", section(*KEY, "", ".. versionchanged:: 1", "    It.")),
]


@pytest.mark.parametrize(("code", "source", "expected"), BAD)
def test_found(code: str, source: str, expected: list[tuple[int, int, str]]) -> None:
    assert places(source, code) == expected


@pytest.mark.parametrize(("code", "source"), GOOD)
def test_not_found(code: str, source: str) -> None:
    assert not findings(source, code)


@pytest.mark.parametrize(
    "text", ["A or " * 20_000, "a." * 40_000, ":a" * 40_000 + "`", "A, " * 30_000]
)
def test_time_is_linear(text: str) -> None:
    findings(section(text, body="raise ValueError"))


SECTION = "Do it.\n\nRaises\n------\n{}\n    If so.\n"


@pytest.mark.parametrize(
    ("body", "documented", "expected"),
    [
        # What cannot be read may be anything.
        ("raise errors[0]", "KeyError", []),
        ("raise (A if x else B)(y)", "B", ["DT301"]),
        ("raise (A if x else B)(y)", "KeyError", ["DT301", "DT301", "DT302"]),
        ("raise", "KeyError", []),
        # An assert raises, and nobody has to document it.
        ("assert x; raise A", "A", []),
        ("assert x; raise A", "AssertionError", ["DT301"]),
        ("assert x", "KeyError", []),
    ],
)
def test_other_ways_to_raise(body: str, documented: str, expected: list[str]) -> None:
    source = function(SECTION.format(documented), body=body)
    assert [finding.code for finding in findings(source, "DT301", "DT302")] == expected


CAUGHT = '''def f():
    """Do it.

    Raises
    ------
    {}
        If so.
    """
    try:
        raise KeyError
    except {}:
        {}
'''


@pytest.mark.parametrize(
    ("documented", "caught", "reaction", "expected"),
    [
        ("ValueError", "KeyError", "raise ValueError", []),
        ("ValueError", "LookupError", "raise ValueError from None", []),
        ("ValueError", "KeyError", "raise", ["DT301", "DT302"]),
        ("KeyError", "KeyError", "raise", []),
        ("ValueError", "TypeError", "raise ValueError", ["DT301"]),
        # It may come from a call.
        ("KeyError", "KeyError", "pass", []),
        ("ValueError", "Exception", "raise", ["DT301"]),
    ],
)
def test_exceptions_that_the_function_catches(
    documented: str, caught: str, reaction: str, expected: list[str]
) -> None:
    source = CAUGHT.format(documented, caught, reaction)
    assert [finding.code for finding in findings(source, "DT301", "DT302")] == expected
