from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from detent.audit.selection.select import KINDS
from detent.cli.main import main

if TYPE_CHECKING:
    from conftest import Cli, Sandbox

FILES = {
    "a/one.py": '"""One."""\n\n\ndef f():\n    """Do."""\n\n\ndef g(): pass\n\n\ndef _h(): pass\n',
    "a/b/two.py": '"""Two."""\n\n\nclass C:\n    """C."""\n\n    def m(self): pass\n',
    "three.py": "def f(): pass\n",
    "tests/test_a.py": "def test_a(): pass\n",
}


@pytest.fixture
def written(repo: Sandbox) -> Sandbox:
    repo.commit(**FILES)
    return repo


def measured(cli: Cli, *arguments: str) -> Any:
    return json.loads(cli("coverage", "--format", "json", *arguments).out)


def groups(cli: Cli, *arguments: str) -> dict[str, tuple[int, int]]:
    found = measured(cli, *arguments)["groups"]
    return {one["name"]: (one["missing"], one["needed"]) for one in found}


def test_packages_kinds_and_files(written: Sandbox, cli: Cli) -> None:
    assert groups(cli) == {"a": (1, 3), "a/b": (1, 3), ".": (2, 2)}
    assert groups(cli, "--by", "kind") == {
        "module": (1, 3),
        "function": (2, 3),
        "class": (0, 1),
        "method": (1, 1),
    }
    assert groups(cli, "--by", "file", "a") == {"a/one.py": (1, 3), "a/b/two.py": (1, 3)}


def test_the_settings_say_what_needs_a_docstring(written: Sandbox, cli: Cli) -> None:
    written.write("detent.toml", f"exclude = []\nmissing = {sorted(KINDS)}\n")
    assert groups(cli, "--by", "kind")["private"] == (1, 1)
    assert groups(cli)["tests"] == (2, 2)
    written.write("detent.toml", 'missing = ["class"]\nexclude = ["a/one.py"]\n')
    assert groups(cli) == {"a/b": (0, 1)}


def test_it_is_the_coverage_of_check_and_of_the_limits(written: Sandbox, cli: Cli) -> None:
    whole = measured(cli)
    assert whole["coverage"] == 50.0
    assert json.loads(cli("check", "--format", "json").out)["coverage"] == whole["coverage"]
    written.write("detent.toml", '[[budget.limit]]\nmetric = "docstring.undocumented"\nmax = 9\n')
    budget = json.loads(cli("budget", "--format", "json").out)["budget"]
    assert [one["value"] for one in budget] == [whole["missing"]]
    found = json.loads(cli("audit", "--format", "json").out)["findings"]
    assert sum(one["code"] == "GL08" for one in found) == whole["missing"]


def test_what_has_none_is_listed(written: Sandbox, cli: Cli) -> None:
    answer = cli("coverage", "--missing", "a")
    assert answer.out.splitlines()[:3] == [
        "a/b/two.py:7:5: method C.m",
        "a/one.py:8:1: function g",
        "",
    ]
    listed = measured(cli, "--missing")["undocumented"]
    assert [one["path"] for one in listed] == ["a/b/two.py", "a/one.py", "three.py", "three.py"]
    assert "undocumented" not in measured(cli)


def test_the_threshold(written: Sandbox, cli: Cli) -> None:
    assert cli("coverage").status == 0
    assert cli("coverage", "--fail-under", "50").status == 0
    answer = cli("coverage", "--fail-under", "50.1")
    assert answer.status == 1
    assert answer.out.endswith("coverage 50.0% is below --fail-under 50.1\n")
    assert measured(cli, "--fail-under", "50.1")["fails"] is True
    assert measured(cli, "--fail-under", "50")["fails"] is False


@pytest.mark.parametrize("value", ["101", "-1", "nan", "inf", "x", ""])
def test_no_threshold(written: Sandbox, cli: Cli, value: str) -> None:
    answer = cli("coverage", f"--fail-under={value}")
    assert answer.status == 2
    assert "from 0 to 100" in answer.err


