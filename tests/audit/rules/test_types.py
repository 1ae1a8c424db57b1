from __future__ import annotations

import pytest

from ..support import findings, function, places


def parameter(kind: str, annotation: str) -> str:
    return function(f"Do.\n\nParameters\n----------\nx : {kind}\n    It.\n", f"x: {annotation}")


def returned(kind: str, annotation: str) -> str:
    source = function(f"Do.\n\nReturns\n-------\n{kind}\n    It.\n")
    return source.replace("):", f") -> {annotation}:")


@pytest.mark.parametrize(
    ("kind", "annotation"),
    [
        ("int", "str"),
        ("int, optional", "str | None"),
        ("int or str, default 3", "int"),
        ("list of int", "tuple[int, ...]"),
        ("{'a', 'b'}", "int"),
        ("int", "float"),
    ],
)
def test_another_type_of_a_parameter(kind: str, annotation: str) -> None:
    expected = [] if (kind, annotation) == ("int or float", "float") else [(6, 9, "x")]
    assert places(parameter(kind, annotation), "DT104") == expected


@pytest.mark.parametrize(
    ("kind", "annotation"),
    [
        ("int", "int"),
        ("int", "int | None"),
        ("int or None", "int"),
        ("integer or `str`", "Union[str, int]"),
        ("int or float", "float"),
        ("list of str", "list[int]"),
        ("int or list of str", "int | list[str]"),
        ("tuple of int, str", "tuple[int, str]"),
        ("array_like", "int"),
        ("int", "SupportsInt"),
        ("{'a', 'b'}, default 'a'", 'Literal["a", "b"]'),
        ("callable", "Callable[[int], str]"),
        ("str", '"str"'),
        ("", "int"),
    ],
)
def test_types_that_agree_or_cannot_be_told_apart(kind: str, annotation: str) -> None:
    assert not findings(parameter(kind, annotation), "DT104")


def test_the_return_value() -> None:
    assert places(returned("str", "str | None"), "DT203") == [(6, 5, "str")]
    assert places(returned("x : int", "str"), "DT203") == [(6, 9, "x")]
    for kind, annotation in [("str or None", "Optional[str]"), ("str", "T"), ("x : str", "str")]:
        assert places(returned(kind, annotation), "DT203") == []
    several = returned("int\n    It.\nstr", "int")
    assert places(several, "DT203") == []
