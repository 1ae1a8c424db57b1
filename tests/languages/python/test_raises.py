from __future__ import annotations

import pytest

from .support import extract_facts

TRY = "def f():\n    try:\n        raise {}\n    except {}:\n        {}\n"


def first(source: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    symbol = extract_facts(source.encode()).symbols[1]
    return symbol.raises, symbol.caught


@pytest.mark.parametrize(
    ("raised", "caught", "is_caught"),
    [
        ("KeyError", "KeyError", True),
        ("KeyError(1)", "KeyError as error", True),
        ("KeyError", "(TypeError, KeyError)", True),
        ("KeyError", "(TypeError, KeyError) as error", True),
        ("a.Mine", "b.Mine", True),
        ("KeyError", "LookupError", True),
        ("KeyError", "Exception", True),
        ("Mine", "BaseException as error", True),
        ("Mine", "", True),
        ("KeyError", "* KeyError", True),
        ("KeyError", "TypeError", False),
        ("LookupError", "KeyError", False),
        ("Mine", "KeyError", False),
    ],
)
def test_what_the_function_catches(raised: str, caught: str, *, is_caught: bool) -> None:
    name = raised.partition("(")[0]
    expected = ((), (name,)) if is_caught else ((name,), ())
    assert first(TRY.format(raised, caught, "pass")) == expected


@pytest.mark.parametrize(
    ("caught", "raises"),
    [
        ("KeyError", ("KeyError",)),
        ("(a.B, C) as error", ("B", "C")),
        ("Exception", ("...", "KeyError")),
        ("", ("...", "KeyError")),
    ],
)
def test_a_raise_alone(caught: str, raises: tuple[str, ...]) -> None:
    own = () if "C" in caught else raises
    source = TRY.format("KeyError", caught, "raise")
    assert first(source)[0] == (own or (*raises, "KeyError"))
    called = source.replace("raise KeyError", "call()")
    assert first(called)[0] == tuple(name for name in raises if name in caught or "." in name)


@pytest.mark.parametrize("place", ["else", "finally"])
def test_other_blocks_of_a_try_catch_nothing(place: str) -> None:
    source = TRY.format("B", "A", "raise A") + f"    {place}:\n        raise A\n"
    assert first(source) == (("A", "B"), ())


def test_nested_functions_are_their_own() -> None:
    source = (
        "def f():\n    try:\n        def g():\n            raise A\n    except A:\n        pass\n"
    )
    f, g = extract_facts(source.encode()).symbols[1:]
    assert (f.raises, f.caught, g.raises, g.caught) == ((), (), ("A",), ())


def test_the_outer_try_catches_too() -> None:
    source = (
        "def f():\n    try:\n        try:\n            raise A\n"
        "        except B:\n            pass\n"
        "    except A:\n        pass\n    raise B\n"
    )
    assert first(source) == (("B",), ("A",))


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("raise (A if x else B)(y)", (("A", "B"), ())),
        ("raise A if x else (b.B() if y else C)", (("A", "C", "b.B"), ())),
        ("raise A if x else errors[0]", (("...", "A"), ())),
        ("assert x", ((), ("AssertionError",))),
        ("raise", (("...",), ())),
    ],
)
def test_other_ways_to_raise(statement: str, expected: object) -> None:
    assert first(f"def f():\n    {statement}\n") == expected


def test_very_many_raises_and_clauses() -> None:
    clauses = "".join(f"    except B{number}: pass\n" for number in range(2000))
    source = "def f():\n    try:\n" + "        raise A\n" * 4000 + clauses
    assert first(source) == (("A",), ())
