"""What a change brings in, by the findings of its two sides."""

from __future__ import annotations

from textwrap import indent
from typing import TYPE_CHECKING

import pytest

from detent.api.check import select_gated_findings
from detent.api.diff import diff_findings
from detent.audit import matching
from detent.audit.analyze import analyze_file
from detent.audit.selection.select import Selection
from detent.index.diff import Files, ViewDiff

if TYPE_CHECKING:
    from detent.core.model import FindingRow

SELECTION = Selection()
MODULE = '"""Do things."""\n\n\n'
BARE = "def {}(a):\n    return a + 1\n"
RETURNS = "\n\n    Returns\n    -------\n    int\n        The sum."
PARAMETERS = "\n\n    Parameters\n    ----------\n    a : int\n        A number."
BAD = f'def {{}}(a, b):\n    """Add up.{RETURNS}\n    """\n    return a + b\n'
GOOD = 'def {}():\n    """Do nothing."""\n'
F, G = BARE.format("f"), BARE.format("g")
F_BAD, G_BAD = BAD.format("f"), BAD.format("g")
F_GOOD = F.replace(":\n", f':\n    """Add one.{PARAMETERS}{RETURNS}\n    """\n')
CLASS = 'class C:\n    """Hold things."""\n\n'

Tree = dict[str, str]


def facts(tree: Tree) -> Files:
    return [(path.encode(), analyze_file((MODULE + text).encode())) for path, text in tree.items()]


def two_sides(head: Tree, *bases: Tree, renames: dict[str, str] | None = None) -> ViewDiff:
    moved = {new.encode(): old.encode() for new, old in (renames or {}).items()}
    return ViewDiff([facts(base) for base in bases], facts(head), moved, len(head), 0, {}, [])


def shown(found: list[FindingRow]) -> list[str]:
    return [f"{finding.path.decode()}:{finding.qualname}:{finding.code}" for finding in found]


def new(head: Tree, *bases: Tree, renames: dict[str, str] | None = None) -> list[str]:
    return shown(diff_findings(two_sides(head, *bases, renames=renames), SELECTION).new)


PASSES: dict[str, tuple[Tree, Tree]] = {
    "nothing changes": ({"a.py": F_BAD}, {"a.py": F_BAD}),
    "lines are added above": ({"a.py": F_BAD}, {"a.py": "x = 1\n" * 50 + F_BAD}),
    "another function comes first": ({"a.py": F}, {"a.py": GOOD.format("z") + F}),
    "the order changes": ({"a.py": F + G_BAD}, {"a.py": G_BAD + F}),
    "moves to another file": ({"a.py": F_BAD + G, "b.py": ""}, {"a.py": G, "b.py": F_BAD}),
    "moves to a new file": ({"a.py": F + GOOD.format("g")}, {"a.py": GOOD.format("g"), "b.py": F}),
    "moves into an if": ({"a.py": F_BAD}, {"a.py": "if x:\n" + indent(F_BAD, "    ")}),
    "moves into a class": ({"a.py": F_BAD + CLASS}, {"a.py": CLASS + indent(F_BAD, "    ")}),
    "moves out of a class": ({"a.py": CLASS + indent(F, "    ")}, {"a.py": CLASS + F}),
    "a whole class moves": (
        {"a.py": "class C:\n" + indent(F + G_BAD, "    "), "b.py": ""},
        {"a.py": "", "b.py": "class C:\n" + indent(F + G_BAD, "    ")},
    ),
    "is renamed in place": ({"a.py": F}, {"a.py": G}),
    "is renamed in place, documented": ({"a.py": F_BAD}, {"a.py": G_BAD}),
    "two of a name, by an if": ({"a.py": F + F_BAD}, {"a.py": "y = 2\n" + F + F_BAD}),
    "one of two of a name moves": ({"a.py": F + F, "b.py": ""}, {"a.py": F, "b.py": F}),
    "moves and is edited": (
        {"a.py": F_BAD, "b.py": ""},
        {"a.py": "", "b.py": F_BAD.replace("a + b", "b + a")},
    ),
    "documented code is deleted": ({"a.py": F_GOOD + F}, {"a.py": F}),
    "a file is deleted": ({"a.py": F_BAD, "b.py": F}, {"a.py": F_BAD}),
    "a bad docstring is fixed": ({"a.py": F}, {"a.py": F_GOOD}),
    "a private name comes": ({"a.py": F}, {"a.py": F + BARE.format("_g")}),
}


@pytest.mark.parametrize(("base", "head"), PASSES.values(), ids=list(PASSES))
def test_brings_in_nothing(base: Tree, head: Tree) -> None:
    assert new(head, base) == []


