"""A change that loosens what judges it is reported, with its place, wherever it is judged."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from detent import git
from detent.api import loosened
from detent.audit.selection.select import Selection
from detent.config import Config, audit
from detent.config.numpydoc import _LISTS

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Cli, Sandbox

CODE = '"""Do things."""\n\n\ndef f():\n    """Do nothing."""\n'
NUMPYDOC = "[tool.numpydoc_validation]\n"
LIMIT = '[[budget.limit]]\nmetric = "docstring.issues"\nmax = {}\n'
EXEMPT = '[[budget.exempt]]\nmetric = "docstring.issues"\nreason = "why"\nexpires = {}\n'
OVERRIDE = '[[override]]\npaths = ["pkg/**"]\n{}\n'

#: By setting, the file, and what it has before and after: looser each time.
LOOSER = {
    "gate": [
        ("detent.toml", "", 'gate = "none"\n'),
        ("detent.toml", 'gate = "all"\n', 'gate = "new"\n'),
        ("detent.toml", 'gate = "touched"\n', "# nothing\n"),
    ],
    "engine": [("detent.toml", "", 'engine = "numpydoc"\n')],
    "deadline": [
        ("detent.toml", "deadline = 5\n", "deadline = 50\n"),
        ("detent.toml", "gate = 'new'\n", "deadline = 2000\n"),
    ],
    "preset": [("detent.toml", 'preset = "strict"\n', 'preset = "default"\n')],
    "select": [
        ("detent.toml", "", 'select = ["GL08"]\n'),
        ("detent.toml", 'select = ["GL", "PR"]\n', 'select = ["GL"]\n'),
    ],
    "ignore": [
        ("detent.toml", "", '\nignore = ["GL08"]\n'),
        ("detent.toml", 'ignore = ["PR01"]\n', 'ignore = ["PR01", "ALL"]\n'),
    ],
    "missing": [
        ("detent.toml", "", 'missing = ["module"]\n'),
        ("detent.toml", 'missing = ["private", "class"]\n', 'missing = ["class"]\n'),
    ],
    "exclude": [
        ("detent.toml", "", 'exclude = ["**"]\n'),
        ("detent.toml", 'exclude = ["a/**"]\n', 'exclude = ["a/**", "pkg/**"]\n'),
    ],
    "per-file-ignores": [
        ("detent.toml", "", '[per-file-ignores]\n"pkg/**" = ["ALL"]\n'),
        ("detent.toml", '[per-file-ignores]\n"pkg/**" = ["PR01"]\n',
         '[per-file-ignores]\n"pkg/**" = ["PR01", "GL08"]\n'),
    ],
    "override": [
        ("detent.toml", "", OVERRIDE.format('ignore = ["GL08"]')),
        ("detent.toml", OVERRIDE.format('select = ["SA01"]'), "# nothing\n"),
    ],
    "severity": [("detent.toml", "", '[severity]\nGL08 = "warning"\n')],
    "doc-decorators": [("detent.toml", "", 'doc-decorators = ["doc"]\n')],
    "sections": [("detent.toml", "", 'sections = ["Algorithm"]\n')],
    "budget": [
        ("detent.toml", LIMIT.format(1), LIMIT.format(2)),
        ("detent.toml", LIMIT.format(1), "# nothing\n"),
        ("detent.toml", LIMIT.format(1), LIMIT.format(1) + EXEMPT.format("2999-01-01")),
        ("detent.toml", EXEMPT.format("2998-01-01"), EXEMPT.format("2999-01-01")),
    ],
    # Of numpydoc:
    "checks": [
        ("pyproject.toml", "", NUMPYDOC + 'checks = ["GL08"]\n'),
        ("pyproject.toml", NUMPYDOC + 'checks = ["all"]\n',
         NUMPYDOC + 'checks = ["all", "GL08"]\n'),
        ("setup.cfg", "", "[tool:numpydoc_validation]\nchecks = GL08\n"),
    ],
    "numpydoc's exclude": [
        ("pyproject.toml", NUMPYDOC + 'checks = ["all"]\n',
         NUMPYDOC + 'checks = ["all"]\nexclude = ["f$"]\n'),
    ],
    "exclude_files": [
        ("pyproject.toml", NUMPYDOC + 'checks = ["all"]\n',
         NUMPYDOC + 'checks = ["all"]\nexclude_files = ["pkg"]\n'),
    ],
    "override_": [
        ("pyproject.toml", NUMPYDOC + 'checks = ["all"]\n',
         NUMPYDOC + 'checks = ["all"]\noverride_SS05 = ["^Do"]\n'),
    ],
}  # fmt: skip
CASES = [pytest.param(*case, id=name) for name, cases in LOOSER.items() for case in cases]
KINDS = ("setting loosened", "budget loosened")


@pytest.fixture
def work(repo: Sandbox) -> Sandbox:
    repo.commit(**{"pkg/a.py": CODE, "pkg/b.py": CODE, "README": ""})
    return repo


def make_change(work: Sandbox, file: str, before: str, after: str) -> None:
    """Commit settings, and stage others."""
    if before:
        work.commit(**{file: before})
    work.write(file, after)
    work.git("add", "-A")


def test_every_setting_is_tried() -> None:
    known = {*audit.KEYS, "gate", "engine", "budget", "deadline"}
    known |= {name for name in _LISTS if name != "exclude"} | {"numpydoc's exclude", "override_"}
    assert {*LOOSER} == known


def test_no_field_of_the_settings_is_left_out() -> None:
    """What is left out by name is no setting, or is compared elsewhere; anything else counts."""
    assert set(loosened._STRICTER) <= {*Config._fields, *Selection._fields}
    settings = {*Config._fields} - loosened._OTHER_FIELDS
    assert settings >= {"gate", "engine", "deadline"}
    left = loosened._RULE_FIELDS | loosened._KIND_FIELDS
    assert left <= {*Selection._fields}
    for name in {*Selection._fields} - left:
        changed: dict[str, Any] = {name: ("something", "else")}
        old, new = Selection(), Selection(**changed)
        if name not in loosened._STRICTER:
            assert [key for key, _ in loosened._compare_fields(old, new, left)] == [name]


@pytest.mark.parametrize(("file", "before", "after"), CASES)
def test_each_loosened_setting_is_reported_with_its_place(
    work: Sandbox, cli: Cli, file: str, before: str, after: str
) -> None:
    make_change(work, file, before, after)
    answers = [cli("check"), cli("check", "-q"), cli("hook", "pre-commit"), cli("budget")]
    work.git("commit", "-q", "-m", "change", "--no-verify")
    answers += [cli("ci", "--base", "HEAD~1"), cli("ci", "-q", "--base", "HEAD~1")]
    for answer in answers:
        assert answer.status == 0, answer.err
        lines = [line for line in answer.out.splitlines() if any(kind in line for kind in KINDS)]
        assert lines, answer.out
        name, number, *_ = lines[0].split(":")
        assert name == file
        written = after.splitlines()[int(number) - 1]
        if after != "# nothing\n":
            assert any(word in written for word in ("=", "checks", "[[override]]", "[severity]")), (
                lines
            )
    assert cli("check", "--base", "HEAD", "--at", "HEAD").out.count("loosened") == 0


@pytest.mark.parametrize(("file", "before", "after"), CASES)
def test_the_other_way_is_not_loosened(
    work: Sandbox, cli: Cli, file: str, before: str, after: str
) -> None:
    if "engine" in after or "numpydoc_validation" in after:
        pytest.skip("each of the two is looser somewhere")
    work.commit(**{file: after})
    work.write(file, before or "# nothing\n")
    work.git("add", "-A")
    assert "loosened" not in cli("check").out
    assert cli("hook", "pre-commit").out == ""


@pytest.mark.parametrize("attribute", ["linguist-generated", "linguist-vendored=true"])
def test_each_file_that_attributes_excuse_is_reported(
    work: Sandbox, cli: Cli, attribute: str
) -> None:
    work.commit(**{"pkg/.gitattributes": "b.py linguist-generated\n"})
    work.write(".gitattributes", f"*.py {attribute}\n")
    work.write("pkg/c.py", CODE)
    work.git("add", "-A")
    for command in (["check"], ["check", "-q"], ["hook", "pre-commit"]):
        out = cli(*command).out.splitlines()
        reason = "no longer checked: .gitattributes calls it generated or vendored"
        assert f".gitattributes:1: setting loosened: attributes: *.py {attribute}" in out
        assert [line for line in out if "no longer" in line] == [
            f"pkg/a.py:1: {reason}", f"pkg/c.py:1: {reason}",
        ]  # fmt: skip


def test_each_file_that_settings_excuse_is_reported(work: Sandbox, cli: Cli) -> None:
    make_change(work, "detent.toml", "", 'gate = "new"\nexclude = ["**"]\n')
    out = cli("hook", "pre-commit").out
    assert "detent.toml:2: setting loosened: exclude: " in out
    for name in "ab":
        assert f'pkg/{name}.py:1: no longer checked: `exclude` has "**"' in out


def test_a_first_commit_loosens_nothing(repo: Sandbox, cli: Cli) -> None:
    repo.write("detent.toml", 'gate = "none"\n')
    repo.write("a.py", CODE)
    repo.git("add", "-A")
    assert "loosened" not in cli("check").out
    assert cli("hook", "pre-commit").out == ""


def test_a_commit_answers_for_its_own_settings_only(work: Sandbox, cli: Cli) -> None:
    work.commit(**{"pkg/a.py": CODE + "\nX = 1\n"})
    work.commit(**{"detent.toml": 'gate = "none"\n'})
    assert "loosened" in cli("check", "--at", "HEAD").out
    assert "loosened" not in cli("check", "--at", "HEAD~1").out
    work.write("detent.toml", 'gate = "none"\nignore = ["ALL"]\n')  # not staged, but in use
    assert "ignore: [] -> " in cli("check").out


def test_a_service_shows_a_warning(
    work: Sandbox, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = "".join(f"\n\ndef g{number}():\n    pass\n" for number in range(30))
    severity = '[severity]\nALL = "warning"\n'
    work.commit(**{"detent.toml": severity})
    work.commit(**{"detent.toml": 'gate = "none"\n' + severity, "pkg/a.py": CODE + bare})
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    answer = cli("ci", "--base", "HEAD~1")
    warnings = [line for line in answer.out.splitlines() if line.startswith("::warning")]
    assert warnings[0].startswith("::warning file=detent.toml,line=1,")
    assert "setting loosened: gate: new -> none" in warnings[0]
    assert answer.status == 0
    assert "1 setting or file loosened" in answer.out.splitlines()[-1]
    document = json.loads(cli("ci", "--base", "HEAD~1", "--format", "json").out)
    assert document["clean"]
    assert document["loosened"] == ["detent.toml:1: setting loosened: gate: new -> none"]


def test_what_one_side_of_a_merge_has_is_not_reported_again(work: Sandbox, cli: Cli) -> None:
    work.git("checkout", "-q", "-b", "side")
    work.commit(**{"pkg/c.py": CODE})
    work.git("checkout", "-q", "main")
    work.commit(**{"detent.toml": 'gate = "none"\n'})
    work.git("checkout", "-q", "side")
    work.git("merge", "-q", "--no-ff", "--no-commit", "main")
    assert cli("hook", "pre-merge-commit").out == ""
    work.write("detent.toml", 'gate = "none"\nignore = ["GL08"]\n')
    work.git("add", "-A")
    out = cli("hook", "pre-merge-commit").out
    assert ("loosened: gate" in out, "ignore: [] -> " in out) == (False, True)


# ---- the settings of the base

BARE = CODE + "\n\ndef g(a):\n    return a\n"


@pytest.mark.parametrize(
    ("file", "after"),
    [
        ("detent.toml", 'gate = "none"\n'),
        ("detent.toml", 'exclude = ["**"]\n'),
        ("detent.toml", 'ignore = ["ALL"]\n'),
        ("detent.toml", '[severity]\nALL = "warning"\n'),
        ("detent.toml", "this is [ no toml\n"),
        ("detent.toml", 'ignore = ["XX99"] # also no toml\n'),
        ("pyproject.toml", NUMPYDOC + 'checks = ["EX01"]\n'),
        ("setup.cfg", "[tool:numpydoc_validation]\nchecks = EX01\n"),
        (".gitattributes", "* linguist-generated\n"),
        ("pkg/.gitattributes", "a.py linguist-vendored\n"),
    ],
)
def test_a_stranger_is_judged_by_the_settings_of_the_base(
    work: Sandbox, cli: Cli, file: str, after: str
) -> None:
    work.commit(**{"pkg/a.py": BARE, file: after})
    arguments = ("--base", "HEAD~1")
    if "no toml" not in after:
        answer = cli("ci", *arguments)
        assert (answer.status, "loosened" in answer.out) == (0, True)
    answer = cli("ci", *arguments, "--settings", "base")
    assert answer.status == 1, answer.out + answer.err
    lines = answer.out.splitlines()
    assert "pkg/a.py:8:1: GL08 No docstring [g]" in lines
    assert any("loosened: " in line or "no longer checked" in line for line in lines)
    assert "judged by the settings and attributes of the base" in lines
    answer = cli("ci", *arguments, "--settings", "base", "--report", f"sarif={work.path}/../o")
    assert answer.status == 1


def test_the_settings_of_the_base_may_be_the_looser_ones(work: Sandbox, cli: Cli) -> None:
    attributes = "b.py linguist-generated\n"
    work.commit(**{"detent.toml": 'ignore = ["GL08"]\n', ".gitattributes": attributes})
    work.commit(**{"detent.toml": "", ".gitattributes": "", "pkg/a.py": BARE, "pkg/b.py": BARE})
    assert cli("ci", "--base", "HEAD~1").status == 1
    answer = cli("ci", "--base", "HEAD~1", "--settings", "base")
    assert (answer.status, "loosened" in answer.out) == (0, False)


def test_files_of_a_tree_never_leave_their_directory(work: Sandbox, tmp_path: Path) -> None:
    found = git.discover_repo(str(work.path), work.env)
    oid = work.git("rev-parse", "HEAD:pkg/a.py").strip()
    names = [b"../out", b"a/../../out", b"/out", b"a//b", b"./c", b".", b"x" * 300 + b"/d", b"a/e"]
    (tmp_path / "inside").mkdir()
    git.write_tree_files(found, dict.fromkeys(names, oid), str(tmp_path / "inside"))
    files = [path for path in tmp_path.rglob("*") if path.is_file() and "repo" not in path.parts]
    assert files == [tmp_path / "inside/a/e"]


def test_several_loosened_settings_are_counted(work: Sandbox, cli: Cli) -> None:
    make_change(work, "detent.toml", "", 'gate = "none"\ndoc-decorators = ["doc"]\n')
    assert "2 settings or files loosened" in cli("check").out.splitlines()[-1]
