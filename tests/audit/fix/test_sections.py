from __future__ import annotations

import pytest

from detent.audit.fix.sections import guess_section
from detent.audit.parse.sections import SECTION_ORDER

from .support import fixed


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        *[(title, title) for title in SECTION_ORDER],
        ("See also", "See Also"),
        ("NOTES", "Notes"),
        ("Returns:", "Returns"),
        ("Paramters", "Parameters"),
        ("Parameter", "Parameters"),
        ("Paarmeters", "Parameters"),
        ("Parametters", "Parameters"),
        ("Args", "Parameters"),
        ("Example", "Examples"),
        ("Return", "Returns"),
        ("Retuns", "Returns"),
        ("Warning", ""),
        ("Warn", ""),
        ("Nodes", ""),
        ("Fields", ""),
        ("Receivers", ""),
        ("Usage", ""),
        ("Keyword Arguments", ""),
        ("Reference Notes", ""),
        ("Module Contents", ""),
        ("", ""),
        (":", ""),
    ],
)
def test_what_a_title_stands_for(title: str, expected: str) -> None:
    assert guess_section(title) == expected


HEAD = "Do it.\n\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Notes\n---\nIt is so.\n", "Notes\n-----\nIt is so.\n"),
        ("Notes\n====\nIt is so.\n", "Notes\n-----\nIt is so.\n"),
        ("See also\n--------\nf : It is.\n", "See Also\n--------\nf : It is.\n"),
        ("Example:\n--------\nIt is so.\n", "Examples\n--------\nIt is so.\n"),
        ("It is.\nNotes\n-----\nSo.\n", "It is.\n\nNotes\n-----\nSo.\n"),
        ("Usage\n-----\nIt is so.\n", "Usage\n-----\nIt is so.\n"),
        ("Example\n-------\nA.\n\nExamples\n--------\nB.\n",) * 2,
    ],
)
def test_titles(before: str, after: str) -> None:
    assert fixed(HEAD + before) == HEAD + after


def test_what_a_misspelt_title_hid_is_fixed_too() -> None:
    before = f"{HEAD}Paramters\n---------\na: integer\n    the number\n"
    after = f"{HEAD}Parameters\n----------\na : int\n    The number.\n"
    assert fixed(before, "a") == after


RAISES = "Raises\n------\nOSError\n    If it fails.\n"
RETURNS = "Returns\n-------\nint\n    The number.\n"
NOTES = "Notes\n-----\nIt is so.\n\nAnd\n    so.\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([RAISES, RETURNS], [RETURNS, RAISES]),
        ([NOTES, RAISES, RETURNS], [RETURNS, RAISES, NOTES]),
        ([RETURNS, RAISES, NOTES],) * 2,
        ([NOTES, RETURNS.replace("Returns\n---", "Result\n--")],) * 2,
        ([NOTES, RETURNS, NOTES],) * 2,
        ([NOTES, RETURNS.replace("---", "===")],) * 2,
    ],
)
def test_sections_change_places(before: list[str], after: list[str]) -> None:
    assert fixed(HEAD + "\n".join(before)) == HEAD + "\n".join(after)


def test_sections_in_a_literal_with_escapes_stay() -> None:
    text = HEAD + "\n".join([NOTES.replace("so", "\\\\alpha"), RETURNS])
    assert fixed(text) == text.replace("\\\\", "\\")


def test_examples_keep_their_order() -> None:
    text = "Do it.\n\nExamples\n--------\n>>> a = 1\n\nNotes\n-----\nSo.\n\n>>> a\n1\n"
    assert fixed(text) == text
    assert fixed(text.replace(">>> a\n1", "And so.")) != text