FAILS: dict[str, tuple[Tree, Tree, list[str]]] = {
    "a function comes": ({"a.py": F}, {"a.py": F + G}, ["a.py:g:GL08"]),
    "a file comes": ({}, {"a.py": F}, ["a.py:f:GL08"]),
    "a copy in the same file": ({"a.py": F_BAD}, {"a.py": F_BAD + G_BAD}, ["a.py:g:PR01"] * 2),
    "a copy in another file": ({"a.py": F}, {"a.py": F + "x = 1\n", "b.py": F}, ["b.py:f:GL08"]),
    "two moves of one": (
        {"a.py": F},
        {"a.py": "", "b.py": F, "c.py": F},
        ["c.py:f:GL08"],
    ),
    "a second of the same name": ({"a.py": F}, {"a.py": F + F}, ["a.py:f:GL08"]),
    "a docstring goes": ({"a.py": F_GOOD}, {"a.py": F}, ["a.py:f:GL08"]),
    "a parameter comes": (
        {"a.py": F_BAD},
        {"a.py": F_BAD.replace("a, b", "a, b, c")},
        ["a.py:f:PR01"],
    ),
    "a swap": (
        {"a.py": F + F_BAD.replace("f(", "h(")},
        {"a.py": F_GOOD + F_BAD.replace("f(", "h(") + BARE.format("k").replace("+ 1", "+ 2")},
        ["a.py:k:GL08"],
    ),
    "a swap with the same body": ({"a.py": F}, {"a.py": F_GOOD + G}, ["a.py:g:GL08"]),
    "a swap with the same name": (
        {"a.py": F, "b.py": ""},
        {"a.py": F_GOOD, "b.py": F},
        ["b.py:f:GL08"],
    ),
    "a swap in one docstring": (
        {"a.py": F_BAD.replace("a, b", "b")},
        {"a.py": F_BAD.replace("a, b", "a")},
        ["a.py:f:PR01"],
    ),
    "one goes, its neighbour loses a docstring": (
        {"a.py": F + F_GOOD.replace("f(", "g(")},
        {"a.py": G},
        ["a.py:g:GL08"],
    ),
}


@pytest.mark.parametrize(("base", "head", "expected"), FAILS.values(), ids=list(FAILS))
def test_brings_in_something(base: Tree, head: Tree, expected: list[str]) -> None:
    assert new(head, base) == expected


def test_a_renamed_file_keeps_its_findings() -> None:
    base, head = {"a.py": F_BAD + F}, {"b.py": F_BAD + F.replace("+ 1", "+ 2") + G}
    assert new(head, base, renames={"b.py": "a.py"}) == ["b.py:g:GL08"]


def test_what_is_fixed_and_what_remains() -> None:
    two = two_sides({"b.py": F_GOOD + G}, {"a.py": F + G}, renames={"b.py": "a.py"})
    verdict = diff_findings(two, SELECTION)
    assert shown(verdict.fixed) == ["a.py:f:GL08"]
    assert shown(verdict.remaining) == ["b.py:g:GL08"]
    assert verdict.remaining[0].line > verdict.fixed[0].line


def test_every_finding_has_one_place() -> None:
    base = {"a.py": F + F_BAD, "b.py": G}
    head = {"a.py": F_GOOD + G + BARE.format("h"), "b.py": F_BAD + F_BAD}
    verdict = diff_findings(two_sides(head, base), SELECTION)
    on_head, on_base = (
        len(matching.locate_findings(facts(tree), SELECTION)) for tree in (head, base)
    )
    assert len(verdict.new) + len(verdict.remaining) == on_head
    assert len(verdict.fixed) + len(verdict.remaining) == on_base


def test_a_merge_is_judged_by_what_no_parent_has() -> None:
    head = {"a.py": F + G + BARE.format("h")}
    assert new(head, {"a.py": F}, {"a.py": G}) == ["a.py:h:GL08"]
    assert new(head, {"a.py": F}) == ["a.py:g:GL08", "a.py:h:GL08"]
    verdict = diff_findings(two_sides({"a.py": ""}, {"a.py": F}, {"a.py": G}), SELECTION)
    assert shown(verdict.fixed) == ["a.py:f:GL08"]


EDITED = F_BAD.replace("a + b", "b + a")
TOUCHED: dict[str, tuple[Tree, Tree, list[str]]] = {
    "the code of a bad one": ({"a.py": F_BAD + G}, {"a.py": EDITED + G}, ["a.py:f:PR01"] * 2),
    "only lines above": ({"a.py": F_BAD}, {"a.py": GOOD.format("z") + F_BAD}, []),
    "a move": ({"a.py": F_BAD, "b.py": ""}, {"a.py": "", "b.py": F_BAD}, []),
    "a method, and not its class": (
        {"a.py": "class C:\n" + indent(F, "    ")},
        {"a.py": "class C:\n" + indent(F.replace("+ 1", "+ 2"), "    ")},
        ["a.py:C.f:GL08"],
    ),
    "what is new comes too": ({"a.py": F}, {"a.py": F + G_BAD}, ["a.py:g:PR01"] * 2),
}


