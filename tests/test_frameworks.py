"""The hook ids of the manifest, under the real pre-commit and the real prek."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, NamedTuple

import pytest
import yaml

import naive
from conftest import SOURCE, Sandbox, environment, load_entries
from detent import git
from detent.index import views

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Cli
    from detent.index.handle import Index

MODULE = '"""Do things."""\n\n\n'
BARE = "def {}(a):\n    return a\n\n\n"
GOOD = 'def {}():\n    """Do nothing."""\n\n\n'
STAGES = [
    "pre-commit",
    "pre-merge-commit",
    "pre-push",
    "post-commit",
    "post-merge",
    "post-checkout",
    "post-rewrite",
]
IDS = ("detent-check", "detent-push", "detent-refresh", "detent-ci")

Settings = dict[str, object]


@pytest.fixture(scope="session")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository that has nothing but the manifest, to clone from."""
    place = tmp_path_factory.mktemp("manifest")
    shutil.copy(SOURCE / ".pre-commit-hooks.yaml", place)
    repo = Sandbox(place, environment(place))
    repo.git("init", "-q", "-b", "main")
    repo.commit()
    repo.git("tag", "v1")
    return place


class Framework(NamedTuple):
    """A repository in which a framework runs the hooks of the manifest with the detent here."""

    repo: Sandbox
    name: str
    manifest: Path

    def configure(self, *ids: str, **more: object) -> None:
        hooks = yaml.safe_load((self.manifest / ".pre-commit-hooks.yaml").read_text())
        chosen = [
            # What a user may set as well; all the rest is from the manifest.
            {
                "id": hook["id"],
                "language": "system",
                "entry": hook["entry"].replace("detent", f"'{sys.executable}' -m detent", 1),
                **more,
            }
            for hook in hooks
            if hook["id"] in ids
        ]
        settings = {
            "default_install_hook_types": STAGES,
            "repos": [{"repo": str(self.manifest), "rev": "v1", "hooks": chosen}],
        }
        self.repo.write(".pre-commit-config.yaml", yaml.safe_dump(settings))

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self._called(sys.executable, "-m", self.name, *arguments)

    def git(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self._called("git", *arguments)

    def _called(self, *command: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            command,
            cwd=self.repo.path,
            env=self.repo.env,
            capture_output=True,
            check=False,
            encoding="utf-8",
        )
        assert "Traceback" not in done.stdout + done.stderr
        return done

    def stage(self, **files: str) -> None:
        for name, content in files.items():
            self.repo.write(name, content)
        self.repo.git("add", "-A")


@pytest.fixture(params=["pre_commit", "prek"])
def framework(request: pytest.FixtureRequest, repo: Sandbox, manifest: Path) -> Framework:
    """All hooks in place, in a repository with a finding in it."""
    made = Framework(repo, str(request.param), manifest)
    made.configure(*IDS)
    repo.commit(**{"pkg/old.py": MODULE + BARE.format("old"), "pkg/a.py": MODULE})
    assert made.run("install").returncode == 0
    return made


def findings(done: subprocess.CompletedProcess[str]) -> list[str]:
    said = done.stdout + done.stderr
    assert done.returncode, said
    return re.findall(r"GL08 .*\[(\w+)\]", said)


def assert_exact(repo: Sandbox, kept: Index, *chosen: str) -> None:
    """See that what is stored of the views is what git says of them."""
    here = git.discover_repo(str(repo.path), repo.env)
    for view in chosen or views.WORKTREE_VIEWS:
        stored = load_entries(kept, views.View(here, view).stored_name)
        assert stored == naive.entries(repo, view), view
    kept.close()


def test_install_commit_block_fix_pass(framework: Framework, cli: Cli, kept: Index) -> None:
    for view in views.WORKTREE_VIEWS:
        assert cli("index", "--at", view).status == 0
    repo = framework.repo
    framework.stage(**{"pkg/a.py": MODULE + BARE.format("fresh")})
    repo.write("pkg/a.py", MODULE + GOOD.format("fresh"))
    assert findings(framework.git("commit", "-m", "x")) == ["fresh"]
    repo.git("add", "-A")
    repo.write("pkg/a.py", MODULE + BARE.format("later"))
    assert framework.git("commit", "-m", "x").returncode == 0
    assert "Do nothing" in repo.git("show", "HEAD:pkg/a.py")
    # What is not staged is put away while hooks run: only the next run can see it.
    assert_exact(repo, kept, views.STAGED)
    assert framework.git("commit", "-a", "--amend", "--no-verify", "-m", "y").returncode == 0
    assert_exact(repo, kept)
    repo.git("rm", "-q", "pkg/old.py")
    assert framework.git("commit", "-m", "only a deletion").returncode == 0
    assert_exact(repo, kept)


def test_the_view_follows_branches(framework: Framework, cli: Cli, kept: Index) -> None:
    for view in views.WORKTREE_VIEWS:
        assert cli("index", "--at", view).status == 0
    repo = framework.repo
    repo.git("checkout", "-q", "-b", "side")
    repo.commit(**{"pkg/side.py": MODULE})
    assert framework.git("checkout", "main").returncode == 0
    assert_exact(repo, kept)
    assert framework.git("merge", "--squash", "side").returncode == 0
    assert_exact(repo, kept)
    repo.git("reset", "-q", "--hard")
    repo.commit(**{"pkg/main.py": MODULE})
    assert framework.git("merge", "--no-edit", "side").returncode == 0
    assert_exact(repo, kept)
    repo.git("reset", "-q", "--hard", "HEAD~1")
    assert framework.git("rebase", "side").returncode == 0
    assert_exact(repo, kept)


def test_pushing(framework: Framework, tmp_path: Path) -> None:
    repo, remote = framework.repo, tmp_path / "remote.git"
    repo.git("init", "-q", "--bare", "-b", "main", str(remote))
    repo.git("remote", "add", "origin", str(remote))
    # Nobody has any of it, so that nothing is new.
    assert framework.git("push", "-u", "origin", "main").returncode == 0
    repo.commit(**{"pkg/a.py": MODULE + BARE.format("fresh")})
    assert findings(framework.git("push")) == ["fresh"]
    assert findings(framework.git("push", "origin", "main:refs/heads/topic")) == ["fresh"]
    repo.commit(**{"pkg/a.py": MODULE + GOOD.format("fresh")})
    assert framework.git("push").returncode == 0
    assert framework.git("push", "origin", "HEAD~2:refs/heads/topic").returncode == 0
    assert framework.git("push", "origin", ":topic").returncode == 0


def test_two_revisions(framework: Framework) -> None:
    repo = framework.repo
    repo.commit(**{"pkg/a.py": MODULE + BARE.format("fresh")})
    repo.commit(**{"pkg/b.py": MODULE + BARE.format("fresher")})
    refs = ("--from-ref", "HEAD~1", "--to-ref", "HEAD")
    assert findings(framework.run("run", *refs)) == ["fresher"]
    assert findings(framework.run("run", "--from-ref", "HEAD~2", "--to-ref", "HEAD~1")) == ["fresh"]
    manual = ("run", "--hook-stage", "manual", "detent-ci")
    done = framework.run(*manual, *refs)
    assert findings(done) == ["fresher"]
    assert "no GL08" not in done.stdout
    assert framework.run("run", "--from-ref", "HEAD", "--to-ref", "HEAD").returncode == 0
    assert findings(framework.run("run", "--from-ref", "no-such", "--to-ref", "HEAD")) == []


def test_all_files_are_judged_where_the_gate_is_about_all(framework: Framework) -> None:
    assert framework.run("run", "--all-files").returncode == 0
    framework.repo.write("detent.toml", "gate = 'all'\n")
    assert findings(framework.run("run", "--all-files")) == ["old"]


def test_all_files_have_to_keep_the_limits(framework: Framework) -> None:
    limit = "[[budget.limit]]\nmetric = 'docstring.coverage'\nmin = {}\n"
    framework.repo.commit(**{"detent.toml": limit.format(100)})
    done = framework.run("run", "--all-files")
    assert done.returncode
    assert "budget exceeded: docstring.coverage" in done.stdout
    framework.repo.commit(**{"detent.toml": limit.format(10)})
    assert framework.run("run", "--all-files").returncode == 0


def test_what_a_user_chooses_has_its_place_in_the_settings(framework: Framework) -> None:
    framework.configure("detent-check", exclude="^pkg/", args=["--store", "memory:"])
    framework.stage(**{"pkg/a.py": MODULE + BARE.format("fresh")})
    assert findings(framework.git("commit", "-m", "x")) == ["fresh"]
    assert not (framework.repo.path / ".git/detent").exists()
    framework.stage(**{"detent.toml": "exclude = ['pkg/']\n"})
    assert framework.git("commit", "-m", "x").returncode == 0


def test_more_files_than_a_command_line_takes(framework: Framework) -> None:
    framework.configure("detent-check", "detent-numpydoc")
    names = [f"{'many' * 15}/{'x' * 50}{number}.py" for number in range(1200)]
    framework.stage(**dict.fromkeys(names, MODULE + BARE.format("f")))
    assert sum(map(len, names)) > 131_072
    done = framework.git("commit", "-m", "x")
    said = done.stdout + done.stderr
    assert said.count("failed: 1,200 new findings in 1,200 changed files") == 1
    judged = re.findall(r"(?m)^ *(many\S+):4:1: GL08", said)
    assert sorted(judged) == sorted(names)
    linted = re.findall(r"(?m)^ *(many\S+):4: GL08", said)
    assert set(linted) == set(names)
