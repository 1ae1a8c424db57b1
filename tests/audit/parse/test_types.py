from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detent.audit.parse.types import parse_annotation, parse_prose_type


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("int", "int"),
        ("int, str, or None", "int str None"),
        ("int | list[str]", "int list"),
        ("bool, optional, default True", "bool"),
        ("{'a', 1, None} or callable", "str int None callable"),
        ("list of tuples", "list"),
        ("dict mapping str to int", "dict"),
        ("str (a path)", "str"),
        ("array_like", None),
        ("int or array_like", None),
        ("list of int or str", None),
        ("{a, b}", None),
        ("", None),
    ],
)
def test_prose(text: str, kinds: str | None) -> None:
    assert parse_prose_type(text) == (None if kinds is None else set(kinds.split()))


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("int", "int"),
        ("int | None", "int None"),
        ("typing.Optional[List[int]]", "list None"),
        ("Union[int, dict[str, int | None]]", "int dict"),
        ('Literal["a|b", 1]', "str int"),
        ("'int | str'", "int str"),
        ("Callable[[int, str], bool] | bytes", "callable bytes"),
        ("T", None),
        ("int | T", None),
        ("", None),
        ("'", None),
    ],
)
def test_annotations(text: str, kinds: str | None) -> None:
    assert parse_annotation(text) == (None if kinds is None else set(kinds.split()))


@given(st.text("[](){}|,'\" intsroLeal.Uo", max_size=60))
def test_nothing_fails(text: str) -> None:
    parse_prose_type(text)
    parse_annotation(text)
    parse_annotation(f"Union[{text}]")
    parse_annotation("'" * 50 + text)
