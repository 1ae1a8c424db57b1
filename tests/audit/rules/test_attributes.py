from __future__ import annotations

import pytest

from detent.audit.codes import OPTIONAL, get_default_severity

from ..support import findings, places

CLASS = '''\
class A{head}:
    """Do.

    Attributes
    ----------
    x : int
        It.
    {more}
    """
{body}'''


def write(more: str = "", body: str = "    x = 1\n", head: str = "") -> str:
    return CLASS.format(more=more, body=body, head=head)


INIT = "    def __init__(self, y):\n        self.x = self.y = y\n"

BAD = [
    ("DT401", write(body="    y = 1\n"), [(6, 5, "x")]),
    ("DT401", write("z, x : int", INIT), [(8, 5, "z")]),
    ("DT401", "class B: w = 1\n" + write("w, z : int", head="(B, Generic[T])"), [(9, 8, "z")]),
    ("DT402", write(body=INIT), [(4, 5, "y")]),
    ("DT402", write(body="    x: int\n    y: int = 3\n    def z(self): ...\n"), [(4, 5, "y")]),
    ("DT403", write("y : int", INIT), [(8, 5, "y")]),
]
GOOD = [
    ("DT401", write()),
    ("DT401", write("y : int", INIT)),
    ("DT401", write("y\n    z", "    @property\n    def y(self): return 1\n    class z: x = 1\n")),
    ("DT401", write(body="    def f(self):\n        def g(): return self.x\n")),
    ("DT401", write(body="    y = 1\n", head="(Unknown)")),
    ("DT401", write(body="    y = 1\n", head="(metaclass=M)")),
    ("DT401", "@add_more\n" + write(body="    y = 1\n")),
    ("DT401", write(body="    def f(self): setattr(self, 'x', 1)\n")),
    ("DT401", write(body="    def __getattr__(self, name): return 1\n")),
    ("DT401", write(body="    def __new__(cls): return B()\n")),
    ("DT401", "class B(C): pass\n" + write(body="", head="(B)")),
    ("DT401", "class B(A): pass\n" + write(head="(B)")),
    ("DT402", write(body="    x = 1\n    _y = 2\n    __slots__ = ()\n")),
    ("DT402", write("\n    Parameters\n    ----------\n    y : int\n        It.", INIT)),
    ("DT402", 'class A:\n    """Do."""\n' + INIT),
    ("DT402", write(body="    @property\n    def y(self): ...\n" + INIT)),
    ("DT403", write("y", INIT)),
    ("DT403", write("y : int", "    @property\n    def y(self): ...\n")),
]


@pytest.mark.parametrize(("code", "source", "expected"), BAD)
def test_found(code: str, source: str, expected: list[tuple[int, int, str]]) -> None:
    assert places(source, code) == expected


@pytest.mark.parametrize(("code", "source"), GOOD)
def test_not_found(code: str, source: str) -> None:
    assert not findings(source, code)


def test_what_may_be_private_by_intention_is_only_a_warning() -> None:
    assert get_default_severity("DT402") == "warning"
    assert "DT402" in OPTIONAL


@pytest.mark.parametrize(
    "attribute",
    [
        "y: InitVar[int]",
        "y: 'InitVar[int]' = 1",
        'y = 1\n    """It."""',
        "y = 1  #: It.",
        "#: It.\n    y = 1",
    ],
)
def test_attributes_that_need_no_entry(attribute: str) -> None:
    text = '"""A.\n\n    Attributes\n    ----------\n    x : int\n        It.\n    """'
    assert not findings(f"class A:\n    {text}\n    x = 1\n    {attribute}\n", "DT402")
    listed = text.replace("It.\n    ", "It.\n    y : int\n    ")
    source = f"class A:\n    {listed}\n    x = 1\n    {attribute}\n"
    assert not findings(source, "DT401", "DT402", "DT403")
    plain = f"class A:\n    {listed}\n    x = 1\n    y = 1\n"
    assert [finding.code for finding in findings(plain, "DT402", "DT403")] == ["DT403"]
