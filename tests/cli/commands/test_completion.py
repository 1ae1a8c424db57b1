"""Completion in real shells: what is offered for what is typed."""

from __future__ import annotations

import os
import pty
import re
import shlex
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from detent.audit.rules import RULES
from detent.cli.parser import COMMANDS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Cli, Sandbox

#: A branch that a shell would run if it took the name for a word of its own.
HOSTILE = "evil$(touch${IFS}owned)`touch${IFS}owned`"

#: What is typed, and all that is offered for the last word.
CASES: list[tuple[list[str], set[str]]] = [
    (["aud"], {"audit"}),
    (["co"], {"coverage", "completion"}),
    (["--vers"], {"--version"}),
    (["audit", "--new"], {"--new-since"}),
    (["check", "--gate", ""], {"new", "touched", "all", "none"}),
    (["check", "--format", "j"], {"json"}),
    (["check", "--base", "feat"], {"feature"}),
    (["check", "--at", "st"], {"staged"}),
    (["audit", "-C", "s"], {"src"}),
    (["audit", "--explain", "PR0"], {code for code in RULES if code.startswith("PR0")}),
    (["audit", "src/m"], {"src/mine.py"}),
    (["audit", "--quiet", "with"], {"with space.py"}),
    (["budget", "met"], {"metrics"}),
    (["budget", "metrics", "--form"], {"--format"}),
    (["completion", "z"], {"zsh"}),
    (["coverage", "--by", "k"], {"kind"}),
]


def need(shell: str) -> str:
    return shutil.which(shell) or pytest.skip(f"there is no {shell}")


@pytest.fixture
def scripts(repo: Sandbox, cli: Cli, tmp_path: Path) -> Callable[[str], Path]:
    """A repository to complete in, and what writes the script of a shell."""
    repo.commit(**{"src/mine.py": "", "with space.py": "", "notes.txt": ""})
    repo.git("branch", "feature")
    repo.git("branch", HOSTILE)

    def written(shell: str) -> Path:
        done = repo.detent("completion", shell)
        assert (done.returncode, done.stderr) == (0, "")
        path = tmp_path / f"script.{shell}"
        path.write_text(done.stdout, "utf-8")
        return path

    return written


