from __future__ import annotations

from detent.core.outline import Class, outline_of
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
    outline = view.outline(b"m.py")
    assert outline is not None
    assert outline == outline_of(view.sources["m.py"])
    assert outline.classes == {
        1: Class("A", ("b", "metaclass=M"), frozenset("fhm")),
        13: Class("A.B", (), frozenset()),
    }
    assert outline.named == {"A": [1], "A.B": [13]}
    assert outline.imports == {"c": [("a", "b")], "d": [("a", "d")], "e": [("e.f", "")]}
    assert outline.stars == ["h", "g"]
    assert outline.exports == ("A",)


def test_a_file_is_read_once() -> None:
    view = Sources({"a.py": "", "b.py": "", "c.py": ""})
    view.fetch([b"a.py", b"b.py"])
    assert view.outline(b"a.py")
    assert view.outline(b"no.py") is None
    assert view.outline(b"c.py")
    view.fetch([b"a.py", b"c.py", b"no.py"])
    assert view.read == ["a.py", "b.py", "c.py"]
