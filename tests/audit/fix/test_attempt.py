from __future__ import annotations

import pytest

from detent.audit.fix import FIXES, STUBS
from detent.audit.fix.attempt import is_revealed_by_fix
from detent.audit.rules import RULES

from .support import fixed


def test_what_one_fix_needs_comes_before_it() -> None:
    codes = list(FIXES)
    assert set(codes) <= set(RULES)
    assert set(codes) > STUBS
    assert codes.index("GL06") < codes.index("PR10") < codes.index("PR06") < codes.index("GL07")


@pytest.mark.parametrize(
    ("code", "key", "expected"),
    [
        ("GL06", ("PR07", "a", ""), True),
        ("GL06", ("GL07", "Notes", 'Section "Notes" belongs before "Examples"'), True),
        ("GL06", ("GL07", "Notes", 'Section "Notes" is repeated'), False),
        ("GL06", ("SS03", "", ""), False),
        ("PR10", ("PR06", "a", ""), True),
        ("PR10", ("PR05", "a", ""), False),
        ("PR01", ("PR07", "a", ""), True),
        ("SS03", ("PR07", "a", ""), False),
    ],
)
def test_what_a_fix_may_bring_to_light(
    code: str, key: tuple[str, str, str], expected: bool
) -> None:
    assert is_revealed_by_fix(code, key) == expected


ENTRY = "{0}: {1}\n    The number.\n"
HEAD = "Do it.\n\nParameters\n----------\n"


def test_one_that_does_not_hold_keeps_no_other_from_being_fixed() -> None:
    names = [f"a{number}" for number in range(9)]
    good = HEAD + "".join(ENTRY.format(name, "int") for name in names)
    mixed = good.replace("a4: int", "a4: int.")
    after = good.replace(": int", " : int").replace("a4 : int", "a4: int.")
    assert fixed(mixed, ", ".join(names)) == after


def test_hundreds_of_one_kind_are_left_to_people() -> None:
    names = [f"a{number}" for number in range(501)]
    text = HEAD + "".join(ENTRY.format(name, "int") for name in names)
    assert fixed(text, ", ".join(names)) == text
    fewer = HEAD + "".join(ENTRY.format(name, "int") for name in names[:400])
    assert fixed(fewer, ", ".join(names[:400])) == fewer.replace(": int", " : int")
