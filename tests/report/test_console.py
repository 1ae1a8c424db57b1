"""Writing to terminals, pipes and files, whatever they can show."""

from __future__ import annotations

import io
import os
import sys
from urllib.parse import unquote_to_bytes

import pytest

from detent.core.errors import OutputError
from detent.report import console


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_each_text_ends_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    console.write_line("one")
    console.write_line("two\n")
    console.print_note("three\x1b\nfour")
    assert capsys.readouterr() == ("one\ntwo\n", "three\\x1b\\nfour\n")


@pytest.mark.parametrize(
    ("encoding", "expected"),
    [("ascii", b"\\xfc\\u4e2d\\udcff\n"), ("latin-1", b"\xfc\\u4e2d\\udcff\n"),
     ("utf-8", "ü中\\udcff\n".encode())],
)  # fmt: skip
def test_encodings(monkeypatch: pytest.MonkeyPatch, encoding: str, expected: bytes) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding, newline="\n"))
    console.write_line("ü中\udcff")
    console.flush()
    assert raw.getvalue() == expected


@pytest.mark.parametrize(
    ("env", "painted"),
    [({}, True), ({"NO_COLOR": "1"}, False), ({"NO_COLOR": ""}, True), ({"TERM": "dumb"}, False)],
)
def test_colour_is_for_terminals_that_want_it(
    monkeypatch: pytest.MonkeyPatch, env: dict[str, str], painted: bool
) -> None:
    for name in ("NO_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    assert console.make_painter()("red", "x") == "x"
    monkeypatch.setattr(sys, "stdout", Terminal())
    assert console.make_painter()("red", "x") == ("\x1b[31mx\x1b[0m" if painted else "x")
    assert console.make_painter()("red", "") == ""


def test_progress_is_for_terminals(monkeypatch: pytest.MonkeyPatch) -> None:
    assert console.make_progress("indexing") is None
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    times = iter([0.0, 0.01, 9.0, 9.01, 18.0])
    monkeypatch.setattr("detent.report.console.time.monotonic", lambda: next(times))
    show = console.make_progress("indexing")
    assert show
    for done in (1, 2, 3, 4000):
        show(done, 4000)
    assert terminal.getvalue() == "\rindexing: 2 of 4,000 files\r\x1b[K"


class Failing(io.StringIO):
    """A stream that cannot deliver; what it stands for is a file of its own."""

    def __init__(self, error: OSError, descriptor: int) -> None:
        super().__init__()
        self.error, self.descriptor = error, descriptor

    def write(self, text: str) -> int:
        raise self.error

    def flush(self) -> None:
        raise self.error

    def fileno(self) -> int:
        return self.descriptor


@pytest.mark.parametrize("action", ["write", "flush"])
def test_what_cannot_be_delivered(monkeypatch: pytest.MonkeyPatch, action: str) -> None:
    reader, writer = os.pipe()

    def deliver() -> None:
        if action == "write":
            console.write_line("x")
        else:
            console.flush()

    monkeypatch.setattr(sys, "stdout", Failing(BrokenPipeError(), writer))
    deliver()
    assert os.write(writer, b"nobody reads this") == 17
    monkeypatch.setattr(sys, "stdout", Failing(OSError(28, "no room"), writer))
    with pytest.raises(OutputError, match="no room"):
        deliver()
    monkeypatch.undo()
    os.close(writer)
    assert os.read(reader, 99) == b""
    os.close(reader)


def test_links_are_for_terminals_too(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    assert console.make_linker("/top")(b"a.py", "a.py") == "a.py"
    monkeypatch.setattr(sys, "stdout", Terminal())
    assert console.make_linker("")(b"a.py", "a.py") == "a.py"
    link = console.make_linker("/to p")
    host = os.uname().nodename
    assert link(b"a.py", "A") == f"\x1b]8;;file://{host}/to%20p/a.py\x1b\\A\x1b]8;;\x1b\\"
    monkeypatch.setenv("TERM", "linux")
    assert console.make_linker("/top")(b"a.py", "a.py") == "a.py"


def test_no_path_ends_its_link(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "stdout", Terminal())
    path = bytes(range(1, 256))
    uri = console.make_linker("/top")(path, "x").split(";;")[1].partition("\x1b")[0]
    assert uri.isascii()
    assert uri.isprintable()
    assert not set(uri) & set(" ;?#\"'<>\\")
    assert unquote_to_bytes(uri.partition("/top/")[2]) == path


def test_the_width_is_that_of_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    assert console.measure_terminal() is None
    monkeypatch.setattr(sys, "stdout", Terminal())
    assert console.measure_terminal() == 80  # it has no descriptor to ask
