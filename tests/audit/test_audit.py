from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detent.audit.audit_file import audit_file
from detent.core.model import Docstring, Finding, Param, Symbol

from .support import codes, findings, function, symbols


def test_findings_are_sorted_by_place_code_and_subject() -> None:
    source = function("does\n\nParameters\n-----\nq: int\nz\n", "y, x", "return 1")
    found = findings(source)
    keys = [(f.line, f.column, f.code, f.subject) for f in found]
    assert keys == sorted(keys)
    assert found[0] == Finding(0, "GL08", 1, 1, "", "No docstring")


def test_ignored_codes_are_dropped() -> None:
    source = 'def f(x):  # numpydoc ignore=PR01,ES01,SA01,EX01\n    """do."""\n'
    assert codes(source) == {("", "GL08"), ("f", "SS02")}
    assert codes('"""M."""\ndef f(x):  # numpydoc ignore=GL08\n    pass\n') == set()


def test_an_empty_docstring_is_none() -> None:
    assert ("f", "GL08") in codes('def f():\n    """"""\n')


def test_a_blank_docstring_has_no_summary() -> None:
    assert ("f", "SS01") in codes('def f():\n    """  """\n')


def test_messages_hold_no_control_characters() -> None:
    source = function(
        "Do\x1b[2J.\n\nPara\x1b[31m\n---------\n\nParameters\n----------\nx\x07:int\n"
    )
    found = findings(source)
    assert {"GL06", "PR02", "PR10"} <= {finding.code for finding in found}
    for finding in found:
        assert (finding.message + finding.subject).isprintable()


PIECES = [
    *("Parameters\n----------\n", "Returns\n---\n", "See Also\n--------\n", "Examples\n========\n"),
    *("Nots\n----\n", "Receives\n--------\n", ".. index::\n", "\n", "\n\n", "    ", "\t", "f(x)\n"),
    *(
        "x : int\n",
        "y,z : a\n",
        "x: int.\n",
        "*args, **kw\n",
        "\\*args\n",
        " : ",
        ",",
        "- a",
        "a.\n",
    ),
    *("foo, :obj:`bar`: baz", "`foo`\n", ".. deprecated:: 1\n", ".. versionadded 1\n", "{string}"),
    *("integer", "\x00", "\x1b", "\u2028", "\\"),
]
TEXT = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"])),
    st.lists(st.sampled_from(PIECES), max_size=30).map("".join),
)
QUOTES = st.sampled_from(['"""', "'''", 'r"""', '"""\\\n', '("" """'])


def written(text: str, opening: str) -> str:
    """Write a docstring by hand; the syntax may be wrong, as in real files."""
    closing = "'''" if "'" in opening else '"""'
    return opening + text + closing + (")" if opening[0] == "(" else "")


def lies_inside(finding: Finding, docstring: Docstring) -> bool:
    lines = docstring.source.split("\n")
    row = finding.line - docstring.line
    start = docstring.column if row == 0 else 1
    return 0 <= row < len(lines) and start <= finding.column < start + max(len(lines[row]), 1) + 1


@settings(deadline=None, max_examples=300)
@given(TEXT, QUOTES)
def test_any_docstring_is_judged_and_located(text: str, opening: str) -> None:
    literal = written(text, opening)
    source = f"class A:\n    def f(self, x, *args):\n        {literal}\n        return 1\n"
    for listed in (symbols(source), [_made_up(text)]):
        for finding in audit_file(listed):
            symbol = listed[finding.symbol]
            if symbol.docstring and symbol.docstring.text:
                assert lies_inside(finding, symbol.docstring)
            else:
                assert (finding.code, finding.line) == ("GL08", symbol.line)


def _made_up(text: str) -> Symbol:
    source = f'"""{text}"""'
    params = (Param("x"), Param("args", "args"))
    where = Docstring(text, source, 3, 5)
    return Symbol(-1, "function", "f", "f", "public", 2, 1, 9, params=params, docstring=where)


@pytest.mark.parametrize(
    "text",
    [
        "\\" * 40_000,
        "a\n-\n\n" * 10_000,
        "\t\n" * 20_000,
        "Do.\n\nParameters\n----------\n" + "x : int\n" * 10_000,
        "Do.\n\nParameters\n----------\n" + "x," * 20_000,
        "Do.\n\nSee Also\n--------\n" + "a, " * 20_000 + "!",
        "Notes\n-----\n\n" * 5_000,
        "a" * 50_000 + "(" * 10_000 + ")",
        "\\x41\t\n" * 10_000,
    ],
    ids=range(9),
)
def test_time_is_linear(text: str) -> None:
    findings(f'def f(x):\n    """{text}\n    """\n')
