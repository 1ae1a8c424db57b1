from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detent.audit.parse.defaults import find_defaults, is_literal, is_same_value, tokenize_value

SAYS = [
    ("int, default 3", "3"),
    ("int, default: 3", "3"),
    ("int, default=3", "3"),
    ("int, optional (default 1e-3)", "1e-3"),
    ("int, by default None", "None"),
    ("{'a', 'b'}, default 'a'", "'a'"),
    ('str, default "a b"', '"a b"'),
    ("float, default=-1.5, optional", "-1.5"),
    ("tuple, default (0, 1)", "(0, 1)"),
    ("It. Default is 3.", "3"),
    ("It. Default is ``None``.", "None"),
    ("It.  The default is `np.inf`, which means all.", "np.inf"),
    ("It. Defaults to 3\n\nMore.", "3"),
    ("It\n(default: 3)", "3"),
    ("Default value is 3; more.", "3"),
    ("It. Default is 1.", "1"),
    ("If None (default), all of it", "None"),
    ("One of 'a' (default) and 'b'", "'a'"),
    ("If not given, the default is 3.", "3"),
]


@pytest.mark.parametrize(("text", "value"), SAYS)
def test_a_stated_default(text: str, value: str) -> None:
    (said,) = find_defaults(text)
    assert said.text == value
    assert text.startswith(value, said.offset)
    assert said.is_certain


@pytest.mark.parametrize(
    "text",
    [
        "int",
        "The default dtype is 3.",
        "If it is negative, the default is 3.",
        "Default is 3 if it is negative.",
        "Default is 3, or 4.",
        "Default is 1, 2 or 3.",
        "Default is 3 iterations.",
        "Default is 5%.",
        "Default is 1/3.",
        "Default is 2**31.",
        "Only seen, but the default is 3.",
        "default: :rc:`lines.color`",
        "Changed the default from 3 to 4.",
    ],
)
def test_nothing_certain(text: str) -> None:
    assert [said for said in find_defaults(text) if said.is_certain] == []


def test_a_bare_word_is_never_certain() -> None:
    (said,) = find_defaults("int, default all")
    assert not said.is_certain


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1e-3", "0.001"),
        ("1_000", "1000"),
        ("0x10", "16"),
        ("1j", "1.0j"),
        ("'a'", '"a"'),
        ("a", "'a'"),
        ("np.inf", "inf"),
        ("float.infinity", "Inf"),
        ("True", "1"),
        ("'False'", "False"),
        ("(0, 1)", "0,1"),
        ("[0, 1]", "(0, 1)"),
        ("(1,)", "1"),
        ("+1", "1"),
        ("r'\\d'", "'\\\\d'"),
        ("'E'", "'end'"),
    ],
)
def test_the_same_value(one: str, other: str) -> None:
    assert is_same_value(tokenize_value(one), tokenize_value(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [("1", "-1"), ("None", "False"), ("'a'", "'b'"), ("(0, 1)", "(0, 2)"), ("''", "'a'")],
)
def test_another_value(one: str, other: str) -> None:
    assert not is_same_value(tokenize_value(one), tokenize_value(other))


@pytest.mark.parametrize("text", ["3", "-1.5e3", "'a'", "None", "np.nan", "{'a': [1, 2]}", "()"])
def test_a_literal(text: str) -> None:
    assert is_literal(text)


@pytest.mark.parametrize(
    "text", ["", "x", "f()", "2 * 3", "1 / 3", "np.float64", "_NoValue", "'a' 'b' @", "1" * 500]
)
def test_no_literal(text: str) -> None:
    assert not is_literal(text)


@given(st.text("default is:=()[]{}'\"`.,;0123456789eEjxX_+-*/ \n\\naN", max_size=60))
def test_nothing_fails(text: str) -> None:
    tokenize_value(text)
    is_literal(text)
    for prefix in ("default ", "x (default: ", ""):
        for said in find_defaults(prefix + text):
            assert (prefix + text).startswith(said.text, said.offset)


@pytest.mark.parametrize(
    "text",
    [
        "default " * 20_000,
        "default " + "`" * 50_000,
        "(default " * 10_000 + "(" * 10_000,
        "1 " * 40_000 + "(default)",
        "If " * 20_000 + ". default 3" * 10_000,
        "default " + "1" * 50_000,
        "default" + "\n" * 50_000,
        "a." * 30_000 + "default)",
        "default " + "1" * 50_000 + "x",
        "default " + "a." * 30_000 + "!",
        "default 1 " * 10_000,
        "Default is 3.\n" * 10_000,
        "default 0x" + "f" * 50_000 + "x " + "'" * 20_000,
        "(default " + " " * 50_000 + ") default" + " \n" * 20_000,
    ],
    ids=range(14),
)
def test_time_is_linear(text: str) -> None:
    list(find_defaults(text))
