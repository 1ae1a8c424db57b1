"""What a person sees at a real terminal, and a program in a pipe."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from typing import TYPE_CHECKING

import pytest

from conftest import SOURCE

if TYPE_CHECKING:
    from conftest import Cli, Sandbox

CLEAN = '"""Do things."""\n'
BARE = "\n\ndef {}(a):\n    return a\n"
ESCAPES = re.compile(r"\x1b(?:\[[0-9;]*m|\]8;;[^\x1b]*\x1b\\)")


def seen(repo: Sandbox, *arguments: str, **env: str) -> str:
    """Run detent at a terminal; gives what arrives there on standard output."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    command = [sys.executable, "-m", "detent", *arguments]
    env = {**repo.env, "TERM": "xterm", **env}
    with subprocess.Popen(
        command, cwd=repo.path, env=env, stdout=theirs, stderr=subprocess.DEVNULL
    ) as process:
        os.close(theirs)
        parts = []
        while part := _read(ours):
            parts.append(part)
        process.wait()
    os.close(ours)
    return b"".join(parts).decode().replace("\r\n", "\n")


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65_536)
    except OSError:  # the other side is closed
        return b""


def test_the_place_is_marked_at_a_terminal(repo: Sandbox) -> None:
    repo.commit(**{"a.py": CLEAN, "s p/b.py": CLEAN + BARE.format("g")})
    repo.write("a.py", CLEAN + BARE.format("f"))
    text = seen(repo, "audit")
    plain = ESCAPES.sub("", text)
    assert plain == (
        "a.py\n  4:1  GL08 No docstring [f]\n       │ def f(a):\n       │ ^^^\n\n"
        "s p/b.py\n  4:1  GL08 No docstring [g]\n       │ def g(a):\n       │ ^^^\n\n"
        "2 findings in 2 files\n"
    )
    assert "\x1b[31mGL08\x1b[0m" in text
    links = re.findall(r"\x1b\]8;;([^\x1b]*)\x1b\\\x1b\[1m([^\x1b]*)", text)
    root = f"file://{os.uname().nodename}{repo.path}"
    assert links == [(f"{root}/a.py", "a.py"), (f"{root}/s%20p/b.py", "s p/b.py")]


@pytest.mark.parametrize("env", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_no_escapes_where_they_are_not_wanted(repo: Sandbox, env: dict[str, str]) -> None:
    repo.commit(**{"a.py": CLEAN + BARE.format("f")})
    text = seen(repo, "audit", **env)
    assert "\x1b" not in text
    assert "│ ^^^" in text


def test_the_source_is_that_of_the_side_that_is_judged(repo: Sandbox) -> None:
    repo.commit(**{"a.py": CLEAN})
    repo.write("a.py", CLEAN + BARE.format("staged"))
    repo.git("add", "-A")
    repo.write("a.py", "# other\n" * 3 + CLEAN + BARE.format("on_disk"))
    for command in (["check"], ["audit", "--at", "staged"], ["hook", "pre-commit"]):
        text = ESCAPES.sub("", seen(repo, *command))
        assert "  4:1  GL08 No docstring [staged]\n       │ def staged(a):" in text
    assert "  7:1  GL08 No docstring [on_disk]\n       │ def on_disk(a):" in ESCAPES.sub(
        "", seen(repo, "audit")
    )
    repo.git("commit", "-qnm", "second")
    assert "│ def staged(a):" in seen(repo, "ci", "--base", "HEAD^", NO_COLOR="1")
    # With this gate, findings of files that do not differ are shown too.
    repo.git("checkout", "-q", "HEAD", "--", "a.py")
    assert "│ def staged(a):" in seen(repo, "check", "--gate", "all", NO_COLOR="1")


def test_in_a_pipe_it_is_a_line_for_each(repo: Sandbox, cli: Cli) -> None:
    repo.commit(**{"a.py": CLEAN + BARE.format("f") * 30})
    lines = cli("audit").out.splitlines()
    assert lines[0] == "a.py:4:1: GL08 No docstring [f]"
    assert len(lines) == 31


MODEL = '''"""Models."""


class Model:
    """A model."""

    def fit(self, values, axis=0):
        """Fit it.

        Parameters
        ----------
        values : array_like
            What to fit.
        """
        self.values = values
'''


def test_the_page_about_it_shows_what_is_seen(repo: Sandbox, cli: Cli) -> None:
    repo.commit(**{"src/mine.py": MODEL})
    page = (SOURCE / "docs/output.md").read_text("utf-8")
    terminal, pipe = re.findall(r"^```\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    assert seen(repo._replace(env={**repo.env, "NO_COLOR": "1"}), "audit") == terminal
    assert cli("audit").out == f"{pipe}1 finding in 1 file\n"


def test_many_findings_are_summed_up(repo: Sandbox) -> None:
    repo.commit(**{"a.py": CLEAN + BARE.format("f") * 30, "b.py": CLEAN + BARE.format("f")})
    text = seen(repo, "audit", NO_COLOR="1")
    assert text.count("│ def f(a):") == 31
    assert text.endswith(
        "most often:\n       31  GL08  No docstring\n"
        "and most in:\n       30  a.py\n        1  b.py\n\n31 findings in 2 files\n"
    )
    repo.commit(**{"a.py": CLEAN + BARE.format("f") * 130})
    text = seen(repo, "audit", NO_COLOR="1")
    assert "│" not in text
    assert text.count("GL08 No docstring [f]") == 131
    assert "source lines come with up to 100 findings" in text


def test_what_is_in_the_source_does_not_steer_the_terminal(repo: Sandbox) -> None:
    hostile = b"\n\ndef f(a): # \x1b]0;owned\x07 \xff \xe2\x80\xae \x9b31m\n    return a\n"
    repo.write("a.py", CLEAN.encode() + hostile)
    repo.git("add", "-A")
    text = ESCAPES.sub("", seen(repo, "audit"))
    assert "\\x1b]0;owned\\x07" in text
    assert not {"\x1b", "\x07", "\u202e", "\x9b"} & set(text)
