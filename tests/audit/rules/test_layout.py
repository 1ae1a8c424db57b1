from __future__ import annotations

import pytest

from ..support import codes, findings, function, own, places

BAD = [
    ("GL01", 'def f():\n    """\n\n    Do.\n    """\n', [(4, 5, "")]),
    ("GL02", 'def f():\n    """Do.\n\n    More."""\n', [(4, 10, "")]),
    ("GL02", 'def f():\n    """Do.\n\n    More.\n\n    """\n', [(6, 5, "")]),
    ("GL03", 'def f():\n    """Do.\n\n\n    More.\n    """\n', [(4, 1, "")]),
    ("GL05", 'def f():\n    """Do.\n\n\tMore.\n    """\n', [(4, 1, "")]),
    ("GL05", 'def f():\n    """Do.\n\n  \tMore.\n    """\n', [(4, 3, "")]),
    ("GL06", function("Do.\n\nExample\n-------\nfoo\n"), [(4, 5, "Example")]),
    ("GL06", function("Do.\n\nReturns\n----\nint\n    It.\n"), [(4, 5, "Returns")]),
    ("GL06", function("Do.\n\nMore.\nReturns\n-------\nint\n    It.\n"), [(5, 5, "Returns")]),
    ("GL06", function("Do.\n\nSee also\n--------\nfoo : It.\n"), [(4, 5, "See also")]),
    (
        "GL07",
        function("Do.\n\nNotes\n-----\nIt.\n\nReturns\n-------\nint\n    It.\n"),
        [(8, 5, "Returns")],
    ),
    ("GL07", function("Do.\n\nNotes\n-----\nA.\n\nNotes\n-----\nB.\n"), [(8, 5, "Notes")]),
    ("GL08", "class A:\n  def f(self): ...\n", [(1, 1, ""), (1, 1, ""), (2, 3, "")]),
    ("GL09", function("Do.\n\nMore.\n\n.. deprecated:: 1.2\n"), [(6, 5, "deprecated")]),
    ("GL10", function("Do.\n\n.. versionadded: 1.2\n"), [(4, 5, "versionadded")]),
    ("GL10", function(".. Deprecated 1.2"), [(2, 8, "deprecated")]),
]

GOOD = [
    ("GL01", function("Do.")),
    ("GL01", function("\nDo.\n")),
    ("GL02", function("Do.")),
    ("GL02", function("\nDo.\n")),
    ("GL03", function("Do.\n\nMore.\n\nStill more.\n")),
    ("GL05", function("Do.\n\nA\ttab inside.\n")),
    ("GL06", function("Do.\n\nReturns\n-------\nint\n    It.\n")),
    ("GL06", function("Do.\n\nYields\n------\nint\n    It.\n\nReceives\n--------\nint\n    It.\n")),
    ("GL06", function("Do.\n\n===  ===\na    b\n===  ===\n")),
    ("GL06", function("Do::\n\n    Returns\n    ~~~~~~~\n")),
    ("GL07", function("Do.\n\nUnheard\n-------\nIt.\n")),
    ("GL07", function("Do.\n\nReturns\n-------\nint\n    It.\n\nNotes\n-----\nIt.\n")),
    ("GL08", '"""M."""\n\ndef f():\n    """Do."""\n'),
    ("GL08", ""),
    ("GL09", function("Do.\n\n.. deprecated:: 1.2\n\nMore.\n")),
    ("GL10", function("Do.\n\n.. versionadded:: 1.2\n")),
]


@pytest.mark.parametrize(("code", "source", "expected"), BAD)
def test_found(code: str, source: str, expected: list[tuple[int, int, str]]) -> None:
    assert places(source, code) == expected


@pytest.mark.parametrize(("code", "source"), GOOD)
def test_not_found(code: str, source: str) -> None:
    assert code not in {
        finding.code for finding in findings(source) if finding.symbol or not source
    }


@pytest.mark.parametrize(
    ("title", "meant"),
    [("Example", "Examples"), ("Paramters", "Parameters"), ("Arguments", "Parameters")],
)
def test_a_near_miss_comes_with_advice(title: str, meant: str) -> None:
    source = function(f"Do.\n\n{title}\n{'-' * len(title)}\nIt.\n")
    assert findings(source, "GL06")[0].message.endswith(f'did you mean "{meant}"?')


def test_a_section_that_is_not_seen_still_counts() -> None:
    source = function("Do.\n\nParameters\n-----\nx : int\n    It.\n", "x")
    assert {code for name, code in codes(source) if name} == {"GL06", "ES01", "SA01", "EX01"}
    glued = function("Do.\nParameters\n----------\nx : int\n    It.\n", "x")
    assert {code for name, code in codes(glued) if name} == {"GL06", "ES01", "SA01", "EX01"}


def test_one_docstring_does_for_a_class_and_its_init() -> None:
    for source in [
        '"""M."""\nclass A:\n    """Do."""\n    def __init__(self, x): pass\n',
        '"""M."""\nclass A:\n    def __init__(self, x):\n        """Do."""\n',
    ]:
        assert not findings(source, "GL08")
    both = findings('"""M."""\nclass A:\n    def __init__(self, x): pass\n', "GL08")
    assert [finding.symbol for finding in both] == [1, 2]


MODULE = '"""Calendar tools.\n\n{0}\n{1}\nHow days are counted.\n"""\n'


@pytest.mark.parametrize("title", ["Date arithmetic", "Routine Listings", "Overview", "Functions"])
@pytest.mark.parametrize("mark", "-=")
def test_headings_of_a_module_are_no_sections(title: str, mark: str) -> None:
    source = MODULE.format(title, mark * len(title))
    assert own(source) == []
    assert mark == "=" or "GL06" in {finding.code for finding in findings(source)}


@pytest.mark.parametrize("title", ["Example", "See also", "Paramters"])
def test_slips_in_the_headings_of_a_module(title: str) -> None:
    assert own(MODULE.format(title, "-" * len(title))) == ["GL06"]


def test_routine_listings_are_for_modules() -> None:
    assert "GL06" in own(function("Do.\n\nRoutine Listings\n----------------\nIt.\n"))
