"""What is shipped for GitHub and GitLab, run as their runners run it; and the quick start."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
import yaml

from conftest import SOURCE, Sandbox, published_schema
from detent.cli.parser import COMMANDS, build_parser

if TYPE_CHECKING:
    from pathlib import Path

CLEAN = '"""Do things."""\n\n\ndef f():\n    """Do nothing."""\n'
BARE = "\n\ndef {}(a):\n    return a\n"
DETENT = f'#!/bin/sh\nexec "{sys.executable}" -m detent "$@"\n'


@pytest.fixture
def origin(repo: Sandbox) -> Sandbox:
    """A repository with a branch that adds a finding, merged as a service merges it."""
    repo.commit(**{f"pkg/{name}.py": f"{CLEAN}\n# {name}\n" for name in "abcdefgh"})
    repo.git("checkout", "-q", "-b", "feature")
    repo.commit("more", **{"pkg/a.py": CLEAN + BARE.format("fresh")})
    repo.git("checkout", "-q", "main")
    repo.commit("meanwhile", **{"pkg/b.py": CLEAN + BARE.format("others")})
    repo.git("checkout", "-q", "--detach")
    repo.git("merge", "-q", "--no-ff", "--no-edit", "feature")
    repo.git("update-ref", "refs/pull/1/merge", "HEAD")
    repo.git("checkout", "-q", "main")
    return repo


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """The program, as an installation has it."""
    path = tmp_path / "bin/detent"
    path.parent.mkdir()
    path.write_text(DETENT)
    path.chmod(0o755)
    return path


def checkout(origin: Sandbox, place: Path, ref: str) -> Sandbox:
    """Do what the checkout step does, all of the history included."""
    clone = origin._replace(path=place)
    place.mkdir()
    clone.git("init", "-q")
    clone.git("remote", "add", "origin", origin.path.as_uri())
    clone.git("fetch", "-q", "origin", "+refs/heads/*:refs/remotes/origin/*", f"+{ref}:{ref}")
    clone.git("checkout", "-q", "--detach", ref)
    return clone


def script(clone: Sandbox, text: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", text],
        cwd=clone.path, env={**clone.env, **env}, capture_output=True, text=True, check=False,
    )  # fmt: skip


def analysed(said: str) -> tuple[int, int]:
    found = re.search(r"(\d+) analysed, (\d+) reused", said)
    assert found is not None, said
    return int(found[1]), int(found[2])


# ---- GitHub


def action(clone: Sandbox, program: Path, event: Path, **inputs: str) -> tuple[int, str, str]:
    """Run the step of the action that judges; gives status, log and summary."""
    document = yaml.safe_load((SOURCE / "action.yml").read_text("utf-8"))
    (step,) = (one for one in document["runs"]["steps"] if '"$DETENT" ci' in one.get("run", ""))
    given = {name: one.get("default", "") for name, one in document["inputs"].items()} | inputs
    env = {
        name: re.sub(r"\$\{\{ inputs\.(\w+) \}\}", lambda match: given[match[1]], value)
        for name, value in step["env"].items()
    }
    summary = event.with_name("summary.md")
    summary.write_text("")
    runner = {
        "GITHUB_ACTIONS": "true",
        "GITHUB_EVENT_PATH": str(event),
        "GITHUB_STEP_SUMMARY": str(summary),
        "GITHUB_BASE_REF": "main",
        "DETENT": str(program),
    }
    done = script(clone, step["run"], env | runner)
    return done.returncode, done.stdout + done.stderr, summary.read_text("utf-8")


def test_a_pull_request_on_github(origin: Sandbox, program: Path, tmp_path: Path) -> None:
    event = tmp_path / "event.json"
    head = origin.git("rev-parse", "feature").strip()
    base = origin.git("rev-parse", "main~1").strip()  # when the request was opened
    event.write_text(json.dumps({"pull_request": {"base": {"sha": base}, "head": {"sha": head}}}))
    first = checkout(origin, tmp_path / "first", "refs/pull/1/merge")
    status, log, summary = action(first, program, event, sarif="out.sarif")
    assert status == 1
    assert "(the base of GitHub's merge commit)" in log
    assert "::error file=pkg/a.py,line=8,col=1,title=GL08 fresh::No docstring" in log
    assert "others" not in log  # what main brought in meanwhile is not the doing of the request
    assert "| pkg/a.py&#58;8 | GL08 | No docstring | fresh |" in summary
    assert json.loads((first.path / "out.sarif").read_text("utf-8"))["version"] == "2.1.0"
    assert analysed(log) == (8, 0)

    # The next run has the cache of this one, and another push to the request.
    origin.git("checkout", "-q", "feature")
    origin.commit("mended", **{"pkg/a.py": CLEAN + "\nX = 1\n"})
    origin.git("checkout", "-q", "--detach", "main")
    origin.git("merge", "-q", "--no-ff", "--no-edit", "feature")
    origin.git("update-ref", "refs/pull/1/merge", "HEAD")
    head = origin.git("rev-parse", "feature").strip()
    event.write_text(json.dumps({"pull_request": {"base": {"sha": base}, "head": {"sha": head}}}))
    cached = cache_of("action.yml")
    second = checkout(origin, tmp_path / "second", "refs/pull/1/merge")
    shutil.copytree(first.path / cached, second.path / cached)
    status, log, _ = action(second, program, event)
    assert (status, analysed(log)) == (0, (1, 7))


def cache_of(name: str) -> str:
    """Read which directory is kept between runs."""
    document = yaml.safe_load((SOURCE / name).read_text("utf-8"))
    if "runs" in document:
        restored, saved = (
            one for one in document["runs"]["steps"] if "cache" in one.get("uses", "")
        )
        assert (restored["with"]["path"], restored["with"]["key"]) == tuple(saved["with"].values())
        assert saved["if"].startswith("always() && github.event_name == 'push' && ")
        return str(saved["with"]["path"]).replace("${{ inputs.directory }}", ".")
    (path,) = document["detent"]["cache"]["paths"]
    return str(path)


HOSTILE = "$(touch owned)`touch owned`; touch owned #"


@pytest.mark.parametrize("name", ["base", "gate", "settings", "sarif", "directory"])
def test_no_input_is_a_command(origin: Sandbox, program: Path, tmp_path: Path, name: str) -> None:
    event = tmp_path / "event.json"
    event.write_text("{}")
    clone = checkout(origin, tmp_path / "clone", "refs/pull/1/merge")
    action(clone, program, event, **{name: HOSTILE})
    assert [path for path in tmp_path.rglob("owned") if path.name == "owned"] == []


# ---- GitLab


def test_a_merge_request_on_gitlab(origin: Sandbox, program: Path, tmp_path: Path) -> None:
    job = yaml.safe_load((SOURCE / "docs/gitlab-ci.yml").read_text("utf-8"))["detent"]
    assert job["variables"]["GIT_DEPTH"] == "0"
    lines = [one for one in job["script"] if "pip install" not in one]
    env = {
        "PATH": f"{program.parent}:{origin.env['PATH']}",
        "CI_MERGE_REQUEST_DIFF_BASE_SHA": origin.git("merge-base", "main", "feature").strip(),
        "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main",
    }
    first = checkout(origin, tmp_path / "first", "refs/heads/feature")
    done = script(first, "\n".join(lines), env)
    assert done.returncode == 1
    assert "(CI_MERGE_REQUEST_DIFF_BASE_SHA)" in done.stdout
    assert analysed(done.stdout) == (8, 0)
    reports = job["artifacts"]["reports"]
    found = json.loads((first.path / reports["codequality"]).read_text("utf-8"))
    assert [one["location"]["path"] for one in found] == ["pkg/a.py"]
    assert 'failures="1"' in (first.path / reports["junit"]).read_text("utf-8")

    origin.git("checkout", "-q", "feature")
    origin.commit("mended", **{"pkg/a.py": CLEAN + "\nX = 1\n"})
    second = checkout(origin, tmp_path / "second", "refs/heads/feature")
    cached = cache_of("docs/gitlab-ci.yml")
    shutil.copytree(first.path / cached, second.path / cached)
    done = script(second, "\n".join(lines), env)
    assert (done.returncode, analysed(done.stdout)) == (0, (1, 7))


# ---- the quick start

BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.DOTALL | re.MULTILINE)
BLOCKS = BLOCK.findall((SOURCE / "docs/quick-start.md").read_text("utf-8"))


def test_the_files_of_the_quick_start_are_valid() -> None:
    documents: list[dict[Any, Any]] = [
        yaml.safe_load(text) for kind, text in BLOCKS if kind == "yaml"
    ]
    documents[1]["on"] = documents[1].pop(True)  # what YAML 1.1 makes of the word
    schemas = ["/pre-commit-config.json", "/github-workflow.json", "/editor/schema/ci.json"]
    assert len(documents) == len(schemas)
    for document, name in zip(documents, schemas, strict=True):
        schema = published_schema(name)
        jsonschema.validators.validator_for(schema)(schema).validate(document)
    hooks = yaml.safe_load((SOURCE / ".pre-commit-hooks.yaml").read_text("utf-8"))
    used = {one["id"] for one in documents[0]["repos"][0]["hooks"]}
    assert used <= {one["id"] for one in hooks}


def test_the_job_for_gitlab_has_the_name_that_is_included() -> None:
    page = (SOURCE / "docs/quick-start.md").read_text("utf-8")
    (name,) = re.findall(r"beside it as `([^`]+)`", page)
    assert f"- local: {name}\n" in page


def test_the_commands_of_the_quick_start_can_be_typed() -> None:
    lines = [line for kind, text in BLOCKS if kind == "console" for line in text.splitlines()]
    ours = [line.partition(" #")[0].split()[2:] for line in lines if line.startswith("$ detent ")]
    assert len(ours) > 4
    for words in ours:
        assert words[0] in COMMANDS
        build_parser(words[0]).parse_args(words)
