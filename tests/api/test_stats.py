"""How much there is in a view, and what the index knows of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Cli, Sandbox


def test_what_is_counted(repo: Sandbox, cli: Cli) -> None:
    code = "class A:\n    def f(self): pass\n\n\ndef g(): pass\n"
    repo.commit(**{"a.py": code, "b.py": code, "c.pyx": "def h(): pass\n"})
    before = json.loads(cli("stats", "--format", "json").out)
    assert before["files"] == {"cython": 1, "python": 2}
    assert before["symbols"] == {"class": 2, "function": 3, "method": 2}
    assert (before["contents"], before["analysed"], before["with_references"]) == (2, 0, 0)
    cli("index")
    cli("refs", "g")
    after = json.loads(cli("stats", "--format", "json").out)
    assert (after["analysed"], after["with_references"]) == (2, 1)
    assert after["records"]["blob"] == 2
    assert after["size"] > 0
    lines = cli("stats").out.splitlines()
    assert lines[0] == "files:      3 (cython 1, python 2)"
    assert "analysed:   2 of them in the index (100%)" in lines


def test_an_empty_repository(cli: Cli) -> None:
    assert cli("stats").out.startswith("files:      0\n")
