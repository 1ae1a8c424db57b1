from __future__ import annotations

import pytest

from .support import described, fixed, summarised

STOPS = [
    "The number",
    "The number (see below)",
    "The number of ``values``",
    'The number that is called "n"',
    "The number, 0 at first",
    "The number of\nall that is there",
    "Either this\n\nOr another",
]


@pytest.mark.parametrize("text", STOPS)
def test_a_sentence_gets_its_period(text: str) -> None:
    assert described(text) == f"{text}."


LEFT = [
    "The number:",
    "One of::\n\n    a\n    b",
    "See https://example.org/a",
    "One of\n\n- a\n- b",
    "One of\n\n1. a\n2. b",
    "One of\n\n0: a\n1: b",
    "The number (see",
    "The number of",
    'Called "it."',
    "The number?",
    "Where x = 1",
    "Where :math:`x` is x^2",
    ">>> f(x)",
    "a    | b",
    "``a + b``",
    "(not used)",
    "数",
    "f(x, y)",
]


# What a period or a capital letter would damage, or make senseless.
NO_SENTENCES = [
    "The value.  # noqa",
    "The value  # noqa: E501,W291",
    "The value  #noqa",
    "The value # type: ignore[attr-defined]",
    "The value  # pragma: no cover",
    "The value  # doctest: +SKIP",
    "The value  // noqa",
    "The value noqa",
    "The value isort: skip",
    "The value  # of all",
    "The value  # noqa\nand more",
    "See <https://example.org>",
    "See `text <https://example.org>`_",
    "See www.example.org",
    "See example.org",
    "See example.com/path",
    "See ftp://example.org/a b",
    "See mailto:a@example.org",
    "See doi:10.1000/182",
    "See arXiv:1234.5678",
    ">>> f(x)\n3",
    "So\n\n>>> f(x)\n3 values",
    "In [1]: f(x)",
    "$ detent audit",
    "pip install it",
    "python -m it",
    "Use --verbose",
    "Use -v",
    ".. note:: it is so",
    ".. note::\n    it is so",
    "So.\n\n.. math::\n\n    x and y",
    "- one\n- other",
    "• one",
    "– one",
    "-v  be verbose\n-q  be quiet",
    "--quiet  be quiet",
    "The one:\n\n* one\n  and more",
    "'a' : one thing\n'b' : other things",
    "``a``: one thing\n``b``: other things",
    "a -> one thing",
    "=== ===\na   b\n=== ===\nc   d\n=== ===",
    "+---+---+\n| a | b |\n+---+---+",
    "| a line\n| another",
    ":math:`x`",
    "The value $x + y$",
    "The value x + y",
    "The value x+y",
    "The value 2*n",
    "The value of x < 3",
    "The value x ** 2",
    "The %(verbose)s",
    "The {verbose}",
    "The ${verbose}",
    "The %s",
    ":param a: it is so",
    "@param a it is so",
    "TODO: it is so",
    "// it is so",
    "The value, e.g",
    "C",
    "IV",
]


@pytest.mark.parametrize("text", NO_SENTENCES)
def test_no_period_damages_what_is_no_prose(text: str) -> None:
    assert described(text) == text
    assert summarised(text) == text


@pytest.mark.parametrize("text", LEFT)
def test_what_is_no_sentence_or_not_complete_is_left_alone(text: str) -> None:
    assert described(text) == text


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("the number.", "The number."),
        ("if given, it is used.", "If given, it is used."),
        ("a number.", "A number."),
        ("don't use.", "Don't use."),
        ("one-dimensional data.", "One-dimensional data."),
        ("été ou hiver.", "Été ou hiver."),
    ],
)
def test_a_word_gets_its_capital(before: str, after: str) -> None:
    assert described(before) == after


@pytest.mark.parametrize(
    "text",
    [
        "value is used.",
        "ndarray of numbers.",
        "pdf of it.",
        "x coordinate.",
        "numpy.mean of it.",
        "is_it so.",
        "f(x) of it.",
        "alpha = 1 here.",
        "alpha: it is.",
        "alpha,beta are.",
        "iPhone number.",
        "of requested moments.",
        "is not indexable.",
        "e.g. this.",
        "数 of it.",
        "ßa is so.",
    ],
)
def test_what_may_be_code_keeps_its_small_letter(text: str) -> None:
    assert described(text) == text


def test_names_of_the_code_keep_their_small_letter() -> None:
    text = "Do it.\n\nParameters\n----------\na : int\n    {} is used.\n"
    for word, body in [("total", "return total(a)"), ("mean", "mean.x = a"), ("median", "pass")]:
        after = fixed(text.format(word), "a", body)
        assert after == text.format(word.capitalize() if body == "pass" else word)


@pytest.mark.parametrize(
    "text",
    [
        "thing : array or\n    float",
        "thing : (n,\n    m)",
        "thing : a,\n    other",
        "thing : used for no purpose but to show that\n    this may be prose",
    ],
)
def test_a_type_that_goes_on_is_no_description(text: str) -> None:
    whole = f"Do it.\n\nParameters\n----------\n{text}\n"
    assert fixed(whole, "thing") == whole


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("return the mean", "Return the mean."),
        ("Return the mean\n\nMore.", "Return the mean.\n\nMore."),
        ("Return the mean of\nall values", "Return the mean of\nall values."),
        ("Return the mean\n\n- a\n- b", "Return the mean\n\n- a\n- b"),
        ("Return the mean\n\nof it all.", "Return the mean\n\nof it all."),
        ("Return the mean\n\n    x + y", "Return the mean\n\n    x + y"),
        ("Return the mean\n\n>>> f()", "Return the mean\n\n>>> f()"),
        ("TODO:\n    this\n    that\n  and", "TODO:\n    this\n    that\n  and"),
        ("frobnicate", "frobnicate"),
        ("frobnicate.py FILE", "frobnicate.py FILE"),
        ("python frobnicate.py FILE", "python frobnicate.py FILE"),
        ("f(x, y) of it", "f(x, y) of it"),
        ("name,type\nname,size", "name,type\nname,size"),
    ],
)
def test_summaries(before: str, after: str) -> None:
    assert summarised(before) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("mean : the mean", "mean : The mean."),
        ("mean : the mean\n    of all", "mean : The mean\n    of all."),
        (
            "mean : the mean\nmedian : see https://a.b/c",
            "mean : The mean.\nmedian : See https://a.b/c",
        ),
        ("mean\n    the mean", "mean\n    The mean."),
    ],
)
def test_references(before: str, after: str) -> None:
    head = "Do it.\n\nSee Also\n--------\n"
    assert fixed(f"{head}{before}\n") == f"{head}{after}\n"


def test_return_values() -> None:
    head = "Do it.\n\nReturns\n-------\nint\n"
    assert fixed(f"{head}    the number\n", body="return 1") == f"{head}    The number.\n"
