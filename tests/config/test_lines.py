"""The line on which a setting stands."""

from __future__ import annotations

import pytest

from detent.config.lines import find_line

TOML = """\
[tool.detent] # ours
gate = "all"
# "PR02" is for later
select = [
    "PR01", "PR011",
    'PR02',
]
budget.limit = []
per-file-ignores = {"a/**" = ["PR07"], "b/**" = ["PR08"]}

[tool.detent.severity]
"PR03" = "eror"

[[tool.detent.override]]
ignore = ["PR01"]

[[tool."detent".override]]
ignore = ["PR01",
    "PR02"]
kinds = ["metod"]
[tool.detent.override.more]
x = 1
"""


@pytest.mark.parametrize(
    ("keys", "word", "line"),
    [
        ((), "", 1),
        (("gate",), "", 2),
        (("gate",), "all", 2),
        (("select",), "", 4),
        (("select",), "PR01", 5),
        (("select",), "PR02", 6),
        (("select",), "PR0", 4),
        (("budget", "limit"), "", 8),
        (("budget", "limit", "1"), "", 8),
        (("per-file-ignores", "b/**"), "PR08", 9),
        (("severity",), "", 11),
        (("severity", "PR03"), "eror", 12),
        (("override", 1), "", 14),
        (("override", 1, "ignore"), "PR01", 15),
        (("override", 2), "", 17),
        (("override", 2, "ignore"), "PR02", 19),
        (("override", 2), "kinds", 20),
        (("override", 2, "more", "x"), "", 22),
        (("unheard",), "", 1),
    ],
)
def test_toml(keys: tuple[str | int, ...], word: str, line: int) -> None:
    assert find_line(TOML, "tool.detent", keys, word=word) == line


def test_what_is_not_there() -> None:
    assert find_line(TOML, "tool.other", ("gate",)) is None
    assert find_line("", "", ("gate",)) is None
    assert find_line("gate = 1\n", "", ()) is None


def test_at_the_top() -> None:
    assert find_line("a = 1\ngaet = 1\n[budget]\ngate = 2\n", "", (), word="gaet") == 2
    assert find_line("a = 1\ngaet = 1\n[budget]\ngate = 2\n", "", ("budget", "gate")) == 4


def test_setup_cfg() -> None:
    text = "[metadata]\nchecks: no\n[tool:numpydoc_validation]\nchecks =\n    all,\n    EX99\n"
    heading = "tool:numpydoc_validation"
    assert find_line(text, heading, ("checks",)) == 4
    assert find_line(text, heading, ("checks",), word="EX99") == 6


def test_a_long_word_and_a_long_heading() -> None:
    word = "a" * 50_000
    text = f"[x]\nb = '{word}'\n[{' ' * 50_000}\nc = '{word}!'\n"
    assert find_line(text, "x", ("b",), word=word) == 2
