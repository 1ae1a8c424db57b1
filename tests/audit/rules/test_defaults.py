from __future__ import annotations

import pytest

from ..support import findings, function, places


def parameters(*lines: str, signature: str = "x=3") -> str:
    return function("\n".join(["Do.", "", "Parameters", "----------", *lines, ""]), signature)


CLASS = 'class A:\n    """Do.\n\n    Parameters\n    ----------\n    x : int, default 4\n    """\n'
CLASS += "    def __init__(self, x=3): ...\n"

BAD = [
    ("DT101", parameters("x : int, default 4", "    It."), [(6, 22, "x")]),
    ("DT101", parameters("x: int, default=4", "    It."), [(6, 21, "x")]),
    ("DT101", parameters("x : int", "    It. Default is ``4``."), [(7, 26, "x")]),
    ("DT101", parameters("x : int", "    It", "    is that. Defaults to 4."), [(8, 30, "x")]),
    ("DT101", parameters("x : int, default None", "    It."), [(6, 22, "x")]),
    ("DT101", parameters("y, x : int, default 4", "    It.", signature="y=5, x=5"), [(6, 25, "y")]),
    ("DT101", CLASS, [(6, 22, "x")]),
    ("DT102", parameters("x : int, optional", "    It.", signature="x"), [(6, 14, "x")]),
    ("DT102", parameters("x : int (optional)", "    It.", signature="*, x"), [(6, 14, "x")]),
    ("DT102", parameters("x : int, default 3", "    It.", signature="x"), [(6, 22, "x")]),
    ("DT102", parameters("x, y : optional", signature="x, y"), [(6, 12, "x"), (6, 12, "y")]),
    ("DT103", parameters("x : int, default 3", "    It.", signature="x=None"), [(6, 22, "x")]),
    ("DT103", parameters("x : int", "    Default: 3.", signature="x='warn'"), [(7, 18, "x")]),
]

GOOD = [
    ("DT101", parameters("x : int, default 3", "    It. The default is 4 where y is odd.")),
    ("DT101", parameters("x : int, default 3.0", "    It.")),
    ("DT101", parameters("x : int", "    It. Default is 4.", "    Default is 5.")),
    ("DT101", parameters("x : int", "    If y is odd, the default is 4.")),
    ("DT101", parameters("x : int", "    It:", "        default is 4.")),
    ("DT101", parameters("x : int", "    It.", "  y : int", "    Default is 4.")),
    ("DT101", parameters("x : int, default all", "    It.", signature="x=_ALL")),
    ("DT101", parameters("x : int, default 4", "    It.", signature="x=_ALL")),
    ("DT101", parameters("x : int, default word", "    It.")),
    ("DT101", parameters("x : int, default 4", "    It.", signature="x=None")),
    ("DT101", parameters("x : int, default 4", "    It.", signature="x")),
    ("DT101", parameters("x, y : int, default 4", "    It.", signature="x=3, y=4")),
    ("DT101", "@overload\n" + parameters("x : int, default 4", "    It.", signature="x=...")),
    ("DT102", parameters("x : int, optional", "    It.")),
    ("DT102", parameters("*args : int, optional", "    It.", signature="*args")),
    ("DT102", parameters("x, y : int, y is optional", signature="x, y=3")),
    ("DT102", parameters("x : int, not optional", signature="x")),
    ("DT102", parameters("x : typing.optional[int]", signature="x")),
    ("DT102", "@typing.overload\n" + parameters("x : int, optional", signature="x")),
    ("DT103", parameters("x : int, default None", "    It.", signature="x=None")),
    ("DT103", parameters("x : int, default 4", "    It.")),
]


@pytest.mark.parametrize(("code", "source", "expected"), BAD)
def test_found(code: str, source: str, expected: list[tuple[int, int, str]]) -> None:
    assert places(source, code) == expected


@pytest.mark.parametrize(("code", "source"), GOOD)
def test_not_found(code: str, source: str) -> None:
    assert not findings(source, code)


def test_both_values_are_named() -> None:
    (finding,) = findings(parameters("x : int, default: `4`"), "DT101")
    assert finding.message == 'Default of "x" is 3 in the signature, not 4'


@pytest.mark.parametrize(
    ("signature", "said"),
    [
        # As scipy had them: van_der_corput, _svdp, filldoc.
        ("scramble=False", "Otherwise no scrambling is done.\n    Default is True."),
        ("scramble=0.002", "Default is ``0.001``.  Accessed only if ``irl_mode=True``."),
        ("scramble=True", "If True, strip common indentation.\n    Default is False."),
    ],
)
def test_defects_that_were_real(signature: str, said: str) -> None:
    assert findings(parameters("scramble : t", f"    {said}", signature=signature), "DT101")


@pytest.mark.parametrize(
    ("kind", "description", "default", "expected"),
    [
        ("int", "It.", "0", True),
        ("int, default 0", "It.", "0", False),
        ("int, optional", "It.", "0", False),
        ("int", "It. Defaults to 0.", "0", False),
        ("int", "It.\n    The default is 0.", "0", False),
        ("int", "It (optional).", "0", False),
        ("{'linear', 'cubic'}", "It.", "'linear'", False),
        ("{'linear', 'cubic'}", "It.", "'other'", True),
        ("int or None", "It.", "None", False),
        ("int", "It. None for all.", "None", False),
        ("int", "It.", "None", True),
        ("int", "It.", "10", True),
    ],
)
def test_defaults_that_are_passed_over(
    kind: str, description: str, default: str, *, expected: bool
) -> None:
    text = f"Do it.\n\nParameters\n----------\nx : {kind}\n    {description}\n"
    assert bool(findings(function(text, f"x={default}"), "DT105")) == expected
    assert not findings(function(text, "x"), "DT105")
