"""Settings of directories: the nearest apply, whatever is moved, and `detent config` shows them."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import detent
from conftest import Sandbox, environment
from detent.config import ROOT_KEYS

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Cli

BARE = "def f(x):\n    return x\n"
SHORT = '"""m"""\n\n\ndef f(x):\n    """does"""\n    return x\n'
TABLE = "[tool.detent]\n"
SEVERITY = '[tool.detent.severity]\nPR = "warning"\n'


def _codes(out: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for line in out.splitlines():
        path, colon, rest = line.partition(":")
        if colon and path.endswith(".py"):
            found.setdefault(path, set()).add(rest.split()[1])
    return found


def test_the_nearest_settings_apply_and_only_these(repo: Sandbox, cli: Cli) -> None:
    repo.commit(
        **{
            "pyproject.toml": f'{TABLE}missing = []\nignore = ["GL08"]\n',
            "top.py": BARE,
            "a/pyproject.toml": "[project]\nname = 'a'\n",
            "a/m.py": BARE,
            "b/pyproject.toml": TABLE,
            "b/m.py": BARE,
            "b/deep/er/m.py": BARE,
            "b/deep/detent.toml": 'select = ["PR"]\n',
            "c/setup.cfg": "[tool:numpydoc_validation]\nchecks = GL08\n",
            "c/m.py": BARE,
            "d/setup.cfg": "[metadata]\nname = d\n",
            "d/m.py": BARE,
        }
    )
    found = {"b/m.py": {"GL08"}, "c/m.py": {"GL08"}}
    for view in ("worktree", "staged", "HEAD"):
        assert _codes(cli("audit", "--at", view).out) == found
    assert _codes(cli("check", "--gate", "all").out) == found
    assert "b/m.py:1:1: GL08" in cli("audit", "b").out
    measured = json.loads(cli("coverage", "--by", "file", "--format", "json").out)
    assert {group["name"]: group["needed"] for group in measured["groups"]} == {
        "b/deep/er/m.py": 2,
        "b/m.py": 2,
        "c/m.py": 2,
    }
    assert _codes(cli("audit", "--select", "GL08").out).keys() == {
        *("b/m.py", "b/deep/er/m.py", "c/m.py")
    }


def test_a_check_and_a_hook_follow_them(repo: Sandbox, cli: Cli) -> None:
    repo.commit(**{"a/detent.toml": 'ignore = ["GL08"]\n', "a/m.py": "x = 1\n", "m.py": "x = 1\n"})
    repo.write("a/m.py", BARE)
    repo.git("add", "-A")
    assert cli("check").status == cli("hook", "pre-commit").status == 0
    repo.write("m.py", BARE)
    repo.git("add", "-A")
    assert cli("check").status == cli("hook", "pre-commit").status == 1


def test_globs_and_names_count_from_the_directory(repo: Sandbox, cli: Cli) -> None:
    repo.commit(
        **{
            "a/detent.toml": 'exclude = ["old/**"]\n[per-file-ignores]\n"/m.py" = ["GL08"]\n'
            '[[override]]\nsymbols = ["pkg.n.f"]\nignore = ["GL08"]\n',
            "a/old/m.py": BARE,
            "a/m.py": BARE,
            "a/pkg/n.py": f'"""Do."""\n{BARE}',
            "old/m.py": BARE,
        }
    )
    assert _codes(cli("audit").out) == {"old/m.py": {"GL08"}}
    assert "skipped a/old/m.py: `exclude` has" in cli("audit", "--verbose").out


def test_a_glob_of_the_directory_does_not_take_its_tests_for_code(repo: Sandbox, cli: Cli) -> None:
    repo.commit(**{"detent.toml": "exclude = []\n", "tests/a/detent.toml": "exclude = []\n"})
    repo.commit(**{"tests/a/m.py": BARE})
    assert _codes(cli("audit").out) == {}


@pytest.mark.parametrize("key", ROOT_KEYS)
def test_what_belongs_to_the_repository_is_refused_below(repo: Sandbox, cli: Cli, key: str) -> None:
    values = {
        "gate": '"none"',
        "engine": '"detent"',
        "deadline": "9",
        "budget": "{limit = []}",
        "store": '"sqlite"',
    }
    repo.commit(**{"m.py": "x = 1\n", "pyproject.toml": f"{TABLE}{key} = {values[key]}\n"})
    assert cli("check").status == 0
    repo.write("a/pyproject.toml", f"[project]\n{TABLE}\n{key} = {values[key]}\n")
    repo.git("add", "-A")
    # Also where the change has no file of Python.
    for command in (["check"], ["hook", "pre-commit"], ["config", "a"]):
        answer = cli(*command)
        assert answer.status == 2
        assert f"a/pyproject.toml:4 [tool.detent] {key} is a setting of the whole" in answer.err
        assert "at the root" in answer.err


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[tool.detent]\nselcet = ["GL"]\n', "a/pyproject.toml:2 [tool.detent]: unknown key"),
        ('[tool.detent]\nignore = ["XX9"]\n', "a/pyproject.toml:2 [tool.detent] ignore: unknown"),
        ("[tool.detent\n", "invalid TOML in a/pyproject.toml"),
        ("[tool]\ndetent = 1\n", "a/pyproject.toml:2 [tool.detent] must be a table"),
    ],
)
def test_a_mistake_names_the_file(repo: Sandbox, cli: Cli, text: str, message: str) -> None:
    repo.commit(**{"a/pyproject.toml": text, "a/m.py": BARE, "b/m.py": BARE})
    answer = cli("audit")
    assert answer.status == 2
    assert message in answer.err


def test_notes_on_settings_name_the_directory(repo: Sandbox, cli: Cli) -> None:
    repo.commit(**{"a/pyproject.toml": TABLE, "a/detent.toml": 'ignore = ["GL08"]\n'})
    repo.commit(**{"a/m.py": BARE, "b/pyproject.toml": "[tool.numpydoc_validation]\ncheks = []\n"})
    repo.commit(**{"b/m.py": BARE})
    answer = cli("audit")
    assert "a/pyproject.toml [tool.detent] is ignored" in answer.err
    assert "b/pyproject.toml:2 [tool.numpydoc_validation] cheks: numpydoc has no" in answer.err


def test_settings_of_an_excluded_directory_are_not_read(repo: Sandbox, cli: Cli) -> None:
    repo.commit(**{"tests/data/pyproject.toml": "[tool.detent]\ngate = 1\n"})
    repo.commit(**{"tests/data/m.py": BARE, "m.py": '"""Do."""\n'})
    assert cli("audit").status == cli("check").status == 0


@pytest.mark.skipif(os.name == "nt", reason="links need a right on Windows")
@pytest.mark.parametrize("linked", ["a/detent.toml", "a"])
def test_no_file_outside_of_the_repository_is_read(
    repo: Sandbox, cli: Cli, tmp_path: Path, linked: str
) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out/detent.toml").write_text("secret = 1\n")
    repo.commit(**{"a/m.py": BARE})
    path = repo.path / linked
    if path.is_dir():
        path.rename(tmp_path / "away")
    path.symlink_to(tmp_path / "out" / linked.partition("/")[2])
    answer = cli("audit", "--at", "HEAD")
    assert (answer.status, "secret" in answer.err) == (2, False)
    assert "a/detent.toml is a link to a file outside" in answer.err


def test_without_them_a_directory_is_looked_at_once(
    repo: Sandbox, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def isfile(path: str) -> bool:
        asked.append(os.path.relpath(path, repo.path))
        return os.path.lexists(path)

    monkeypatch.setattr("os.path.isfile", isfile)
    repo.commit(**{f"a/b/m{number}.py": BARE for number in range(9)}, **{"c/m.py": BARE})
    cli("audit")
    below = [path.rpartition("/")[0] for path in asked if "/" in path]
    assert {name: below.count(name) for name in below if name[:1] != "."} == {
        "a": 3,
        "a/b": 3,
        "c": 3,
    }


LOOSER = {
    '[tool.detent]\nignore = ["GL08"]\n': "a/pyproject.toml:2: setting loosened: ignore: ",
    '[tool.detent]\nexclude = ["**"]\n': 'a/m.py:1: no longer checked: `exclude` has "**"',
    "[tool.detent]\n\nmissing = []\n": "a/pyproject.toml:3: setting loosened: missing: ",
    '[tool.detent]\npreset = "numpydoc"\n': "a/pyproject.toml:1: setting loosened: select: ",
}


@pytest.mark.parametrize("text", LOOSER)
def test_what_settings_of_a_directory_loosen_is_reported(
    repo: Sandbox, cli: Cli, text: str
) -> None:
    repo.commit(**{"a/m.py": BARE, "a/pyproject.toml": "[project]\n", "b/m.py": BARE})
    repo.write("a/pyproject.toml", text)
    repo.git("add", "-A")
    for command in (["check"], ["hook", "pre-commit"]):
        assert LOOSER[text] in cli(*command).out
    repo.git("commit", "-qm", "looser")
    assert "loosened" not in cli("check").out
    repo.git("rm", "-q", "a/pyproject.toml")
    assert "loosened: ignore" not in cli("check").out


def test_a_stranger_is_judged_by_the_directories_of_the_base(repo: Sandbox, cli: Cli) -> None:
    repo.commit(**{"a/detent.toml": "# strict\n", "a/m.py": "x = 1\n"})
    for text in ('ignore = ["GL08"]\n', "gate = 1\n", "[broken\n"):
        repo.commit(**{"a/detent.toml": text, "a/m.py": BARE})
        answer = cli("ci", "--base", "HEAD~1", "--settings", "base")
        assert answer.status == 1
        assert "a/m.py:1:1: GL08" in answer.out
        assert "setting loosened" in answer.out
        repo.git("reset", "-q", "--hard", "HEAD~1")


# ---- detent config


def _show(cli: Cli, *arguments: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(cli("config", *arguments, "--format", "json").out)
    return found


def test_the_settings_of_a_path_are_shown_with_their_places(repo: Sandbox, cli: Cli) -> None:
    repo.commit(
        **{
            "pyproject.toml": '[tool.detent]\ngate = "all"\nignore = ["SS"]\n',
            "a/pyproject.toml": f'{TABLE}\npreset = "strict"\n{SEVERITY}',
            "a/tests/m.py": BARE,
            "b/setup.cfg": "[tool:numpydoc_validation]\nchecks = PR01\n",
            "b/m.py": BARE,
        }
    )
    found = _show(cli, "a/tests/m.py")
    rows = {row["name"]: (row["value"], row["source"]) for row in found["settings"]}
    assert (found["path"], found["directory"]) == ("a/tests/m.py", "a")
    assert found["exclusion"] == '`exclude` has "**/tests/**", the default'
    assert found["directories"] == ["a", "b"]
    assert rows["preset"] == ("strict", "a/pyproject.toml:3 [tool.detent] preset")
    assert rows["severity"] == ({"PR": "warning"}, "a/pyproject.toml:4 [tool.detent] severity")
    assert rows["ignore"] == ([], "default")
    assert rows["select"][1] == "preset 'strict'"
    assert rows["gate"] == ("all", "pyproject.toml:2 [tool.detent] gate")
    assert rows["engine"] == ("detent", "default")
    assert _show(cli, "a")["directory"] == "a"
    assert _show(cli)["directory"] == ""
    numpydoc = {row["name"]: row for row in _show(cli, "b/m.py")["settings"]}
    assert numpydoc["preset"]["value"] == "numpydoc"
    assert numpydoc["numpydoc.checks"]["value"] == ["PR01"]
    assert numpydoc["select"]["source"].startswith("b/setup.cfg:2 [tool:numpydoc_validation]")
    answer = cli("config", "a/tests/m.py")
    assert answer.out.startswith("a/tests/m.py: the settings of a\nnot checked: `exclude`")
    assert cli("config", "nowhere").status == 2


# ---- whatever becomes of the files

DIRECTORIES = ("", "a/", "a/b/", "c/")
NESTED = (
    "",
    TABLE,
    f'{TABLE}ignore = ["GL08", "PR"]\n',
    f'{TABLE}preset = "strict"\nexclude = ["/m.py"]\n',
    f'{TABLE}doc-decorators = ["doc"]\nmissing = ["private", "override"]\n',
    f'{TABLE}select = ["SS", "PR01"]\n[tool.detent.severity]\nSS = "warning"\n',
    '[tool.numpydoc_validation]\nchecks = ["all", "EX01"]\noverride_GL08 = ["^$"]\n',
    "[project]\nname = 'x'\n",
)
INHERITED = """
class A:
    \"\"\"Do.\"\"\"
    def f(self):
        \"\"\"Do.\"\"\"


