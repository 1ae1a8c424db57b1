from __future__ import annotations

import pytest

from ..support import findings, function, places


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
def test_found(summary: str) -> None:
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
def test_not_found(summary: str) -> None:
    assert not findings(function(summary), "DT601")


def test_only_functions() -> None:
    assert not findings('class A:\n    """This class sorts."""\n', "DT601")
    assert not findings('"""This function sorts."""\n', "DT601")
