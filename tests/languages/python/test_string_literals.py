from __future__ import annotations

import ast
import io
import tokenize
import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detent.languages.python.string_literals import evaluate_literal

ATOMS = [
    *("a", "é", "\n", "\t", "\\", "\\\\", "'", '"', "\\'", '\\"', "\\n", "\\r", "\\a\\b\\f\\v"),
    *("\\\n", "\\0", "\\07", "\\1234", "\\777", "\\x41", "\\u00e9", "\\U0001F600", "\\q", "{", "N"),
    "\\N{LATIN SMALL LETTER E WITH ACUTE}",
]


@given(
    st.sampled_from(["", "r", "R", "u", "U"]),
    st.sampled_from(['"""', "'''", '"', "'"]),
    st.lists(st.sampled_from(ATOMS), max_size=8).map("".join),
)
def test_like_python(prefix: str, quote: str, text: str) -> None:
    literal = f"{prefix}{quote}{text}{quote}"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            expected = ast.literal_eval(literal)
        except SyntaxError:
            assert isinstance(evaluate_literal(literal), str)
            return
    tokens = tokenize.generate_tokens(io.StringIO(literal).readline)
    if sum(token.type == tokenize.STRING for token in tokens) == 1:
        assert evaluate_literal(literal) == expected


@pytest.mark.parametrize(
    ("literal", "value"),
    [
        ('b"x"', None),
        ('rb"x"', None),
        ('Rb"x"', None),
        ('f"x"', None),
        ('fr"x"', None),
        ('t"x"', None),
        ("", None),
        ("name", None),
        ('"\\ud800"', "\ufffd"),
        ('"\\U00110000"', "\\U00110000"),
        ('"\\N{NO SUCH NAME}"', "\\N{NO SUCH NAME}"),
        ('"\\x4"', "\\x4"),
    ],
)
def test_what_is_no_text(literal: str, value: str | None) -> None:
    assert evaluate_literal(literal) == value
