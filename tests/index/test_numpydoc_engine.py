"""numpydoc as the judge of a repository: both sides, any view, no file but those at hand."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Cli, Sandbox

SETTINGS = 'engine = "numpydoc"\n'
OLD = '"""Do things."""\n\n\ndef old(a, b):\n    """Do."""\n    return a\n'
NEW = OLD + '\n\ndef fresh(a, b):\n    """Do."""\n'
STOPS = OLD + '\n\ndef stops():\n    """Do.\n\n    See Also\n    --------\n    `foo` bar\n    """\n'


@pytest.fixture
def settled(repo: Sandbox) -> Sandbox:
    repo.commit(**{"detent.toml": SETTINGS, "a.py": OLD, "b.py": OLD})
    return repo


def answer(cli: Cli, *arguments: str) -> Any:
    return json.loads(cli(*arguments, "--format", "json").out)


def said(findings: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    return [(one["symbol"], one["code"], one["message"]) for one in findings]


PR01 = "Parameters {'a', 'b'} not documented"


def test_a_change_is_judged_by_numpydoc_on_both_sides(settled: Sandbox, cli: Cli) -> None:
    settled.write("a.py", NEW)
    settled.git("add", "-A")
    settled.write("a.py", OLD)
    found = answer(cli, "check")
    assert said(found["new"]) == [("fresh", "PR01", PR01)]
    assert cli("check").status == 1
    settled.git("mv", "b.py", "c.py")
    settled.git("checkout", "-q", "a.py")
    settled.write("a.py", "# moved down\n" + OLD)
    settled.git("add", "-A")
    found = answer(cli, "check")
    assert (found["new"], found["fixed"], found["changed_files"]) == ([], [], 3)


def test_the_work_tree_and_a_commit(settled: Sandbox, cli: Cli) -> None:
    settled.write("a.py", NEW)
    assert said(answer(cli, "audit", "a.py")["findings"]) == [
        ("old", "PR01", PR01),
        ("old", "RT01", "No Returns section found"),
        ("fresh", "PR01", PR01),
    ]
    assert len(answer(cli, "audit", "--at", "HEAD")["findings"]) == 4
    new = answer(cli, "audit", "--new-since", "HEAD")["findings"]
    assert said(new) == [("fresh", "PR01", PR01)]


def test_settings_and_comments_apply(settled: Sandbox, cli: Cli) -> None:
    settled.write("detent.toml", SETTINGS + 'select = ["RT", "PR"]\nignore = ["PR01"]\n')
    settled.write("a.py", OLD.replace("b):", "b):  # numpydoc ignore=RT01"))
    found = answer(cli, "audit")["findings"]
    assert [(one["path"], one["code"]) for one in found] == [("b.py", "RT01")]
    settled.write("setup.cfg", "[tool:numpydoc_validation]\nchecks = GL08\n")
    settled.write("detent.toml", SETTINGS)
    settled.write("e/__init__.py", "")
    settled.write("e/f.py", "class A:\n    @x.setter\n    def _x(self): pass\n")
    settled.git("add", "-A")
    found = answer(cli, "audit")["findings"]
    assert [(one["path"], one["symbol"]) for one in found] == [
        ("e/__init__.py", ""),
        ("e/f.py", ""),
        ("e/f.py", "A"),
        ("e/f.py", "A._x"),
    ]


def test_where_numpydoc_stops_the_rest_goes_on(settled: Sandbox, cli: Cli) -> None:
    settled.write("a.py", STOPS)
    settled.write("c.py", "def f(:\n")
    settled.git("add", "-A")
    found = answer(cli, "audit")["findings"]
    stopped = [(one["path"], one["symbol"]) for one in found if one["code"] == "DT907"]
    assert stopped == [("a.py", "stops"), ("c.py", "")]
    assert sum(one["path"] == "b.py" for one in found) == 2
    new = {(one["path"], one["code"]) for one in answer(cli, "check")["new"]}
    assert new >= {("a.py", "DT907"), ("c.py", "DT907"), ("c.py", "DT902")}


def test_what_others_wrote_is_left_to_them(settled: Sandbox, cli: Cli) -> None:
    settled.write(".gitattributes", "a.py linguist-generated\n")
    settled.write("a.py", NEW)
    settled.git("add", "-A")
    assert {one["path"] for one in answer(cli, "audit")["findings"]} == {"b.py"}
    assert answer(cli, "check")["new"] == []


def test_a_blob_that_is_not_here(settled: Sandbox, cli: Cli) -> None:
    assert cli("index", "--at", "HEAD").status == 0
    oid = settled.git("rev-parse", "HEAD:a.py").strip()
    settled.write("b.py", OLD + "x = 1\n")
    settled.commit()
    assert cli("index", "--at", "HEAD").status == 0
    (settled.path / ".git/objects" / oid[:2] / oid[2:]).unlink()
    failures = answer(cli, "audit", "--at", "HEAD")["failures"]
    assert [one["path"] for one in failures] == ["a.py"]
    assert "git fetch" in failures[0]["reason"]


def test_the_stored_findings_are_detents(settled: Sandbox, cli: Cli) -> None:
    assert answer(cli, "audit")["findings"]
    assert cli("verify").status == 0
    settled.write("detent.toml", "")
    messages = {message for _, _, message in said(answer(cli, "audit")["findings"])}
    assert not any("'a', 'b'" in message for message in messages)


def test_numpydoc_is_not_installed(
    settled: Sandbox, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "numpydoc", None)
    for command in ("check", "audit", "coverage", "budget"):
        done = cli(command)
        assert done.status == 2
        assert "pip install" in done.err
    assert 'engine = "numpydoc"' in done.err


def test_numpydoc_is_not_taken_from_the_repository(settled: Sandbox) -> None:
    settled.write("numpydoc/__init__.py", 'raise SystemExit("the wrong module")\n')
    settled.write("sphinx.py", 'raise SystemExit("the wrong module")\n')
    done = settled.detent("audit", "a.py")
    assert done.returncode == 1, done.stderr
    assert PR01 in done.stdout
    assert "wrong" not in done.stderr
