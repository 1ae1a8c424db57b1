from __future__ import annotations

import pytest

from detent.core.model import Param

from .support import extract_facts


def fields(source: str) -> list[tuple[str, str, str | None]]:
    (symbol,) = extract_facts(source.encode()).symbols[1:]
    return [(param.name, param.kind, param.default) for param in symbol.params]


BODY = "    x: int\n    y: 'str' = 1\n    z = 3\n"
PLAIN = [("x", "normal", None), ("y", "normal", "1")]


@pytest.mark.parametrize(
    "header",
    [
        "@dataclass\nclass A:",
        "@dataclasses.dataclass(frozen=True)\nclass A(B):",
        "@other\n@pydantic.dataclasses.dataclass\nclass A:",
        "@define\nclass A:",
        "@attrs.frozen(slots=False)\nclass A:",
        "@attr.s(auto_attribs=True)\nclass A:",
        "class A(NamedTuple):",
        "class A(typing.NamedTuple, Generic[T]):",
    ],
)
def test_fields(header: str) -> None:
    assert fields(f"{header}\n{BODY}") == PLAIN


@pytest.mark.parametrize(
    "header",
    ["class A:", "@final\nclass A:", "@dataclass(init=False)\nclass A:", "@attr.s\nclass A:",
     "class A(Base):", "@attr.s(these={})\nclass A:"],
)  # fmt: skip
def test_no_fields(header: str) -> None:
    assert fields(f"{header}\n{BODY}") == []


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("x: ClassVar[int] = 1", None),
        ("x: 'typing.ClassVar' = 1", None),
        ("x: int = field(init=False)", None),
        ("x: InitVar[int]", ("x", "normal", None)),
        ("x: int = field()", ("x", "normal", None)),
        ("x: int = field(default=2)", ("x", "normal", "field(default=2)")),
        ("x: int = f(3)", ("x", "normal", "f(3)")),
        ("_: KW_ONLY\n    x: int", ("x", "keyword", None)),
        ("_x: int", ("_x", "normal", None)),
    ],
)
def test_fields_of_a_dataclass(field: str, expected: object) -> None:
    assert fields(f"@dataclass\nclass A:\n    {field}\n") == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("x = attr.ib()", ("x", None)),
        ("x = attr.ib(default=1)", ("x", "attr.ib(default=1)")),
        ("x = field(factory=list)", ("x", "field(factory=list)")),
        ("x = attr.ib(init=False)", None),
        ("_x = attr.ib()", ("x", None)),
        ("x = attr.ib(alias='y')", ("y", None)),
        ("x = 1", None),
    ],
)
@pytest.mark.parametrize("decorator", ["attr.s", "attrs.define"])
def test_fields_of_attrs(decorator: str, field: str, expected: tuple[str, str]) -> None:
    found = fields(f"@{decorator}\nclass A:\n    {field}\n")
    assert [(name, default) for name, _, default in found] == ([expected] if expected else [])


def test_fields_are_no_parameters_of_the_shape() -> None:
    (symbol,) = extract_facts(b"@dataclass\nclass A:\n    x: int\n").symbols[1:]
    assert (symbol.params, symbol.shape.parameters) == ((Param("x", annotation="int"),), 0)


DESCRIBED = [
    'x: int\n{0}"""It."""',
    "x = 1\n{0}'It.'",
    "x = 1  #: It.",
    "#: It.\n{0}x = 1",
    "#: It\n{0}#: is.\n{0}x: int = 1",
]
PLAIN_ATTRIBUTES = [
    "x = 1  # It.",
    "# It.\n{0}x = 1",
    "x = 1\n{0}y = 'It.'",
    'x = (\n{0}"It.")',
    "x = 1\n\n{0}#: It.\n{0}y = 1",
]


@pytest.mark.parametrize("assignment", DESCRIBED)
def test_attributes_with_a_text_of_their_own(assignment: str) -> None:
    plain = f"class A:\n    {assignment.format('    ')}\n"
    assert "x" in extract_facts(plain.encode()).symbols[1].described
    inside = assignment.format("        ").replace("x", "self.x")
    init = f"class A:\n    def __init__(self):\n        {inside}\n"
    assert "x" in extract_facts(init.encode()).symbols[1].described


@pytest.mark.parametrize("assignment", PLAIN_ATTRIBUTES)
def test_attributes_without_one(assignment: str) -> None:
    source = f"class A:\n    {assignment.format('    ')}\n"
    assert "x" not in extract_facts(source.encode()).symbols[1].described
