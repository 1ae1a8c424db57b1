"""What a repository may not put on a screen."""

from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detent.core.escape import (
    MAX_NAME_LENGTH,
    clean_path,
    clean_text,
    is_harmless,
    quote_name,
    sanitize_name,
)

BIDI = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
CASES = [
    ("plain text, ümläut 中 'quotes' \"and\" `more`", None),
    ("\x1b[31m", "\\x1b[31m"),
    ("a\nb\rc\td", "a\\nb\\rc\\td"),
    ("\x00\x7f\x85\x9b", "\\x00\\x7f\\x85\\x9b"),
    ("\u202eabc\u2066\u200f", "\\u202eabc\\u2066\\u200f"),
    ("\u2028\u2029", "\\u2028\\u2029"),
    ("a\u200bb\xad\ufeff\u2060", "a\\u200bb\\xad\\ufeff\\u2060"),
    ("\U000e0041\u0378\ue000", "\\U000e0041\\u0378\\ue000"),
    ("a\xa0b\u3000c", None),
    ("\u200b::error", "\\u200b::error"),
    ("\udcff", "\\udcff"),
    ("::error::x", "\\x3a:error::x"),
    (" \u3000 ::error::x", " \u3000 \\x3a:error::x"),
    ("a::b", None),
    (":a", None),
    ("\n::error", "\\n::error"),
    ("a ##[error]", "a \\x23#[error]"),
    ("##vso[task]", "\\x23#vso[task]"),
    ("## heading #[x]", None),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_clean(text: str, expected: str | None) -> None:
    assert clean_text(text) == (text if expected is None else expected)
    assert clean_text(clean_text(text)) == clean_text(text)


@pytest.mark.parametrize("before", ["x" * 300, "ü" * 300], ids=["ASCII", "other"])
def test_every_character_steers_in_long_texts_as_it_does_alone(before: str) -> None:
    characters = map(chr, range(0x3000))
    wrong = [x for x in characters if is_harmless(before + x) != is_harmless(x)]
    assert wrong == []
    assert [clean_text(before + x) for x in ("::", "##vso[", "#")] == [
        f"{before}::",
        f"{before}\\x23#vso[",
        f"{before}#",
    ]


def test_no_character_is_left_that_steers() -> None:
    for character in set(clean_text("".join(map(chr, range(sys.maxunicode + 1))))):
        assert unicodedata.category(character)[0] != "C"
        assert unicodedata.category(character) not in {"Zl", "Zp"}
        assert unicodedata.bidirectional(character) not in BIDI


def test_paths_that_are_no_text() -> None:
    assert clean_path(b"a\xff\n\xc3\xbc.py") == "a\\xff\\nü.py"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("axis", "axis"),
        ("größe α", "größe α"),
        ("a\x1b[31mb", "a\\x1b[31mb"),
        ("a\u202eb", "a\\u202eb"),
        ("a\nb\x7f", "a\\x0ab\\x7f"),
        ("x" * 70, "x" * 57 + "..."),
        ("\x00" * 70, "\\x00" * 14 + "\\..."),
        ("x" * MAX_NAME_LENGTH, "x" * MAX_NAME_LENGTH),
    ],
)
def test_names(name: str, expected: str) -> None:
    assert sanitize_name(name) == expected
    assert quote_name(name) == f'"{expected}"'


@given(st.text(st.characters(), max_size=80))
def test_a_name_is_short_and_has_no_controls(name: str) -> None:
    safe = sanitize_name(name)
    assert len(safe) <= MAX_NAME_LENGTH
    assert not any(ord(char) < 32 or 0x7F <= ord(char) < 0xA0 for char in safe)
    safe.encode()