def test_a_file_that_cannot_be_measured(written: Sandbox, cli: Cli) -> None:
    oid = written.git("rev-parse", "HEAD:three.py").strip()
    written.path.joinpath(".git/objects", oid[:2], oid[2:]).unlink()
    answer = cli("coverage", "--at", "HEAD")
    assert answer.status == 3
    assert "three.py: not analysed" in answer.out
    assert cli("coverage", "--at", "HEAD", "--fail-under", "99").status == 1
    assert cli("coverage", "--at", "HEAD", "a").status == 0


def test_an_older_state(written: Sandbox, cli: Cli) -> None:
    written.commit(**{"three.py": '"""Three."""\n\n\ndef f():\n    """Do."""\n'})
    assert measured(cli)["coverage"] == 75.0
    assert measured(cli, "--at", "HEAD^")["coverage"] == 50.0


def test_the_table_fits_a_screen(repo: Sandbox, cli: Cli) -> None:
    names = [f"{'long/' * 30}\N{SNOWMAN}{n}\x1b[31m.py" for n in range(30)]
    repo.commit(
        **{name: f"x = 1\n{'def f(): pass' if n else ''}\n" for n, name in enumerate(names)}
    )
    lines = cli("coverage", "--by", "file").out.splitlines()
    assert len(lines) == 23
    assert max(map(len, lines)) <= 80
    assert lines[0].split() == ["documented", "missing", "needed", "file"]
    assert lines[-2].split() == ["0.0%", "19", "19", "10", "more"]
    assert lines[-1].split() == ["0.0%", "59", "59", "total"]
    assert "\x1b" not in "".join(lines)


def test_nothing_needs_a_docstring(repo: Sandbox, cli: Cli) -> None:
    repo.commit(**{"a.txt": "x"})
    answer = cli("coverage", "--fail-under", "100")
    assert (answer.status, answer.out.splitlines()[-1].split()[0]) == (0, "100.0%")


def test_nearly_all_is_not_all(repo: Sandbox, cli: Cli) -> None:
    defined = "".join(f'def f{n}():\n    """Do."""\n' for n in range(2999))
    repo.commit(**{"a.py": f'"""A."""\n{defined}def g(): pass\n'})
    answer = cli("coverage", "--fail-under", "100")
    assert answer.status == 1
    assert answer.out.splitlines()[-2].startswith("     99.9%        1    3,001  total")


# ---- the badge


def test_the_badge_is_the_same_for_the_same_value(written: Sandbox, cli: Cli) -> None:
    assert cli("coverage", "--badge", "docs.svg").status == 0
    path = written.path / "docs.svg"
    first = path.read_bytes()
    assert b">50.0%<" in first
    path.write_bytes(b"half a fi")
    assert cli("coverage", "--badge", "docs.svg", "--by", "kind").status == 0
    assert path.read_bytes() == first
    assert not list(written.path.glob(".detent-*"))


def test_the_badge_is_drawn_below_the_threshold_too(written: Sandbox, cli: Cli) -> None:
    assert cli("coverage", "--badge", "docs.svg", "--fail-under", "100").status == 1
    assert b">50.0%<" in (written.path / "docs.svg").read_bytes()


@pytest.mark.parametrize(("name", "status"), [("a/one.py", 2), ("none/a.svg", 3), ("d.svg", 3)])
def test_a_badge_that_cannot_be_written(written: Sandbox, cli: Cli, name: str, status: int) -> None:
    (written.path / "d.svg").mkdir()
    answer = cli("coverage", "--badge", name)
    assert answer.status == status
    assert name.rpartition("/")[2] in answer.err
    assert (written.path / "a/one.py").read_text() == FILES["a/one.py"]
    assert not list(written.path.rglob(".detent-*"))


def test_the_badge_is_where_the_person_is(
    written: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(written.path / "a")
    assert main(["coverage", "--badge", "docs.svg"]) == 0
    assert (written.path / "a/docs.svg").exists()
