from __future__ import annotations

import pytest

from detent.audit.parse.lines import split_docstring
from detent.audit.parse.sections import Section, find_sections, normalize_title


def sections(text: str) -> list[tuple[str, bool, str]]:
    return [(s.name, s.exact, s.flaw) for s in find_sections(split_docstring(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Do.", []),
        ("Do.\n\nNotes\n-----\nx", [("Notes", True, "")]),
        ("Do.\n\nNotes\n=====\nx", [("Notes", False, "")]),
        ("Do.\n\nNotes\n-------\nx", [("Notes", False, "")]),
        ("Do.\n\nNotes \n-----\nx", [("Notes", False, "")]),
        ("Do.\n\nsee also\n--------\nx", [("See Also", True, "")]),
        ("Do.\n\nFoo\n--\n", []),
        ("Do.\n\nNotes\n---\nx", [("Notes", False, "underline")]),
        ("Do.\n\nNotes\n--\nx", [("Notes", False, "underline")]),
        ("Do.\n\nMore.\nNotes\n-----\nx", [("Notes", True, "blank")]),
        ("Do.\n\nMore\n  Notes\n  -----\n  x", []),
        ("Do.\n\nMore.\nHeading\n-------\nx", []),
        ("Do.\n\n.. index:: a\n   b", [(".. index::", False, "")]),
        ("Notes\n-----\n-----\n", [("Notes", True, "")]),
        ("Do.\n\n  Notes\n  -----\n  x\n\nout", [("Notes", False, "")]),
    ],
)
def test_find(text: str, expected: list[tuple[str, bool, str]]) -> None:
    assert sections(text) == expected


def test_the_content_has_no_blank_ends() -> None:
    text = "Do.\n\nNotes\n-----\n\na\n\nb\n\nReturns\n-------\n"
    assert find_sections(split_docstring(text)) == [
        Section("Notes", "Notes", 2, 5, 8, exact=True),
        Section("Returns", "Returns", 9, 11, 11, exact=True),
    ]


def test_canonical() -> None:
    assert normalize_title("OTHER parameters") == "Other Parameters"