@pytest.mark.parametrize(("base", "head", "expected"), TOUCHED.values(), ids=list(TOUCHED))
def test_the_gate_for_what_is_touched(base: Tree, head: Tree, expected: list[str]) -> None:
    two = two_sides(head, base)
    verdict = diff_findings(two, SELECTION)
    assert shown(list(select_gated_findings("touched", verdict, two, summary=None))) == expected
    assert list(select_gated_findings("none", verdict, two, summary=None)) == []


def test_findings_are_listed_by_path_and_place() -> None:
    found = matching.locate_findings(facts({"b.py": F_BAD, "a.py": G + F}), SELECTION)
    places = [(finding.path, finding.line, finding.column) for finding in found]
    assert places == sorted(places)
    assert len(found) == 4


LONG = "Do it.\n\n    First.{0}    Second.{1}    Third.{2}    Fourth.\n"
ONE, TWO = "\n\n", "\n\n\n"


def spaced(*blanks: str, text: str = LONG) -> Tree:
    return {"a.py": f'def f():\n    """{text.format(*blanks)}    """\n'}


def new_lines(head: Tree, base: Tree) -> list[str]:
    """List the text above each new finding."""
    found = diff_findings(two_sides(head, base), SELECTION).new
    lines = (MODULE + head["a.py"]).split("\n")
    return ["".join(lines[: finding.line - 1]).split()[-1] for finding in found]


@pytest.mark.parametrize(
    ("base", "head", "expected"),
    [
        ((ONE, TWO, ONE), (TWO, TWO, TWO), ["First.", "Third."]),
        ((ONE, TWO, ONE), (TWO, TWO, ONE), ["First."]),
        ((ONE, TWO, ONE), (ONE, TWO, TWO), ["Third."]),
        ((TWO, ONE, TWO), (TWO, TWO, TWO), ["Second."]),
        ((ONE, TWO, ONE), (ONE, TWO, ONE), []),
        ((TWO, TWO, TWO), (TWO, ONE, TWO), []),
        # Fixing one does not let the change add another.
        ((TWO, ONE, ONE), (ONE, ONE, TWO), ["Third."]),
        ((ONE, TWO, ONE), (TWO, ONE, ONE), ["First."]),
        ((TWO, TWO, ONE), (ONE, TWO, TWO), ["Third."]),
    ],
)
def test_equal_findings_are_told_apart_by_their_lines(
    base: tuple[str, ...], head: tuple[str, ...], expected: list[str]
) -> None:
    assert new_lines(spaced(*head), spaced(*base)) == expected
    # The lines above move all of it.
    assert new_lines({"a.py": "x = 1\n" + spaced(*head)["a.py"]}, spaced(*base)) == expected


def test_a_rewritten_docstring_keeps_its_findings() -> None:
    other = "Make it.\n\n    Uno.{0}    Dos.{1}    Tres.{2}    Cuatro.\n"
    assert new_lines(spaced(ONE, TWO, ONE, text=other), spaced(ONE, TWO, ONE)) == []
    edited = LONG.replace("Second", "2nd")
    assert new_lines(spaced(ONE, TWO, ONE, text=edited), spaced(ONE, TWO, ONE)) == []
    edited = LONG.replace("Third", "3rd").replace("First", "1st")
    assert new_lines(spaced(ONE, TWO, ONE, text=edited), spaced(ONE, TWO, ONE)) == []


RESULTS = "Do it.\n\n    Returns\n    -------\n    int\n{0}    str\n        It.\n    int\n{1}"


def test_of_equal_subjects_the_one_that_comes_is_new() -> None:
    base, head = (spaced(text, "", text=RESULTS) for text in ("        It.\n", ""))
    found = diff_findings(two_sides(head, base), SELECTION).new
    assert [(finding.code, finding.line) for finding in found] == [("RT03", 9)]


def test_text_that_moves_within_a_docstring_keeps_its_findings() -> None:
    base = "Do it.\n\n    A.\n\n\n    B.\n\n    C.\n\n    D.\n\n    E.\n"
    head = "Do it.\n\n    C.\n\n    D.\n\n    E.\n\n    A.\n\n\n    B.\n"
    assert new_lines(spaced(text=head), spaced(text=base)) == []


def test_a_long_docstring_is_matched_in_order() -> None:
    text = LONG + "    More.\n" * 1000
    found = diff_findings(
        two_sides(spaced(TWO, TWO, ONE, text=text), spaced(ONE, TWO, ONE, text=text)), SELECTION
    )
    assert len(found.new) == 1
