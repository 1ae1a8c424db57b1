"""Settings that fit the code, the first look that proposes them, rule pages, and remedies."""

from __future__ import annotations

import json
import tomllib
from typing import TYPE_CHECKING, Any

import pytest

from detent.audit.codes import CODES
from detent.cli.main import main

if TYPE_CHECKING:
    from conftest import Cli, Sandbox


def _write_module(number: int, *, period: str = "", text: str = "the value") -> str:
    return f'''"""Do {number}."""


def f{number}(x):
    """Do it.

    Parameters
    ----------
    x : int
        {text}{period}

    See Also
    --------
    other
    """


def g{number}(y):
    """Do the other thing.

    Parameters
    ----------
    y
        The value.
    """


def _h{number}(): pass
'''


def _commit_modules(repo: Sandbox, number: int = 8) -> None:
    repo.commit(**{f"m{i}.py": _write_module(i) for i in range(number)})


def _propose(cli: Cli, *arguments: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(cli("init", "--format", "json", *arguments).out)
    return found


def test_what_nearly_all_docstrings_break_is_proposed_with_its_cost(
    repo: Sandbox, cli: Cli
) -> None:
    _commit_modules(repo)
    found = _propose(cli)
    costs = {cost["code"]: cost for name in ("ignored", "fixed", "kept") for cost in found[name]}
    assert {cost["code"] for cost in found["ignored"]} == {"SA04", "PR04"}
    assert {cost["code"] for cost in found["fixed"]} == {"PR08", "PR09"}
    # Of 24 docstrings, 16 have parameters and 8 have See Also.
    assert found["docstrings"] == 24
    assert {code: (cost["docstrings"], cost["possible"]) for code, cost in costs.items()} == {
        "PR04": (8, 16),
        "PR08": (8, 16),
        "PR09": (8, 16),
        "SA04": (8, 8),
    }
    assert all(costs[code]["fixable"] is (code in ("PR08", "PR09")) for code in costs)
    table = tomllib.loads(found["toml"])["tool"]["detent"]
    assert sorted(table["ignore"]) == ["PR04", "SA04"]
    answer = cli("init")
    assert answer.status == 0
    assert '"SA04",  # 8 findings, in 8 of 8 docstrings: ' in answer.out
    assert "#   fix it: detent audit --fix --select PR09" in answer.out
    assert tomllib.loads(answer.out) == tomllib.loads(found["toml"])
    assert not (repo.path / "pyproject.toml").exists()
    assert not (repo.path / "detent.toml").exists()


def test_little_code_has_no_style(repo: Sandbox, cli: Cli) -> None:
    _commit_modules(repo, 4)
    found = _propose(cli)
    assert found["ignored"] == found["fixed"] == []
    assert {cost["code"] for cost in found["kept"]} == {"PR04", "PR08", "PR09", "SA04"}


def test_missing_docstrings_are_no_style_but_a_kind_may_need_none(repo: Sandbox, cli: Cli) -> None:
    source = '"""Do."""\n__all__ = ["f"]\n\n\ndef f():\n    """Do."""\n'
    hidden = "".join(f"def g{number}(): pass\n" for number in range(9))
    repo.commit(**{"m.py": source + hidden})
    found = _propose(cli)
    assert found["ignored"] == []
    assert found["undocumented"] == {"unlisted": {"needed": 9, "missing": 9}}
    table = tomllib.loads(found["toml"])["tool"]["detent"]
    assert table["missing"] == ["class", "function", "method", "module"]


@pytest.mark.parametrize(
    ("before", "name"),
    [
        (None, "detent.toml"),
        ("", "pyproject.toml"),
        ("[project]\nname = 'x'", "pyproject.toml"),
        ("[project]\r\nname = 'é'\r\n\r\n", "pyproject.toml"),
    ],
)
def test_written_settings_are_followed(
    repo: Sandbox, cli: Cli, before: str | None, name: str
) -> None:
    _commit_modules(repo)
    if before is not None:
        repo.write("pyproject.toml", before)
    answer = cli("init", "--write")
    assert answer.status == 0
    assert f"wrote {name}" in answer.err
    written = (repo.path / name).read_bytes()
    assert written.startswith((before or "").rstrip().encode())
    assert (b"\r\n" in written) is ("\r" in (before or ""))
    assert written.count(b"\n") == written.count(b"\r\n") or b"\r" not in written
    table = tomllib.loads(written.decode())
    own = table if name == "detent.toml" else table["tool"]["detent"]
    assert set(own) == {"preset", "ignore"}
    codes = {row["code"] for row in json.loads(cli("audit", "--format", "json").out)["findings"]}
    assert codes == {"PR08", "PR09"}
    # It is not done twice, and what is ignored is not proposed again.
    again = cli("init", "--write")
    assert again.status == 2
    assert f"there are settings already: {name}" in again.err
    assert (repo.path / name).read_bytes() == written
    assert _propose(cli)["ignored"] == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pyproject.toml", "[tool.detent]\n"),
        ("pyproject.toml", "[tool.numpydoc_validation]\nchecks = ['all']\n"),
        ("detent.toml", "# nothing yet\n"),
        ("setup.cfg", "[tool:numpydoc_validation]\nchecks = all\n"),
    ],
)
def test_settings_that_are_there_are_left_alone(
    repo: Sandbox, cli: Cli, name: str, text: str
) -> None:
    _commit_modules(repo)
    repo.write(name, text)
    answer = cli("init", "--write")
    assert answer.status == 2
    assert f"there are settings already: {name}" in answer.err
    assert (repo.path / name).read_text() == text
    assert cli("init").status == 0
    assert f"the settings that there are: {name}" in cli("init").err


