"""`detent search` prints what `git grep -n` does, and nothing that is not safe."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Cli, Sandbox

FILES = {
    "a.py": "import os\n\n\ndef name():\n\treturn 'name'\n\n\nlast = 1\n",
    "b.txt": "a name\r\nanother\nname\n",
}


def test_lines_files_and_counts(repo: Sandbox, cli: Cli) -> None:
    repo.commit(**FILES)
    for arguments, asked in [([], ["-n"]), (["--files"], ["-l"]), (["--count"], ["-c"])]:
        answer = cli("search", "name", *arguments)
        assert answer.status == 0
        assert answer.out == repo.git("grep", *asked, "-F", "name").replace("\r", "")
    answer = cli("search", "nowhere")
    assert (answer.status, answer.out) == (1, "")


def test_context_is_printed_once(repo: Sandbox, cli: Cli) -> None:
    repo.commit(**FILES)
    for count in "0123":
        answer = cli("search", "name", "--context", count)
        assert answer.out == repo.git("grep", "-n", f"-C{count}", "-F", "name").replace("\r", "")


def test_json(repo: Sandbox, cli: Cli) -> None:
    repo.write("c.dat", b"\0name")
    repo.commit(**FILES)
    answer = cli("search", "name", "--at", "HEAD", "--limit", "2", "--format", "json")
    found = json.loads(answer.out)
    assert [(one["path"], one["line"], one["column"], one["text"]) for one in found["matches"]] == [
        ("a.py", 4, 5, "def name():"),
        ("a.py", 5, 10, "\treturn 'name'"),
    ]
    assert found["complete"] is False
    assert found["left_out"] == [{"path": "c.dat", "reason": "binary"}]


def test_what_is_not_safe_to_print_is_escaped(repo: Sandbox, cli: Cli) -> None:
    repo.commit(**{"a\x1b[31m.txt": "\x1b]0;title\x07 name\n::error::name\n"})
    answer = cli("search", "name")
    assert "\x1b" not in answer.out
    assert "\x07" not in answer.out
    assert "::error" not in answer.out


def test_a_history(repo: Sandbox, cli: Cli) -> None:
    first = repo.commit(**{"a.txt": "name\n"})
    last = repo.commit(**{"a.txt": "other\n"})
    assert cli("search", "name", "--history").out.splitlines() == [
        f"{last[:10]} 2026-01-01 - a.txt:1:name",
        f"{first[:10]} 2026-01-01 + a.txt:1:name",
    ]
    found = json.loads(cli("search", "name", "--history", "--format", "json").out)["matches"]
    assert [(one["commit"], one["change"]) for one in found] == [
        (last, "removed"),
        (first, "added"),
    ]
