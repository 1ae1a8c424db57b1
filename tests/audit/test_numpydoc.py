"""numpydoc's own findings: bit for bit, whatever is wrong with a file."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import warnings
from typing import TYPE_CHECKING, Any

import pytest
from numpydoc.hooks.validate_docstrings import process_file
from numpydoc.validate import ERROR_MSGS

from detent.audit.numpydoc import NUMPYDOC_FAILED, require_numpydoc, run_numpydoc
from detent.core.errors import UsageError

from .support import function
from .test_oracle import REAL

if TYPE_CHECKING:
    from pathlib import Path

    from detent.core.model import Finding

CODES = set(ERROR_MSGS)
EVERYTHING: dict[str, Any] = {"checks": CODES, "exclude": None, "overrides": {}}
Said = list[tuple[int, str, str]]


def judged(source: str | bytes) -> list[Finding]:
    return run_numpydoc(source.encode() if isinstance(source, str) else source)


def ours(source: str | bytes) -> Said:
    return [(finding.line, finding.code, finding.message) for finding in judged(source)]


def theirs(path: Path) -> Said:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found: list[Any] = process_file(path, EVERYTHING)
    return [(int(place.rpartition(":")[2]), code, _sorted(said)) for place, _, code, said in found]


def _sorted(message: str) -> str:
    """Write the set in a message in the order of its names: numpydoc's depends on the process."""
    match = re.search(r"(?<=arameters )\{.*\}", message)
    if not match:
        return message
    names = ", ".join(map(repr, sorted(ast.literal_eval(match[0]))))
    return message.replace(match[0], f"{{{names}}}")


@pytest.mark.parametrize("name", ["numpydoc", "sqlite_utils"])
def test_real_files_bit_for_bit(name: str) -> None:
    count = 0
    for path in REAL[name]:
        found = ours(path.read_bytes())
        if any(code == NUMPYDOC_FAILED for _, code, _ in found):
            with pytest.raises(ValueError, match=r"\w"):
                theirs(path)
        else:
            assert found == theirs(path)
            count += len(found)
    assert count > 100


@pytest.mark.parametrize(
    "source",
    [
        "",
        "x = 1\n",
        function("Do.\n\nParameters\n----------\nz : int\n", "b, a, *c", "return 1"),
        "class A:\n    def __init__(self, a): pass\n    class B:\n        async def f(): pass\n",
        "class A:\n    'A.'\n    @property\n    def f(self):\n        'Do.'\n        return 1\n",
        "def f(): pass  # numpydoc ignore=GL08\ndef g():  # numpydoc ignore=EX01\n    'Do.'\n",
        "if x:\n    def f(): pass\n",
        'def f():\r\n\t"""Do.\r\n\r\n\tMore.\r\n\t"""\r\n\treturn 1\r\n',
    ],
)
def test_sources_bit_for_bit(tmp_path: Path, source: str) -> None:
    path = tmp_path / "module.py"
    path.write_bytes(source.encode())
    assert ours(source) == theirs(path)


GOOD = "\n\ndef good(): pass\n"
SEE_ALSO = function("Do.\n\nSee Also\n--------\n`foo` bar\n")
#: Too deep for numpydoc; Python 3.12 cannot parse what is much deeper.
DEEP = "def f():\n    'Do.'\n    return " + "+".join("1" * 1200) + "\n"


@pytest.mark.parametrize(
    "bad",
    [
        SEE_ALSO,
        function("Do.\n\nNotes\n-----\nA.\n\nNotes\n-----\nB.\n"),
        function("Do.\n\nReceives\n--------\nint\n    A.\n"),
    ],
)
def test_what_numpydoc_stops_at_is_a_finding(tmp_path: Path, bad: str) -> None:
    path = tmp_path / "module.py"
    path.write_text(bad + GOOD)
    with pytest.raises(ValueError, match=r"\w"):
        theirs(path)
    found = judged(bad + GOOD)
    (stopped,) = [finding for finding in found if finding.code == NUMPYDOC_FAILED]
    assert (stopped.line, stopped.symbol) == (1, 1)
    assert stopped.message.startswith("numpydoc: this cannot be judged: ValueError: ")
    assert [finding.code for finding in found if finding.symbol == 2] == ["GL08"]
    assert [finding.code for finding in found if finding.symbol == 0] == ["GL08"]


@pytest.mark.parametrize(
    "bad", ["def f(:\n", 'x = "\0"\n', "type X = int =\n", "x = " + "(" * 5000]
)
def test_a_file_that_python_cannot_parse(bad: str) -> None:
    (found,) = judged(f"x = 1\n{bad}")
    assert (found.code, found.symbol) == (NUMPYDOC_FAILED, 0)
    assert found.message.startswith("numpydoc: this file cannot be parsed: ")
    assert not re.search(r"line \d", found.message)


def test_deep_code_is_judged_or_said_not_to_be() -> None:
    found = judged(DEEP + GOOD)
    assert {finding.code for finding in found if finding.symbol == 1} == {NUMPYDOC_FAILED}
    assert {finding.code for finding in found if finding.symbol == 2} == {"GL08"}


@pytest.mark.parametrize(
    "raw",
    [
        b"\xef\xbb\xbf'''\xc3\xa9'''\n",
        b"# -*- coding: latin-1 -*-\n'''\xe9'''\n",
        b"'''caf\xe9'''\n",
    ],
)
def test_encodings(raw: bytes) -> None:
    assert {finding.code for finding in judged(raw)} == {"GL02", "SS02", "SS03"} - {"GL02"}


def test_what_is_no_text_is_left_alone() -> None:
    assert judged(b"\x00\xff\xfe" * 99) == []


def test_messages_do_not_depend_on_the_process() -> None:
    source = function("Do.", ", ".join(f"p{n}" for n in range(30)))
    code = (
        "import sys; from detent.audit.numpydoc import run_numpydoc\n"
        "print(run_numpydoc(sys.stdin.buffer.read()))"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", code],
            input=source.encode(),
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in "123"
    }
    assert len(said) == 1
    assert b"'p0', 'p1', 'p10', 'p11'" in said.pop()


def test_no_file_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "source.py").write_text("def f(): pass  # numpydoc ignore=GL08\n")
    assert [code for _, code, _ in ours("def f(): pass\n")] == ["GL08", "GL08"]


def test_numpydoc_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "numpydoc", None)
    with pytest.raises(UsageError, match="not installed") as caught:
        require_numpydoc()
    assert "pip install 'git-detent[numpydoc]'" in caught.value.hint
