from __future__ import annotations

from detent.core.outline import ClassOutline, derive_outline
from query.support import Sources

SOURCE = '''
from a import b as c, d
import e.f
from g import *
from h import *
__all__ = ["A"]


class A(b, metaclass=M):
    def f(self):
        """Do."""

    def g(self): ...

    def h(self):
        """ """

    @property
    def i(self): ...

    @i.setter
    def i(self, value):
        """Set it."""

    @typing.overload
    def j(self):
        """Take one."""

    def k(self):
        import z

        def l():
            """Do."""

    if x:
        def m(self):
            """Do."""
    else:
        def m(self): ...

    def n(self):
        ""

    class B: ...
'''


def test_what_others_need() -> None:
    view = Sources({"m.py": SOURCE})
    outline = view.get_outline(b"m.py")
    assert outline is not None
    assert outline == derive_outline(view.sources["m.py"])
    assert outline.classes == {
        1: ClassOutline("A", ("b", "metaclass=M"), frozenset("fhm")),
        13: ClassOutline("A.B", (), frozenset()),
    }
    assert outline.indices_by_name == {"A": [1], "A.B": [13]}
    assert outline.imports == {"c": [("a", "b")], "d": [("a", "d")], "e": [("e.f", "")]}
    assert outline.stars == ["h", "g"]
    assert outline.exports == ("A",)


def test_a_file_is_read_once() -> None:
    view = Sources({"a.py": "", "b.py": "", "c.py": ""})
    view.load_outlines([b"a.py", b"b.py"])
    assert view.get_outline(b"a.py")
    assert view.get_outline(b"no.py") is None
    assert view.get_outline(b"c.py")
    view.load_outlines([b"a.py", b"c.py", b"no.py"])
    assert view.read == ["a.py", "b.py", "c.py"]
