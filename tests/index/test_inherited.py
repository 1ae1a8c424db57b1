"""Which missing docstrings are inherited; Python itself is the oracle on real packages."""

from __future__ import annotations

import importlib
from importlib.util import find_spec
from pathlib import Path
from types import FunctionType
from typing import TYPE_CHECKING

import pytest

from detent.audit.selection.select import DEFAULT_MISSING, Selection
from detent.index.inherited import resolve_inherited
from query.support import Sources, Tree

if TYPE_CHECKING:
    from collections.abc import Iterator

    from detent.core.model import FileFacts

BASE = '''class Base:
    """Be one."""

    def f(self):
        """Do it."""

    def g(self): ...
'''


_METHODS = (FunctionType, property, classmethod, staticmethod)


def missing(tree: Tree, selection: Selection | None = None) -> list[str]:
    view = Sources(tree)
    files = [(path.encode(), facts) for path, facts in view.sources.items()]
    return [
        facts.symbols[one.symbol].qualname
        for _, facts in resolve_inherited(files, view, selection or Selection())
        for one in facts.findings
        if one.code == "GL08" and facts.symbols[one.symbol].kind == "method"
    ]


def derived(bases: str, name: str = "f", before: str = "", decorator: str = "") -> Tree:
    return {
        "base.py": BASE,
        "m.py": f"{before}\nclass A({bases}):\n    {decorator}\n    def {name}(self): ...\n",
    }


IMPORT = "from base import Base"


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        (derived("Base", before=IMPORT), []),
        (derived("Base[int]", before=IMPORT), []),
        (derived("base.Base[int,\n    'x']", before="import base"), []),
        (derived("Other, Base", before=IMPORT), []),
        (derived("Base, metaclass=M", before=IMPORT), []),
        (derived("B", before=f"{IMPORT}\nclass B(Base):\n    def f(self): ..."), []),
        (derived("A", before="from base import Base as A"), []),
        (derived("Base", "g", IMPORT), ["A.g"]),
        (derived("Base", "h", IMPORT), ["A.h"]),
        (derived("Base"), ["A.f"]),
        (derived("object"), ["A.f"]),
        (derived("metaclass=Base", before=IMPORT), ["A.f"]),
        (derived("make(Base)", before=IMPORT), ["A.f"]),
        (derived("*Base", before=IMPORT), ["A.f"]),
        (derived("A"), ["A.f"]),
        (derived("B", before="class B(A): ..."), ["A.f"]),
    ],
)
def test_a_documented_method_is_overridden(tree: Tree, expected: list[str]) -> None:
    assert missing(tree) == ["Base.g", *expected]


@pytest.mark.parametrize("decorator", ["@override", "@typing.override", "@t.override"])
def test_override_is_believed_where_nothing_is_known_against_it(decorator: str) -> None:
    for bases, name, expected in [
        ("Other", "f", []),
        ("Base, Other", "g", []),
        ("Base", "g", ["A.g"]),
        ("Base", "f", []),
        ("", "f", ["A.f"]),
    ]:
        tree = derived(bases, name, IMPORT, decorator)
        assert missing(tree) == ["Base.g", *expected]
    assert missing(derived("Other", "f", IMPORT, "@no_override")) == ["Base.g", "A.f"]


def test_an_override_can_be_asked_for_a_docstring_of_its_own() -> None:
    tree = derived("Base", before=IMPORT)
    asked = Selection(missing=DEFAULT_MISSING | {"override"})
    assert missing(tree, asked) == ["Base.g", "A.f"]
    assert missing(tree, Selection(numpydoc=True)) == ["Base.g"]


def test_what_has_nothing_to_inherit_costs_nothing() -> None:
    tree = {
        "a.py": f"{BASE}\ndef f(): ...\n\nclass B: ...\n\nclass C(B):\n    def _f(self): ...\n",
        "b.py": "from a import Base\n\nclass D(Base):\n    def f(self):\n        '''Do.'''\n",
        "tests/c.py": "from a import Base\n\nclass D(Base):\n    def f(self): ...\n",
    }
    view = Sources(tree)
    files = [(path.encode(), facts) for path, facts in view.sources.items()]
    assert list(resolve_inherited(files, view, Selection())) == files
    assert view.read == []
    assert "paths" not in vars(view), "the view was listed"


def test_hierarchies_of_any_shape_come_to_an_end() -> None:
    deep = "".join(f"class C{n}(C{n + 1}):\n    def f(self): ...\n" for n in range(1000))
    wide = f"class W({', '.join(f'C{n}' for n in range(1000))}):\n    def f(self): ...\n"
    rounds = "class X(Y):\n    def f(self): ...\nclass Y(X):\n    def f(self): ...\n"
    assert len(missing({"m.py": deep + wide + rounds})) == 1003
    some = "".join(f"class C{n}(C{n + 1}):\n    def f(self): ...\n" for n in range(100))
    assert missing({"m.py": some + BASE.replace("Base", "C100")}) == ["C100.g"]


TAKE = '''class Base:
    def take(self, indices, loose, *rest):
        """Take some.

        Parameters
        ----------
        indices : int
            Which.
        *rest
            More.
        """
'''
WRONG = Selection(select=("DT110", "DT111"))


