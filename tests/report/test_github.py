"""What GitHub's runner takes for commands, and nothing else."""

from __future__ import annotations

import re

from detent.core.escape import clean_text
from detent.report.github import render_workflow_commands

from .samples import HOSTILE, PLAIN

#: How the runner reads a line: command, properties, message.
COMMAND = re.compile(r"::(error|warning) ([^:]*)::(.*)")


def test_one_command_for_each() -> None:
    assert render_workflow_commands(PLAIN) == [
        '::error file=src/a.py,line=3,col=5,title=PR01 C.f::Parameter "b" is not documented',
        "::error file=pyproject.toml,line=1,col=1,title=budget::docstring.issues: 3 findings",
        "::error file=bad.py,line=1,col=1,title=not-analysed::not analysed: it is gone",
        "::warning file=a b.py,line=9,col=1,title=GL08 g::No docstring",
        "::warning file=a.py,line=1,col=1,title=SS03 h::Summary ends open",
    ]


def test_as_many_as_github_shows() -> None:
    lines = render_workflow_commands([item for item in PLAIN for _ in range(30)])
    assert [line.split()[0] for line in lines] == ["::error"] * 10 + ["::warning"] * 10


def test_no_name_and_no_message_breaks_out() -> None:
    lines = render_workflow_commands(HOSTILE)
    assert len(lines) == len(HOSTILE)
    for line in lines:
        assert clean_text(line[2:]) == line[2:]
        found = COMMAND.fullmatch(line)
        assert found is not None
        properties = dict(part.split("=", 1) for part in found[2].split(","))
        assert set(properties) == {"file", "line", "col", "title"}
        assert properties["line"] == "1"
