from __future__ import annotations

import pytest

from .support import fix_source, fixed


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("\n\n\nDo it.\n", "\nDo it.\n"),
        ("\nDo it.\n", "\nDo it.\n"),
        ("Do it.\n\n\n", "Do it.\n"),
        ("Do it.\n\nMore.", "Do it.\n\nMore.\n"),
        ("Do it.\n\nMore.  ", "Do it.\n\nMore.\n"),
        ("Do it.\n\n\n\nMore.\n", "Do it.\n\nMore.\n"),
        ("Do it.", "Do it."),
        ("\n\n", "\n\n"),
    ],
)
def test_quotes_and_blank_lines(before: str, after: str) -> None:
    assert fixed(before) == after


@pytest.mark.parametrize(
    "text",
    [
        "Do it.\n\nFor example::\n\n    a = 1\n\n\n    b = 2\n",
        "Do it.\n\n.. code-block:: python\n\n    a = 1\n\n\n    b = 2\n",
    ],
)
def test_blank_lines_in_code_are_the_writers(text: str) -> None:
    assert fixed(text) == text


def test_blank_lines_below_code() -> None:
    text = "Do it.\n\nFor example::\n\n    a = 1\n\n\nMore.\n"
    assert fixed(text) == text.replace("\n\n\n", "\n\n")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            b'class A:\n    """Do it.\n\n       More."""\n',
            b'class A:\n    """Do it.\n\n       More.\n    """\n',
        ),
        (b'"""Do it.\r\n\r\nMore."""\r\n', b'"""Do it.\r\n\r\nMore.\r\n"""\r\n'),
        (b'"""Do it.\r\rMore."""\r', b'"""Do it.\r\rMore.\r"""\r'),
        (b'"""Do it.\n\nMore "it". """\n', b'"""Do it.\n\nMore "it".\n"""\n'),
    ],
)
def test_quotes_are_put_below_the_opening_ones(before: bytes, after: bytes) -> None:
    assert fix_source(before).raw == after


def test_no_line_is_added_that_begins_with_a_tab() -> None:
    raw = b'"""Do it."""\n\n\ndef f():\n\t"""Do it.\n\n\tMore."""\n'
    assert fix_source(raw).raw == raw


def test_line_breaks_that_are_not_all_alike_are_left_alone() -> None:
    raw = b'"""Do it.\r\n\nMore."""\n'
    assert fix_source(raw) == (raw, [], "")
