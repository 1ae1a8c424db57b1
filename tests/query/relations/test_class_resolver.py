"""Which class a name means, in all the ways in which a name can get from one file to another."""

from __future__ import annotations

import pytest

from detent.query.relations.class_resolver import NameResolver
from query.support import Sources, Tree

C = "class C: ...\n"
PACKAGE = {"p/__init__.py": "", "p/a.py": C, "p/q/__init__.py": "", "p/q/b.py": C}


def found(tree: Tree, path: str, name: str, *, scope: str = "") -> list[str]:
    """Give the places as ``path:qualified name``, with ``.py`` left out."""
    view = Sources(tree)
    places = NameResolver(view).find_classes(path.encode(), scope, name)
    return [
        f"{at.decode().removesuffix('.py')}:{view.sources[at.decode()].symbols[number].qualname}"
        for at, number in places
    ]


IMPORTS = {
    "from p.a import C": "C",
    "from p.a import C as D": "D",
    "from p import a": "a.C",
    "from p import a as x": "x.C",
    "import p.a": "p.a.C",
    "import p.a, p.q.b": "p.a.C",
    "import p.a as x": "x.C",
    "from p.a import *": "C",
    "from p import *": "a.C",
    "try:\n    from fast import C\nexcept ImportError:\n    from p.a import C": "C",
    "if True:\n    from p.a import C": "C",
}


@pytest.mark.parametrize(("statement", "name"), IMPORTS.items())
@pytest.mark.parametrize("path", ["m.py", "p/m.py", "p/q/m.py", "tools/m.py", "other/m.py"])
@pytest.mark.parametrize("root", ["", "src/", "lib/python/"])
def test_an_absolute_import(statement: str, name: str, path: str, root: str) -> None:
    tree = {root + at: text for at, text in PACKAGE.items()}
    tree[root + "other/__init__.py"] = ""
    tree[root + "p/__init__.py"] = "from . import a"
    tree[root + path] = statement + "\n"
    assert found(tree, root + path, name) == [f"{root}p/a:C"]


@pytest.mark.parametrize(
    ("path", "statement", "name", "expected"),
    [
        ("p/m.py", "from .a import C", "C", "p/a:C"),
        ("p/m.py", "from . import a", "a.C", "p/a:C"),
        ("p/__init__.py", "from .a import C", "C", "p/a:C"),
        ("p/__init__.py", "from . import q", "q.b.C", "p/q/b:C"),
        ("p/q/m.py", "from ..a import C", "C", "p/a:C"),
        ("p/q/m.py", "from .. import a", "a.C", "p/a:C"),
        ("p/q/__init__.py", "from ..a import C", "C", "p/a:C"),
        ("p/m.py", "from .q.b import *", "C", "p/q/b:C"),
        ("p/m.py", "from ...a import C", "C", None),
        ("p/m.py", "from .................a import C", "C", None),
        ("p/m.py", "from .nothing import C", "C", None),
        ("p/m.py", "from .a import D", "D", None),
        ("p/m.py", "from .a import C", "C.D", None),
        ("p/m.py", "def f():\n    from .a import C", "C", None),
        ("p/m.py", "", "C", None),
    ],
)
def test_a_relative_import(path: str, statement: str, name: str, expected: str | None) -> None:
    tree = {**PACKAGE, path: statement + "\n"}
    assert found(tree, path, name) == ([expected] if expected else [])


def test_a_package_hands_names_on() -> None:
    tree = {
        "p/__init__.py": "from .q import *\nfrom .q import D as E\n",
        "p/q/__init__.py": "from ._impl import C, D\nfrom ._impl import _E\n__all__ = ['C']\n",
        "p/q/_impl.py": C + "class D: ...\nclass _E: ...\n",
    }
    tree["m.py"] = "import p\nfrom p import *\nfrom p.q._impl import *\n"
    assert found(tree, "m.py", "p.C") == ["p/q/_impl:C"]
    assert found(tree, "m.py", "C") == ["p/q/_impl:C"]
    assert found(tree, "m.py", "p.E") == ["p/q/_impl:D"]
    assert found(tree, "m.py", "p.D") == [], "__all__ does not let it out"
    assert found(tree, "m.py", "p.q._E") == ["p/q/_impl:_E"]
    assert found(tree, "m.py", "_E") == [], "a star brings no underscores"