def ran(repo: Sandbox, *command: str) -> str:
    done = subprocess.run(
        command, cwd=repo.path, env=repo.env, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    return done.stdout


def in_bash(repo: Sandbox, script: Path, words: list[str]) -> list[str]:
    given = " ".join(map(shlex.quote, ["detent", *words]))
    line = (
        f"source {shlex.quote(str(script))}; COMP_WORDS=({given}); COMP_CWORD={len(words)}; "
        'COMPREPLY=(); _detent; printf "%s\\n" "${COMPREPLY[@]}"'
    )
    said = ran(repo, need("bash"), "--norc", "-c", line)
    return [one for one in said.split("\n") if one]


def in_fish(repo: Sandbox, script: Path, words: list[str]) -> list[str]:
    line = " ".join(["detent", *words])
    said = ran(
        repo, need("fish"), "--no-config", "-c", f"source {script}; complete -C {shlex.quote(line)}"
    )
    return [one.partition("\t")[0] for one in said.splitlines()]


def at_zsh(repo: Sandbox, script: Path, typed: list[str]) -> list[str]:
    """Type lines at a real zsh, each with a tab behind it; gives what then stands there."""
    shell = need("zsh")
    ready = (
        f"PS1=; autoload -Uz compinit; compinit -u -D; source {script}; "
        "show() { print -r -- '<<'$BUFFER'>>'; BUFFER= }; zle -N show; bindkey '^X' show; "
        "setopt nolistbeep; zstyle ':completion:*' menu no; print re''ady\n"
    )
    terminal, theirs = pty.openpty()
    env = {**repo.env, "TERM": "vt100"}
    with subprocess.Popen(
        [shell, "-f", "-i"], cwd=repo.path, env=env, stdin=theirs, stdout=theirs, stderr=theirs,
        start_new_session=True,
    ) as process:  # fmt: skip
        os.close(theirs)
        os.write(terminal, ready.encode())
        _until(terminal, rb"\nready")
        found = []
        for line in typed:
            os.write(terminal, line.encode() + b"\t\x18")
            seen = _until(terminal, rb"<<.*>>")
            found.append(re.findall(rb"<<(.*)>>", seen)[-1].decode())
        os.write(terminal, b"exit\n")
        os.close(terminal)
        process.wait()
    return found


def _until(terminal: int, pattern: bytes) -> bytes:
    seen = b""
    while not re.search(pattern, seen):
        seen += os.read(terminal, 65_536)
    return seen


@pytest.mark.parametrize(("words", "expected"), CASES, ids=[" ".join(one) for one, _ in CASES])
@pytest.mark.parametrize("ask", [in_bash, in_fish])
def test_what_is_offered(
    repo: Sandbox,
    scripts: Callable[[str], Path],
    ask: Callable[..., list[str]],
    words: list[str],
    expected: set[str],
) -> None:
    offered = ask(repo, scripts(ask.__name__.removeprefix("in_")), words)
    assert {one.rstrip("/") for one in offered} == expected


@pytest.mark.parametrize("ask", [in_bash, in_fish])
def test_every_command_is_offered(
    repo: Sandbox, scripts: Callable[[str], Path], ask: Callable[..., list[str]]
) -> None:
    script = scripts(ask.__name__.removeprefix("in_"))
    assert set(ask(repo, script, [""])) == set(COMMANDS)
    assert set(ask(repo, script, ["hook", "pre-c"])) == {"pre-commit"}


def test_an_equals_sign_is_a_word_in_bash(repo: Sandbox, scripts: Callable[[str], Path]) -> None:
    script = scripts("bash")
    assert in_bash(repo, script, ["check", "--gate", "="]) == ["new", "touched", "all", "none"]
    assert in_bash(repo, script, ["check", "--gate", "=", "to"]) == ["touched"]


def test_zsh_completes_the_line(repo: Sandbox, scripts: Callable[[str], Path]) -> None:
    typed = {
        "detent aud": "detent audit ",
        "detent audit --new": "detent audit --new-since ",
        "detent check --gate tou": "detent check --gate touched ",
        "detent check --gate=tou": "detent check --gate=touched ",
        "detent check --base feat": "detent check --base feature ",
        "detent check --at wor": "detent check --at worktree ",
        "detent audit src/m": "detent audit src/mine.py ",
        "detent audit with": "detent audit with\\ space.py ",
        "detent audit --explain GL08": "detent audit --explain GL08 ",
        "detent budget met": "detent budget metrics ",
        "detent budget metrics --form": "detent budget metrics --format ",
        "detent completion b": "detent completion bash ",
    }
    assert at_zsh(repo, scripts("zsh"), list(typed)) == list(typed.values())


def test_no_shell_runs_the_name_of_a_branch(repo: Sandbox, scripts: Callable[[str], Path]) -> None:
    quoted: dict[str, Callable[[Path], list[str]]] = {
        "bash": lambda script: in_bash(repo, script, ["check", "--base", "evil"]),
        "fish": lambda script: in_fish(repo, script, ["check", "--base", "evil"]),
        "zsh": lambda script: at_zsh(repo, script, ["detent check --base evil"]),
    }
    for shell, ask in quoted.items():
        if shutil.which(shell):
            (offered,) = ask(scripts(shell))
            assert "evil" in offered
            if shell == "fish":
                assert offered == HOSTILE  # fish quotes when it inserts
            else:
                word = offered.removeprefix("detent check --base ").rstrip()
                assert shlex.split(word) == [HOSTILE]
    assert not (repo.path / "owned").exists()