def test_a_linked_file_is_not_written(repo: Sandbox, cli: Cli, tmp_path: Any) -> None:
    _commit_modules(repo)
    (tmp_path / "other.toml").write_text("[project]\n")
    (repo.path / "pyproject.toml").symlink_to(tmp_path / "other.toml")
    answer = cli("init", "--write")
    assert answer.status == 2
    assert "cannot write pyproject.toml" in answer.err
    assert (tmp_path / "other.toml").read_text() == "[project]\n"


# ---- a first look


def test_a_first_look_proposes_settings(repo: Sandbox, cli: Cli) -> None:
    _commit_modules(repo)
    out = cli("check").out
    assert "detent init      (propose settings: most docstrings break " in out
    assert "SA04 (8 of 8)" in out
    repo.write("detent.toml", 'preset = "default"\n')
    assert "detent init" not in cli("check").out


def test_a_first_look_at_little_code_proposes_nothing(repo: Sandbox, cli: Cli) -> None:
    repo.commit(**{"m.py": "def f(): pass\n"})
    assert "detent init" not in cli("check").out


# ---- rule pages


def test_pages_of_rules(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rule", "pr01"]) == 0
    page = capsys.readouterr().out
    assert page.startswith("PR01: Parameter is not documented\n")
    assert main(["audit", "--explain", "PR01"]) == 0
    assert capsys.readouterr().out == page
    assert main(["rule", "--all"]) == 0
    every = capsys.readouterr().out
    assert page in every
    titles = [line for line in every.splitlines() if line.partition(":")[0] in CODES]
    assert len(titles) == len(CODES)
    assert main(["rule", "--all", "--format", "json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert [rule["code"] for rule in document["rules"]] == list(CODES)


@pytest.mark.parametrize("arguments", [[], ["NOPE"], ["--all", "PR01"], ["PR01", "PR0"]])
def test_rules_that_do_not_exist(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rule", *arguments]) == 2
    assert "detent: " in capsys.readouterr().err


# ---- what to do about a failure

EXPLAIN = "explain:  detent audit --explain GL08"
FIX = "fix:      detent audit --fix --new-since HEAD   (1 of 2 findings)"
SKIP = "skip:     git commit --no-verify   (once)"


def test_a_failure_says_what_to_do(repo: Sandbox, cli: Cli) -> None:
    repo.commit(**{"m.py": '"""Do."""\n'})
    repo.write("m.py", '"""Do."""\n\n\ndef f():\n    """Do it"""\n\n\ndef g(): pass\n')
    repo.git("add", "-A")
    for command in (["check"], ["hook", "pre-commit"]):
        lines = cli(*command).out.splitlines()
        assert [line for line in lines if line.startswith(("explain:", "fix:", "skip:"))] in (
            [EXPLAIN, FIX, SKIP],
            [EXPLAIN.replace("GL08", "SS03"), FIX, SKIP],
        )
        assert lines[-1].startswith("failed: ")
    assert SKIP.replace("commit", "merge") in cli("hook", "pre-merge-commit").out
    assert "skip:" not in cli("check", "--quiet").out
    # What is proposed works.
    assert cli("audit", "--explain", "GL08").status == 0
    cli("audit", "--fix", "--new-since", "HEAD")
    assert '"""Do it."""' in (repo.path / "m.py").read_text()
    repo.git("commit", "-qam", "findings", "--no-verify")
    out = cli("check", "--at", "HEAD").out
    assert "explain:" in out
    assert "skip:" not in out
    assert "fix:" not in out


def test_what_passes_needs_no_remedy(repo: Sandbox, cli: Cli) -> None:
    repo.commit(**{"m.py": '"""Do."""\n'})
    repo.write("m.py", '"""Do it."""\n')
    repo.git("add", "-A")
    assert "explain:" not in cli("check").out
    assert cli("hook", "pre-commit").out == ""


def test_an_exceeded_limit_can_be_skipped_once(repo: Sandbox, cli: Cli) -> None:
    limit = '[[budget.limit]]\nmetric = "docstring.issues.new"\nmax = 0\n'
    repo.commit(**{"detent.toml": f'gate = "none"\n{limit}', "m.py": '"""Do."""\n'})
    repo.write("m.py", "def f(): pass\n")
    repo.git("add", "-A")
    out = cli("hook", "pre-commit").out
    assert SKIP in out
    assert "explain:" not in out
