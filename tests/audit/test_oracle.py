from __future__ import annotations

import re
import sysconfig
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from .oracle import REASONS, compare
from .support import function

ROOT = Path(__file__).resolve().parents[2]

PARAMETERS = "\n\nParameters\n----------\n"
SAME = [
    "Do.",
    "do it",
    "",
    "   ",
    "Do.\n\n\nMore.\n\n",
    "\n\nDo.\n\tMore.\n",
    "f(x)",
    "f(x)\n\nNotes\n-----\nIt.\n",
    "y = f(x)\n\nReturns it.\n",
    "  Do.\n\nMore.\n",
    "\n    Do.\n  More.\n",
    "Do.\n\n.. deprecated:: 1\n    No.\n\nMore.",
    "Do.\n\nMore.\n\n.. deprecated:: 1\n",
    "Do.\n.. deprecated:: 1\n",
    "\n.. deprecated:: 1\n    No.\n",
    "Do.\n\n.. versionadded: 1\n\n.. VersionChanged\n",
    "Do.\n\nNotes\n=====\nIt.\n\nReturns\n-------\nx\n",
    "Do.\n\nNotes\n-----\nIt.\n\nReturns\n-------\nx\n",
    "Do.\n\nsee also\n=========\nfoo\n",
    "Do.\n\nNotes\n-------\nIt.\n\nx\n- a\n",
    "Do.\n\n.. index:: a\n   b\n\nNotes\n-----\n",
    f"Do.{PARAMETERS}x : int\n    It.\ny : str, optional\n    It is\n    that.\n",
    f"Do.{PARAMETERS}x\ny : integer.\n    it\n\n    .. versionadded:: 1\n",
    f"Do.{PARAMETERS}    x : {{'a'}}\n        It.\n    y : bool or string\n      - a\n",
    f"Do.{PARAMETERS}y : int\n    It.\nx : int\n      It:\n\n    more\n    * a\n",
    f"Do.{PARAMETERS}x, y : int\n    .. deprecated:: 1\n*args, **kwargs\n    It.\n",
    f"Do.{PARAMETERS}x : int\n    It.\n\nOther Parameters\n----------------\ny : int\n    It.\n",
    f"Do.{PARAMETERS}",
    "Do.\n\nReturns\n-------\nint\nx : str\n    it\n",
    "Do.\n\nReturns\n-------\nx : str\n    It.\n",
    "Do.\n\nSee Also\n--------\nfoo : it\nbar, :meth:`~a.baz`\n    It is.\nq: x.\n  z : t\n",
    "Do.\n\nExamples\n--------\n>>> f()\n",
    "Do.\n\nExamples\n--------\n",
]


@pytest.mark.parametrize("signature", ["", "x, y"])
@pytest.mark.parametrize("docstring", SAME)
def test_the_same_as_numpydoc(tmp_path: Path, docstring: str, signature: str) -> None:
    path = tmp_path / "m.py"
    source = f'"""{docstring}"""\n' + function(docstring, signature, "return 1")
    source += f'class A:\n    """{docstring}"""\n    def __init__(self, x, *y, z): pass\n'
    path.write_text(source)
    comparison = compare(path, source)
    assert [(why, d.code) for why, d in comparison.differences if why != "one-docstring"] == []
    assert comparison.agreements >= 3


