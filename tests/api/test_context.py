"""The symbols that fit a question, within a number of tokens."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from detent.query.ranking.pagerank import spread_scores
from detent.query.ranking.words import Field, score_names, score_texts, split_words

if TYPE_CHECKING:
    from conftest import Cli, Sandbox

CODE = '''def polyfit(x, y):
    """Fit a polynomial to points. It is quick."""
    return solve(x)


def solve(a):
    return a


def savetxt(name, data):
    """Write an array to a text file."""


class Window:
    """A window on the screen."""

    def close(self):
        """Close it."""
'''


@pytest.fixture
def filled(repo: Sandbox) -> Sandbox:
    repo.commit(
        **{
            "lib.py": CODE,
            "lib.pyi": "def polyfit(x, y): ...\n",
            "tests/test_lib.py": "def test_polyfit():\n    'Fit a polynomial.'\n    polyfit()\n",
        }
    )
    return repo


@pytest.mark.usefixtures("filled")
def test_what_fits_comes_first_and_then_what_is_near(cli: Cli) -> None:
    answer = cli("ctx", "fit polynomials", "--explain")
    lines = [line.split(" ", 2) for line in answer.out.splitlines()[:-1]]
    assert lines[0][1:] == ["fits", " lib.py:1: polyfit(x, y) - Fit a polynomial to points."]
    near = {line[2].split(": ")[1].partition("(")[0]: line[1] for line in lines}
    assert near == {"polyfit": "fits", "test_polyfit": "fits", "solve": "near"}
    assert answer.status == 0


@pytest.mark.usefixtures("filled")
def test_parts_of_names(cli: Cli) -> None:
    assert cli("ctx", "save data as text").out.startswith("lib.py:10: savetxt(name, data)")
    assert cli("ctx", "save", "data", "as", "text") == cli("ctx", "save data as text")
    assert cli("ctx", "xyz").status == 1


@pytest.mark.usefixtures("filled")
def test_the_budget_and_what_is_left_out(cli: Cli) -> None:
    answer = cli("ctx", "polynomial fit", "--budget", "20")
    assert "left out: " in answer.out
    found = json.loads(cli("ctx", "polynomial fit", "--budget", "20", "--format", "json").out)
    assert [x["name"] for x in found["symbols"]] == ["polyfit"]
    assert 0 < found["tokens"] <= 20
    assert {x["name"] for x in found["left_out"]} == {"test_polyfit", "solve"}
    assert cli("ctx", "x", "--budget", "0").status == 2
    assert cli("ctx", "polynomial", "--prompt").out.startswith(
        "## lib.py\n- 1: `polyfit(x, y)` Fit"
    )


def test_words() -> None:
    assert split_words("HTTPServer.set_values, Computing the zeros") == [
        *("http", "server", "set", "valu", "comput", "the", "zero")
    ]
    texts = [[Field("read file", 1.0)], [Field("write file", 1.0)], [Field("other", 1.0)]]
    first, second, third = score_texts("reading a file", texts)
    assert first > second > third == 0
    first, second, third = score_names("a polynomial", ["polyval", "pole", "other"])
    assert first > second > third == 0


def test_scores_spread_along_edges() -> None:
    scores = spread_scores({1: {2: 1.0, 3: 3.0}, 3: {4: 1.0}}, {1: 2.0})
    assert scores[1] > scores[3] > scores[4] > scores[2] * 0.5
    assert scores[3] > scores[2] > 0
