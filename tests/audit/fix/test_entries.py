from __future__ import annotations

import pytest

from .support import fix_source, fixed

HEAD = "Do it.\n\nParameters\n----------\n"
SAID = "\n    The number.\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a : integer", "a : int"),
        ("a : boolean, optional", "a : bool, optional"),
        ("a : list of string", "a : list of str"),
        ("a : string or integer", "a : str or int"),
        ("a : positive integer", "a : positive int"),
        ("a, b : string", "a, b : str"),
        ("a : (integer, boolean)", "a : (int, bool)"),
        ("a : format string", "a : format string"),
        ("a : string representation", "a : string representation"),
        ("a : 'string' or 'boolean'", "a : 'string' or 'boolean'"),
        ("a : string-like", "a : string-like"),
        ("a : pa.string", "a : pa.string"),
        ("a : `string`", "a : `string`"),
        ("a: int", "a : int"),
        ("a:int", "a : int"),
        ("a :int", "a : int"),
        ("a, b: integer", "a, b : int"),
        ("a: the number", "a: the number"),
        ("a: one of: 1, 2", "a: one of: 1, 2"),
        ("a: int.", "a: int."),
        ("Note: this", "Note: this"),
        ("a:", "a:"),
    ],
)
def test_types_and_colons(before: str, after: str) -> None:
    names = "a, b" if "b" in before[:4] else "a"
    assert fixed(HEAD + before + SAID, names) == HEAD + after + SAID


@pytest.mark.parametrize(
    ("signature", "before", "after"),
    [
        ("a, b", "a : int" + SAID, "a : int" + SAID + "b\n"),
        ("b, a", "a : int" + SAID, "b\na : int" + SAID),
        ("a, b, c", f"a : int{SAID}c : int{SAID}", f"a : int{SAID}b\nc : int{SAID}"),
        ("a, b, c, d", f"b : int{SAID}", f"a\nb : int{SAID}c\nd\n"),
        ("a, b: int = 3", "a : int" + SAID, f"a : int{SAID}b : int, default 3\n"),
        ("a, b: 'A | None' = None", "a : int" + SAID, f"a : int{SAID}b : A | None, optional\n"),
        ("a, b: A[\n'x'] = f(1)", "a : int" + SAID, f"a : int{SAID}b : A[ 'x'], optional\n"),
        ("a, b: f('\\\\')", "a : int" + SAID, f"a : int{SAID}b\n"),
        ("a, *b: int, **c", "a : int" + SAID, f"a : int{SAID}*b\n**c\n"),
        ("a, b=1", "a : int" + SAID, f"a : int{SAID}b\n"),
        ("a", "", "a\n"),
    ],
)
def test_stubs(signature: str, before: str, after: str) -> None:
    assert fixed(HEAD + before, signature, stubs=True) == HEAD + after
    assert fixed(HEAD + before, signature) == HEAD + before


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Do it.", HEAD + "a\nb : int\n"),
        ("Do it.\n\nMore.\n", "Do it.\n\nMore.\n\nParameters\n----------\na\nb : int\n"),
        ("Do it.\n\nNotes\n-----\nSo.\n", f"{HEAD}a\nb : int\n\nNotes\n-----\nSo.\n"),
    ],
)
def test_a_section_is_begun(before: str, after: str) -> None:
    assert fixed(before, "a, b: int", stubs=True) == after


def test_other_parameters_are_no_place_to_begin() -> None:
    text = f"Do it.\n\nOther Parameters\n----------------\na : int{SAID}"
    assert fixed(text, "a, b", stubs=True) == text


def test_the_stub_of_a_class_has_the_types_of_its_init() -> None:
    init = b"    def __init__(self, a: int = 1):\n        ...\n"
    raw = b'"""Do it."""\n\n\nclass A:\n    """Hold it."""\n\n' + init
    after = fix_source(raw, stubs=True)
    assert b"    a : int, default 1\n    " in after.raw
    assert [finding.code for finding in after.fixed] == ["PR01"]
