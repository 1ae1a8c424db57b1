"""Which files detent reads: stubs, Cython and scripts, through git's modes and in every view."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import detent
from conftest import Sandbox, environment
from detent.languages import detect_script, may_be_script

if TYPE_CHECKING:
    from conftest import Cli

SCRIPT = "#!/usr/bin/env python3\ndef f(x):\n    return x\n"
SHELL = "#!/bin/sh\nexec python3 run.py\n"
needs_modes = pytest.mark.skipif(os.name == "nt", reason="git has no modes of files on Windows")


def _add_script(repo: Sandbox, name: str, content: str, *, mode: str = "+x") -> None:
    repo.write(name, content)
    repo.git("add", name)
    repo.git("update-index", f"--chmod={mode}", name)
    (repo.path / name).chmod(0o755 if mode == "+x" else 0o644)


def _paths(cli: Cli, *arguments: str) -> set[str]:
    document = json.loads(cli("audit", "--format", "json", *arguments).out)
    return {finding["path"] for finding in document["findings"]}


@pytest.mark.parametrize(
    ("line", "language"),
    [
        ("#!/usr/bin/python", "python"),
        ("#!/usr/bin/env python3.12 -u", "python"),
        ("#! /usr/bin/env -S python3 -I", "python"),
        ("#!/usr/bin/env -S uv run --script", "python"),
        ("#!/usr/local/bin/pypy3", "python"),
        ("#!python", "python"),
        ("#!/bin/sh", None),
        ("#!/usr/bin/env pythonista", None),
        ("#!/usr/bin/env bash\n# python", None),
        ("# python", None),
        ("import this", None),
        (" #!/usr/bin/python", None),
        ("", None),
    ],
)
def test_the_first_line_says_the_language(line: str, language: str | None) -> None:
    assert detect_script(line.encode() + b"\npass\n") == language


def test_the_first_line_is_read_in_bounded_time() -> None:
    assert detect_script(b"#!" + b"python_" * 1_000_000) is None


@pytest.mark.parametrize(
    ("path", "expected"),
    [(b"bin/tool", True), (b"a.b/tool", True), (b"tool.sh", False), (b".tool", False)],
)
def test_only_names_without_a_suffix_may_be_scripts(path: bytes, expected: bool) -> None:
    assert may_be_script(path) is expected


@needs_modes
def test_executable_scripts_are_audited_in_every_view(repo: Sandbox, cli: Cli) -> None:
    _add_script(repo, "bin/tool", SCRIPT)
    _add_script(repo, "bin/run", SHELL)
    _add_script(repo, "bin/plain", SCRIPT, mode="-x")
    _add_script(repo, "bin/tool.sh", SCRIPT)
    repo.write("README", "#!/usr/bin/python\n")
    repo.git("add", "-A")
    repo.git("commit", "-qm", "scripts")
    for view in ("worktree", "staged", "HEAD"):
        assert _paths(cli, "--at", view) == _paths(cli, "--at", view, "bin") == {"bin/tool"}
    answer = cli("audit", "bin/tool", "bin/run", "README")
    assert "skipped README: not Python source" in answer.err
    assert "skipped bin/run: not Python source" in answer.err
    assert "bin/tool" not in answer.err
    assert "skipped 4 files: not Python source" in cli("audit", "--verbose").out
    assert "function f" in cli("sym", "f").out
    assert cli("verify", "--full").status == 0
    # Edited on disk, and not known to git.
    repo.write("bin/tool", SHELL)
    repo.write("bin/run", SCRIPT)
    assert _paths(cli) == {"bin/run"}
    assert _paths(cli, "--at", "HEAD") == {"bin/tool"}


@needs_modes
def test_a_script_is_checked_fixed_and_compared(repo: Sandbox, cli: Cli) -> None:
    _add_script(repo, "tool", '#!/usr/bin/python\n"""do it"""\n')
    repo.git("commit", "-qm", "script")
    _add_script(repo, "tool", '#!/usr/bin/python\n"""do it"""\n\n\ndef f():\n    """get it"""\n')
    checked = json.loads(cli("check", "--format", "json").out)
    assert {(row["path"], row["symbol"]) for row in checked["new"]} == {("tool", "f")}
    assert cli("hook", "pre-commit").status == 1
    assert "checked tool" in cli("check", "--verbose").out
    cli("audit", "--fix")
    assert (repo.path / "tool").read_text() == (
        '#!/usr/bin/python\n"""Do it."""\n\n\ndef f():\n    """Get it."""\n'
    )
    # Which of the two it is, its mode says too.
    repo.git("commit", "-qam", "fixed")
    repo.git("update-index", "--chmod=-x", "tool")
    assert _paths(cli, "--at", "staged") == set()
    assert cli("check").status == 0


@needs_modes
def test_the_hook_starts_for_an_executable_file_only(repo: Sandbox, cli: Cli) -> None:
    repo.commit(notes="x\n")
    cli("install")
    hook = repo.path / ".git/hooks/pre-commit"
    hook.write_text(hook.read_text().replace("detent() {", "detent() { : >started; exit 0"))

    def has_started() -> bool:
        repo.git("hook", "run", "pre-commit")
        started = (repo.path / "started").exists()
        (repo.path / "started").unlink(missing_ok=True)
        return started

    for mode, content, expected in [
        ("-x", SCRIPT, False),
        ("+x", SCRIPT, True),
        ("+x", SHELL, True),
    ]:
        _add_script(repo, "tool", content, mode=mode)
        assert has_started() is expected
        repo.git("rm", "-qf", "tool")
    for name in ("a.pyx", "b.pxd", "c.pyi"):
        repo.write(name, "x\n")
        repo.git("add", name)
        assert has_started()
        repo.git("rm", "-qf", name)


def test_stubs_and_cython_are_audited(repo: Sandbox, cli: Cli) -> None:
    repo.commit(
        **{
            "a.pyi": 'def f(x: int) -> int: ...\ndef g() -> int:\n    """get it"""\n',
            "b.pyx": "cdef class A:\n    cpdef f(self, int x): pass\n    cdef g(self): pass\n",
            "c.pxd": "cdef class A:\n    cdef int x\n",
            "d.pxi": "cdef f(int x): pass\ndef g(): pass\n",
        }
    )
    document = json.loads(cli("audit", "--format", "json").out)
    found = {(row["path"], row["symbol"], row["code"]) for row in document["findings"]}
    assert found == {
        ("a.pyi", "g", "SS02"),
        ("a.pyi", "g", "SS03"),
        ("b.pyx", "", "GL08"),
        ("b.pyx", "A", "GL08"),
        ("b.pyx", "A.f", "GL08"),
    }
    assert cli("verify", "--full").status == 0
    repo.write("detent.toml", '[[override]]\ndecorators = ["cython.ccall"]\nignore = ["GL08"]\n')
    assert "A.f" not in cli("audit").out
    # A comment in the code works as in Python.
    repo.write("b.pyx", '"""B."""\n\ncdef class A:  # detent: ignore[GL08] no\n    pass\n')
    assert "b.pyx" not in cli("audit").out


def test_cython_is_fixed_where_it_stands(repo: Sandbox, cli: Cli) -> None:
    source = (
        '"""Do."""\ncdef class A:\n    """do it"""\n    cdef int x\n    cpdef f(self, int x):\n'
    )
    repo.commit(**{"a.pyx": source + '        """get it"""\n        return <int> x\n'})
    cli("audit", "--fix")
    fixed = source.replace("do it", "Do it.") + '        """Get it."""\n        return <int> x\n'
    assert (repo.path / "a.pyx").read_text() == fixed


def test_numpydoc_itself_reads_no_cython(repo: Sandbox, cli: Cli) -> None:
    repo.commit(**{"detent.toml": 'engine = "numpydoc"\n', "a.pyx": "cdef class A: pass\n"})
    assert cli("audit").status == cli("check").status == 0


def test_notebooks_are_refused_by_name(
    repo: Sandbox, cli: Cli, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from detent.cli.main import main

    repo.commit(**{"a.ipynb": "{}", "b.py": '"""Do."""\n'})
    assert "skipped a.ipynb: a notebook:" in cli("audit", "a.ipynb").err
    assert "skipped a.ipynb: a notebook:" in cli("audit", "--verbose").out
    monkeypatch.chdir(repo.path)
    assert main(["lint", "a.ipynb"]) == 3
    assert "a.ipynb: is a notebook" in capsys.readouterr().err
    repo.write("c.pyx", 'cdef class A:\n    """Do."""\n')
    assert main(["lint", "c.pyx", "--ignore", "GL08,SA01,ES01,EX01"]) == 0


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["+x", "-x", "delete", "commit", "edit"]),
        st.sampled_from(["tool", "a/run", "m.py"]),
        st.sampled_from([SCRIPT, SHELL, "#!/usr/bin/python\nx = 1\n"]),
    ),
    min_size=2,
    max_size=8,
)


@needs_modes
@given(steps=STEPS)
@settings(
    max_examples=20,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_an_old_index_knows_the_scripts_of_a_new_one(
    steps: list[tuple[str, str, str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    top = tmp_path_factory.mktemp("scripts")
    repo = Sandbox(top, environment(top.parent))
    repo.git("init", "-q", "-b", "main")
    for action, name, content in steps:
        if action == "commit":
            repo.git("commit", "-q", "--allow-empty", "-m", "step")
        elif action == "delete":
            repo.git("rm", "-qf", "--ignore-unmatch", name)
        elif action == "edit":
            repo.write(name, content)
        else:
            _add_script(repo, name, content, mode=action)
        with detent.open(top) as kept, detent.open(top, store="memory:") as fresh:
            for view in ("staged", "worktree"):
                kept.refresh(view)
                assert kept.verify(view).problems == []
                assert kept.audit(at=view).findings == fresh.audit(at=view).findings
