from __future__ import annotations

import pytest

from detent.audit.parse.entries import Name, parse_entries, parse_references
from detent.audit.parse.lines import split_docstring


@pytest.mark.parametrize(
    ("header", "names", "kind", "glued"),
    [
        ("x : int", ["x"], "int", False),
        ("x", ["x"], "", False),
        ("x :", ["x"], "", False),
        ("x, y : int", ["x", "y"], "int", False),
        ("x,y : int", ["x", "y"], "int", False),
        ("x , y : int", ["x", "y"], "int", False),
        ("*args, **kw", ["*args", "**kw"], "", False),
        (r"\*args, \**kw", ["*args", "**kw"], "", False),
        ("f(a,b) : int", ["f(a,b)"], "int", False),
        ("x: int", ["x"], " int", True),
        ("x :int", ["x"], "int", True),
        (":class:`A`", [":class:`A`"], "", True),
        ("x : dict of {a : b}", ["x"], "dict of {a : b}", False),
    ],
)
def test_headers(header: str, names: list[str], kind: str, glued: bool) -> None:
    (entry,) = parse_entries(split_docstring(f"  {header}  \n    It."), 0, 2)
    assert [name.text for name in entry.names] == names
    assert (entry.type.text, entry.has_tight_colon) == (kind, glued)
    if kind:
        assert f"  {header}"[entry.type.column :] == kind


def test_a_line_without_colon_is_a_type_under_returns() -> None:
    first, second = parse_entries(split_docstring("int\n    It.\nx : str"), 0, 3, typed=True)
    assert (first.names, first.type) == ((), Name("int", 0, 0))
    assert (second.names, second.type) == ((Name("x", 2, 0),), Name("str", 2, 4))


def test_a_description_ends_before_a_directive() -> None:
    (entry,) = parse_entries(
        split_docstring("x : int\n    One\n    two.\n\n    .. versionadded:: 1\n"), 0, 5
    )
    assert entry.description is not None
    assert (entry.description.first, entry.description.last) == ("One", "two.")
    assert entry.description.end == (2, 7)


def test_nothing_is_said_before_a_directive() -> None:
    (entry,) = parse_entries(split_docstring("x : int\n    .. deprecated:: 1\n       Gone."), 0, 3)
    assert entry.description is None


def test_references() -> None:
    text = "foo : It\n    is.\n\n:meth:`~a.b`, c\n`d`\n    dangling\n"
    found = parse_references(split_docstring(text), 0, 7)
    assert [[name.text for name in item.names] for item in found] == [
        ["foo"],
        ["~a.b", "c"],
        ["`d`"],
    ]
    assert [item.readable for item in found] == [True, True, False]
    said = [item.description and (item.description.first, item.description.last) for item in found]
    assert said == [("It", "is."), None, ("dangling", "dangling")]
