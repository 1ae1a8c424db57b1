from __future__ import annotations

import pytest

from detent.languages.python.docstrings import list_first_statements
from languages.python.support import facts, first


@pytest.mark.parametrize(
    ("literal", "text"),
    [
        ("'doc'", "doc"),
        ('"""a\n  b\n"""', "a\n  b\n"),
        ('"""a\r\nb"""', "a\nb"),
        ("r'a\\n'", "a\\n"),
        ("u'a\\n\\x41\\\nb'", "a\nAb"),
        ("'a' \"b\" # c\n", None),
        ("('a' # b\n  'c')", "ac"),
        ("(( # why\n  'doc' # what\n))", "doc"),
        ("'a' \\\n  r'\\b'", "a\\b"),
        ("'doc'; pass", "doc"),
        ("'€' ''", "€"),
        ("''", ""),
    ],
)
def test_docstring(literal: str, text: str | None) -> None:
    expected = "ab" if text is None else text
    for source in (literal, f"# why\n\n{literal}\n"):
        doc = facts(source).symbols[0].docstring
        assert doc is not None
        assert doc.text == expected
    for head in ("def f():", "class A:", "async def f():\n  # why\n  # what\n  # who\n"):
        doc = first(f"{head}\n  {literal}\n").docstring
        assert doc is not None
        assert doc.text == expected


@pytest.mark.parametrize(
    "statement",
    [
        *("b'x'", "f'x'", "'a' f'b'", "'x',", "('x',)", "'a', 'b'", "'x' + 'y'", "'x'.upper()"),
        *("x = 'y'", "1", "()", "return 'x'", "pass; 'x'", "'x' if y else 'z'", "-'x'", "['x']"),
    ],
)
def test_no_docstring(statement: str) -> None:
    assert first(f"def f():\n  {statement}\n").docstring is None
    assert facts(statement).symbols[0].docstring is None


@pytest.mark.parametrize(
    ("source", "written"),
    [
        ("\n'''a\n  b'''\n", ("'''a\n  b'''", 2, 1)),
        ("( 'a'\n  'b')", ("'a'\n  'b'", 1, 3)),
        ("\ufeff''; x", ("''", 1, 1)),
        ("# é\n\x0c'é'", ("'é'", 2, 2)),
    ],
)
def test_as_written(source: str, written: tuple[str, int, int]) -> None:
    doc = facts(source).symbols[0].docstring
    assert doc is not None
    assert doc[1:] == written


def test_columns_in_characters() -> None:
    doc = first("class é: 'doc'").docstring
    assert doc is not None
    assert (doc.line, doc.column) == (1, 10)


def test_no_body() -> None:
    assert list_first_statements(None) == []