def mismatches(tree: Tree, selection: Selection = WRONG) -> list[str]:
    view = Sources(tree)
    files = [(path.encode(), facts) for path, facts in view.sources.items()]
    return [
        f"{one.code} {one.subject}"
        for path, facts in resolve_inherited(files, view, selection)
        for one in facts.findings
        if selection.resolve_file(path.decode()).counts(one, facts.symbols[one.symbol])
    ]


def override(params: str, extra: str = "", base: str = TAKE, bases: str = "Base") -> Tree:
    body = f"class A({bases}):\n    {extra}\n    def take({params}): ...\n"
    return {"base.py": base, "m.py": f"from base import Base\n{body}"}


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        (override("self, indices, loose, *rest"), []),
        (override("self, indices, *rest"), []),
        (override("self, index, *rest"), ["DT110 index"]),
        (override("self, index"), ["DT110 index", "DT111 indices"]),
        (override("self, indices, axis=0, *more, **kw"), ["DT110 axis"]),
        (override("self, **kw"), []),
        (override("self"), ["DT111 indices"]),
        (override("cls", "@classmethod"), ["DT111 indices"]),
        (override("indices, axis", "@staticmethod"), ["DT110 axis"]),
        (override("self, *, x=1, # detent: ignore[DT111] as in C\n    "), ["DT110 x"]),
        (override("self, *, x=1, # detent: ignore[DT110, DT111]\n    "), []),
        (override("self, value", "@take.setter"), []),
        (override("self", bases="Unknown, Base"), []),
        (override("self", bases="Base, Unknown"), ["DT111 indices"]),
        (override("self", base=BASE.replace("def f", "def take")), []),
        (override("self", base=TAKE.replace("indices,", "")), []),
        (override("self", base=TAKE + "    def take(self): 'Do.'\n"), []),
        (override("self", base=TAKE.replace("    def", "    @doc\n    def", 1)), ["DT111 indices"]),
    ],
)
def test_an_inherited_docstring_is_held_to_the_override(tree: Tree, expected: list[str]) -> None:
    assert mismatches(tree) == expected
    assert not {"DT110", "DT111"} & {one[:5] for one in mismatches(tree, Selection())}


def test_the_docstring_is_that_which_comes_first() -> None:
    other = TAKE.replace("Base", "Other(Root)").replace("indices", "others")
    root = TAKE.replace("Base", "Root").replace("indices", "roots")
    third = "class Third(Root): ...\n"
    for bases, expected in [
        ("Other, Root", "others"),
        ("Third, Other", "others"),
        ("Other, Third", "others"),
        ("Third, Root", "roots"),
    ]:
        body = f"class A({bases}):\n    def take(self): ...\n"
        source = root + other + third + body
        assert mismatches({"m.py": source}) == [f"DT111 {expected}"]


def test_a_template_is_not_held_to_the_override() -> None:
    tree = override("self", base=TAKE.replace("    def", "    @doc\n    def", 1))
    made = Selection(select=("DT1",), doc_decorators=frozenset({"doc"}))
    assert mismatches(tree, made) == []
    asked = Selection(select=("DT1",), missing=DEFAULT_MISSING | {"override"})
    assert mismatches(tree, asked) == []


@pytest.mark.parametrize("package", ["click", "docutils", "gitdb", "jinja2"])
def test_python_finds_the_same(package: str) -> None:
    spec = find_spec(package)
    assert spec is not None
    assert spec.origin is not None
    root = Path(spec.origin).parent
    sources = {
        path.relative_to(root.parent).as_posix(): path.read_text("utf-8")
        for path in sorted(root.rglob("*.py"))
    }
    view = Sources(sources)
    files = [(path.encode(), facts) for path, facts in view.sources.items()]
    excused = open_ = 0
    for (path, before), (_, after) in zip(
        files, resolve_inherited(files, view, Selection()), strict=True
    ):
        left = set(candidates(path, after))
        for qualname in candidates(path, before):
            documented = documented_by(path.decode(), qualname)
            if documented is not None:
                assert (package in documented) == (qualname not in left), (path, qualname)
                excused += qualname not in left
                open_ += qualname in left
    assert excused > 20
    assert open_ > 10


def candidates(path: bytes, facts: FileFacts) -> Iterator[str]:
    for one in facts.findings:
        symbol = facts.symbols[one.symbol]
        kept = one.code == "GL08" and Selection().resolve_file(path.decode()).counts(one, symbol)
        if kept and one.pending_on:
            yield symbol.qualname


def documented_by(path: str, qualname: str) -> set[str] | None:
    """Name the packages whose classes document a method that the method overrides."""
    parts = path.removesuffix(".py").removesuffix("/__init__").split("/")
    owner, _, name = qualname.rpartition(".")
    try:
        found: object = importlib.import_module(".".join(parts))
        for part in owner.split("."):
            found = getattr(found, part)
    except (ImportError, AttributeError, SystemExit):
        return None
    assert isinstance(found, type)
    return {
        one.__module__.partition(".")[0]
        for one in found.__mro__[1:]
        if isinstance(method := vars(one).get(name), _METHODS) and method.__doc__
    }
