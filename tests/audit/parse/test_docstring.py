from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detent.audit.parse.docstring import has_interface_section, parse_docstring


@pytest.mark.parametrize(
    ("text", "headline", "extended"),
    [
        ("", "", 0),
        ("Do.", "Do.", 0),
        ("\n    Do\n    it.\n\n    More.\n\n    Still.\n    ", "Do", 3),
        ("f(x)\n\nDo.", "Do.", 0),
        ("f(x)\n\ny = g(x)\n\nDo.\n\nMore.", "Do.", 1),
        ("f(x)", "", 0),
        ("f(x)\n\nNotes\n-----\nx", "f(x)", 0),
        ("Notes\n-----\nx", "", 0),
        ("  Do.\n More.", " Do.", 0),
    ],
)
def test_summaries(text: str, headline: str, extended: int) -> None:
    doc = parse_docstring(text)
    assert doc.headline == headline
    assert doc.extended_summary[1] - doc.extended_summary[0] == extended


@pytest.mark.parametrize(
    ("text", "names", "expected"),
    [
        ("Do.", (), False),
        ("Do.\n\n    Parameters\n    ----------\n", (), True),
        ("Do.\n\n    Parameters\n    ----------\n", ("Returns",), False),
        ("Do.\n\n    Notes\n    -----\n", (), False),
    ],
)
def test_documents(text: str, names: tuple[str, ...], expected: bool) -> None:
    assert has_interface_section(text, *names) is expected


WORDS = ["Parameters", "Returns", "----------", "-------", "See Also", "--------", "x : int", "x:"]
WORDS += [
    "",
    "",
    "    It.",
    "  ",
    "\t",
    "Do.",
    ".. index::",
    ".. deprecated:: 1",
    "f(x)",
    "- a",
    "`b`",
]


@given(st.lists(st.sampled_from(WORDS)))
def test_all_parts_lie_inside_the_text(lines: list[str]) -> None:
    doc = parse_docstring("\n".join(lines))
    total = max(len(lines), 1)
    assert 0 <= doc.summary[0] <= doc.summary[1] <= total
    assert 0 <= doc.extended_summary[0] <= doc.extended_summary[1] <= total
    for section in doc.sections:
        assert section.line < section.first <= max(section.first, section.last) <= total + 1
    for entry in [*doc.parameters, *doc.returns]:
        for name in entry.names:
            assert doc.text.lines[name.line].replace("\\", "").find(name.text.strip()) >= 0
