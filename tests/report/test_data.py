"""JSON: ASCII whatever it says, and always of the same shape."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from detent.report import data

if TYPE_CHECKING:
    from conftest import Cli, Sandbox

TEXT = '"""Do \x1b[31m\u202e \u4e2d."""\n\n\ndef \u00fc(a):\n    """Do \x07."""\n'
SCHEMAS = {
    "check": {
        "view", "tree", "clean", "new", "fixed", "blocking", "warnings", "notes", "budget",
        "loosened", "coverage", "changed_files", "files", "analysed", "failures", "seconds",
    },
    "index": {"view", "tree", "changed", "deleted", "reused", "analysed", "failures", "seconds"},
    "audit": {"findings", "notes", "failures"},
    "budget": {"budget", "loosened"},
    "sym": {"view", "tree", "different", "symbols", "failures"},
    "symlist": {"view", "tree", "different", "symbols", "failures"},
    "verify": {"faults", "files"},
}  # fmt: skip


@pytest.mark.parametrize("command", SCHEMAS)
def test_the_members_of_every_answer(repo: Sandbox, cli: Cli, command: str) -> None:
    repo.commit(**{"\u202e\x1b\n.py": TEXT, "b\udcff.py": TEXT})
    answer = cli(command, *(["*"] if command == "sym" else []), "--format", "json")
    value = json.loads(answer.out)
    assert answer.out.isascii()
    assert not [one for one in answer.out if one < " " and one != "\n"]
    assert value.pop("schema") == f"detent.{command}/1"
    assert set(value) == SCHEMAS[command]


def test_paths_survive_the_way_there_and_back() -> None:
    for path in (b"a.py", b"\xff\n.py", "ü.py".encode()):
        shown = json.loads(json.dumps(data.path_value(path)))
        assert shown.encode("utf-8", "surrogateescape") == path
