from __future__ import annotations

import pytest

from ..support import findings, function, places


def see_also(*lines: str) -> str:
    return function("\n".join(["Do.", "", "See Also", "--------", *lines, ""]))


BAD = [
    ("SA01", function("Do."), [(2, 8, "See Also")]),
    ("SA02", see_also("foo : It"), [(6, 12, "foo")]),
    ("SA02", see_also("foo, bar :", "    It is", "    that"), [(8, 12, "foo")]),
    ("SA03", see_also("foo : it."), [(6, 11, "foo")]),
    ("SA04", see_also("foo"), [(6, 5, "foo")]),
    ("SA04", see_also("foo, :meth:`~a.bar`"), [(6, 5, "foo"), (6, 10, "~a.bar")]),
    ("SA04", see_also("`foo`"), [(6, 5, "`foo`")]),
    ("SA04", see_also("- foo() : It."), [(6, 5, "- foo() : It.")]),
    ("EX01", function("Do."), [(2, 8, "Examples")]),
]

GOOD = [
    ("SA01", see_also("foo : It.")),
    ("SA02", see_also("foo : It.")),
    ("SA02", see_also("foo : It is", "    that.")),
    ("SA03", see_also("foo : It.")),
    ("SA04", see_also("foo, bar : It.", "", ":func:`baz`", "    It.")),
    ("EX01", function("Do.\n\nExamples\n--------\n>>> f()\n")),
    *((code, '"""M."""\n') for code in ("SA01", "EX01")),
    ("SA04", '"""M.\n\nSee Also\n--------\nfoo\n"""\n'),
]


@pytest.mark.parametrize(("code", "source", "expected"), BAD)
def test_found(code: str, source: str, expected: list[tuple[int, int, str]]) -> None:
    assert places(source, code) == expected


@pytest.mark.parametrize(("code", "source"), GOOD)
def test_not_found(code: str, source: str) -> None:
    assert not findings(source, code)


def test_a_line_that_cannot_be_read_says_how_to_write_it() -> None:
    (finding,) = findings(see_also("`foo` : It."), "SA04")
    assert finding.message == (
        'Line "`foo` : It." in See Also is not of the form "name : description"'
    )
