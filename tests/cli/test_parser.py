"""The parser of all commands, and the reading of what hooks give without it."""

from __future__ import annotations

import argparse
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detent.cli.commands import hook
from detent.cli.parser import COMMANDS, CommandParser, build_parser

if TYPE_CHECKING:
    from conftest import Sandbox

BARE = '"""Do things."""\n\n\ndef f(a):\n    return a\n'
CLEAN = '"""Do things."""\n\n\ndef f():\n    """Do nothing."""\n'


def parsers(only: str | None = None) -> dict[str, CommandParser]:
    actions = build_parser(only)._actions
    (found,) = (one for one in actions if isinstance(one, argparse._SubParsersAction))
    return dict(found.choices)


def test_every_command_has_examples() -> None:
    assert list(parsers()) == list(COMMANDS)
    for name, parser in parsers().items():
        assert f"detent {name}" in parser.examples
        text = parser.format_help()
        assert "\nexamples:\n  " in text
        assert text.endswith("  130  interrupted\n")


def test_the_actions_of_budget_have_examples_too() -> None:
    groups = (
        action for action in parsers("budget")["budget"]._actions
        if isinstance(action, argparse._SubParsersAction)
    )  # fmt: skip
    (actions,) = groups
    for name, parser in actions.choices.items():
        text = parser.format_help()
        assert "--------" not in text
        has_examples = name in ("explain", "history", "suggest")
        assert (f"\nexamples:\n  detent budget {name}" in text) is has_examples


@pytest.mark.parametrize("name", COMMANDS)
def test_every_example_works(repo: Sandbox, name: str) -> None:
    repo.commit(**{"src/mine.py": CLEAN + "\n\ndef fit():\n    return 1\n"})
    repo.git("tag", "v1.0")
    repo.git("checkout", "-q", "-b", "feature")
    repo.commit(**{"src/other.py": BARE, "tests/test_mine.py": CLEAN})
    repo.detent("index")
    for line in parsers(name)[name].examples.splitlines():
        if name == "completion":
            continue  # for the files of a shell: its own tests try them
        script = f'detent() {{ "{sys.executable}" -m detent "$@"; }}\n{line}'
        done = subprocess.run(
            ["bash", "-c", script], cwd=repo.path, env=repo.env, check=False, capture_output=True,
            text=True,
        )  # fmt: skip
        assert done.returncode in (0, 1), (line, done.stderr)
        assert "usage:" not in done.stderr


# ---- what hooks give


@pytest.mark.parametrize(
    "words",
    [
        ["pre-commit"],
        ["post-checkout", "0" * 40, "1" * 40, "1"],
        ["pre-push", "origin", "git@example.com:a/b.git"],
        ["refresh"],
        ["background"],
    ],
)
def test_what_hooks_give_needs_no_parser(words: list[str]) -> None:
    assert hook.parse_hook_arguments(words) is not None


@given(
    st.lists(
        st.sampled_from(
            [
                "",
                "pre-commit",
                "pre-push",
                "nothing",
                "-C",
                "--store",
                "--",
                "-h",
                "--store=x",
                "-Cx",
                "-1",
                "a b",
                "1",
                "-",
            ]
        ),
        max_size=5,
    )
)
def test_what_is_read_without_a_parser_is_what_the_parser_reads(words: list[str]) -> None:
    if plain := hook.parse_hook_arguments(words):
        parsed = vars(build_parser("hook").parse_args(["hook", *words]))
        assert parsed == {**vars(plain), "command": "hook"}
