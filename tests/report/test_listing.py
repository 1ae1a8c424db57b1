"""Findings by file, with the place marked."""

from __future__ import annotations

from detent.core.model import Finding, FindingRow, Symbol
from detent.core.results import make_finding_row
from detent.report.listing import Screen, render_listing

from .samples import STEER

SCREEN = Screen(40, lambda colour, text: text, lambda path, text: text)


def finding(path: bytes, line: int, column: int, message: str = "x") -> FindingRow:
    symbol = Symbol(0, "function", "f", "f", "public", 1, 1, 2)
    return make_finding_row(path, Finding(1, "PR01", line, column, "", message), symbol)


def test_a_group_for_each_file() -> None:
    found = [finding(b"a.py", 1, 5), finding(b"a.py", 12, 1), finding(b"b.py", 2, 1)]
    sources = {b"a.py": ["def f(a):"], b"b.py": ["", "   ", "z"]}
    warned = found[2]._replace(severity="warning")
    assert render_listing([*found[:2], warned], sources, SCREEN) == [
        "a.py",
        "   1:5  PR01 x [f]",
        "        │ def f(a):",
        "        │     ^",
        "  12:1  PR01 x [f]",  # the file has no such line any more
        "",
        "b.py",
        "  2:1  PR01 (warning) x [f]",  # a blank line shows nothing
        "",
    ]


def test_no_line_is_wider_than_the_terminal() -> None:
    lines = render_listing([finding(b"a.py", 1, 299)], {b"a.py": ["word " * 90]}, SCREEN)
    assert max(len(line) for line in lines[2:]) == 39
    assert lines[2][lines[3].index("^")] == "d"


def test_messages_wrap_between_words() -> None:
    message = "The summary line of this docstring is too long for it"
    lines = render_listing([finding(b"a.py", 1, 5, message)], {}, SCREEN)
    assert lines == [
        "a.py",
        "  1:5  PR01 The summary line of this",
        "            docstring is too long for",
        "            it [f]",
        "",
    ]
    word = "w" * 99
    lines = render_listing([finding(b"a.py", 1, 5, f"a {word} b")], {}, SCREEN)
    assert [line.strip() for line in lines[1:4]] == ["1:5  PR01 a", word, "b [f]"]


def test_colours_and_links_are_around_the_parts() -> None:
    screen = Screen(
        40,
        lambda colour, text: f"<{colour} {text}>",
        lambda path, text: f"({path.decode()} {text})",
    )
    assert render_listing([finding(b"a.py", 1, 1)], {b"a.py": ["x"]}, screen) == [
        "(a.py <bold a.py>)",
        "  1:1  <red PR01> x<dim  [f]>",
        "       <dim │ >x",
        "       <dim │ ><cyan ^>",
        "",
    ]


def test_nothing_hostile_comes_through() -> None:
    for text in STEER:
        symbol = Symbol(0, "function", text, text, "public", 1, 1, 2)
        path = text.encode("utf-8", "surrogatepass")
        row = make_finding_row(path, Finding(1, "PR01", 1, 1, "", text), symbol)
        lines = render_listing([row], {path: [text]}, SCREEN._replace(width=10**7))
        assert len(lines) in (3, 5)
        assert not {"\x1b", "\n", "\r", "\x00", "\u202e"} & set("".join(lines))
