from __future__ import annotations

import pytest

from ..support import findings, function, places

BAD = [
    ("SS01", function("\nParameters\n----------\nx : int\n    It.\n"), [(3, 5, "")]),
    ("SS01", function("  "), [(2, 8, "")]),
    ("SS01", function("f(x)"), [(2, 8, "")]),
    ("SS02", function("do it."), [(2, 8, "")]),
    ("SS03", function("Do it"), [(2, 12, "")]),
    ("SS03", function("Do it\nat once\n"), [(3, 11, "")]),
    ("SS04", function("\n    Do it.\n\nMore.\n"), [(3, 9, "")]),
    ("SS05", function("Returns it."), [(2, 8, "")]),
    ("SS05", function("classifies it."), [(2, 8, "")]),
    ("SS06", function("Do it\nat once.\n"), [(3, 5, "")]),
    ("ES01", function("Do it."), [(2, 8, "Extended Summary")]),
]

GOOD = [
    ("SS01", function("Do.")),
    ("SS01", function("f(x)\n\nDo.\n")),
    ("SS02", function("Do.")),
    ("SS02", function("4 is it.")),
    ("SS03", function("Do. ")),
    ("SS04", function("Do.")),
    *(("SS05", function(f"{word} it.")) for word in ("Process", "Always", "This", "Axis", "Is")),
    ("SS05", '"""M."""\nclass A:\n    """Returns it."""\n'),
    ("SS06", function("Do.\n\nMore.\n")),
    ("ES01", function("Do.\n\nMore.\n")),
    ("ES01", function("Do\nmore.\n")),
    ("ES01", '"""M."""\n'),
]


@pytest.mark.parametrize(("code", "source", "expected"), BAD)
def test_found(code: str, source: str, expected: list[tuple[int, int, str]]) -> None:
    assert places(source, code) == expected


@pytest.mark.parametrize(("code", "source"), GOOD)
def test_not_found(code: str, source: str) -> None:
    assert not findings(source, code)


def test_the_infinitive_is_offered() -> None:
    (finding,) = findings(function("Classifies it."), "SS05")
    assert finding.message == 'Summary starts with "Classifies"; write "Classify"'


@pytest.mark.parametrize(
    "summary",
    [
        "This function returns it.",
        "this method is old.",
        "This helper function sorts.",
        "This decorator sorts.",
        "Function to sort.",
        "A helper function, for sorting.",
        "Convenience function for sorting.",
        "Utility method that sorts.",
        "The function which sorts.",
    ],
)
def test_a_self_description_is_found(summary: str) -> None:
    assert places(function(summary), "DT601") == [(2, 8, "")]


@pytest.mark.parametrize(
    "summary",
    [
        "Sort.",
        "Transfer function to state space.",
        "Provide method for completion.",
        "Decision function for the kernel.",
        "Functions are sorted.",
        "This is it.",
        "A function.",
        "",
    ],
)
def test_other_summaries_are_no_self_description(summary: str) -> None:
    assert not findings(function(summary), "DT601")


def test_only_functions_describe_themselves() -> None:
    assert not findings('class A:\n    """This class sorts."""\n', "DT601")
    assert not findings('"""This function sorts."""\n', "DT601")
