"""Tests of named tuples: they are as `typing` makes them."""

from __future__ import annotations

import copy
import pickle
import re
import subprocess
import sys
import typing
from pathlib import Path
from typing import Any

import pytest

from detent.core import namedtuple

SOURCE = Path(namedtuple.__file__).parent


class Ours(namedtuple.NamedTuple):
    """Ours."""

    name: str
    number: int = 3
    rest: tuple[str, ...] = ()

    @property
    def double(self) -> int:
        """Twice the number."""
        return self.number * 2

    def __str__(self) -> str:
        return f"<{self.name}>"


class Theirs(typing.NamedTuple):
    name: str
    number: int = 3
    rest: tuple[str, ...] = ()


class Empty(namedtuple.NamedTuple):
    """Nothing."""


CALLS: list[tuple[tuple[Any, ...], dict[str, Any]]] = [
    (("a",), {}),
    (("a", 1, ("x",)), {}),
    (("a",), {"rest": ("y",)}),
    ((), {"number": 1, "name": "b"}),
    ((), {}),
    (("a", 1, (), 4), {}),
    (("a",), {"name": "b"}),
    (("a",), {"other": 1}),
]


@pytest.mark.parametrize(("args", "kwargs"), CALLS)
def test_calls(args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    class New(namedtuple.NamedTuple):
        name: str
        number: int = 3
        rest: tuple[str, ...] = ()

    try:
        expected = Theirs(*args, **kwargs)
    except TypeError:
        for _ in range(2):
            with pytest.raises(TypeError):
                New(*args, **kwargs)
        return
    every = [New(*args, **kwargs) for _ in range(50)]
    assert set(every) == {tuple(expected)}
    found = Ours(*args, **kwargs)
    assert tuple(found) == tuple(expected)
    assert hash(found) == hash(expected)
    assert repr(found) == repr(expected).replace("Theirs", "Ours")
    assert (str(found), found.double, found.rest) == (
        f"<{expected.name}>",
        expected.number * 2,
        expected.rest,
    )
    assert found._asdict() == expected._asdict()
    assert tuple(found._replace(number=9)) == tuple(expected._replace(number=9))
    assert copy.copy(found) == copy.deepcopy(found) == pickle.loads(pickle.dumps(found)) == found


@pytest.mark.parametrize("made", [Ours, Theirs])
def test_what_is_refused(made: Any) -> None:
    one = made("a")
    with pytest.raises((TypeError, ValueError)):
        one._replace(other=1)
    with pytest.raises(TypeError):
        made._make(["a"])
    with pytest.raises(AttributeError):
        one.number = 4
    with pytest.raises(AttributeError):
        one.other = 4


def test_the_class() -> None:
    assert Ours._fields == Theirs._fields == Ours.__match_args__
    assert (Ours.__doc__, Ours.__name__, Ours.__qualname__) == ("Ours.", "Ours", "Ours")
    assert Ours.__module__ == __name__
    assert issubclass(Ours, tuple)
    assert sys.getsizeof(Ours("a")) == sys.getsizeof(Theirs("a"))
    assert Empty() == ()
    match Ours("a"):
        case Ours(name, number=number):
            assert (name, number) == ("a", 3)


def test_one_that_was_never_made_comes_out_of_a_pickle() -> None:
    stored = pickle.dumps(Ours("a"))
    script = f"import pickle, core.test_namedtuple; print(pickle.loads({stored!r}).double)"
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=Path(__file__).parent.parent,
        capture_output=True,
        check=True,
    )
    assert done.stdout.split() == [b"6"]


def test_nobody_takes_the_slow_ones() -> None:
    slow = re.compile(r"^\s*from typing import .*\bNamedTuple\b|typing\.NamedTuple\)", re.MULTILINE)
    texts = {path.name: path.read_text("utf-8") for path in SOURCE.rglob("*.py")}
    assert [name for name, text in texts.items() if slow.search(text)] == ["namedtuple.py"]
    typing = re.compile(r"^(from|import) typing\b", re.MULTILINE)
    assert not [name for name, text in texts.items() if typing.search(text)]
