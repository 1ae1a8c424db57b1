"""Completion in a real shell: what is offered for what is typed."""

from __future__ import annotations

import builtins
import shlex
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from detent.audit.rules import RULES
from detent.cli.commands.completion import SHELLS
from detent.cli.main import main
from detent.cli.parser import COMMANDS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from conftest import Sandbox

#: A branch that a shell would run if it took the name for a word of its own.
HOSTILE = "evil$(touch${IFS}owned)`touch${IFS}owned`"

#: What is typed, and all that is offered for the last word.
CASES: list[tuple[list[str], set[str]]] = [
    (["aud"], {"audit"}),
    (["co"], {"coverage", "completion", "config"}),
    (["--vers"], {"--version"}),
    (["audit", "--new"], {"--new-since"}),
    (["check", "--gate", ""], {"new", "touched", "all", "none"}),
    (["check", "--format", "j"], {"json", "jsonl"}),
    (["check", "--base", "feat"], {"feature"}),
    (["check", "--at", "st"], {"staged"}),
    (["audit", "-C", "s"], {"src"}),
    (["audit", "--explain", "PR0"], {code for code in RULES if code.startswith("PR0")}),
    (["audit", "--select", "PR0"], {code for code in RULES if code.startswith("PR0")}),
    (["audit", "--select", "RT01,GL"], {f"RT01,{code}" for code in RULES if code[:2] == "GL"}),
    (["lint", "--ignore", "A,B,YD"], {"A,B,YD01"}),
    (["install", "--hooks", "pre-c"], {"pre-commit"}),
    (["install", "--hooks", "pre-push,post-m"], {"pre-push,post-merge"}),
    (
        ["budget", "explain", "code.compl"],
        {"code.complexity", "code.complexity.max", "code.complexity.mean"},
    ),
    (["budget", "history", "docstring.cov"], {"docstring.coverage"}),
    (["audit", "src/m"], {"src/mine.py"}),
    (["audit", "--quiet", "with"], {"with space.py"}),
    (["budget", "met"], {"metrics"}),
    (["budget", "metrics", "--form"], {"--format"}),
    (["completion", "z"], {"zsh"}),
    (["coverage", "--by", "k"], {"kind"}),
]


@pytest.fixture
def offered(repo: Sandbox, tmp_path: Path) -> Callable[[list[str]], list[str]]:
    """Ask bash in a repository; gives what it offers for the last word."""
    bash = shutil.which("bash") or pytest.skip("there is no bash")
    repo.commit(**{"src/mine.py": "", "with space.py": "", "notes.txt": ""})
    repo.git("branch", "feature")
    repo.git("branch", HOSTILE)
    script = tmp_path / "script"
    script.write_text(repo.detent("completion", "bash").stdout, "utf-8")

    def ask(words: list[str]) -> list[str]:
        given = " ".join(map(shlex.quote, ["detent", *words]))
        line = (
            f"source {shlex.quote(str(script))}; COMP_WORDS=({given}); COMP_CWORD={len(words)}; "
            '_shtab_detent detent "${COMP_WORDS[-1]}" "${COMP_WORDS[-2]}" 2>/dev/null; '
            'printf "%s\\n" "${COMPREPLY[@]}"'
        )
        done = subprocess.run(
            [bash, "--norc", "-c", line], cwd=repo.path, env=repo.env, capture_output=True,
            text=True, check=False,
        )  # fmt: skip
        assert done.stderr == ""
        return [word for word in done.stdout.split("\n") if word]

    return ask


@pytest.mark.parametrize(("words", "expected"), CASES, ids=[" ".join(words) for words, _ in CASES])
def test_what_is_offered(
    offered: Callable[[list[str]], list[str]], words: list[str], expected: set[str]
) -> None:
    assert {word.rstrip("/") for word in offered(words)} == expected


def test_every_command_is_offered(offered: Callable[[list[str]], list[str]]) -> None:
    assert set(offered([""])) == set(COMMANDS)
    assert set(offered(["hook", "pre-c"])) == {"pre-commit"}


def test_no_shell_runs_the_name_of_a_branch(
    repo: Sandbox, offered: Callable[[list[str]], list[str]]
) -> None:
    (word,) = offered(["check", "--base", "evil"])
    assert shlex.split(word) == [HOSTILE]
    assert not (repo.path / "owned").exists()


@pytest.mark.parametrize("shell", SHELLS)
def test_every_shell_has_a_script(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", shell]) == 0
    said = capsys.readouterr()
    assert said.err == ""
    assert "new-since" in said.out
    assert "for-each-ref" in said.out


def test_without_shtab_the_error_says_how_to_install_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    actual = builtins.__import__

    def refuse(name: str, *others: Mapping[str, object] | None) -> object:
        if name == "shtab":
            raise ImportError
        return actual(name, *others)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", refuse)
    assert main(["completion", "bash"]) == 2
    assert "pip install 'git-detent[completion]'" in capsys.readouterr().err
