"""The parameters of classes without ``__init__``: their fields, or those of ``__new__``."""

from __future__ import annotations

import pytest

from ..support import findings

TEXT = '''    """A.

    Parameters
    ----------
    {0} : int
        It.
    {1} : int
        It.
    """
'''
FIELDS = "    size: int\n    price: int = 1\n"
HEADERS = [
    "@dataclass\nclass A:",
    "class A(NamedTuple):",
    "@attrs.define\nclass A:",
    "class A:\n    def __new__(cls, size, price=1): pass",
]


def said(header: str, *names: str, body: str = FIELDS, text: str = TEXT) -> list[tuple[str, str]]:
    header, _, method = header.partition("\n    def ")
    source = f"{header}\n{text.format(*names)}" + (f"    def {method}\n" if method else body)
    found = findings(source, "PR01", "PR02", "PR03")
    return [(finding.code, finding.subject) for finding in found if not finding.numpydoc_only]


@pytest.mark.parametrize("header", HEADERS)
def test_fields_are_parameters(header: str) -> None:
    assert said(header, "size", "price") == []
    assert said(header, "sise", "price") == [("PR01", "size"), ("PR02", "sise")]
    assert said(header, "z", "wrong") == [
        ("PR01", "price"),
        ("PR01", "size"),
        ("PR02", "z"),
        ("PR02", "wrong"),
    ]
    assert said(header, "price", "size") == [("PR03", "price")]


@pytest.mark.parametrize("header", HEADERS)
def test_without_a_section_nothing_is_asked(header: str) -> None:
    assert said(header, text='    """A."""\n') == []


def test_fields_that_are_documented_as_attributes() -> None:
    text = TEXT.replace(
        '    """\n', '\n    Attributes\n    ----------\n    price : int\n        It.\n    """\n'
    )
    text = text.replace("\n\n    Attributes", "\n    Attributes").replace(
        "    {1} : int\n        It.\n", ""
    )
    assert said(HEADERS[0], "size", text=text.replace("It.\n    Attr", "It.\n\n    Attr")) == []


@pytest.mark.parametrize("field", ["_x: int = 1", "x: int = 1  #: It.", "x: int = 1\n    'It.'"])
def test_fields_that_need_no_entry(field: str) -> None:
    assert said(HEADERS[0], "size", "price", body=f"{FIELDS}    {field}\n") == []


BASE = '@dataclass\nclass {}:\n    """Base."""\n    base: int\n\n\n@dataclass\nclass A({}):'


@pytest.mark.parametrize(
    ("base", "expected"),
    [
        ("Base", []),
        ("Other", []),  # nobody knows its fields
        ("object", [("PR02", "base")]),
        ("Generic[T]", [("PR02", "base")]),
    ],
)
def test_fields_of_base_classes(base: str, expected: list[tuple[str, str]]) -> None:
    header = BASE.format("Base", base)
    assert said(header, "base", "size", body="    size: int\n") == expected
    slip = said(header, "bse", "size", body="    size: int\n")
    assert slip == ([] if base == "Other" else [("PR02", "bse")])


def test_inherited_fields_need_no_second_entry() -> None:
    assert said(BASE.format("Base", "Base"), "size", "price") == []


def test_a_circle_of_bases() -> None:
    assert said("@dataclass\nclass A(A, B, A):", "size", "price") == []
    many = "".join(f"@dataclass\nclass C{n}({'C0, ' * 30}):\n    x: int\n" for n in range(30))
    assert findings(many + "@dataclass\nclass A(C1):\n" + TEXT.format("x", "y") + FIELDS, "PR02")


def test_a_long_line_of_bases() -> None:
    first = "@dataclass\nclass C0:\n    x: int\n"
    others = "".join(f"@dataclass\nclass C{n}(C{n - 1}):\n    x: int\n" for n in range(1, 2000))
    last = "@dataclass\nclass A(C1999):\n" + TEXT.format("x", "y") + FIELDS
    assert not findings(first + others + last, "PR02")


@pytest.mark.parametrize(
    "header",
    [
        "class A:\n    def __new__(cls, *args, **kwargs): pass",
        "class A(Enum):\n    def __new__(cls, value): pass",
        "class A(Base):\n    x: int",
        "class A:\n    x: int",
    ],
)
def test_what_nobody_knows(header: str) -> None:
    assert said(header, "a", "b") == []


def test_an_init_goes_before_fields() -> None:
    header = "class A:\n    def __init__(self, a, b): pass\n    def __new__(cls, c): pass"
    assert said(header, "a", "b") == []


def test_a_default_of_a_field() -> None:
    source = "@dataclass\nclass A:\n" + TEXT.format("size", "price") + FIELDS
    wrong = source.replace("price : int\n", "price : int, default 2\n")
    assert [finding.subject for finding in findings(wrong, "DT101")] == ["price"]
    assert not findings(source, "DT101", "DT102", "DT702")