METHOD = 'class A:\n    """A."""\n    {0}\n    def f({1}):\n        """Do."""\n        {2}\n'
DIFFERENT = {
    "empty-module": "",
    "one-docstring": 'class A:\n    """A."""\n    def __init__(self): pass\n',
    "unseen-section": function("Do.\n\nParameters\n-----\nx : int\n    It.\n", "x"),
    "literal-block": function("Do::\n\n    Parameters\n    ----------\n    y : int\n        It.\n"),
    "receives": function("Do.\n\nYields\n------\nint\n    A.\n\nReceives\n--------\nint\n    A.\n"),
    "unknown-order": function("Do.\n\nUnheard\n-------\nIt.\n"),
    "verbs": function("This does it."),
    "no-init": f'class A:\n    """Do.{PARAMETERS}x : int\n    It.\n"""\n    x: int\n',
    "documented-elsewhere": 'class A:\n    """A."""\n    def __init__(self, x):\n        """Do.\n\n'
    '        Parameters\n        ----------\n        x : int\n            It.\n        """\n',
    "implicit-first": METHOD.format("", "mcs", ""),
    "escaped-stars": function(f"Do.{PARAMETERS}\\\\*args\n    It.\n", "*args"),
    "glued-colon": function(f"Do.{PARAMETERS}x: int\n    It.\n", "x"),
    "starred-colon": function(f"Do.{PARAMETERS}*args: int\n    It.\n", "*args"),
    "commas": function(f"Do.{PARAMETERS}x,y : int\n    It.\n", "x, y"),
    "named-twice": function(f"Do.{PARAMETERS}x : int\n    It.\nx : int\n    It.\n", "x"),
    "hidden-order": function(f"Do.{PARAMETERS}y : int\n    It.\nx : int\n    It.\n", "x, y, z"),
    "composed-names": function(f"Do.{PARAMETERS}e\u0301 : int\n    It.\n", "\xe9"),
    "braces": function(f"Do.{PARAMETERS}x : {{1, 2}}\n    it\n", "x"),
    "property": METHOD.format("@property", "self", "return 1"),
    "nested-return": function("Do.", body="async def g():\n        return 1"),
    "none": function("Do.\n\nReturns\n-------\nNone\n"),
    "yields": function("Do.", body="for x in y:\n        yield x"),
    "trailing-space": function("Do. "),
}


@pytest.mark.parametrize("name", DIFFERENT)
def test_a_difference(tmp_path: Path, name: str) -> None:
    path = tmp_path / "m.py"
    path.write_text(DIFFERENT[name])
    reasons = [why for why, _ in compare(path, DIFFERENT[name]).differences]
    assert name in reasons
    assert "" not in reasons


def test_every_difference_is_on_the_page() -> None:
    page = (ROOT / "docs/numpydoc-differences.md").read_text("utf-8")
    described = set(re.findall(r"^### `([a-z-]+)`", page, re.MULTILINE))
    assert described == set(REASONS) == set(DIFFERENT)


LINES = [
    *(
        "Do.",
        "do it",
        "Returns it.",
        " Do",
        "f(x)",
        "",
        "\nNotes\n-----",
        "\nNotes\n=====",
        "x",
        "x: int",
    ),
    *("\nParameters\n----------", "\nReturns\n-------", "\nSee Also\n--------", "x : int", "- a"),
    *("\nOther Parameters\n----------------", "y : integer.", "z : {a}, string", "x,z : bool"),
    *(
        "*args",
        "    It.",
        "    it",
        "      more",
        "    - a",
        "    .. versionadded:: 1",
        "foo : It.",
    ),
    *(".. deprecated:: 1", ".. versionchanged 1", ".. index:: a", "foo, bar : it", "foo:", "`foo`"),
    *("\tTab", "  two", "None", "\nExample\n-------", "\nsee also\n--------", "a\n-", "  x : int"),
]


@settings(deadline=None, max_examples=150)
@given(
    st.lists(st.sampled_from(LINES), min_size=1, max_size=14).map("\n".join),
    st.sampled_from(["", "x", "x, y, *args", "x, z, **kw"]),
    st.sampled_from(["pass", "return 1", "yield 1"]),
)
def test_any_docstring_is_judged_as_numpydoc_does(text: str, signature: str, body: str) -> None:
    source = function(text, signature, body)
    comparison = compare(Path("no-such-file.py"), source)
    assert [d.code for why, d in comparison.differences if not why] == []


def _files(name: str) -> list[Path]:
    spec = find_spec(name)
    folders = list(spec.submodule_search_locations or []) if spec else []
    return sorted(path for folder in folders for path in Path(folder).rglob("*.py"))


STDLIB = Path(sysconfig.get_path("stdlib"))
REAL = {
    "numpydoc": _files("numpydoc"),
    "sqlite_utils": _files("sqlite_utils"),
    "sphinx": [path for path in _files("sphinx") if "ext" in path.parts],
    "pytest": _files("_pytest"),
    "stdlib": sorted([*(STDLIB / "asyncio").glob("*.py"), *(STDLIB / "email").glob("*.py")]),
}


@pytest.mark.parametrize("name", REAL)
def test_real_files(name: str) -> None:
    agreements = 0
    unexplained = []
    for path in REAL[name]:
        try:
            comparison = compare(path, path.read_text("utf-8"))
        except (SyntaxError, UnicodeError):
            continue
        agreements += comparison.agreements
        for why, difference in comparison.differences:
            if not why:
                unexplained.append((path.name, difference.symbol.qualname, difference.code))
    assert unexplained == []
    assert agreements > 300
