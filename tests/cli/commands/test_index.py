"""The same index, however many processes make it."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Sandbox


def _exported(repo: Sandbox, jobs: str) -> str:
    repo.detent("index", "--full", "--jobs", jobs)
    return repo.detent("export").stdout


def test_two_processes_make_what_one_makes(repo: Sandbox) -> None:
    body = "\n\n".join(f'def f{n}(x):\n    """Do {n}."""\n    return g{n}(x)' for n in range(200))
    repo.commit(**{f"m{n}.py": f"# {n}\n{body}\n" for n in range(60)})
    # Workers that hold the pipes to git open would wait for ever: hence a process with a deadline.
    command = [sys.executable, "-m", "detent", "index", "--jobs", "2"]
    subprocess.run(command, cwd=repo.path, env=repo.env, check=True, timeout=120)
    two = repo.detent("export").stdout
    assert two.count('"type":"file"') == 60
    assert two == _exported(repo, "1") == _exported(repo, "2")
