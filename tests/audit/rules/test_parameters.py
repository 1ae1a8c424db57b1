from __future__ import annotations

import pytest

from ..support import codes, findings, function, places


def parameters(*lines: str, signature: str = "x") -> str:
    return function("\n".join(["Do.", "", "Parameters", "----------", *lines, ""]), signature)


DESCRIBED = ("x : int", "    It.")
BAD = [
    (
        "PR01",
        function("Do.", "x, /, *args, y, **kw"),
        [(2, 8, n) for n in ["**kw", "*args", "x", "y"]],
    ),
    ("PR01", parameters(*DESCRIBED, signature="x, y"), [(4, 5, "y")]),
    ("PR01", parameters("args", "    It.", signature="*args"), [(4, 5, "*args")]),
    ("PR02", parameters(*DESCRIBED, "y : int", "    It."), [(8, 5, "y")]),
    ("PR02", parameters("x, y : int", "    It."), [(6, 8, "y")]),
    ("PR02", parameters(*DESCRIBED, *DESCRIBED), [(8, 5, "x")]),
    ("PR03", parameters("y : int", "    It.", *DESCRIBED, signature="x, y"), [(6, 5, "y")]),
    ("PR04", parameters("x", "    It."), [(6, 5, "x")]),
    ("PR05", parameters("x : int.", "    It."), [(6, 12, "x")]),
    ("PR06", parameters("x : list of string", "    It."), [(6, 17, "x")]),
    ("PR07", parameters("x : int"), [(6, 5, "x")]),
    ("PR07", parameters("x : int", "    .. versionadded:: 1.2"), [(6, 5, "x")]),
    ("PR08", parameters("x : int", "    it."), [(7, 9, "x")]),
    ("PR08", parameters("x : {'a', 'b'}", "    it."), [(7, 9, "x")]),
    ("PR09", parameters("x : int", "    It"), [(7, 10, "x")]),
    ("PR09", parameters("x : int", "    It", "", "    .. versionadded:: 1.2"), [(7, 10, "x")]),
    ("PR10", parameters("x: int", "    It."), [(6, 5, "x")]),
    ("PR10", parameters("x :int", "    It."), [(6, 5, "x")]),
]

GOOD = [
    ("PR01", function("Do.")),
    ("PR01", parameters("x, y : int", "    It.", signature="x, y")),
    ("PR01", parameters("x,y : int", "    It.", signature="x, y")),
    ("PR01", parameters("*args, **kw", "    It.", signature="*args, **kw")),
    ("PR01", parameters(r"\*args", "    It.", signature="*args")),
    ("PR01", parameters("x: int", "    It.")),
    ("PR02", parameters("x: int", "    It.")),
    ("PR03", parameters(*DESCRIBED, "y : int", "    It.", signature="x, y")),
    ("PR03", parameters("y : int", "    It.", signature="x, y")),
    ("PR04", parameters("*args", "    It.", signature="*args")),
    ("PR04", parameters(r"\*\*kw", "    It.", signature="**kw")),
    ("PR04", parameters("x: int", "    It.")),
    ("PR05", parameters("x : int", "    It.")),
    ("PR06", parameters("x : {'string', 'integer'}", "    It.")),
    ("PR06", parameters("x : substring", "    It.")),
    ("PR07", parameters(*DESCRIBED)),
    ("PR08", parameters("x : int", "    `it`.")),
    ("PR09", parameters("x : int", "    It:", "", "    - one")),
    ("PR09", parameters("x : int", "    It::", "", "        x = 1")),
    ("PR09", parameters("x : int", "    It.", "", "    .. versionadded:: 1.2")),
    ("PR10", parameters("x : dict of {int: str}", "    It.")),
]


@pytest.mark.parametrize(("code", "source", "expected"), BAD)
def test_found(code: str, source: str, expected: list[tuple[int, int, str]]) -> None:
    assert places(source, code) == expected


@pytest.mark.parametrize(("code", "source"), GOOD)
def test_not_found(code: str, source: str) -> None:
    assert not findings(source, code)


@pytest.mark.parametrize(
    ("written", "signature", "advice"),
    [
        ("axes", "axis", 'is not in the signature; did you mean "axis"?'),
        ("args", "*args", 'is not in the signature; write "*args"'),
        ("q", "axis", "is not in the signature"),
    ],
)
def test_advice_for_an_unknown_parameter(written: str, signature: str, advice: str) -> None:
    (finding,) = findings(parameters(f"{written} : int", "    It.", signature=signature), "PR02")
    assert finding.message == f'Parameter "{written}" {advice}'


def test_parameters_and_other_parameters_count_together() -> None:
    text = "Do.\n\nOther Parameters\n----------------\ny : int\n    It.\n\n"
    source = function(text + "Parameters\n----------\nx : int\n    It.\n", "x, y")
    assert not findings(source, "PR01", "PR02", "PR03")


FIELDS = '    """Do.\n\n    Parameters\n    ----------\n    x : int\n        It.\n    """\n'


@pytest.mark.parametrize("base", ["", "(Base)"])
def test_a_class_without_init_has_fields_or_a_new(base: str) -> None:
    assert not findings(f"@dataclass\nclass A{base}:\n{FIELDS}    x: int\n", "PR01", "PR02")
    new = findings(f"class A{base}:\n{FIELDS}    def __new__(cls, y): ...\n", "PR01", "PR02")
    assert [finding.subject for finding in new] == ["y", "x"]


def test_a_class_is_judged_by_its_own_init() -> None:
    found = codes(f"class A:\n{FIELDS}    def __init__(self, y): pass\n")
    assert {("A", "PR01"), ("A", "PR02")} <= found


def test_parameters_may_be_in_the_class_or_in_its_init() -> None:
    inner = FIELDS.replace("\n    ", "\n        ").replace('    """', '        """', 1)
    init = f"    def __init__(self, x):\n{inner}\n"
    assert not findings(f'class A:\n    """Do."""\n{init}', "PR01")
    plain = '    def __init__(self, x):\n        """Do."""\n'
    assert not findings(f"class A:\n{FIELDS}{plain}", "PR01")
    assert len(findings(f'class A:\n    """Do."""\n{plain}', "PR01")) == 2


@pytest.mark.parametrize("first", ["self", "cls", "mcs", "metacls"])
def test_the_first_parameter_of_a_method_is_implicit(first: str) -> None:
    assert not findings(f'class A:\n    def f({first}):\n        """Do."""\n', "PR01")
    assert findings(f'def f({first}):\n    """Do."""\n', "PR01")


def test_the_class_in_new_and_in_a_classmethod_is_implicit() -> None:
    source = 'class A:\n    def __new__(subtype):\n        """Do."""\n'
    source += '    @classmethod\n    def make(kind):\n        """Do."""\n'
    assert not findings(source, "PR01")
