"""Overrides for decorated symbols: in lists of a view, in changes, in coverage and in fixes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from detent.audit.selection.overrides import compile_override
from detent.config import Override

if TYPE_CHECKING:
    from conftest import Cli, Sandbox

DOC = '"""Do it.\n\n    Parameters\n    ----------\n    {}\n        It.\n    """'
MODULE = '''"""Do."""
import click
import pytest
from hypothesis import strategies as st


@click.command("run")
@click.option("--all")
def run(all):
    """Run it.

    The rest is help.
    """


@pytest.fixture(scope="module")
def data():
    return 3


@st.composite
def numbers(draw, size):
    """Draw numbers.

    Parameters
    ----------
    size : int
        Number of them.
    """


@deprecate_kwarg(
    "old", "new"
)
def mean(values, new):
    """Average values.

    Parameters
    ----------
    values : list of float
        What is averaged.
    new : int
        Its new name.
    old : int
        Its old name.
    """


@mock.patch("x")
class Patched:
    def call(self, a): pass


def plain(draw):
    """Do it."""
'''
OVERRIDES = {
    'decorators = ["click.*"]\nignore = ["PR"]': {("run", "PR01")},
    'decorators = ["fixture"]\nignore = ["GL08"]': {("data", "GL08")},
    'decorators = ["composite"]\nparameters = ["draw"]': {("numbers", "PR01")},
    'decorators = ["deprecate_*"]\nparameters = ["old"]': {("mean", "PR02")},
    'decorators = ["patch"]\nignore = ["GL08"]\nkinds = ["class"]': {("Patched", "GL08")},
    'decorators = ["option", "composite"]\nparameters = ["all", "draw"]': {
        ("run", "PR01"),
        ("numbers", "PR01"),
    },
    'symbols = ["plain"]\nparameters = ["draw"]': {("plain", "PR01")},
}


def _list_findings(cli: Cli, *arguments: str) -> set[tuple[str, str]]:
    document = json.loads(cli("audit", "--format", "json", *arguments).out)
    return {(row["symbol"], row["code"]) for row in document["findings"]}


@pytest.mark.parametrize("override", OVERRIDES)
def test_only_the_decorated_are_excused(repo: Sandbox, cli: Cli, override: str) -> None:
    repo.commit(**{"m.py": MODULE})
    everything = _list_findings(cli)
    assert set().union(*OVERRIDES.values()) <= everything
    repo.commit(**{"detent.toml": f"[[override]]\n{override}\n"})
    rest = everything - OVERRIDES[override]
    assert _list_findings(cli) == _list_findings(cli, "--store", "memory:") == rest
    # The same in a change, where whole facts are judged and not rows of the store.
    repo.git("rm", "-q", "--cached", "m.py")
    repo.git("commit", "-qm", "without")
    repo.git("add", "m.py")
    checked = json.loads(cli("check", "--format", "json").out)
    assert {(row["symbol"], row["code"]) for row in checked["new"]} == rest


def test_a_fixture_counts_in_no_coverage(repo: Sandbox, cli: Cli) -> None:
    repo.commit(**{"m.py": MODULE})
    needed = json.loads(cli("coverage", "--format", "json").out)["needed"]
    repo.write("detent.toml", '[[override]]\ndecorators = ["fixture"]\nignore = ["GL08"]\n')
    assert json.loads(cli("coverage", "--format", "json").out)["needed"] == needed - 1


def test_what_is_written_of_a_filled_parameter_is_checked(repo: Sandbox, cli: Cli) -> None:
    source = MODULE.replace("    size : int\n", "    draw : callable\n    size : int\n")
    repo.commit(**{"m.py": source})
    repo.commit(**{"detent.toml": '[[override]]\ndecorators = ["composite"]\nparameters=["draw"]'})
    assert ("numbers", "PR07") in _list_findings(cli)


@pytest.mark.parametrize(
    ("glob", "decorator", "expected"),
    [
        ("click.*", "click.option('--x', help='(y)')", True),
        ("click.*", "click .option", False),
        ("click.*", "rich.click.option()", True),
        ("click.*", "clicks.option", False),
        ("fixture", "pytest.fixture", True),
        ("fixture", "pytest_fixture", False),
        ("fixture", "pytest.fixture.other", False),
        ("*.command", "app.command()", True),
        ("*.command", "command()", False),
        ("comm?nd", "app.command()", True),
    ],
)
def test_names_of_decorators(glob: str, decorator: str, expected: bool) -> None:
    override = compile_override(Override(decorators=("nothing", glob)))
    assert override.is_for_decorators(("staticmethod", decorator)) is expected
    assert override.is_for_decorators(()) is False