def test_namespace_packages_have_no_init() -> None:
    tree = {"ns/one/a.py": C, "ns/two/__init__.py": C}
    imports = ["from ns.one.a import C", "from ns.one import a\nC = a.C", "import ns.one.a"]
    for statement, name in zip(imports, ["C", "a.C", "ns.one.a.C"], strict=True):
        tree["ns/two/m.py"] = statement
        assert found(tree, "ns/two/m.py", name) == ["ns/one/a:C"]
    tree["ns/one/m.py"] = "from ns.two import C"
    assert found(tree, "ns/one/m.py", "C") == ["ns/two/__init__:C"]


def test_the_own_package_goes_before_one_of_the_same_name() -> None:
    tree = {}
    for root in ("one/", "two/", "deep/down/three/"):
        tree.update({root + at: text for at, text in PACKAGE.items()})
    tree["two/p/m.py"] = tree["two/tests/m.py"] = tree["m.py"] = "from p.a import C"
    tree["deep/tests/m.py"] = "from p.a import C"
    assert found(tree, "two/p/m.py", "C") == ["two/p/a:C"]
    assert found(tree, "two/tests/m.py", "C") == ["two/p/a:C"]
    assert found(tree, "deep/tests/m.py", "C") == ["deep/down/three/p/a:C"], "the nearest"
    assert found(tree, "m.py", "C") == [], "any of them"


def test_a_package_inside_another_is_not_found_by_its_own_name() -> None:
    tree = {"p/__init__.py": "", "p/json/__init__.py": C, "p/m.py": "from json import C"}
    assert found(tree, "p/m.py", "C") == []


def test_classes_of_the_file_itself() -> None:
    tree = {
        "m.py": f"{C}class A:\n    class C: ...\n    class B(C):\n        class D: ...\n"
        "if x:\n    class E: ...\nelse:\n    class E: ...\n"
        "def f():\n    class C: ...\n    class G(C): ...\n"
    }
    assert found(tree, "m.py", "C") == ["m:C"]
    assert found(tree, "m.py", "C", scope="A") == ["m:A.C"]
    assert found(tree, "m.py", "C", scope="A.B") == ["m:A.C"]
    assert found(tree, "m.py", "A.B.D") == ["m:A.B.D"]
    assert found(tree, "m.py", "E") == ["m:E", "m:E"]
    assert found(tree, "m.py", "C", scope="f") == ["m:f.C"]


@pytest.mark.parametrize(
    "tree",
    [
        {"m.py": "from m import C"},
        {"m.py": "from m import *"},
        {"m.py": "import m as C"},
        {"m.py": "from n import C", "n.py": "from m import C"},
        {"m.py": "from n import *", "n.py": "from m import *"},
        {"m.py": "from . import m as C"},
        {"__init__.py": "from . import C", "m.py": "from . import C"},
        {f"{'m' if n == 0 else f'm{n}'}.py": f"from m{n + 1} import *" for n in range(500)},
        {f"{'m' if n == 0 else f'm{n}'}.py": f"from m{n + 1} import C" for n in range(500)},
    ],
)
def test_a_cycle_comes_to_an_end(tree: Tree) -> None:
    assert found(tree, "m.py", "C") == []
    assert found(tree, "m.py", "C.C.C.C") == []


def test_a_name_of_any_length_comes_to_an_end() -> None:
    long = ".".join(["a"] * 20_000)
    tree = {"m.py": f"from {'.' * 50_000} import a as b\nimport {long} as c\n"}
    for name in (long, f"b.{long}", f"c.{long}"):
        assert found(tree, "m.py", name) == []


def test_only_what_a_name_leads_through_is_read() -> None:
    view = Sources({**PACKAGE, "p/m.py": "import abc\nfrom .a import C\n", "p/z.py": C})
    names = NameResolver(view)
    assert names.find_classes(b"p/m.py", "", "C") == [(b"p/a.py", 1)]
    assert names.find_classes(b"p/m.py", "", "abc.ABC") == []
    assert view.read == ["p/m.py", "p/a.py"]