class B(A):
    def f(self): pass
"""
CONTENTS = (
    BARE,
    SHORT,
    "@doc\ndef g(): pass\n\n\ndef _h(x): pass\n",
    INHERITED,
)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["settings", "file", "move", "delete"]),
        st.sampled_from(DIRECTORIES),
        st.integers(0, 7),
    ),
    min_size=2,
    max_size=7,
)


@given(steps=STEPS)
@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_an_old_index_answers_as_a_new_one(
    steps: list[tuple[str, str, int]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    top = tmp_path_factory.mktemp("settings")
    repo = Sandbox(top, environment(top.parent))
    repo.git("init", "-q", "-b", "main")
    repo.commit(**{f"{directory}m.py": BARE for directory in DIRECTORIES})
    for action, directory, number in steps:
        path = top / directory / "pyproject.toml"
        if action == "settings":
            path.write_text(NESTED[number])
        elif action == "file":
            (top / directory / f"n{number % 2}.py").write_text(CONTENTS[number % len(CONTENTS)])
        elif action == "move" and path.exists():
            path.rename(top / DIRECTORIES[number % len(DIRECTORIES)] / "pyproject.toml")
        else:
            path.unlink(missing_ok=True)
        repo.git("add", "-A")
        with detent.open(top) as kept, detent.open(top, store="memory:") as fresh:
            assert kept.audit().findings == fresh.audit().findings
            assert kept.check(gate="all").gated_findings == fresh.check().summary.findings  # type: ignore[union-attr]
            assert kept.measure_coverage().groups == fresh.measure_coverage().groups
            listed = {(row.path, row.line, row.code) for row in fresh.audit(at="staged").findings}
            graded = {(row.path, row.line, row.code) for row in kept.check().summary.findings}  # type: ignore[union-attr]
            assert listed == graded
        if number % 2:
            repo.git("commit", "-q", "--allow-empty", "-m", "step")
