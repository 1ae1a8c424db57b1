from __future__ import annotations

import pytest

from detent.audit.fix.file import FixRequest, fix_file

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


# Each describes `a`, or may describe it, and the signature has `b` as well.
OTHER_FORMS = [
    "Args:\n    a: It.",
    "Args:\n    a (int): It.",
    "Keyword arguments:\na -- the number",
    "Parameters:\n    a : int\n        It.",
    "Parameters\n\na : int\n    It.",
    "Parameters\n~~~~~~~~~~\na : int\n    It.",
    "**Parameters**\n\na : int\n    It.",
    "## Parameters\n\n- a : int",
    "Parameters::\n\n    a : int",
    "Parameters -- a, the number",
    "Optional arguments:\n\n    all of them",
    "Inputs\n------\na : int\n    It.",
    "Keyword Arguments\n-----------------\na : int\n    It.",
    "Paramètres\n----------\na : int\n    It.",
    "a : int\n    It.",
    "- `a`: It.\n- `b`: It.",
    ":param a: It.\n:type a: int",
    ":param int a: It.",
    ":keyword a: It.",
    ":a: It.",
    "@param a: It.",
    "Param a: It.",
    "Parameter `a` -- it",
    "Paramters:\n    a: It.",
    "| a | int | the number |",
    "--a  the number",
    "INPUT:\n\n- ``a`` -- the number",
    "Inputs\n------\nSee `g`.",
    "@param[in] a It.",
    "Notes\n-----\nArguments:\n\na : int\n    It.",
    "Notes\n-----\nSuch as::\n\n    Parameters\n    ----------\n    c : int\n        It.",
    "Parameters\n----------\n\nParameters\n----------\na : int\n    It.",
]


@pytest.mark.parametrize("form", OTHER_FORMS)
def test_no_section_is_begun_beside_another_list(form: str) -> None:
    text = f"Do it.\n\n{form}\n"
    assert fixed(text, "a, b", stubs=True) == fixed(text, "a, b")


@pytest.mark.parametrize(
    "entries",
    [
        "%(a)s",
        "{a}",
        "${A}",
        "%(rest)s Defaults to True.",
        "args : list\n    It.",
        "``a`` : int\n    It.",
        "**a** : int\n    It.",
        "*a*\n    It.",
        "A : int\n    It.",
        "a / c : int\n    It.",
        "a and c : int\n    It.",
        "a, ..., c : int\n    It.",
        "(a, c) : int\n    It.",
        "- a : int\n    It.",
        "a (int) : It.",
        "a -- it",
        "a = it",
        ":param a: It.",
        "===  ===\na    it\n===  ===",
        ".. include:: parameters.rst",
        "See `g`.",
        "None",
    ],
)
def test_no_entry_is_written_beside_another_form(entries: str) -> None:
    text = f"{HEAD}{entries}\n"
    signature = "*args" if "args" in entries else "a"
    assert fixed(text, signature, stubs=True) == fixed(text, signature)


def test_the_names_of_results_are_no_parameters() -> None:
    text = "Do it.\n\nReturns\n-------\na : int\n    It.\n"
    assert "Parameters\n----------\na\n" in fixed(text, "a", "return a", stubs=True)


@pytest.mark.parametrize(
    ("of_class", "of_init"),
    [
        ("\n\n    Args:\n        a: It.\n    ", ""),
        ("", "\n\n        :param a: It.\n        "),
    ],
)
def test_a_class_and_its_init_are_documented_once(of_class: str, of_init: str) -> None:
    head = f'"""Do it."""\n\n\nclass A:\n    """Hold it.{of_class}"""\n\n'
    init = f'    def __init__(self, a, b):\n        """Begin it.{of_init}"""\n'
    raw = f"{head}{init}".encode()
    assert fix_source(raw, stubs=True).raw == fix_source(raw).raw


def test_of_a_class_and_its_init_the_class_gets_the_section() -> None:
    head = '"""Do it."""\n\n\nclass A:\n    """Hold it."""\n\n'
    raw = f'{head}    def __init__(self, a):\n        """Begin it."""\n'.encode()
    request = FixRequest(lambda finding, symbol: finding.code == "PR01", stubs=True)
    assert fix_file(raw, request).raw.decode().count("Parameters") == 1


def test_the_stub_of_a_class_has_the_types_of_its_init() -> None:
    init = b"    def __init__(self, a: int = 1):\n        ...\n"
    raw = b'"""Do it."""\n\n\nclass A:\n    """Hold it."""\n\n' + init
    after = fix_source(raw, stubs=True)
    assert b"    a : int, default 1\n    " in after.raw
    assert [finding.code for finding in after.fixed] == ["PR01"]
