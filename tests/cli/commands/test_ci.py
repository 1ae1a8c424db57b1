"""A commit judged in CI, as the services run it."""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
import yaml

from conftest import SOURCE, published_schema
from detent.cli.ci_output import FORMATS
from detent.store import default_index_path

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Cli, Sandbox

CLEAN = '"""Do things."""\n\n\ndef f():\n    """Do nothing."""\n'
BARE = "\n\ndef {}(a):\n    return a\n"


@pytest.fixture(autouse=True)
def _no_service(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests themselves may run in CI."""
    for name in list(os.environ):
        if name.startswith(("GITHUB_", "CI_")):
            monkeypatch.delenv(name)


@pytest.fixture
def change(repo: Sandbox) -> Sandbox:
    """A branch that adds a finding, mends one and keeps one."""
    old, kept, fresh = (BARE.format(name) for name in ("old", "kept", "fresh"))
    repo.commit("first", **{"a.py": CLEAN + old + kept, "b.py": CLEAN + kept})
    repo.git("update-ref", "refs/remotes/origin/main", "HEAD")
    repo.commit("second", **{"a.py": CLEAN + kept + fresh.replace("a", "b")})
    return repo


def test_a_change_is_held_back(change: Sandbox, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    base = change.git("rev-parse", "HEAD^").strip()
    answer = cli("ci", "--base", "HEAD^")
    assert answer.status == 1
    assert answer.err == ""
    lines = answer.out.splitlines()
    assert lines[0] == "compared with HEAD^ (--base)"
    assert lines[1] == "a.py:12:1: GL08 No docstring [fresh]"
    assert lines[2].startswith("failed: 1 new finding in 1 changed file · 1 fixed · 1 as before")
    assert len(lines) == 3
    assert cli("ci", "--base", "HEAD").status == 0
    assert cli("ci", "--base", "HEAD", "--gate", "all").status == 1
    monkeypatch.setenv("CI_MERGE_REQUEST_DIFF_BASE_SHA", base)
    assert cli("ci").out.startswith(
        f"compared with {base[:10]} (CI_MERGE_REQUEST_DIFF_BASE_SHA)\na.py:12:1: GL08 "
    )


def test_on_github_it_annotates_and_sums_up(
    change: Sandbox, cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = change.git("rev-parse", "HEAD^").strip()
    event, summary = tmp_path / "event.json", tmp_path / "summary.md"
    event.write_text(json.dumps({"pull_request": {"base": {"sha": base}, "head": {"sha": "x"}}}))
    summary.write_text("# before\n")
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_EVENT_PATH", str(event))
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    answer = cli("ci")
    assert answer.status == 1
    commands = [line for line in answer.out.splitlines() if line.startswith("::")]
    assert commands == ["::error file=a.py,line=12,col=1,title=GL08 fresh::No docstring"]
    text = summary.read_text("utf-8")
    assert text.startswith("# before\n### detent: failed")
    assert "| a.py&#58;12 | GL08 | No docstring | fresh |" in text
    assert "1 fixed." in text


def test_every_report_at_once(change: Sandbox, cli: Cli, tmp_path: Path) -> None:
    files = {form: tmp_path / f"report.{form}" for form in FORMATS}
    arguments = [f"--report={form}={path}" for form, path in files.items()]
    assert cli("ci", "--base", "HEAD^", *arguments).status == 1
    assert all(path.stat().st_size > 50 for path in files.values())
    (run,) = json.loads(files["sarif"].read_text("utf-8"))["runs"]
    states = sorted(
        (one["baselineState"], one["locations"][0]["logicalLocations"][0]["fullyQualifiedName"])
        for one in run["results"]
    )
    assert states == [
        ("absent", "old"), ("new", "fresh"), ("unchanged", "kept"), ("unchanged", "kept")
    ]  # fmt: skip
    marks = [one["partialFingerprints"]["detent/v1"] for one in run["results"]]
    assert len(set(marks)) == 4
    quality = json.loads(files["gitlab"].read_text("utf-8"))
    assert [one["location"]["path"] for one in quality] == ["a.py", "a.py", "b.py"]
    assert json.loads(files["json"].read_text("utf-8"))["schema"] == "detent.check/1"


def test_fingerprints_outlive_moved_lines(change: Sandbox, cli: Cli, tmp_path: Path) -> None:
    def marks() -> set[str]:
        report = tmp_path / "report.json"
        cli("ci", "--base", "HEAD", f"--report=gitlab={report}")
        return {one["fingerprint"] for one in json.loads(report.read_text("utf-8"))}

    before = marks()
    text = (change.path / "a.py").read_text("utf-8")
    change.commit("more above", **{"a.py": text.replace("\n\n\n", "\n\nX = 1\n\n\n", 1)})
    assert marks() == before
    assert len(before) == 3


@pytest.mark.parametrize("value", ["sarif", "sarif=", "=x", "xml=x", ""])
def test_a_report_needs_a_format_and_a_file(repo: Sandbox, cli: Cli, value: str) -> None:
    repo.commit(**{"a.py": CLEAN})
    answer = cli("ci", f"--report={value}")
    assert answer.status == 2
    assert "--report takes FORMAT=FILE" in answer.err
    assert "formats: sarif" in answer.err


def test_a_report_that_cannot_be_written_is_no_success(repo: Sandbox, cli: Cli) -> None:
    repo.commit(**{"a.py": CLEAN})
    answer = cli("ci", "--base", "HEAD", "--report", "junit=no/such/place.xml")
    assert answer.status == 3
    assert "no/such/place.xml" in answer.err


def test_a_base_that_is_not_there(
    repo: Sandbox, cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo.commit("first", **{"a.py": CLEAN})
    repo.commit("second", **{"a.py": CLEAN + BARE.format("g")})
    assert cli("ci", "--base", "nowhere").status == 3
    repo.git("clone", "-q", "--depth", "1", repo.path.as_uri(), str(tmp_path / "shallow"))
    base = repo.git("rev-parse", "HEAD^").strip()
    monkeypatch.setenv("CI_MERGE_REQUEST_DIFF_BASE_SHA", base)
    answer = cli("ci", at=tmp_path / "shallow")
    assert answer.status == 3
    assert "is not in this clone" in answer.err
    assert "git fetch --unshallow" in answer.err


@pytest.mark.parametrize(
    ("file", "schema"),
    [("action.yml", "/github-action.json"), ("docs/gitlab-ci.yml", "/editor/schema/ci.json")],
)
def test_what_is_shipped_for_the_services_is_valid(file: str, schema: str) -> None:
    wanted = published_schema(schema)
    document: Any = yaml.safe_load((SOURCE / file).read_text("utf-8"))
    jsonschema.validators.validator_for(wanted)(wanted).validate(document)
    assert "${{" not in "".join(
        step.get("run", "") for step in document.get("runs", {}).get("steps", [])
    )


@pytest.mark.parametrize(
    "query",
    [
        "DELETE FROM finding",
        "UPDATE finding SET role = 'private'",
        "UPDATE symbol SET visibility = 'private'",
        "DELETE FROM entry WHERE path = 'a.py'",
    ],
)
def test_a_share_of_the_facts_is_derived_again(change: Sandbox, cli: Cli, query: str) -> None:
    honest = cli("ci", "--base", "HEAD^", "--fresh", "100%")
    assert honest.status == 1
    assert "a.py:12:1: GL08" in honest.out
    with closing(sqlite3.connect(default_index_path(str(change.path / ".git")))) as connection:
        connection.execute(query)
        connection.commit()
    answer = cli("ci", "--base", "HEAD^", "--fresh", "100%")
    assert (answer.status, answer.out) == (3, "")
    assert answer.err.startswith("detent: no verdict, the index ")
    assert " a.py: " in answer.err
    assert "`detent index --full --at HEAD`" in answer.err
    assert cli("index", "--full", "--at", "HEAD").status == 0
    assert cli("ci", "--base", "HEAD^", "--fresh", "100%").status == 1


def test_the_share_is_random(repo: Sandbox, cli: Cli) -> None:
    repo.commit(**{f"m{number}.py": f"X = {number}\n" for number in range(40)})
    assert cli("ci", "--base", "HEAD").status == 0
    with closing(sqlite3.connect(default_index_path(str(repo.path / ".git")))) as connection:
        connection.execute("DELETE FROM finding")
        connection.commit()
    answers = [cli("ci", "--base", "HEAD", "--fresh", "5%").err for _ in range(8)]
    assert len(set(answers)) > 1
    assert all(answer.count(".py: ") == 2 for answer in answers)


@pytest.mark.parametrize("share", ["0", "5", "101%", "x", "-1%", "nan", "%", "inf"])
def test_a_share_is_a_share(repo: Sandbox, cli: Cli, share: str) -> None:
    answer = cli("ci", "--base", "HEAD", f"--fresh={share}")
    assert answer.status == 2
    assert f"not {share!r}\n" in answer.err
